"""Temperature, thresholds and calibration error, where the truth is known."""

import numpy as np
import pytest

from mnist.training.calibration import REJECTED_SHARE, calibration_error, fit_temperature, fit_thresholds


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


def test_the_threshold_rejects_the_share_that_it_should() -> None:
    logits = np.linspace(0, 20, 1000)[:, None] * np.eye(11)[0]
    odds = np.log(np.exp(logits[:, :10]).sum(axis=1))
    assert (odds < fit_thresholds(logits)["digit"]).mean() == pytest.approx(REJECTED_SHARE, abs=0.002)
    likely = np.linspace(1, 0, 1000)  # how much each counts
    threshold = fit_thresholds(logits, likely)["digit"]
    assert likely[odds < threshold].sum() / likely.sum() == pytest.approx(REJECTED_SHARE, abs=0.002)
