"""Temperature, thresholds and calibration error, where the truth is known."""

from typing import Any

import numpy as np
import pytest

from mnist.reading.outputs import margins
from mnist.training.calibration import (
    OWN_SHARE,
    REJECTED_SHARE,
    calibration_error,
    fit_temperature,
    fit_thresholds,
)


def test_calibrated_confidence_has_no_error(rng: np.random.Generator) -> None:
    confidence = rng.uniform(0.1, 1, 200_000)
    right = rng.random(200_000) < confidence
    assert calibration_error(confidence, right) < 0.01


def test_the_temperature_that_was_applied_is_found(rng: np.random.Generator) -> None:
    logits = rng.normal(0, 3, (20_000, 11))
    powers = np.exp(logits[:, :10])
    chosen = (powers / powers.sum(axis=1, keepdims=True)).cumsum(axis=1) > rng.random((20_000, 1))
    labels = chosen.argmax(axis=1)
    for temperature in (0.5, 1.0, 2.0):
        assert fit_temperature(logits * temperature, labels) == pytest.approx(temperature, rel=0.05)


def digits_with(odds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits (n, 11) of all ten digits in turn, each guessed right, that have about these log odds; and labels."""
    labels = np.arange(len(odds)) % 10
    logits = np.full((len(odds), 11), -30.0)
    logits[np.arange(len(odds)), labels] = odds
    logits[:, 10] = 0.0
    return logits, labels


def rejected(logits: np.ndarray, thresholds: dict[str, Any]) -> np.ndarray:
    return margins(logits, {"thresholds": thresholds}) < 0


def test_the_thresholds_reject_the_share_that_they_should(rng: np.random.Generator) -> None:
    logits, labels = digits_with(rng.normal(5, 2, 10_000))
    assert rejected(logits, fit_thresholds(logits, labels)).mean() == pytest.approx(REJECTED_SHARE, abs=0.0005)
    likely = rng.random(10_000)  # how much each counts
    which = rejected(logits, fit_thresholds(logits, labels, likely))
    assert likely[which].sum() / likely.sum() == pytest.approx(REJECTED_SHARE, abs=0.0005)


def test_a_digit_that_is_missing_has_a_threshold_like_the_others() -> None:
    logits, labels = digits_with(np.linspace(1, 9, 1000))
    few = labels != 7
    assert fit_thresholds(logits[few], labels[few])["digit"] == pytest.approx(
        fit_thresholds(logits, labels)["digit"], abs=0.1
    )


def test_a_digit_that_looks_like_other_things_has_a_lower_threshold(rng: np.random.Generator) -> None:
    odds = rng.normal(5, 1, 10_000)
    odds[1::10] -= 3  # all ones
    logits, labels = digits_with(odds)
    thresholds = np.array(fit_thresholds(logits, labels)["digit"])
    assert np.delete(thresholds, 1).mean() - thresholds[1] == pytest.approx(3 * OWN_SHARE, abs=0.2)
