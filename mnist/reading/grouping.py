"""Which pieces of ink belong to one digit: the ways to see a drawing as lines of digits, and the best one.

A piece is a stroke of a drawing. Pieces that follow one another from left to
right may be one digit; every such part is brought to MNIST's framing and read, and of all ways to divide a line into
parts that one is taken whose sum of scores is the highest: the logarithm of the probability that a part is its best
digit, from the network, and two figures from the pieces' boxes. (Over-segmentation and a shortest path: LeCun and
others, 1998, part V.) `python -m tools.fit_grouping` fits the two weights to numbers and letters made here: 13.5 and
9.4 in its last run; the shipped ones are of a first sample, with numbers written closer together among it, and divide
99.7 % of its numbers as they were written. `python -m mnist evaluate` says what they give in the end.
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

import numpy as np

from mnist.reading.framing import Framed

OVERLAP = 10.6  # what it costs when parts reach over one another sideways by the line's height; room between them gains
ROOM = 0.25  # in heights: more room than this says no more
SHORT = 8.6  # what it costs when a part lacks the line's height wholly
TALL = 0.75  # in heights: a part as tall as this lacks nothing
NEW_LINE = 2.0  # what a further line costs
JOIN = 1.0  # what it costs to take a piece for a mere join between two digits
LEFT_OUT = 7.0  # what it costs to leave a stray out: less than to take what is hopeless for a digit
FEW_STRAYS = 3  # where there are more, nothing in a picture is taken for a number
STRAY = 1.0  # in heights: what stands as far from its neighbours may be a stray
LOW = 0.5  # in heights: what is taller may be digits that run into one another, and is not left out of a line
HOPELESS = -8.0  # log probability: less says no more
LONGEST = 8  # pieces in a digit
APART = 0.7  # in heights: no digit has a gap as wide
WIDEST = 1.3  # in heights: no digit of several pieces is wider
HIGHEST = 1.9  # in heights of the tallest band: several make no higher line
BANDS = 3  # of ink, one below the other, in a line: a digit whose strokes do not meet has as many
MOST = 800  # parts tried of a drawing; what has more is no number, and is read as one thing

Box = tuple[float, float, float, float]
LeftOut = tuple[Box, str]  # and why
Frame = Callable[[Sequence[int]], Framed]  # some of the pieces, by their index, as one digit
Effort = Callable[[Sequence[int]], float]  # what that takes, in any unit
Cut = tuple[int, int, float]  # two pieces that were cut apart, the left one first, and what it costs to part them


@dataclass(frozen=True)
class Part:
    """What may be one digit of a line: its pieces `first` to before `after`, left to right; how well they fit (≤ 0).

    `cut` is whether it was cut off from a neighbour.
    """

    first: int
    after: int
    framed: Framed
    fit: float
    cut: bool = False


@dataclass(frozen=True)
class Line:
    """What may be one line: pieces `first` to before `after`, top to bottom; the parts it may be divided into.

    `strays` are runs of its pieces, left to right, that stand apart and may be left out; `joins` are pieces that may be
    no more than the way of the pen from one digit to the next.
    """

    first: int
    after: int
    parts: tuple[Part, ...]
    fit: float
    strays: tuple[tuple[int, int], ...] = ()
    joins: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ways:
    """All ways to see a drawing or picture: what may be its lines, none where there is no ink.

    `left_out` is what was left out before: boxes, each with the reason.
    """

    lines: tuple[Line, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def times(self, factor: float) -> "Ways":
        """The same with boxes in the pixels of a picture so many times as large."""

        def larger(part: Part) -> Part:
            return replace(part, framed=Framed(part.framed.sample, _times(part.framed.box, factor)))

        lines = tuple(replace(line, parts=tuple(map(larger, line.parts))) for line in self.lines)
        return Ways(lines, tuple((_times(box, factor), why) for box, why in self.left_out))


def _times(box: Box, factor: float) -> Box:
    x, y, width, height = box
    return x * factor, y * factor, width * factor, height * factor


def one_digit(framed: Framed) -> Ways:
    """One way only: everything is one digit."""
    return Ways((Line(0, 1, (Part(0, 1, framed, 0.0),), 0.0),))


@dataclass(frozen=True)
class Pieces:
    """What digits are made of: a box for each piece, and what frames some of them as one digit.

    `cuts` are where two of them were cut apart; `joins` are pieces that may be no more than the way of the pen from one
    digit to the next. `effort` is what framing some of them takes.
    """

    boxes: Sequence[Box]
    frame: Frame
    cuts: Sequence[Cut] = ()
    joins: Collection[int] = ()
    effort: Effort = len


def ways(pieces: Pieces, strays: bool = False, most: int = MOST, most_effort: float = math.inf) -> Ways:
    """All ways to see the pieces as lines of digits.

    With `strays` what stands apart may be left out where it is no digit. Where there are more than `most` parts to try,
    or framing them all would take more than `most_effort`, everything is one part.
    """
    boxes, frame = pieces.boxes, pieces.frame
    if not boxes:
        return Ways()
    lines, count, effort = [], 0, 0.0
    for line in _lines(np.array(boxes, np.float64), pieces.cuts, pieces.joins, most):
        lines.append(line if strays else replace(line, strays=()))
        count += len(line.parts)
        effort += sum(pieces.effort(some) for _, _, some, *_ in line.parts)
        if count > most or effort > most_effort:
            return one_digit(frame(range(len(boxes))))
    framed = tuple(_framed(line, frame) for line in lines)
    if any(len(some) == len(boxes) for line in lines for _, _, some, *_ in line.parts):
        return Ways(framed)
    fit = -(FEW_STRAYS - 1) * LEFT_OUT if strays and len(boxes) > LONGEST else 0.0
    return Ways((*framed, Line(0, len(boxes), (Part(0, 1, frame(range(len(boxes))), fit),), 0.0)))


def _framed(line: "_Outline", frame: Frame) -> Line:
    parts = tuple(Part(first, after, frame(pieces), fit, cut) for first, after, pieces, fit, cut in line.parts)
    return Line(line.first, line.after, parts, line.fit, tuple(line.strays), tuple(line.joins))


def best(found: Ways, log_probabilities: Sequence[float], cutting: bool = True) -> list[tuple[Line, list[int]]]:
    """The best way: the lines, top to bottom, each with the indices of its parts, left to right; none for strays only.

    Indices count the parts of all lines in order, as `log_probabilities` (of a part's best digit) do. Without `cutting`
    what hangs together stays together.
    """
    edges, inside, start = [], [], 0
    for line in found.lines:
        of_line = range(start, start + len(line.parts))
        scores = [max(log_probabilities[i], HOPELESS) + part.fit for i, part in zip(of_line, line.parts, strict=True)]
        if not cutting:
            scores = [-np.inf if part.cut else score for part, score in zip(line.parts, scores, strict=True)]
        divisions = [(part.first, part.after, score) for part, score in zip(line.parts, scores, strict=True)]
        strays = ((first, after, -LEFT_OUT) for first, after in line.strays)
        total, chosen = _path([*divisions, *strays, *((piece, piece + 1, -JOIN) for piece in line.joins)])
        parts = [of_line[i] for i in chosen if i < len(divisions)]
        edges.append((line.first, line.after, total + line.fit if parts else total))
        inside.append((line, parts))
        start += len(line.parts)
    return [inside[i] for i in _path(edges)[1]]


def left_out(line: Line, chosen: Sequence[Part]) -> list[Box]:
    """The boxes of the line's strays that none of the chosen parts holds."""
    boxes = {part.first: part.framed.box for part in line.parts if part.after == part.first + 1}
    taken = {piece for part in chosen for piece in range(part.first, part.after)}
    return [_around([boxes[i] for i in range(first, after)]) for first, after in line.strays if first not in taken]


def _around(boxes: Sequence[Box]) -> Box:
    each = np.array(boxes)
    low, high = each[:, :2].min(axis=0), (each[:, :2] + each[:, 2:]).max(axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


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
    """A line before its parts are framed; of each part first, after, the pieces' own indices, fit, cut."""

    first: int
    after: int
    parts: list[tuple[int, int, list[int], float, bool]]
    fit: float
    strays: Sequence[tuple[int, int]] = ()
    joins: Sequence[int] = ()


def _lines(
    boxes: np.ndarray, cuts: Sequence[Cut] = (), joins: Collection[int] = (), most: int = MOST
) -> Iterator[_Outline]:
    """Every possible line of the pieces with these boxes (n, 4): up to BANDS bands, one below the other.

    Of the parts of a line that has more than `most` the first of them too many is the last.
    """
    low, high = boxes[:, 1], boxes[:, 1] + boxes[:, 3]
    order = np.argsort(low + high, kind="stable")
    bottoms = np.maximum.accumulate(high[order])
    tops = np.minimum.accumulate(low[order][::-1])[::-1]
    breaks = [0, *(k for k in range(1, len(order)) if bottoms[k - 1] <= tops[k]), len(order)]
    tallest = max(bottoms[b - 1] - tops[a] for a, b in pairwise(breaks))
    for i, first in enumerate(breaks[:-1]):
        for after in breaks[i + 1 : i + 1 + BANDS]:
            height = max(float(bottoms[after - 1] - tops[first]), 1e-9)
            if after > breaks[i + 1] and height > HIGHEST * tallest:
                break
            room = 0.0 if first == 0 else float(tops[first] - bottoms[first - 1]) / height
            fit = OVERLAP * min(room, ROOM) - NEW_LINE if first else 0.0
            fit -= SHORT * max(0.0, TALL - height / max(tallest, 1e-9))
            pieces = _left_to_right(boxes, order[first:after])
            overlap = _overlap(boxes[pieces]) / height
            parts = list(islice(_parts(boxes, pieces, height, overlap, cuts), most + 1))
            strays = _strays(overlap, boxes[pieces, 3] / height)
            joining = np.isin(pieces, list(joins))
            places = () if joining.all() else np.flatnonzero(joining).tolist()  # a join alone makes no line
            yield _Outline(first, after, parts, fit, strays, places)


def _left_to_right(boxes: np.ndarray, pieces: np.ndarray) -> np.ndarray:
    order: np.ndarray = pieces[np.argsort(boxes[pieces, 0] + boxes[pieces, 2] / 2, kind="stable")]
    return order


def _overlap(boxes: np.ndarray) -> np.ndarray:
    """How far what stands left of each piece reaches over it and what follows, (n,) pixels; room is negative."""
    left, right = boxes[:, 0], boxes[:, 0] + boxes[:, 2]
    over = np.maximum.accumulate(right)[:-1] - np.minimum.accumulate(left[::-1])[::-1][1:]
    return np.concatenate([[0.0], over])


def _strays(overlap: np.ndarray, tall: np.ndarray) -> list[tuple[int, int]]:
    """The runs of pieces that stand apart from their neighbours, if they are low, or else are all there is."""
    breaks = [0, *(k for k in range(1, len(overlap)) if overlap[k] < -STRAY), len(overlap)]
    runs = list(pairwise(breaks))
    return [run for run in runs if len(runs) == 1 or tall[slice(*run)].max() < LOW]


def _parts(
    boxes: np.ndarray, order: np.ndarray, height: float, overlap: np.ndarray, cuts: Sequence[Cut]
) -> Iterator[tuple[int, int, list[int], float, bool]]:
    """What may be a digit of one line of that height: runs of its pieces from left to right."""
    parting = np.append(_parting(order, cuts), 0.0)
    for first in range(len(order)):
        for after in range(first + 1, min(first + LONGEST, len(order)) + 1):
            if after - first > 1 and overlap[after - 1] < -APART:
                break
            some = boxes[order[first:after]]
            wide = float((some[:, 0] + some[:, 2]).max() - some[:, 0].min()) / height
            if wide > WIDEST and (parting[first + 1 : after] == 0).any():  # one patch, however wide, may stay whole
                break
            tall = float((some[:, 1] + some[:, 3]).max() - some[:, 1].min()) / height
            fit = -OVERLAP * max(overlap[first], -ROOM) - parting[first] if first else 0.0
            fit -= SHORT * max(0.0, TALL - tall)
            yield first, after, order[first:after].tolist(), fit, bool(parting[first] or parting[after])


def _parting(order: np.ndarray, cuts: Sequence[Cut]) -> np.ndarray:
    """What it costs to begin a part at each of the pieces, for the cuts that it then makes."""
    place = {piece: number for number, piece in enumerate(order.tolist())}
    parting = np.zeros(len(order))
    for left, right, cost in cuts:
        if left in place and right in place:
            ends = sorted((place[left], place[right]))
            parting[ends[0] + 1 : ends[1] + 1] += cost
    return parting
