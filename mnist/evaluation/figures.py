"""Every figure of a card: what is read correctly, what is taken for what, what is rejected, how well confidence fits.

Shares are 0 to 1; all results are ready for JSON, with the names that cards use.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from mnist.data.labelled import Labelled
from mnist.evaluation import sets
from mnist.evaluation.sets import DigitSet, NumberSet
from mnist.reading.classifier import NO_DIGIT, Network, digit_odds, judge_all, logits_of, probabilities
from mnist.training.calibration import calibration_error

TOLERANCE = 0.0005  # a measured share confirms the card's if it is as close as this, or within MAX_SAMPLES_APART
MAX_SAMPLES_APART = 2.5  # another processor rounds differently, and a sample or two may cross a threshold
REFERENCES = {"mnist_validation", "drawn_validation", "drawings"}  # digits that non-digits are compared with
MAX_EXAMPLES_PER_CELL = 3  # of a confusion matrix
MAX_MISTAKES = 60  # among the examples of a set


def card_figures(
    network: Network, validation: Mapping[str, Labelled], mnist_test: Labelled, card: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return the figures that a card states: those of the validation sets, then those of every measured set."""
    validated = measure(network, ((name, DigitSet(part)) for name, part in validation.items()), card)
    return validated | measure(network, sets.every(mnist_test), card)


def measure(
    network: Network, measured_on: Iterable[tuple[str, DigitSet | NumberSet]], card: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return the figures of each set by its key, with the card's temperature and thresholds.

    A set of non-digits is compared with the REFERENCES, which have to come before it.
    """
    measured: dict[str, dict[str, Any]] = {}
    references: list[np.ndarray] = []
    for name, samples in measured_on:
        if isinstance(samples, NumberSet):
            measured[name] = number_figures(network, samples, card)
            continue
        labels = samples.labelled.labels
        logits = logits_of(network, samples.labelled.samples)
        if (labels == NO_DIGIT).all():
            measured[name] = non_digit_figures(logits, np.concatenate(references), card)
            continue
        if name in REFERENCES:
            references.append(logits)
        measured[name] = digit_figures(logits, labels, card)
        if samples.styles:
            measured[name]["styles"] = by_style(logits[:, :NO_DIGIT].argmax(axis=1) == labels, samples.styles)
        if samples.names:
            measured[name]["examples"] = examples(logits, labels, samples.names, card)
    return measured


def by_style(correct: np.ndarray, styles: Iterable[str]) -> dict[str, float]:
    """Return the share of each style that is read correctly, the worst first."""
    names = np.array(list(styles))
    shares = {str(name): round(float(correct[names == name].mean()), 4) for name in np.unique(names)}
    return dict(sorted(shares.items(), key=lambda entry: entry[1]))


def digit_figures(logits: np.ndarray, labels: np.ndarray, card: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of digits: count, accuracy, shares rejected and unsure, calibration error, confusion matrix.

    Accuracy counts every guess, `answers_right` only those that were not rejected.
    """
    guesses, confidence, rejected = _read(logits, card)
    correct = guesses == labels
    return {
        **_shares(correct, rejected, ~rejected & (confidence < card["thresholds"]["sure"])),
        "calibration_error": round(calibration_error(confidence, correct), 6),
        "confusion": confusion_matrix(labels, guesses).tolist(),
    }


def examples(
    logits: np.ndarray, labels: np.ndarray, names: Sequence[str], card: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return a few samples of every cell of the confusion matrix, by name: mistakes first, the most confident first.

    After them come samples that were read correctly, the least confident first.
    """
    guesses, confidence, rejected = _read(logits, card)
    correct = guesses == labels
    order = np.lexsort((np.where(correct, confidence, -confidence), correct))
    mistakes = _few_of_each(order[~correct[order]], labels, guesses)[:MAX_MISTAKES]
    return [
        {
            "name": names[index],
            "label": int(labels[index]),
            "guess": int(guesses[index]),
            "confidence": round(float(confidence[index]), 4),
            "rejected": bool(rejected[index]),
        }
        for index in mistakes + _few_of_each(order[correct[order]], labels, guesses)
    ]


def _read(logits: np.ndarray, card: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the best digit of each row of logits (n, 11), its calibrated confidence, and whether it is rejected."""
    calibrated = probabilities(logits, card["temperature"])
    return calibrated.argmax(axis=1), calibrated.max(axis=1), digit_odds(logits) < card["thresholds"]["digit"]


def _few_of_each(order: np.ndarray, labels: np.ndarray, guesses: np.ndarray) -> list[int]:
    """Return the first MAX_EXAMPLES_PER_CELL indices of `order` in every cell of the confusion matrix."""
    cells = 10 * labels[order] + guesses[order]
    few = (np.flatnonzero(cells == cell)[:MAX_EXAMPLES_PER_CELL] for cell in np.unique(cells))
    return [int(order[place]) for place in sorted(place for places in few for place in places)]


def number_figures(network: Network, numbers: NumberSet, card: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of numbers: count, share wholly correct, the same of those not rejected, rejected, unsure."""
    readings = judge_all(network, numbers.lattices, card)
    correct = np.array([reading.text == text for reading, text in zip(readings, numbers.texts, strict=True)])
    verdicts = np.array([reading.verdict for reading in readings])
    return _shares(correct, verdicts == "not_a_digit", verdicts == "unsure")


def _shares(correct: np.ndarray, rejected: np.ndarray, unsure: np.ndarray) -> dict[str, Any]:
    return {
        "count": len(correct),
        "accuracy": round(float(correct.mean()), 6),
        "answers_right": round(float(correct[~rejected].mean()) if not rejected.all() else 0.0, 6),
        "rejected": round(float(rejected.mean()), 6),
        "unsure": round(float(unsure.mean()), 6),
    }


def non_digit_figures(non_digits: np.ndarray, digits: np.ndarray, card: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of things that are no digit, by their logits and those of digits: count, rejected, AUROC."""
    odds = digit_odds(non_digits)
    return {
        "count": len(non_digits),
        "rejected": round(float((odds < card["thresholds"]["digit"]).mean()), 6),
        "auroc": round(auroc(digit_odds(digits), odds), 6),
    }


def auroc(high: np.ndarray, low: np.ndarray) -> float:
    """Return the probability that a score of `high` (n,) is above one of `low` (m,), ties counted half.

    This is the area under the ROC curve (Mann and Whitney, 1947).
    """
    order = np.sort(low)
    below, not_above = np.searchsorted(order, high, "left"), np.searchsorted(order, high, "right")
    return float((below + not_above).mean() / (2 * len(low)))


def confusion_matrix(labels: np.ndarray, guesses: np.ndarray) -> np.ndarray:
    """Return counts (10, 10) int64: a row for each true label, a column for each guess."""
    counts = np.zeros((10, 10), np.int64)
    np.add.at(counts, (labels, guesses), 1)
    return counts


def differing(measured: dict[str, dict[str, Any]], stated: dict[str, dict[str, Any]]) -> list[str]:
    """Return the names of the measured figures that the card states differently, or not at all."""
    return [
        f"{name} ({figure})"
        for name, figures in measured.items()
        for figure, value in figures.items()
        if isinstance(value, float)
        and abs(stated.get(name, {}).get(figure, -1) - value) > max(TOLERANCE, MAX_SAMPLES_APART / figures["count"])
    ]


def not_measured(measured: dict[str, dict[str, Any]], stated: dict[str, dict[str, Any]]) -> list[str]:
    """Return the keys of the sets that the card has figures of and this run has not, validation sets apart."""
    return [name for name in stated if name not in measured and not name.endswith("_validation")]
