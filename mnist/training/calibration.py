"""Calibration: the temperature and the thresholds that a card holds, and how far confidences are from the truth."""

import numpy as np

from mnist.reading.classifier import digit_odds, probabilities

REJECTED_SHARE = 0.0125  # of digits: the rejection threshold is set to reject it; docs/decisions/training.md says why
MIN_SURE_CONFIDENCE = 0.7  # a calibrated confidence below this is shown as unsure
BINS = 15  # of the calibration curve


def fit_temperature(logits: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return the temperature, 0.25 to 4 and exact to 1 %, that makes the labels (n,) likeliest given logits (n, 11).

    `weights` (n,) says how much each counts; without them all count the same.
    """
    grid = np.exp(np.arange(np.log(0.25), np.log(4), 0.01))
    rows = np.arange(len(labels))
    losses = [-np.average(np.log(probabilities(logits, t)[rows, labels] + 1e-12), weights=weights) for t in grid]
    return round(float(grid[int(np.argmin(losses))]), 4)


def fit_thresholds(logits: np.ndarray, weights: np.ndarray | None = None) -> dict[str, float]:
    """Return the card's thresholds, given the logits (n, 11) of digits and how much each counts (n,)."""
    weights = np.ones(len(logits)) if weights is None else weights
    threshold = np.quantile(digit_odds(logits), REJECTED_SHARE, method="inverted_cdf", weights=weights)
    return {"digit": round(float(threshold), 4), "sure": MIN_SURE_CONFIDENCE}


def calibration_curve(confidence: np.ndarray, correct: np.ndarray) -> list[dict[str, float]]:
    """Return count, mean confidence and share correct for each of the BINS equal-width bins that is not empty."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "count": int((bins == b).sum()),
            "confidence": round(float(confidence[bins == b].mean()), 6),
            "right": round(float(correct[bins == b].mean()), 6),
        }
        for b in np.unique(bins)
    ]


def calibration_error(confidence: np.ndarray, correct: np.ndarray) -> float:
    """Return the expected calibration error: |mean confidence − share correct| averaged over the curve's bins by count.

    Naeini, Cooper, Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", 2015.
    """
    curve = calibration_curve(confidence, correct)
    return sum(point["count"] * abs(point["confidence"] - point["right"]) for point in curve) / len(confidence)
