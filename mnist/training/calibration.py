"""Calibration: the temperature and the thresholds that a card holds, and how far confidences are from the truth."""

from typing import Any

import numpy as np

from mnist.reading.outputs import NO_DIGIT, digit_odds, probabilities

REJECTED_SHARE = 0.0065  # of digits: the thresholds are set to reject it; docs/decisions/training.md says why
LOW_SHARE = 0.05  # of each digit: the log odds that so many of its samples do not reach are its low ones
OWN_SHARE = (
    0.4  # how far thresholds follow their digits' own low odds: 0 gives all one, 1 each its own; chosen likewise
)
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


def fit_thresholds(logits: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None) -> dict[str, Any]:
    """Return the card's thresholds, given the logits (n, 11) of digits and their labels (n,).

    `weights` (n,) says how much each counts; without them all count the same. The log odds that there is a digit have a
    threshold for each digit as the best guess, for people's 1s look far more like other things than their 0s do. A
    digit that is not among them is taken for as likely as all together.
    """
    weights = np.ones(len(logits)) if weights is None else weights
    odds, guesses = digit_odds(logits), logits[:, :NO_DIGIT].argmax(axis=1)
    those = [labels == digit if (labels == digit).any() else labels >= 0 for digit in range(NO_DIGIT)]
    own = OWN_SHARE * np.array([_quantile(odds[which], LOW_SHARE, weights[which]) for which in those])
    thresholds = own + _quantile(odds - own[guesses], REJECTED_SHARE, weights)
    return {"digit": thresholds.round(4).tolist(), "sure": MIN_SURE_CONFIDENCE}


def _quantile(values: np.ndarray, share: float, weights: np.ndarray) -> float:
    return float(np.quantile(values, share, method="inverted_cdf", weights=weights))


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
