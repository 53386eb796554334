"""The process that explains: it answers as the explainer does, and ends and begins again without anybody noticing."""

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from mnist import memory
from mnist.errors import UserError
from mnist.explaining.inside import Explainer
from mnist.reading.classifier import Classifier
from mnist.reading.drawings import strokes
from mnist.web.state.explanations import BROKEN_OFF, TOO_LONG, Explanations
from tools.harness import hand
from tools.harness.running import wait_until

pytestmark = pytest.mark.network
SEVEN = strokes.frame(hand.strokes(7)).sample


@pytest.fixture
def explanations() -> Iterator[Explanations]:
    asked = Explanations()
    yield asked
    asked.end()


def test_it_answers_as_in_this_process(explanations: Explanations, keras_model: Any, classifier: Classifier) -> None:
    here = Explainer(keras_model)
    np.testing.assert_allclose(explanations.look(SEVEN).logits, here.look(SEVEN).logits, atol=1e-4)
    np.testing.assert_allclose(explanations.occlusion(SEVEN, 7), here.occlusion(SEVEN, 7), atol=1e-3)
    gradients = explanations.integrated_gradients(SEVEN, 1)
    np.testing.assert_allclose(gradients, here.integrated_gradients(SEVEN, 1), atol=1e-3)
    found = explanations.smallest_change(SEVEN)
    assert found is not None
    assert classifier.digits(found.sample[None])[0].digit == found.read.digit != 7


def test_after_its_process_broke_off_or_ended_the_next_question_begins_anew(explanations: Explanations) -> None:
    process = explanations._running()
    process.kill()
    process.wait()
    assert explanations.look(SEVEN).logits.argmax() == 7
    explanations.end()
    explanations.end()
    assert explanations.look(SEVEN).logits.argmax() == 7


def test_idle_its_process_ends() -> None:
    explanations = Explanations(max_idle_seconds=0.1)
    explanations.look(SEVEN)
    process = explanations._process
    for _ in range(100):
        time.sleep(0.1)
        if explanations._process is None:
            break
    assert explanations._process is None
    assert process is None or process.returncode is not None


def test_one_thread_waits_for_it_to_be_idle_however_much_is_asked(explanations: Explanations) -> None:
    for _ in range(5):
        explanations.look(SEVEN)

    def waiting() -> int:
        return sum(getattr(each, "function", None) == explanations._end_if_idle for each in threading.enumerate())

    wait_until(lambda: waiting() == 1)  # those that are called off end by themselves


def test_a_model_that_is_missing_is_named(tmp_path: Path) -> None:
    explanations = Explanations(tmp_path / "gone.keras")
    for _ in range(2):
        with pytest.raises(UserError, match=r"gone\.json: the model's card is missing"):
            explanations.look(SEVEN)
    explanations.end()


def test_a_process_that_ends_or_hangs_without_an_answer_is_told(
    explanations: Explanations, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match=BROKEN_OFF):
        explanations._ask("no such question")
    assert explanations._process is None
    monkeypatch.setattr("mnist.web.state.explanations.MAX_ANSWER_SECONDS", 0.1)
    with pytest.raises(UserError, match=TOO_LONG):
        explanations.look(SEVEN)


def test_a_system_that_starts_no_process_is_told(explanations: Explanations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", Mock(side_effect=OSError(12, "Cannot allocate memory")))
    with pytest.raises(UserError, match=r"Another process cannot be started \(Cannot allocate memory\)"):
        explanations.look(SEVEN)


def test_without_tensorflow_or_memory_a_sentence_says_so(
    explanations: Explanations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "EXPLAINING_BYTES", 10**15)
    with pytest.raises(UserError, match="There is too little memory"):
        explanations.look(SEVEN)
    monkeypatch.undo()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UserError, match="This needs TensorFlow, and tensorflow is not installed"):
        explanations.look(SEVEN)
