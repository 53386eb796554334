"""The reader: it reads, and Streamlit does not slow it down between runs."""

import statistics
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
from streamlit.runtime.scriptrunner import script_runner

from mnist.errors import UserError
from mnist.files import MODEL
from mnist.reading import strokes
from mnist.reading.classifier import Classifier
from mnist.reading.find_digits import of_strokes
from mnist.reading.lattice import Lattice
from mnist.training.networks import BASELINES, NETWORKS, NetworkSpec
from mnist.web.state.reader import Reader, load_once
from tools.harness import hand

pytestmark = pytest.mark.tensorflow


def test_it_reads_once_it_is_loaded() -> None:
    reader = Reader()
    assert reader.read(Lattice()) is None
    reader.start()
    reader.start().join(60)
    assert reader.ready
    reading = reader.read(of_strokes(hand.strokes(4)))
    assert reading is not None
    assert reading.text == "4"


def test_what_streamlit_does_after_a_run_does_not_slow_the_next_reading(loaded: Reader) -> None:
    """A ratio, not a time: where TensorFlow has to optimise its graph anew it is 20 and more."""
    lattice = of_strokes(hand.strokes(4))

    def median(after_a_run: bool) -> float:
        times = []
        for _ in range(15):
            if after_a_run:
                script_runner._clean_problem_modules()
            began = time.perf_counter()
            loaded.read(lattice)
            times.append(time.perf_counter() - began)
        return statistics.median(times)

    median(after_a_run=False)
    assert median(after_a_run=True) < 5 * median(after_a_run=False)


def test_a_page_that_waits_for_the_model_does_not_clear_what_is_being_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit clears Keras's session after each of that page's runs, three a second."""
    import keras

    cleared = Mock()
    monkeypatch.setattr(keras.backend, "clear_session", cleared)

    def load(path: Path) -> None:
        script_runner._clean_problem_modules()
        raise UserError(f"{path} is never loaded here")

    monkeypatch.setattr(Classifier, "load", load)
    reader = Reader()
    reader.start().join(60)
    assert reader.error == f"{MODEL} is never loaded here"
    assert not cleared.called


@pytest.mark.parametrize("network", BASELINES, ids=lambda network: network.name)
def test_each_network_to_compare_with_reads_a_plain_digit_and_is_loaded_once(network: NetworkSpec) -> None:
    sample = strokes.frame(hand.strokes(0)).sample
    assert load_once(network).digits(sample[None])[0].digit == 0
    assert load_once(network) is load_once(network)


def test_a_missing_network_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnist.training.networks.MODEL", tmp_path / "digits.keras")
    missing = replace(NETWORKS["textbook"], title="missing")
    with pytest.raises(UserError, match=r"textbook\.json: the model's card is missing"):
        load_once(missing)
