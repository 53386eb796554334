"""The smallest change that fools the network: it does, it is what it is said to be, and less would not."""

import numpy as np
import pytest

from mnist.explaining.smallest_change import SHARES, Nudger
from mnist.reading import strokes
from mnist.reading.classifier import Classifier
from mnist.web.state.reader import Reader
from tools.harness import hand


@pytest.fixture(scope="module")
def nudger(classifier: Classifier) -> Nudger:
    return Nudger(classifier)


def sample(digit: int) -> np.ndarray:
    return strokes.frame(hand.strokes(digit)).sample


@pytest.mark.parametrize("digit", [0, 3, 7])
def test_it_is_read_as_another_digit_and_a_little_less_would_not_be(
    nudger: Nudger, classifier: Classifier, digit: int
) -> None:
    nudge = nudger.nudge(sample(digit))
    assert nudge is not None
    assert np.allclose(sample(digit) + nudge.change, nudge.sample, atol=1e-6)
    assert nudge.sample.min() >= 0
    assert nudge.sample.max() <= 1
    before, now, less = classifier.digits(
        np.stack([sample(digit), nudge.sample, nudge.sample - 2 * SHARES[0] * nudge.change])
    )
    assert before.digit == digit
    assert now.digit == nudge.read.digit
    assert now.digit not in (None, digit)
    assert less.digit in (None, digit)


def test_no_random_change_three_times_as_large_does_it(
    nudger: Nudger, classifier: Classifier, rng: np.random.Generator
) -> None:
    nudge = nudger.nudge(sample(7))
    assert nudge is not None
    directions = rng.normal(0, 1, (100, 28, 28))
    directions *= 3 * np.linalg.norm(nudge.change) / np.linalg.norm(directions, axis=(1, 2), keepdims=True)
    changed = (sample(7) + directions).clip(0, 1).astype(np.float32)
    assert {read.digit for read in classifier.digits(changed)} <= {7, None}


@pytest.mark.parametrize(("digit", "length"), [(0, 1.012), (3, 1.092), (7, 1.053)])
def test_it_is_nearly_as_small_as_a_long_search_finds(nudger: Nudger, digit: int, length: float) -> None:
    """What 200 steps with all nine other digits found."""
    nudge = nudger.nudge(sample(digit))
    assert nudge is not None
    assert np.linalg.norm(nudge.change) < 1.15 * length


def test_it_is_the_same_every_time(nudger: Nudger, classifier: Classifier) -> None:
    first, again = nudger.nudge(sample(3)), Nudger(classifier).nudge(sample(3))
    assert first is not None
    assert again is not None
    assert np.array_equal(first.sample, again.sample)


def test_what_is_no_digit_has_none(nudger: Nudger) -> None:
    assert nudger.nudge(np.zeros((28, 28), np.float32)) is None
    assert nudger.nudge(strokes.frame(hand.SCRIBBLE).sample) is None


def test_a_reader_without_its_model_finds_none() -> None:
    assert Reader().nudge(sample(7)) is None
    assert Reader().digits(sample(7)[None]) is None
