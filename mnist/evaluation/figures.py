"""The figures of a card: what is read right, wrong or not at all, what is taken for what, how well confidence fits.

Shares are 0 to 1; all results are ready for JSON, with the names that cards use.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnist.data import people
from mnist.data.labelled import Labelled
from mnist.evaluation import sets
from mnist.evaluation.samples import AnySet, DigitSet, LatticeSet
from mnist.reading.lattice import Lattice
from mnist.reading.look_again import judge_all
from mnist.reading.network import Network, logits_of
from mnist.reading.outputs import NO_DIGIT, judge_samples, margins
from mnist.training.calibration import calibration_error

TOLERANCE = 0.0005  # a measured share confirms the card's if it is as close as this, or within MAX_SAMPLES_APART
MAX_SAMPLES_APART = 2.5  # another processor rounds differently, and a sample or two may cross a threshold
AS_READ = "_as_read"  # ends the key of what is no digit, read as the program reads
REFERENCES = {"mnist_validation", "drawn_validation", "drawings"}  # digits that non-digits are compared with
SEVERAL, REJECTED = 10, 11  # columns of a confusion matrix beside those of the ten digits
MAX_EXAMPLES_PER_CELL = 3  # of a confusion matrix
MAX_MISTAKES = 60  # among the examples of a set


@dataclass(frozen=True)
class Answers:
    """A network's answers to n samples or lattices: a text for each, "" if rejected, and its confidence.

    `confidence` (n,) is 0 for what was rejected; `unsure` (n,) tells answers that were shown as doubtful.
    """

    texts: tuple[str, ...]
    confidence: np.ndarray
    unsure: np.ndarray

    @classmethod
    def of_digits(cls, logits: np.ndarray, card: dict[str, Any]) -> "Answers":
        """Return the answers to samples that are each read as one digit, by logits (n, 11)."""
        calibrated, known, sure = judge_samples(logits, card)
        texts = (str(best) if is_digit else "" for best, is_digit in zip(calibrated.argmax(axis=1), known, strict=True))
        return cls(tuple(texts), calibrated.max(axis=1) * known, known & ~sure)

    @classmethod
    def of_lattices(cls, network: Network, lattices: Sequence[Lattice], card: dict[str, Any]) -> "Answers":
        """Return the answers to drawings and pictures as the program reads them; one is rejected if a part of it is."""
        readings = judge_all(network, lattices, card)
        texts = (reading.text or "" if reading.verdict in ("digit", "unsure") else "" for reading in readings)
        confidence = np.array([reading.confidence or 0.0 for reading in readings])
        return cls(tuple(texts), confidence, np.array([reading.verdict == "unsure" for reading in readings]))


def card_figures(
    network: Network, validation: Mapping[str, Labelled], mnist_test: Labelled, card: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return the figures that a card states: those of the validation sets, then those of every measured set.

    What people wrote to choose on is in both; the latter count, which are read as the program reads them.
    """
    validated = measure(network, ((name, DigitSet(part)) for name, part in validation.items()), card)
    return validated | measure(network, sets.every(mnist_test), card)


