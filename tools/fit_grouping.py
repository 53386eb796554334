"""`python -m tools.fit_grouping [model]` fits the weights of grouping to what people drew and to what is written here.

Digits, numbers of one person's digits side by side, and letters come from $HANDWRITING_DATA (docs/handwriting.md);
digits, numbers and things that are no digit also from made-up writers. Each way to read a drawing has a score: a sum of
log probabilities and of costs. The fitted costs are those that make right readings likeliest (a log-linear model): the
drawing's text, or, of what is no digit or cannot be read right, any reading that rejects a part. Costs that are not
fitted stay as they are. Every third writer is held back, and shows what the weights do.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from scipy.optimize import minimize

from mnist.data import people
from mnist.data.people import DRAWING_SIDE, TO_LEARN_FROM, Drawn
from mnist.files import MODEL
from mnist.handwriting.non_digits import letter
from mnist.handwriting.numbers import DROP_HEIGHTS, MIN_GAP_HEIGHTS, in_order, joined, own_styles, write_number
from mnist.handwriting.scripts import invented
from mnist.handwriting.writer import Writer
from mnist.reading import find_digits, grouping
from mnist.reading.best_path import JOIN_COST
from mnist.reading.classifier import Classifier
from mnist.reading.drawings import strokes
from mnist.reading.drawings.strokes import Stroke
from mnist.reading.framing import Framed
from mnist.reading.lattice import Lattice
from mnist.reading.network import logits_of
from mnist.reading.outputs import NO_DIGIT, margins, softmax

SEED = 2028
FITTED = ("OVERLAP_COST", "WHOLE_COST", "WIDE_COST", "CUT_ONE_COST")
COUNT = 600  # drawings of each kind
WEIGHTS = {"people's digits": 3.0, "people's letters": 1.5, "numbers of people's digits": 2.0}  # of kinds; others 1
USUAL_GAP_HEIGHTS = (0.05, 0.5)  # between the digits of one person's number, least and most
GAP_DEVIATION_HEIGHTS = 0.08
MAX_READINGS = 1500  # of a drawing; one with more is left out
PENALTY = 0.1  # for large weights
REJECTED = "?"

Drawing = tuple[Sequence[Stroke], str, bool]  # strokes, the right text, and whether the drawing is held back


@dataclass(frozen=True)
class Readings:
    """All readings of a drawing: the sums (n, 1 + costs) that make up their scores, their texts, and the right text."""

    sums: np.ndarray
    texts: tuple[str, ...]
    right: str
    held_back: bool

    @property
    def good(self) -> np.ndarray:
        """Which of the readings (n,) are right, or reject if none is."""
        texts = np.array(self.texts)
        return texts == (self.right if self.right in self.texts else REJECTED)


def peoples(kind: str) -> list[list[Drawn]]:
    """Return what people drew, digits or non-digits, by writer."""
    paths = [path for path in people.files(TO_LEARN_FROM)[kind] if ".jsonl" in path.name]
    return people.by_writer(people.read(paths, non_digits=kind == "non-digits").drawn)


def drawings(rng: np.random.Generator) -> Iterator[tuple[str, list[Drawing]]]:
    """Yield each kind of drawing, COUNT of it: people's first, if they are at hand."""
    hands, letters = peoples("drawings"), peoples("non-digits")
    for kind, sources in (("people's digits", hands), ("people's letters", letters)):
        every = [(each.strokes, _text(each), i % 3 == 0) for i, hand in enumerate(sources) for each in hand]
        yield kind, [every[i] for i in rng.permutation(len(every))[:COUNT]]
    yield "numbers of people's digits", [_side_by_side(hands, rng) for _ in range(COUNT if hands else 0)]
    for kind, digits in (("digits", (1, 1)), ("numbers", (2, 4)), ("joined numbers", (2, 4))):
        yield kind, [_written(digits, kind == "joined numbers", i % 3 == 0, rng) for i in range(COUNT)]
    yield "non-digits", [_non_digit(i % 3 == 0, rng) for i in range(COUNT)]


def _text(drawn: Drawn) -> str:
    return REJECTED if drawn.label == NO_DIGIT else str(drawn.label)


