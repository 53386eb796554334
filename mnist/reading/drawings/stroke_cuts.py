"""Cuts through a stroke that may run on from one digit into the next, as people write who do not lift the pen.

Where a stroke passes from left to right only once, nothing else connects its two sides. Such a passage is cut at both
ends and at its lowest and highest corner; a piece between two cuts may be no more than the pen's way from one digit to
the next (a join). Without a passage a stroke is cut where what comes before reaches least over what comes after. Left
of a passage there may be no more of the stroke than the bar of a 7, if other strokes stand there, too. Lengths in
heights are relative to the tallest stroke.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from mnist.reading.drawings.strokes import Stroke, Strokes
from mnist.reading.grouping import Cut
from mnist.reading.runs import runs

MIN_WIDTH_IN_HEIGHTS = 0.6  # a stroke as wide as this may hold two digits
MAX_WIDTH_IN_HEIGHTS = 15.0  # a wider one is a rule, not ten digits in one go
MAX_POINTS_PER_STROKE = 5_000  # one with more is no number; memory grows with points times columns
COLUMN_IN_HEIGHTS = 0.03  # width of the columns in which passages are sought
MIN_END_IN_HEIGHTS = 0.1  # no cut of a passage is nearer to a stroke's left or right end
SHORT_PASSAGE_IN_HEIGHTS = 0.12  # a passage as short as this is cut once
MIN_SIDE_IN_HEIGHTS = 0.3  # how tall the ink on either side of a passage is at least
MAX_REACH_IN_HEIGHTS = 0.25  # over one another, of digits written without a passage between them
MAX_STROKES_COMPARED = 60  # each is compared with each; a drawing of more is cut nowhere
MIN_CORNER_IN_HEIGHTS = 0.05  # how far a passage's corner lies from its ends at least
COST_PER_CUT = 0.1  # a logarithm of probabilities


def cut(drawn: Strokes) -> tuple[list[Stroke], list[Cut], set[int]]:
    """Return the strokes, cut wherever digits may be joined; the cuts; and which of the pieces may be joins."""
    if len(drawn) > MAX_STROKES_COMPARED:
        return list(drawn), [], set()
    height = max((float(np.ptp(stroke.points[:, 1])) for stroke in drawn), default=0.0)
    pieces: list[Stroke] = []
    cuts: list[Cut] = []
    joins: set[int] = set()
    ends = [[*stroke.points.min(axis=0), *stroke.points.max(axis=0)] for stroke in drawn]
    for index, stroke in enumerate(drawn):
        first = len(pieces)
        others = np.array([*ends[:index], *ends[index + 1 :]]).reshape(-1, 4)
        for line, in_passage in _cut(stroke.points, height, others):
            joins.update([len(pieces)] if in_passage else [])
            pieces.append(Stroke(line, stroke.width))
        cuts += [(number, number + 1, COST_PER_CUT) for number in range(first, len(pieces) - 1)]
    return pieces, cuts, joins


def _cut(line: np.ndarray, height: float, others: np.ndarray) -> Iterator[tuple[np.ndarray, bool]]:
    """Yield the pieces into which a line (n, 2) is cut, left to right, each with whether it lies within a passage.

    `others` (m, 4) are the left, upper, right and lower ends of the other strokes.
    """
    wide = float(np.ptp(line[:, 0]))
    may_hold_two = height > 0 and MIN_WIDTH_IN_HEIGHTS * height <= wide <= MAX_WIDTH_IN_HEIGHTS * height
    begin, first = line[:0], 0
    if may_hold_two and len(line) <= MAX_POINTS_PER_STROKE:
        line = line if line[0, 0] <= line[-1, 0] else line[::-1]
        passages = [list(map(partial(_place, line), columns)) for columns in _passages(line, height, others)]
        cut_at = [at for places in passages for at, _ in places]
        passages += [[(at, line[at])] for at in _least_reaches(line, height, cut_at)]
        for passage in sorted(passages, key=lambda places: places[0][0]):
            for number, (last, place) in enumerate(passage):
                yield np.vstack([begin, line[first:last], place]), number > 0
                begin, first = place[None], last
    yield (np.vstack([begin, line[first:]]) if len(begin) else line), False


def _place(line: np.ndarray, column: float) -> tuple[int, np.ndarray]:
    """Return how many points of a line (n, 2) lie before the place where it passes a column, and that place (2,)."""
    after = int(np.flatnonzero(line[:, 0] < column)[-1]) + 1
    before, behind = line[after - 1], line[after]
    return after, before + (column - before[0]) / (behind[0] - before[0]) * (behind - before)


def _least_reaches(line: np.ndarray, height: float, cut_at: Sequence[int]) -> Iterator[int]:
    """Yield the points of a line (n, 2), by index, where what comes before reaches least over what comes after.

    There is one in each stretch where it reaches over it a little, unless the stretch is cut already.
    """
    x, y = line.T
    reach = np.maximum.accumulate(x) - np.minimum.accumulate(x[::-1])[::-1]
    before, after = (np.maximum.accumulate(way) - np.minimum.accumulate(way) for way in (y, y[::-1]))
    may_be = (reach <= MAX_REACH_IN_HEIGHTS * height) & (
        np.minimum(before, after[::-1]) >= MIN_SIDE_IN_HEIGHTS * height
    )
    for first, end in runs(may_be).tolist():
        if not any(first - 1 <= at <= end for at in cut_at):
            yield first + int(reach[first:end].argmin())


def _passages(line: np.ndarray, height: float, others: np.ndarray) -> Iterator[list[float]]:
    """Yield the x coordinates at which each passage of a line (n, 2) may be cut, left to right."""
    x, y = line.T
    end, least_side = MIN_END_IN_HEIGHTS * height, MIN_SIDE_IN_HEIGHTS * height
    corner_end = MIN_CORNER_IN_HEIGHTS * height
    columns = np.arange(x.min() + end, x.max() - end, COLUMN_IN_HEIGHTS * height)
    left_of = x[:, None] < columns  # (n, columns)
    once = left_of[0] & ((left_of[:-1] != left_of[1:]).sum(axis=0) == 1)
    on_left = (others[:, [0, 2]].mean(axis=1)[:, None] < columns) & (others[:, 2:3] > x.min())
    before = _extent(np.concatenate([y, others[:, 1], others[:, 3]]), np.vstack([left_of, on_left, on_left]))
    once &= (before >= least_side) & (_extent(y, ~left_of) >= least_side)
    for first, last in columns[runs(once) - [0, 1]].tolist():
        if last - first <= SHORT_PASSAGE_IN_HEIGHTS * height:
            yield [first]
            continue
        inside = np.flatnonzero((x > first + corner_end) & (x < last - corner_end))
        corners = {int(y[inside].argmin()), int(y[inside].argmax())} if len(inside) else set()
        yield [first, *sorted({float(x[inside[corner]]) for corner in corners}), last]


def _extent(y: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return the range (columns,) of the y coordinates (n,) that each column of `chosen` (n, columns) bool selects."""
    return np.where(chosen, y[:, None], -np.inf).max(axis=0) - np.where(chosen, y[:, None], np.inf).min(axis=0)