def measure(
    network: Network, measured_on: Iterable[tuple[str, AnySet]], card: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return the figures of each set by its key, with the card's temperature and thresholds.

    A set of non-digits is compared with the REFERENCES, which have to come before it; where it has lattices, its key
    with AS_READ holds what the program rejects, which looks for numbers in it.
    """
    measured: dict[str, dict[str, Any]] = {}
    references: list[np.ndarray] = []
    for name, samples in measured_on:
        if isinstance(samples, LatticeSet):
            truths, answers = samples.texts, Answers.of_lattices(network, samples.lattices, card)
            measured[name] = reading_figures(truths, answers)
        else:
            labels, logits = samples.labelled.labels, logits_of(network, samples.labelled.samples)
            if (labels == NO_DIGIT).all():
                measured[name] = non_digit_figures(logits, np.concatenate(references), card)
                if samples.lattices:
                    answers = Answers.of_lattices(network, samples.lattices, card)
                    measured[name + AS_READ] = as_read_figures(answers)
                continue
            if name in REFERENCES:
                references.append(logits)
            truths, answers = tuple(map(str, labels)), Answers.of_digits(logits, card)
            correct = logits[:, :NO_DIGIT].argmax(axis=1) == labels
            measured[name] = {"accuracy": _share(correct), **reading_figures(truths, answers)}
            if samples.styles:
                measured[name]["styles"] = by_style(correct, samples.styles)
        if samples.names:
            measured[name]["examples"] = examples(truths, answers, samples.names)
    return measured


def reading_figures(truths: Sequence[str], answers: Answers) -> dict[str, Any]:
    """Return the figures of digits and numbers: count, shares right, wrong, rejected and unsure, calibration error.

    An answer is right if its text is the true one. The calibration error is that of the answers, as what is rejected
    is shown without a confidence. Of single digits there is the confusion matrix, too.
    """
    correct = np.array([text == truth for text, truth in zip(answers.texts, truths, strict=True)])
    rejected = np.array([not text for text in answers.texts])
    answered = ~rejected
    error = calibration_error(answers.confidence[answered], correct[answered]) if answered.any() else 0.0
    figures = {
        "count": len(truths),
        "right": _share(correct),
        "wrong": _share(answered & ~correct),
        "rejected": _share(rejected),
        "unsure": _share(answers.unsure),
        "calibration_error": round(error, 6),
    }
    if all(len(truth) == 1 for truth in truths):
        figures["confusion"] = confusion_matrix(truths, answers.texts).tolist()
    return figures


def _share(which: np.ndarray) -> float:
    return round(float(which.mean()), 6)


def by_style(correct: np.ndarray, styles: Iterable[str]) -> dict[str, float]:
    """Return the share of each style that is read correctly, the worst first."""
    names = np.array(list(styles))
    shares = {str(name): round(float(correct[names == name].mean()), 4) for name in np.unique(names)}
    return dict(sorted(shares.items(), key=lambda entry: entry[1]))


def confusion_matrix(truths: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    """Return counts (10, 12) int64: a row for each true digit; a column for each digit read, SEVERAL and REJECTED."""
    counts = np.zeros((10, 12), np.int64)
    np.add.at(counts, (list(map(int, truths)), list(map(column, texts))), 1)
    return counts


def column(text: str) -> int:
    """Return the column of an answer in a confusion matrix."""
    return int(text) if len(text) == 1 else SEVERAL if text else REJECTED


def by_digit(confusions: Sequence[Sequence[Sequence[int]]]) -> np.ndarray:
    """Return the mean of confusion matrices in shares of each row (10, 12): every source counts the same."""
    counts = np.array(confusions, np.float64)
    return (counts / np.maximum(counts.sum(axis=2, keepdims=True), 1)).mean(axis=0)


def examples(truths: Sequence[str], answers: Answers, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return a few samples of every cell of the confusion matrix, by name: mistakes first, the most confident first.

    After them come samples that were read correctly, the least confident first.
    """
    cells = np.array([(int(truth), column(text)) for truth, text in zip(truths, answers.texts, strict=True)])
    correct = cells[:, 0] == cells[:, 1]
    order = np.lexsort((np.where(correct, answers.confidence, -answers.confidence), correct))
    mistakes = _few_of_each(order[~correct[order]], cells)[:MAX_MISTAKES]
    return [
        {
            "name": names[index],
            "label": int(truths[index]),
            "read": answers.texts[index],
            "confidence": round(float(answers.confidence[index]), 4),
        }
        for index in mistakes + _few_of_each(order[correct[order]], cells)
    ]


def _few_of_each(order: np.ndarray, cells: np.ndarray) -> list[int]:
    """Return the first MAX_EXAMPLES_PER_CELL indices of `order` in every cell of the confusion matrix."""
    numbers = cells[order] @ np.array([12, 1])
    few = (np.flatnonzero(numbers == number)[:MAX_EXAMPLES_PER_CELL] for number in np.unique(numbers))
    return [int(order[place]) for place in sorted(place for places in few for place in places)]


def non_digit_figures(non_digits: np.ndarray, digits: np.ndarray, card: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of things that are no digit, by their logits and those of digits: count, rejected, AUROC."""
    above_threshold = margins(non_digits, card)
    return {
        "count": len(non_digits),
        "rejected": _share(above_threshold < 0),
        "auroc": round(auroc(margins(digits, card), above_threshold), 6),
    }


def as_read_figures(answers: Answers) -> dict[str, Any]:
    """Return the figures of things that are no digit as the program reads them: count, shares rejected and unsure."""
    rejected = np.array([not text for text in answers.texts])
    return {"count": len(rejected), "rejected": _share(rejected), "unsure": _share(answers.unsure)}


def auroc(high: np.ndarray, low: np.ndarray) -> float:
    """Return the probability that a score of `high` (n,) is above one of `low` (m,), ties counted half.

    This is the area under the ROC curve (Mann and Whitney, 1947).
    """
    order = np.sort(low)
    below, not_above = np.searchsorted(order, high, "left"), np.searchsorted(order, high, "right")
    return float((below + not_above).mean() / (2 * len(low)))


def differing(measured: dict[str, dict[str, Any]], stated: dict[str, dict[str, Any]]) -> list[str]:
    """Return the names of the measured figures that the card states differently, or not at all."""
    return [
        f"{name} ({figure})"
        for name, figures in measured.items()
        for figure, value in figures.items()
        if isinstance(value, float)
        and abs(stated.get(name, {}).get(figure, -1) - value) > max(TOLERANCE, MAX_SAMPLES_APART / figures["count"])
    ]


def not_measured(measured: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each reason why sets were left out, with their keys."""
    missing = [each for each in sets.SETS if each.key not in measured]
    handwriting = [each.key for each in missing if each.source in people.TO_DEVELOP_ON]
    others = [each.key for each in missing if each.source not in people.TO_DEVELOP_ON]
    reasons = {
        f"{people.PATH_VARIABLE} names no folder that has people's handwriting (docs/handwriting.md)": handwriting,
        "packages of requirements-dev.txt are missing": others,
    }
    return [f"not measured, as {why}: {', '.join(keys)}" for why, keys in reasons.items() if keys]