def _side_by_side(hands: Sequence[Sequence[Drawn]], rng: np.random.Generator) -> Drawing:
    number = int(rng.integers(len(hands)))
    digits = [hands[number][i] for i in rng.integers(len(hands[number]), size=rng.integers(2, 6))]
    drawn: list[Stroke] = []
    usual_gap, right = rng.uniform(*USUAL_GAP_HEIGHTS), 0.0
    for digit in digits:
        points = np.concatenate([stroke.points for stroke in digit.strokes])
        move = np.array([right - points[:, 0].min(), rng.normal(0, DROP_HEIGHTS) * DRAWING_SIDE - points[:, 1].max()])
        drawn += [Stroke(stroke.points + move, stroke.width) for stroke in digit.strokes]
        gap = max(MIN_GAP_HEIGHTS, rng.normal(usual_gap, GAP_DEVIATION_HEIGHTS))
        right += float(np.ptp(points[:, 0])) + gap * DRAWING_SIDE
    return drawn, "".join(map(_text, digits)), number % 3 == 0


def _written(count: tuple[int, int], joining: bool, held_back: bool, rng: np.random.Generator) -> Drawing:
    digits = rng.integers(0, 10, rng.integers(count[0], count[1] + 1)).tolist()
    written = write_number(digits, rng, Writer.random(rng, (1.0, 1.75)), own_styles(rng))
    drawn = joined(written) if joining else in_order(written, rng)
    if joining and len(drawn) == sum(map(len, written)):  # no stroke runs on into the next digit
        return _written(count, joining, held_back, rng)
    return drawn, "".join(map(str, digits)), held_back


def _non_digit(held_back: bool, rng: np.random.Generator) -> Drawing:
    knots = (letter if rng.random() < 0.5 else invented)(rng, ())
    return Writer.random(rng, (0.7, 2.0)).write(knots, rng), REJECTED, held_back


def readings(drawing: Drawing, classifier: Classifier) -> Readings | None:
    """Return all readings of a drawing, or None if there are more than MAX_READINGS."""
    drawn, right, held_back = drawing
    lattice = find_digits.of_strokes(drawn)
    logits = logits_of(classifier.network, [part.framed.sample for part in lattice.parts])
    known = margins(logits, classifier.card) >= 0
    labels = logits[:, :NO_DIGIT].argmax(axis=1)
    log_probabilities = np.where(known, np.log(softmax(logits)[:, :NO_DIGIT].max(axis=1) + 1e-30), 0.0)
    fixed, *with_cost = (_scores(drawn, known, labels, costs) for costs in ((), *((cost,) for cost in FITTED)))
    parts = np.stack([fixed[0] + log_probabilities, *(each[0] - fixed[0] for each in with_cost)])
    lines = np.stack([fixed[1], *(each[1] - fixed[1] for each in with_cost)])
    texts = [str(label) if is_digit else REJECTED for label, is_digit in zip(labels, known, strict=True)]
    found = list(islice(_all_readings(lattice, parts.T, lines.T, texts), MAX_READINGS + 1))
    if len(found) > MAX_READINGS:
        return None
    sums, read = zip(*found, strict=True)
    return Readings(np.array(sums), tuple(REJECTED if REJECTED in text else text for text in read), right, held_back)


