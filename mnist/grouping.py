"""Which pieces of ink belong to one digit: the ways to see a drawing as lines of digits, and the best one.

A piece is a stroke of a drawing. Pieces that follow one another from left to
right may be one digit; every such part is brought to MNIST's framing and read, and of all ways to divide a line into
parts that one is taken whose sum of scores is the highest: the logarithm of the probability that a part is its best
digit, from the network, and two figures from the pieces' boxes. (Over-segmentation and a shortest path: LeCun and
others, 1998, part V.) `python -m tests.fit_grouping` fits the two weights to numbers and letters made here: 13.5 and
9.4 in its last run; the shipped ones are of a first sample, with numbers written closer together among it, and divide
99.7 % of its numbers as they were written. `python -m mnist evaluate` says what they give in the end.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mnist.framing import Framed

OVERLAP = 10.6  # what it costs when parts reach over one another sideways by the line's height; room between them gains
ROOM = 0.25  # in heights: more room than this says no more
SHORT = 8.6  # what it costs when a part lacks the line's height wholly
TALL = 0.75  # in heights: a part as tall as this lacks nothing
NEW_LINE = 2.0  # what a further line costs
HOPELESS = -8.0  # log probability: less says no more
LONGEST = 5  # pieces in a digit
APART = 0.7  # in heights: no digit has a gap as wide
BANDS = 3  # of ink, one below the other, in a line: a digit whose strokes do not meet has as many
MOST = 800  # parts tried; what has more is no number, and is read as one thing

Box = tuple[float, float, float, float]
Frame = Callable[[Sequence[int]], Framed]  # some of the pieces, by their index, as one digit


@dataclass(frozen=True)
class Part:
    """What may be one digit of a line: its pieces `first` to before `after`, left to right; how well they fit (≤ 0)."""

    first: int
    after: int
    framed: Framed
    fit: float


@dataclass(frozen=True)
class Line:
    """What may be one line: pieces `first` to before `after`, top to bottom; the parts it may be divided into."""

    first: int
    after: int
    parts: tuple[Part, ...]
    fit: float


Ways = tuple[Line, ...]  # () where there is no ink


def one_digit(framed: Framed) -> Ways:
    """One way only: everything is one digit."""
    return (Line(0, 1, (Part(0, 1, framed, 0.0),), 0.0),)


def ways(boxes: Sequence[Box], frame: Frame) -> Ways:
    """All ways to see pieces with these boxes as lines of digits; `frame` is asked for each part."""
    if not boxes:
        return ()
    lines, count = [], 0
    for line in _lines(np.array(boxes, np.float64)):
        lines.append(line)
        count += len(line.parts)
        if count > MOST:
            return one_digit(frame(range(len(boxes))))
    framed = tuple(_framed(line, frame) for line in lines)
    if any(len(pieces) == len(boxes) for line in lines for *_, pieces, _ in line.parts):
        return framed
    return (*framed, Line(0, len(boxes), (Part(0, 1, frame(range(len(boxes))), 0.0),), 0.0))


def _framed(line: "_Outline", frame: Frame) -> Line:
    parts = tuple(Part(first, after, frame(pieces), fit) for first, after, pieces, fit in line.parts)
    return Line(line.first, line.after, parts, line.fit)


def best(found: Ways, log_probabilities: Sequence[float]) -> list[list[int]]:
    """The best way: for each line, top to bottom, the indices of its parts, left to right.

    Indices count the parts of all lines in order, as `log_probabilities` (of a part's best digit) do.
    """
    edges, inside, start = [], [], 0
    for line in found:
        of_line = range(start, start + len(line.parts))
        scores = [max(log_probabilities[i], HOPELESS) + part.fit for i, part in zip(of_line, line.parts, strict=True)]
        total, chosen = _path([(p.first, p.after, score) for p, score in zip(line.parts, scores, strict=True)])
        edges.append((line.first, line.after, total + line.fit))
        inside.append([of_line[i] for i in chosen])
        start += len(line.parts)
    return [inside[i] for i in _path(edges)[1]]


def _path(edges: Sequence[tuple[int, int, float]]) -> tuple[float, list[int]]:
    """The path of edges (from, to, score) from 0 to the furthest node with the highest sum: that sum, and its edges."""
    found: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for index in sorted(range(len(edges)), key=lambda i: edges[i][1]):
        first, after, score = edges[index]
        total = found[first][0] + score
        if after not in found or total > found[after][0]:
            found[after] = (total, [*found[first][1], index])
    return found[max(found)]


@dataclass(frozen=True)
class _Outline:
    """A line before its parts are framed; of each part first, after, the pieces' own indices, fit."""

    first: int
    after: int
    parts: list[tuple[int, int, list[int], float]]
    fit: float


def _lines(boxes: np.ndarray) -> Iterator[_Outline]:
    """Every possible line of the pieces with these boxes (n, 4): up to BANDS bands, one below the other."""
    low, high = boxes[:, 1], boxes[:, 1] + boxes[:, 3]
    order = np.argsort(low + high, kind="stable")
    bottoms = np.maximum.accumulate(high[order])
    tops = np.minimum.accumulate(low[order][::-1])[::-1]
    breaks = [0, *(k for k in range(1, len(order)) if bottoms[k - 1] <= tops[k]), len(order)]
    tallest = max(bottoms[b - 1] - tops[a] for a, b in pairwise(breaks))
    for i, first in enumerate(breaks[:-1]):
        for after in breaks[i + 1 : i + 1 + BANDS]:
            height = max(float(bottoms[after - 1] - tops[first]), 1e-9)
            room = 0.0 if first == 0 else float(tops[first] - bottoms[first - 1]) / height
            fit = OVERLAP * min(room, ROOM) - NEW_LINE if first else 0.0
            fit -= SHORT * max(0.0, TALL - height / max(tallest, 1e-9))
            yield _Outline(first, after, list(_parts(boxes, order[first:after], height)), fit)


def _parts(boxes: np.ndarray, pieces: np.ndarray, height: float) -> Iterator[tuple[int, int, list[int], float]]:
    """What may be a digit of one line of that height: runs of its pieces from left to right."""
    order = pieces[np.argsort(boxes[pieces, 0] + boxes[pieces, 2] / 2, kind="stable")]
    left, right = boxes[order, 0], boxes[order, 0] + boxes[order, 2]
    over = np.maximum.accumulate(right)[:-1] - np.minimum.accumulate(left[::-1])[::-1][1:]
    overlap = np.concatenate([[0.0], over / height])  # of what stands left of a piece with the rest; room is negative
    for first in range(len(order)):
        for after in range(first + 1, min(first + LONGEST, len(order)) + 1):
            if after - first > 1 and overlap[after - 1] < -APART:
                break
            some = boxes[order[first:after]]
            tall = float((some[:, 1] + some[:, 3]).max() - some[:, 1].min()) / height
            fit = -OVERLAP * max(overlap[first], -ROOM) if first else 0.0
            yield first, after, order[first:after].tolist(), fit - SHORT * max(0.0, TALL - tall)
