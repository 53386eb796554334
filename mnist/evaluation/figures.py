"""Every figure of the card: what is right, what is taken for what, what is refused, how sure it may claim to be."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from mnist.evaluation.sets import EvaluationSet, NumberSet
from mnist.reading.classifier import NO_DIGIT, Network, digit_odds, judge, logits_of, probabilities

REFUSED = 0.005  # share of validation digits, MNIST's and drawn ones, that the threshold refuses
SURE = 0.7  # a calibrated confidence below this is shown as unsure
CONFIRMED = 0.0005  # how far a measured figure may lie from the card's
BINS = 15  # of the calibration curve
EXAMPLES = 3  # kept of every cell of a confusion matrix,
MISTAKES = 60  # and so many mistakes of a set


def measure(
    network: Network, sets: Iterable[EvaluationSet | NumberSet], card: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """The figures of each set by its name, with the card's temperature and thresholds.

    A set of what is no digit is compared with the set of digits called "drawings", which has to come before it.
    """
    measured: dict[str, dict[str, Any]] = {}
    found: dict[str, np.ndarray] = {}
    for evaluation_set in sets:
        if isinstance(evaluation_set, NumberSet):
            measured[evaluation_set.name] = number_figures(network, evaluation_set, card)
            continue
        labels = evaluation_set.labelled.labels
        logits = found[evaluation_set.name] = logits_of(network, evaluation_set.labelled.samples)
        if (labels == NO_DIGIT).all():
            measured[evaluation_set.name] = outlier_figures(logits, found["drawings"], card)
            continue
        measured[evaluation_set.name] = figures(logits, labels, card)
        if evaluation_set.styles:
            right = logits[:, :NO_DIGIT].argmax(axis=1) == labels
            measured[evaluation_set.name]["styles"] = by_style(right, evaluation_set.styles)
        if evaluation_set.names:
            measured[evaluation_set.name]["examples"] = examples(logits, labels, evaluation_set.names, card)
    return measured


def by_style(right: np.ndarray, styles: Iterable[str]) -> dict[str, float]:
    """Share right of each style, the worst first."""
    names = np.array(list(styles))
    shares = {str(name): round(float(right[names == name].mean()), 4) for name in np.unique(names)}
    return dict(sorted(shares.items(), key=lambda entry: entry[1]))


def figures(logits: np.ndarray, labels: np.ndarray, card: dict[str, Any]) -> dict[str, Any]:
    """Of digits: count, accuracy, shares refused and unsure, calibration error, confusion matrix; ready for JSON.

    Accuracy counts every guess, `answers_right` only those that were not refused.
    """
    found = probabilities(logits, card["temperature"])
    guesses, confidence = found.argmax(axis=1), found.max(axis=1)
    refused = digit_odds(logits) < card["thresholds"]["digit"]
    right = guesses == labels
    return {
        "count": len(labels),
        "accuracy": round(float(right.mean()), 6),
        "answers_right": round(float(right[~refused].mean()) if not refused.all() else 0.0, 6),
        "refused": round(float(refused.mean()), 6),
        "unsure": round(float((~refused & (confidence < card["thresholds"]["sure"])).mean()), 6),
        "calibration_error": round(calibration_error(confidence, right), 6),
        "confusion": confusion(labels, guesses).tolist(),
    }


def examples(
    logits: np.ndarray, labels: np.ndarray, names: Sequence[str], card: dict[str, Any]
) -> list[dict[str, Any]]:
    """A few samples of every cell of the confusion matrix, by their names: mistakes, the surest and so the worst first.

    After them some of what was right, the least sure first.
    """
    found = probabilities(logits, card["temperature"])
    guesses, confidence = found.argmax(axis=1), found.max(axis=1)
    refused = digit_odds(logits) < card["thresholds"]["digit"]
    right = guesses == labels
    order = np.lexsort((np.where(right, confidence, -confidence), right))
    wrong = _few_of_each(order[~right[order]], labels, guesses)[:MISTAKES]
    return [
        {
            "name": names[index],
            "label": int(labels[index]),
            "guess": int(guesses[index]),
            "confidence": round(float(confidence[index]), 4),
            "refused": bool(refused[index]),
        }
        for index in wrong + _few_of_each(order[right[order]], labels, guesses)
    ]


def _few_of_each(order: np.ndarray, labels: np.ndarray, guesses: np.ndarray) -> list[int]:
    """The first EXAMPLES indices of `order` in every cell of the confusion matrix."""
    seen: Counter[tuple[int, int]] = Counter()
    kept = []
    for index in order.tolist():
        cell = int(labels[index]), int(guesses[index])
        seen[cell] += 1
        if seen[cell] <= EXAMPLES:
            kept.append(index)
    return kept


def number_figures(network: Network, numbers: NumberSet, card: dict[str, Any]) -> dict[str, Any]:
    """Of drawings of numbers: count, share read wholly right, that of those not refused, shares refused and unsure."""
    samples = np.stack([part.framed.sample for ways in numbers.found for line in ways.lines for part in line.parts])
    logits = logits_of(network, samples)
    right, verdicts, start = [], [], 0
    for ways, text in zip(numbers.found, numbers.texts, strict=True):
        count = sum(len(line.parts) for line in ways.lines)
        reading = judge(ways, logits[start : start + count], card)
        right.append(reading.text == text)
        verdicts.append(reading.verdict)
        start += count
    refused = verdicts.count("not_a_digit") / len(right)
    return {
        "count": len(right),
        "accuracy": round(float(np.mean(right)), 6),
        "answers_right": round(float(np.mean(right)) / max(1 - refused, 1e-9), 6),
        "refused": round(refused, 6),
        "unsure": round(verdicts.count("unsure") / len(right), 6),
    }


def outlier_figures(outliers: np.ndarray, digits: np.ndarray, card: dict[str, Any]) -> dict[str, Any]:
    """Of things that are no digit, by their logits and those of digits: count, share refused, AUROC."""
    odds = digit_odds(outliers)
    return {
        "count": len(outliers),
        "refused": round(float((odds < card["thresholds"]["digit"]).mean()), 6),
        "auroc": round(auroc(digit_odds(digits), odds), 6),
    }


def auroc(high: np.ndarray, low: np.ndarray) -> float:
    """Probability that a score of `high` (n,) is above one of `low` (m,), ties counted half (Mann and Whitney)."""
    order = np.sort(low)
    below, not_above = np.searchsorted(order, high, "left"), np.searchsorted(order, high, "right")
    return float((below + not_above).mean() / (2 * len(low)))


def confusion(labels: np.ndarray, guesses: np.ndarray) -> np.ndarray:
    """Counts (10, 10) int64: row the true label, column the guess."""
    counts = np.zeros((10, 10), np.int64)
    np.add.at(counts, (labels, guesses), 1)
    return counts


def calibration_curve(confidence: np.ndarray, right: np.ndarray) -> list[dict[str, float]]:
    """Count, mean confidence and share right in each of BINS equal-width bins that is not empty."""
    which = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "count": int((which == b).sum()),
            "confidence": round(float(confidence[which == b].mean()), 6),
            "right": round(float(right[which == b].mean()), 6),
        }
        for b in np.unique(which)
    ]


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error: |mean confidence − share right| over the curve's bins, weighted by their counts.

    Naeini, Cooper, Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", 2015.
    """
    curve = calibration_curve(confidence, right)
    return sum(point["count"] * abs(point["confidence"] - point["right"]) for point in curve) / len(confidence)


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature that makes the labels likeliest, to 1 %, between 0.25 and 4."""
    grid = np.exp(np.arange(np.log(0.25), np.log(4), 0.01))
    rows = np.arange(len(labels))
    losses = [-np.log(probabilities(logits, t)[rows, labels] + 1e-12).mean() for t in grid]
    return round(float(grid[int(np.argmin(losses))]), 4)


def fit_thresholds(logits: np.ndarray) -> dict[str, float]:
    """The thresholds of the card, from the logits of digits (validation data)."""
    return {"digit": round(float(np.quantile(digit_odds(logits), REFUSED)), 4), "sure": SURE}


def differing(measured: dict[str, dict[str, Any]], stated: dict[str, dict[str, Any]]) -> list[str]:
    """Names of the measured figures that the card states otherwise, or not at all.

    Another processor rounds differently, and a sample or two may fall on the other side of a threshold.
    """
    return [
        f"{name} ({figure})"
        for name, figures in measured.items()
        for figure, value in figures.items()
        if isinstance(value, float)
        and abs(stated.get(name, {}).get(figure, -1) - value) > max(CONFIRMED, 2.5 / figures["count"])
    ]


def not_measured(measured: dict[str, dict[str, Any]], stated: dict[str, dict[str, Any]]) -> list[str]:
    """Names of the sets that the card has figures of and this run has not, validation apart."""
    return [name for name in stated if name not in measured and not name.endswith("_validation")]


def as_text(networks: dict[str, dict[str, dict[str, Any]]]) -> str:
    """Tables of what was measured of the first network, and of how the others compare."""
    first = next(iter(networks.values()))
    columns = ("accuracy", "answers_right", "refused", "unsure", "calibration_error", "auroc")
    lines = [f"{'':20}    count" + "".join(f"{name.replace('_', ' ').replace(' error', ''):>15}" for name in columns)]
    for name, figures in first.items():
        cells = (f"{figures[column]:>15.2%}" if column in figures else f"{'':15}" for column in columns)
        lines.append(f"{name:20} {figures['count']:8}{''.join(cells)}".rstrip())
    lines += ["", f"{'accuracy':20}" + "".join(f"{name:>15}" for name in networks)]
    for name, figures in first.items():
        kind = "accuracy" if "accuracy" in figures else "auroc"
        cells = (f"{measured[name][kind]:>15.2%}" for measured in networks.values())
        lines.append(f"{name if kind == 'accuracy' else name + ' (AUROC)':20}{''.join(cells)}")
    lines += ["", "mnist_test: row the digit, column the guess"]
    lines.append("    " + "".join(f"{guess:6}" for guess in range(10)))
    for label, row in enumerate(first["mnist_test"]["confusion"]):
        lines.append(f"  {label} " + "".join(f"{count or '·':>6}" for count in row))
    worst = list(first["drawings_loose"]["styles"].items())[:8]
    lines += ["", "hardest styles of drawings_loose: " + ", ".join(f"{name} {share:.0%}" for name, share in worst), ""]
    return "\n".join(lines)
