"""The card's figures against counting by hand."""

import numpy as np
import pytest

from mnist import evaluation

CARD = {"temperature": 1.0, "thresholds": {"energy": 2.0, "sure": 0.9}}


def test_confusion_counts_rows_as_labels() -> None:
    counts = evaluation.confusion(np.array([1, 1, 7]), np.array([1, 7, 7]))
    assert counts.sum() == 3
    assert (counts[1, 1], counts[1, 7], counts[7, 7]) == (1, 1, 1)


def test_figures_of_four_known_samples() -> None:
    logits = np.zeros((4, 10))
    logits[0, 3] = 50  # sure and right
    logits[1, 3] = 50  # sure and wrong
    logits[2, [4, 5]] = 20  # two equally likely, the first of them right
    logits[3] = -5  # nothing fits: refused
    figures = evaluation.figures(logits, np.array([3, 8, 4, 0]), CARD)
    assert figures["count"] == 4
    assert figures["accuracy"] == 0.75
    assert figures["refused"] == 0.25
    assert figures["unsure"] == 0.25
    # bins: [1.0: two, half right], [0.5: one, right], [0.1: one, right]
    assert figures["calibration_error"] == pytest.approx((1 + 0.5 + 0.9) / 4, abs=1e-6)


def test_calibrated_confidence_has_no_error(rng: np.random.Generator) -> None:
    confidence = rng.uniform(0.1, 1, 200_000)
    right = rng.random(200_000) < confidence
    assert evaluation.calibration_error(confidence, right) < 0.01


def test_the_temperature_that_was_applied_is_found(rng: np.random.Generator) -> None:
    logits = rng.normal(0, 3, (20_000, 10))
    powers = np.exp(logits)
    chosen = (powers / powers.sum(axis=1, keepdims=True)).cumsum(axis=1) > rng.random((20_000, 1))
    labels = chosen.argmax(axis=1)
    for temperature in (0.5, 1.0, 2.0):
        assert evaluation.fit_temperature(logits * temperature, labels) == pytest.approx(temperature, rel=0.05)


def test_the_energy_threshold_refuses_what_it_says() -> None:
    logits = np.linspace(0, 20, 1000)[:, None] * np.eye(10)[0]
    threshold = evaluation.fit_thresholds(logits)["energy"]
    refused = (np.log(np.exp(logits).sum(axis=1)) < threshold).mean()
    assert refused == pytest.approx(evaluation.REFUSED, abs=0.002)


def test_batches_make_no_difference() -> None:
    samples = np.random.default_rng(0).random((1203, 28, 28), np.float32)
    assert np.array_equal(
        evaluation.logits_of(lambda batch: batch.sum(axis=1)[:, :10], samples), samples.sum(axis=1)[:, :10]
    )