def _scores(
    drawn: Sequence[Stroke], known: np.ndarray, labels: np.ndarray, costs: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return what parts and lines score, log probabilities apart, if of the fitted costs only these are 1, others 0."""
    unframed = Framed(np.zeros((28, 28), np.float32), (0.0, 0.0, 1.0, 1.0))
    weights: dict[str, Any] = {cost: float(cost in costs) for cost in FITTED}
    with patch.multiple(grouping, **weights), patch.object(strokes, "frame", return_value=unframed):
        lattice = find_digits.of_strokes(drawn)
    parts = [
        part.fit + (part.as_one * (label == 1) if is_digit else part.rejected)
        for part, label, is_digit in zip(lattice.parts, labels, known, strict=True)
    ]
    return np.array(parts), np.array([line.fit for line in lattice.lines])


def _all_readings(
    lattice: Lattice, parts: np.ndarray, lines: np.ndarray, texts: Sequence[str]
) -> Iterator[tuple[np.ndarray, str]]:
    edges, start = [], 0
    for line, own in zip(lattice.lines, lines, strict=True):
        inside = [(p.first, p.after, parts[i], texts[i]) for i, p in enumerate(line.parts, start)]
        mere_join = np.array([-JOIN_COST, *[0.0] * len(FITTED)])
        inside += [(piece, piece + 1, mere_join, "") for piece in line.joins]
        start += len(line.parts)
        for sums, text in islice(_paths(inside), MAX_READINGS + 1):
            edges.append((line.first, line.after, sums + own, f"{text}\n"))
    for sums, text in _paths(edges):
        yield sums, text.strip()


def _paths(edges: Sequence[tuple[int, int, np.ndarray, str]], at: int = 0) -> Iterator[tuple[np.ndarray, str]]:
    """Yield the sums and texts of all paths of edges (from, to, sums, text) to the furthest node."""
    if at == max(after for _, after, _, _ in edges):
        yield np.zeros(1 + len(FITTED)), ""
    for first, after, sums, text in edges:
        if first == at:
            for rest, further in _paths(edges, after):
                yield sums + rest, text + further


def fit(known: Sequence[tuple[Readings, float]]) -> np.ndarray:
    """Return the costs (FITTED,) that make good readings likeliest, given drawings, each with its weight."""
    sums, good = np.concatenate([r.sums for r, _ in known]), np.concatenate([r.good for r, _ in known])
    counts, weights = np.array([len(r.texts) for r, _ in known]), np.array([weight for _, weight in known])
    starts = np.concatenate([[0], counts.cumsum()[:-1]])

    def loss(scale_and_costs: np.ndarray) -> tuple[float, np.ndarray]:
        scores = sums @ scale_and_costs
        shares = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), counts))
        every, right = np.add.reduceat(shares, starts), np.add.reduceat(shares * good, starts) + 1e-300
        slope = np.repeat(weights / every, counts) * shares - np.repeat(weights / right, counts) * shares * good
        penalty = PENALTY * float(scale_and_costs @ scale_and_costs)
        return float(weights @ np.log(every / right)) + penalty, sums.T @ slope + 2 * PENALTY * scale_and_costs

    fitted = minimize(loss, np.array([1.0, *shipped()]), jac=True).x
    return np.asarray(fitted[1:] / fitted[0])


def shipped() -> list[float]:
    """Return the fitted costs as they are shipped."""
    return [getattr(grouping, cost) for cost in FITTED]


def main() -> None:
    """Fit and print."""
    classifier = Classifier.load(Path(sys.argv[1]) if sys.argv[1:] else MODEL)
    known = {
        kind: list(filter(None, (readings(drawing, classifier) for drawing in some)))
        for kind, some in drawings(np.random.default_rng(SEED))
        if some
    }
    costs = fit([
        (each, COUNT * WEIGHTS.get(kind, 1.0) / len(some))
        for kind, some in known.items() for each in some
        if not each.held_back and each.good.any() and not each.good.all()
    ])  # fmt: skip
    print("fitted: " + ", ".join(f"{cost} {value:.2f}" for cost, value in zip(FITTED, costs, strict=True)))
    print("| of the drawings held back | | read right, shipped | rejected | read right, fitted | rejected |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for kind, some in known.items():
        held_back = [each for each in some if each.held_back]
        shares = [share for weights in (shipped(), costs) for share in read_with([1.0, *weights], held_back)]
        print(f"| {kind} | {len(held_back)} | " + " | ".join(f"{100 * share:.1f} %" for share in shares) + " |")


def read_with(weights: Sequence[float], some: Sequence[Readings]) -> tuple[float, float]:
    """Return which share of drawings is read right, and which is rejected, with these weights of their sums."""
    read = [each.texts[int((each.sums @ np.array(weights)).argmax())] for each in some]
    right = [text == each.right for text, each in zip(read, some, strict=True)]
    return float(np.mean(right)), float(np.mean([text == REJECTED for text in read]))


if __name__ == "__main__":
    main()
