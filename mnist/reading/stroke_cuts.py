"""Cuts through a stroke that may run on from one digit into the next, as people write who do not lift the pen.

Where a stroke passes from left to right only once, nothing else connects its two sides. Such a passage is cut at both
ends and at its lowest and highest corner; a piece between two cuts may be no more than the pen's way from one digit to
the next (a join). Lengths in heights are relative to the tallest stroke.
"""

from collections.abc import Iterator

import numpy as np

from mnist.reading.grouping import Cut
from mnist.reading.strokes import Stroke, Strokes

MIN_WIDTH_IN_HEIGHTS = 0.6  # a stroke as wide as this may hold two digits
MAX_WIDTH_IN_HEIGHTS = 15.0  # a wider one is a rule, not ten digits in one go
MAX_POINTS_PER_STROKE = 5_000  # one with more is no number; memory grows with points times columns
COLUMN_IN_HEIGHTS = 0.03  # width of the columns in which passages are sought
MIN_END_IN_HEIGHTS = 0.1  # no cut is nearer to a stroke's left or right end
SHORT_PASSAGE_IN_HEIGHTS = 0.12  # a passage as short as this is cut once
MIN_SIDE_IN_HEIGHTS = 0.3  # how tall the ink on either side of a passage is at least
MIN_CORNER_IN_HEIGHTS = 0.05  # how far a passage's corner lies from its ends at least
COST_PER_CUT = 0.1  # a logarithm of probabilities


def cut(drawn: Strokes) -> tuple[list[Stroke], list[Cut], set[int]]:
    """Return the strokes, cut wherever digits may be joined; the cuts; and which of the pieces may be joins."""
    height = max((float(np.ptp(stroke.points[:, 1])) for stroke in drawn), default=0.0)
    pieces: list[Stroke] = []
    cuts: list[Cut] = []
    joins: set[int] = set()
    for stroke in drawn:
        first = len(pieces)
        for line, in_passage in _cut(stroke.points, height):
            joins.update([len(pieces)] if in_passage else [])
            pieces.append(Stroke(line, stroke.width))
        cuts += [(number, number + 1, COST_PER_CUT) for number in range(first, len(pieces) - 1)]
    return pieces, cuts, joins


def _cut(line: np.ndarray, height: float) -> Iterator[tuple[np.ndarray, bool]]:
    """Yield the pieces into which a line (n, 2) is cut, left to right, each with whether it lies within a passage."""
    wide = float(np.ptp(line[:, 0]))
    may_hold_two = height > 0 and MIN_WIDTH_IN_HEIGHTS * height <= wide <= MAX_WIDTH_IN_HEIGHTS * height
    if may_hold_two and len(line) <= MAX_POINTS_PER_STROKE:
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
    """Yield the x coordinates at which each passage of a line (n, 2) may be cut, left to right."""
    x, y = line.T
    end, least_side = MIN_END_IN_HEIGHTS * height, MIN_SIDE_IN_HEIGHTS * height
    corner_end = MIN_CORNER_IN_HEIGHTS * height
    columns = np.arange(x.min() + end, x.max() - end, COLUMN_IN_HEIGHTS * height)
    left_of = x[:, None] < columns  # (n, columns)
    once = left_of[0] & ((left_of[:-1] != left_of[1:]).sum(axis=0) == 1)
    once &= (_extent(y, left_of) >= least_side) & (_extent(y, ~left_of) >= least_side)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], once, [False]]).astype(int)))
    for first, last in columns[edges.reshape(-1, 2) - [0, 1]].tolist():
        if last - first <= SHORT_PASSAGE_IN_HEIGHTS * height:
            yield [first]
            continue
        inside = np.flatnonzero((x > first + corner_end) & (x < last - corner_end))
        corners = {int(y[inside].argmin()), int(y[inside].argmax())} if len(inside) else set()
        yield [first, *sorted({float(x[inside[corner]]) for corner in corners}), last]


def _extent(y: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return the range (columns,) of the y coordinates (n,) that each column of `chosen` (n, columns) bool selects."""
    return np.where(chosen, y[:, None], -np.inf).max(axis=0) - np.where(chosen, y[:, None], np.inf).min(axis=0)
