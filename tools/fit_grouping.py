"""`python -m tools.fit_grouping` fits the weights of grouping to numbers, digits and letters made here.

Each division of a drawing's line into parts is three sums: of log probabilities, of overlaps of neighbouring parts, and
of what the parts lack of the line's height. The weights are those that make the true divisions likeliest (a log-linear
model); the first is 1, as only their ratios count.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from unittest.mock import patch

import numpy as np
from scipy.optimize import minimize

from mnist.handwriting.non_digits import letter
from mnist.handwriting.numbers import in_order, own_styles, write_number
from mnist.handwriting.scripts import invented
from mnist.handwriting.writer import Writer
from mnist.reading import grouping, strokes
from mnist.reading.classifier import NO_DIGIT, Classifier, logits_of, softmax
from mnist.reading.framing import Box, Framed
from mnist.reading.lattice import MIN_LOG_PROBABILITY
from mnist.reading.strokes import Stroke

SEED = 2028
COUNTS = {"numbers": 1500, "loose numbers": 1000, "single digits": 1500, "letters": 400}
LOOSENESS = {"numbers": (1.0, 1.0), "loose numbers": (1.75, 1.75), "single digits": (1.0, 1.75), "letters": (0.7, 2.0)}
MAX_PIECES = 10  # of a drawing: all its divisions are counted out

Drawing = tuple[list[Stroke], list[int]]  # strokes, and which digit of the number each belongs to
Divisions = tuple[np.ndarray, int]  # sums (n, 3) of every division, and which is the true one


def draw(kind: str, rng: np.random.Generator) -> Drawing:
    """Return a drawing of a kind."""
    writer = Writer.random(rng, LOOSENESS[kind])
    if kind == "letters":
        drawn = writer.write((letter if rng.random() < 0.5 else invented)(rng, ()), rng)
        return drawn, [0] * len(drawn)
    digits = rng.integers(0, 10, 1 if kind == "single digits" else rng.integers(2, 5)).tolist()
    written = write_number(digits, rng, writer, own_styles(rng))
    owner = {id(stroke): number for number, digit in enumerate(written) for stroke in digit}
    drawn = in_order(written, rng)
    return drawn, [owner[id(stroke)] for stroke in drawn]


def outline(boxes: Sequence[Box], overlap: float, short: float) -> "list[grouping._Candidate] | None":
    """Return the line of all pieces, with these weights in place of the shipped ones."""
    with patch.multiple(grouping, OVERLAP_COST=overlap, SHORTFALL_COST=short):
        lines = grouping._lines(np.array(boxes))
        return next((parts for line, parts in lines if line.after - line.first == len(boxes)), None)


def divisions(drawing: Drawing, classifier: Classifier) -> Divisions | None:
    """Return all divisions of the drawing's line, or None if the true one is not among them."""
    drawn, owners = drawing
    boxes = strokes.middle_line_boxes(drawn)
    by_overlap, by_height = outline(boxes, 1.0, 0.0), outline(boxes, 0.0, 1.0)
    if by_overlap is None or by_height is None or len(drawn) > MAX_PIECES:
        return None
    framed: list[Framed] = [strokes.frame([drawn[i] for i in part.pieces]) for part in by_overlap]
    logits = logits_of(classifier.logits, np.stack([digit.sample for digit in framed]))
    log_probability = np.log(softmax(logits)[:, :NO_DIGIT].max(axis=1)).clip(MIN_LOG_PROBABILITY)
    of_part = np.stack([log_probability, [part.fit for part in by_overlap], [part.fit for part in by_height]], axis=1)
    whole = {frozenset(np.flatnonzero(np.array(owners) == owner).tolist()) for owner in set(owners)}
    sums: list[np.ndarray] = []
    true = -1
    for division in _paths([(part.first, part.after) for part in by_overlap], 0, len(drawn)):
        if {frozenset(by_overlap[i].pieces) for i in division} == whole:
            true = len(sums)
        sums.append(of_part[division].sum(axis=0))
    return None if true < 0 else (np.array(sums), true)


def _paths(edges: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[list[int]]:
    if start == end:
        yield []
    for index, (first, after) in enumerate(edges):
        if first == start:
            for rest in _paths(edges, after, end):
                yield [index, *rest]


def loss(weights: np.ndarray, known: Sequence[Divisions]) -> tuple[float, np.ndarray]:
    """Return the negative log likelihood of the true divisions, with a little for large weights, and its gradient."""
    total, gradient = 0.05 * float(weights @ weights), 0.1 * weights
    for sums, true in known:
        scores = sums @ weights
        shares = np.exp(scores - scores.max())
        total += float(scores.max() + np.log(shares.sum()) - scores[true])
        gradient = gradient + shares @ sums / shares.sum() - sums[true]
    return total, gradient


def main() -> None:
    """Fit and print."""
    rng, classifier = np.random.default_rng(SEED), Classifier.load()
    known: dict[str, list[Divisions]] = {}
    for kind, count in COUNTS.items():
        known[kind] = list(filter(None, (divisions(draw(kind, rng), classifier) for _ in range(count))))
    fitted = minimize(loss, [1.0, 8.0, 8.0], (list(chain.from_iterable(known.values())),), jac=True).x
    shipped = np.array([1.0, grouping.OVERLAP_COST, grouping.SHORTFALL_COST])
    overlap, shortfall = fitted[1:] / fitted[0]
    print(f"fitted: OVERLAP_COST {overlap:.1f}, SHORTFALL_COST {shortfall:.1f}; shipped {shipped[1:]}")
    for kind, drawings in known.items():
        right = np.mean([int((sums @ shipped).argmax()) == true for sums, true in drawings])
        print(f"{kind}: of {len(drawings)} drawings {right:.2%} divided as they were written, with the shipped weights")


if __name__ == "__main__":
    main()
