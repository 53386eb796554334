"""A stroke that may run on from one digit into the next, cut where it does: for those who do not lift the pen.

Where it passes from left to right only once, what lies on either side hangs together by nothing else. Such a passage is
cut at both ends and at its lowest and highest corner; what lies between two cuts may be no more than the way from one
digit to the next (a join).
"""

from collections.abc import Iterator

import numpy as np

from mnist.reading.grouping import Cut
from mnist.reading.strokes import Stroke, Strokes

WIDE = 0.6  # of the tallest stroke's height: a stroke as wide may hold two digits
WIDEST = 15.0  # and one that is wider is a rule, not ten digits in one go
MOST_POINTS = 5_000  # and one that has more is no number: what is sought in takes memory for each point and column
COLUMN = 0.03  # heights: how finely passages are sought
END = 0.1  # heights: no cut is nearer to a stroke's left or right end
SHORT = 0.12  # heights: a passage as short is cut once
LOW = 0.3  # heights: what lies on either side of a passage is at least as tall
CORNER = 0.05  # heights: how far a passage's corner lies from its ends
PARTING = 1.0  # what a cut costs, as a logarithm of probabilities


def cut(drawn: Strokes) -> tuple[list[Stroke], list[Cut], set[int]]:
    """The strokes, cut wherever digits may be joined; the cuts; and which of the pieces may be joins."""
    height = max((float(np.ptp(stroke.points[:, 1])) for stroke in drawn), default=0.0)
    pieces: list[Stroke] = []
    cuts: list[Cut] = []
    joins: set[int] = set()
    for stroke in drawn:
        first = len(pieces)
        for line, in_passage in _cut(stroke.points, height):
            joins.update([len(pieces)] if in_passage else [])
            pieces.append(Stroke(line, stroke.width))
        cuts += [(number, number + 1, PARTING) for number in range(first, len(pieces) - 1)]
    return pieces, cuts, joins


def _cut(line: np.ndarray, height: float) -> Iterator[tuple[np.ndarray, bool]]:
    """The line (n, 2), or what its cuts leave of it, left to right; with each whether it lies within a passage."""
    wide = float(np.ptp(line[:, 0]))
    if height > 0 and WIDE * height <= wide <= WIDEST * height and len(line) <= MOST_POINTS:
        line = line if line[0, 0] <= line[-1, 0] else line[::-1]
        for passage in _passages(line, height):
            for number, column in enumerate(passage):
                after = int(np.flatnonzero(line[:, 0] < column)[-1]) + 1
                before, behind = line[after - 1], line[after]
                at = before + (column - before[0]) / (behind[0] - before[0]) * (behind - before)
                yield np.vstack([line[:after], at]), number > 0
                line = np.vstack([at, line[after:]])
    yield line, False


def _passages(line: np.ndarray, height: float) -> Iterator[list[float]]:
    """The abscissas where each passage of a line (n, 2) may be cut, left to right."""
    x, y = line.T
    columns = np.arange(x.min() + END * height, x.max() - END * height, COLUMN * height)
    left_of = x[:, None] < columns  # (n, columns)
    once = left_of[0] & ((left_of[:-1] != left_of[1:]).sum(axis=0) == 1)
    once &= (_extent(y, left_of) >= LOW * height) & (_extent(y, ~left_of) >= LOW * height)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], once, [False]]).astype(int)))
    for first, last in columns[edges.reshape(-1, 2) - [0, 1]].tolist():
        if last - first <= SHORT * height:
            yield [first]
            continue
        inside = np.flatnonzero((x > first + CORNER * height) & (x < last - CORNER * height))
        corners = {int(y[inside].argmin()), int(y[inside].argmax())} if len(inside) else set()
        yield [first, *sorted({float(x[inside[corner]]) for corner in corners}), last]


def _extent(y: np.ndarray, some: np.ndarray) -> np.ndarray:
    """How far the ordinates (n,) reach of those that each column of `some` (n, columns) names."""
    return np.where(some, y[:, None], -np.inf).max(axis=0) - np.where(some, y[:, None], np.inf).min(axis=0)
