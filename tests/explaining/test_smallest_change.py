"""Adversarial perturbations: they fool the network, they are what they say, and less would not do."""

from typing import Any

import numpy as np
import pytest

from mnist.explaining.smallest_change import FRACTIONS, Perturbation, PerturbationSearch
from mnist.reading.classifier import Classifier
from mnist.reading.drawings import strokes
from tools.harness import hand


@pytest.fixture(scope="module")
def search(keras_model: Any, classifier: Classifier) -> PerturbationSearch:
    return PerturbationSearch(keras_model, classifier)


def sample(digit: int) -> np.ndarray:
    return strokes.frame(hand.strokes(digit)).sample


def found(search: PerturbationSearch, digit: int) -> Perturbation:
    perturbation = search.find(sample(digit))
    assert perturbation is not None
    return perturbation


@pytest.mark.parametrize(("digit", "length"), [(0, 0.920), (3, 1.113), (7, 1.042)])
def test_it_is_read_as_another_digit_and_a_little_less_would_not_be(
    search: PerturbationSearch, classifier: Classifier, digit: int, length: float
) -> None:
    perturbation = found(search, digit)
    assert np.linalg.norm(perturbation.change) < 1.15 * length  # that 200 steps found
    assert np.allclose(sample(digit) + perturbation.change, perturbation.sample, atol=1e-6)
    assert perturbation.sample.min() >= 0
    assert perturbation.sample.max() <= 1
    before, now, less = classifier.digits(
        np.stack([sample(digit), perturbation.sample, perturbation.sample - 2 * FRACTIONS[0] * perturbation.change])
    )
    assert before.digit == digit
    assert now.digit == perturbation.read.digit
    assert now.digit not in (None, digit)
    assert less.digit in (None, digit)


def test_no_random_change_three_times_as_large_does_it(
    search: PerturbationSearch, classifier: Classifier, rng: np.random.Generator
) -> None:
    perturbation = found(search, 7)
    directions = rng.normal(0, 1, (100, 28, 28))
    directions *= 3 * np.linalg.norm(perturbation.change) / np.linalg.norm(directions, axis=(1, 2), keepdims=True)
    changed = (sample(7) + directions).clip(0, 1).astype(np.float32)
    assert {read.digit for read in classifier.digits(changed)} <= {7, None}


def test_it_is_the_same_every_time(search: PerturbationSearch, keras_model: Any, classifier: Classifier) -> None:
    assert np.array_equal(found(search, 3).sample, found(PerturbationSearch(keras_model, classifier), 3).sample)


def test_what_is_no_digit_has_none(search: PerturbationSearch) -> None:
    assert search.find(np.zeros((28, 28), np.float32)) is None
    assert search.find(strokes.frame(hand.SCRIBBLE).sample) is None
