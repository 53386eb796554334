"""Every figure of the card: what is right, what is taken for what, what is refused, how sure it may claim to be."""

from collections.abc import Callable
from typing import Any

import numpy as np

from mnist.classifier import energy, softmax
from mnist.data import Labelled

BATCH = 500
REFUSED = 0.005  # share of validation digits that the energy threshold refuses
SURE = 0.7  # a calibrated confidence below this is shown as unsure


def logits_of(logits: Callable[[np.ndarray], np.ndarray], samples: np.ndarray) -> np.ndarray:
    """Logits (n, 10) of samples (n, 28, 28), in batches that fit any memory."""
    return np.concatenate([logits(samples[start : start + BATCH]) for start in range(0, len(samples), BATCH)])


def confusion(labels: np.ndarray, guesses: np.ndarray) -> np.ndarray:
    """Counts (10, 10) int64: row the true label, column the guess."""
    counts = np.zeros((10, 10), np.int64)
    np.add.at(counts, (labels, guesses), 1)
    return counts


def figures(logits: np.ndarray, labels: np.ndarray, card: dict[str, Any]) -> dict[str, Any]:
    """Count, accuracy, share refused, share unsure, calibration error and confusion matrix, ready for JSON."""
    probabilities = softmax(logits / card["temperature"])
    guesses, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    refused = energy(logits) < card["thresholds"]["energy"]
    return {
        "count": len(labels),
        "accuracy": round(float((guesses == labels).mean()), 6),
        "refused": round(float(refused.mean()), 6),
        "unsure": round(float((~refused & (confidence < card["thresholds"]["sure"])).mean()), 6),
        "calibration_error": round(calibration_error(confidence, guesses == labels), 6),
        "confusion": confusion(labels, guesses).tolist(),
    }


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error: |mean confidence − share right| over equal-width bins, weighted by their counts.

    Naeini, Cooper, Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", 2015.
    """
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(float((confidence[which == b] - right[which == b]).sum())) for b in range(bins)]
    return sum(gaps) / len(confidence)


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature that makes the labels likeliest, to 1 %, between 0.25 and 4."""
    grid = np.exp(np.arange(np.log(0.25), np.log(4), 0.01))
    rows = np.arange(len(labels))
    losses = [-np.log(softmax(logits / t)[rows, labels] + 1e-12).mean() for t in grid]
    return round(float(grid[int(np.argmin(losses))]), 4)


def fit_thresholds(logits: np.ndarray) -> dict[str, float]:
    """The thresholds of the card, from the logits of digits (validation data)."""
    return {"energy": round(float(np.quantile(energy(logits), REFUSED)), 4), "sure": SURE}


def evaluate(logits: Callable[[np.ndarray], np.ndarray], labelled: Labelled, card: dict[str, Any]) -> dict[str, Any]:
    """`figures` of a network over labelled samples."""
    return figures(logits_of(logits, labelled.samples), labelled.labels, card)
