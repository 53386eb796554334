"""Candidates for the segmentation lattice: pieces of ink that may be a line, and pieces of a line that may be a digit.

Pieces are strokes of a drawing or connected patches of a picture, cut where digits may touch. Pieces that follow one
another from left to right may be one digit. Every such part gets a fit from the boxes of its pieces alone: it is lower
if the part overlaps its neighbour or lacks the line's height. A drawing may also be a letter: rejecting it as a whole
costs little, unless it is wider than high, as numbers are, and a 1 that was cut off from a stroke costs more than other
digits. `python -m tools.fit_grouping` fits the weights (docs/decisions/reading.md).
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np

from mnist.reading.framing import Box, Framed, around
from mnist.reading.lattice import STRAY_COST, Lattice, Line, Part

# Costs are logarithms of probabilities; lengths are in heights of the line.
OVERLAP_COST = 4.1  # for each height that parts overlap sideways; room between them gains as much
MAX_ROOM_IN_HEIGHTS = 0.25  # more room than this gains no more
SHORTFALL_COST = 2.0  # for each height that a part lacks
FULL_HEIGHT_IN_HEIGHTS = 0.75  # a part as tall as this lacks nothing
NESTED_COST = 3.0  # of a part that lies above or below its neighbour: no digit does, but strokes of a letter do
NESTED_SHARE = 0.7  # of its width, from which on it does
MIN_NESTED_IN_HEIGHTS = 0.05  # a thin 1 may stand below the bar of a 7
NEW_LINE_COST = 0.6
WHOLE_COST = 0.15  # of rejecting all of a drawing as one thing
WIDE_COST = 2.6  # for each height that this thing is wider than high
CUT_ONE_COST = 2.1  # of a 1 that was cut off from a stroke: a bit of nearly any stroke looks like one
CUT_ONE_COST_IN_PICTURES = 1.0  # likewise: there cuts cross ink that the pen may have drawn twice
MIN_LETTERS = 2  # of a word beside numbers in a picture
MAX_STRAYS = 3  # if there are more, nothing in a picture is taken for a number
MIN_STRAY_GAP_IN_HEIGHTS = 1.0  # a piece as far from its neighbours may be a stray
MAX_STRAY_HEIGHT_IN_HEIGHTS = 0.5  # taller ink may be digits that run into one another, and stays in a line
MAX_PIECES_PER_DIGIT = 8
MAX_GAP_IN_HEIGHTS = 0.7  # no digit has a wider gap
MAX_DIGIT_WIDTH_IN_HEIGHTS = 1.3  # no digit of several pieces is wider
MAX_LINE_IN_BANDS = 1.9  # heights of the tallest band: several bands make no higher line
MAX_BANDS_PER_LINE = 3  # of ink, one below the other: a digit whose strokes do not meet has as many
MAX_PARTS = 800  # tried of a drawing; one with more is no number, and is read as one digit

Cut = tuple[int, int, float]  # two pieces that were cut apart, the left one first, and the cost of parting them


@dataclass(frozen=True)
class Pieces:
    """Pieces of ink that digits are made of: the box of each, and a function that frames some, by index, as one digit.

    `cuts` are pairs that were cut apart; `joins` are pieces that may be no more than the pen's way from one digit to
    the next. `effort` is that of framing some of them, in any unit. `patches` are those of `Lattice`.
    """

    boxes: Sequence[Box]
    frame: Callable[[Sequence[int]], Framed]
    cuts: Sequence[Cut] = ()
    joins: Collection[int] = ()
    effort: Callable[[Sequence[int]], float] = len
    patches: tuple[np.ndarray, ...] = ()

    def some(self, own: Sequence[int]) -> "Pieces":
        """Return some of the pieces, given by index, as if there were no others."""
        place = {piece: number for number, piece in enumerate(own)}
        return Pieces(
            [self.boxes[piece] for piece in own],
            lambda members: self.frame([own[i] for i in members]),
            [(place[left], place[right], cost) for left, right, cost in self.cuts if left in place and right in place],
            [place[piece] for piece in self.joins if piece in place],
            lambda members: self.effort([own[i] for i in members]),
        )


class _Candidate(NamedTuple):
    """A part that is not framed yet: `pieces` are its pieces' own indices, the rest as in Part."""

    first: int
    after: int
    pieces: list[int]
    fit: float
    cut: bool = False

    def framed(self, pieces: Pieces, in_picture: bool) -> Part:
        as_one = -(CUT_ONE_COST_IN_PICTURES if in_picture else CUT_ONE_COST) * self.cut
        part = Part(self.first, self.after, pieces.frame(self.pieces), self.fit, self.cut, as_one)
        if in_picture or len(self.pieces) < len(pieces.boxes):
            return part
        return replace(part, rejected=-_cost_of_rejecting_all(pieces.boxes))


def _cost_of_rejecting_all(boxes: Sequence[Box]) -> float:
    _, _, width, height = around(boxes)
    return WHOLE_COST + WIDE_COST * max(0.0, width / max(height, 1e-9) - 1.0)


def build_lattice(
    pieces: Pieces, in_picture: bool = False, max_parts: int = MAX_PARTS, max_effort: float = math.inf
) -> Lattice:
    """Return all ways to divide the pieces into lines of digits.

    In a picture a piece that stands apart may be left out if it is no digit. If there are more than `max_parts`
    parts to try, or framing them all would take more than `max_effort`, everything is one part.
    """
    boxes = pieces.boxes
    if not boxes:
        return Lattice()
    outlines, count, effort = [], 0, 0.0
    for line, candidates in _lines(np.array(boxes, np.float64), pieces.cuts, pieces.joins, max_parts):
        outlines.append((replace(line, letters=MIN_LETTERS) if in_picture else replace(line, strays=()), candidates))
        count += len(candidates)
        effort += sum(pieces.effort(candidate.pieces) for candidate in candidates)
        if count > max_parts or effort > max_effort:
            return replace(Lattice.one_digit(pieces.frame(range(len(boxes)))), untried=count)
    lines = tuple(
        replace(line, parts=tuple(part.framed(pieces, in_picture) for part in parts)) for line, parts in outlines
    )
    if any(len(candidate.pieces) == len(boxes) for _, candidates in outlines for candidate in candidates):
        return Lattice(lines)
    fit = -(MAX_STRAYS - 1) * STRAY_COST if in_picture and len(boxes) > MAX_PIECES_PER_DIGIT else 0.0
    everything = _Candidate(0, 1, list(range(len(boxes))), fit).framed(pieces, in_picture)
    if in_picture:  # a column of digits looks like a broken 1
        everything = replace(everything, may_be_digit=len(_bands(np.array(boxes))[1]) <= MAX_BANDS_PER_LINE + 1)
    return Lattice((*lines, Line(0, len(boxes), (everything,), 0.0)))


def _lines(
    boxes: np.ndarray, cuts: Sequence[Cut], joins: Collection[int], max_parts: int
) -> Iterator[tuple[Line, list[_Candidate]]]:
    """Yield every possible line of the pieces with these boxes (n, 4), up to MAX_BANDS_PER_LINE bands, and its parts.

    Of a line with more than `max_parts` parts there are `max_parts` + 1.
    """
    order, breaks, tops, bottoms = _bands(boxes)
    tallest = max(bottoms[b - 1] - tops[a] for a, b in pairwise(breaks))
    for i, first in enumerate(breaks[:-1]):
        for after in breaks[i + 1 : i + 1 + MAX_BANDS_PER_LINE]:
            height = max(float(bottoms[after - 1] - tops[first]), 1e-9)
            if after > breaks[i + 1] and height > MAX_LINE_IN_BANDS * tallest:
                break
            room = 0.0 if first == 0 else float(tops[first] - bottoms[first - 1]) / height
            fit = OVERLAP_COST * min(room, MAX_ROOM_IN_HEIGHTS) - NEW_LINE_COST if first else 0.0
            fit -= SHORTFALL_COST * max(0.0, FULL_HEIGHT_IN_HEIGHTS - height / max(tallest, 1e-9))
            pieces = order[first:after]
            pieces = pieces[np.argsort(boxes[pieces, 0] + boxes[pieces, 2] / 2, kind="stable")]  # left to right
            overlap = _overlap(boxes[pieces]) / height
            parts = list(islice(_parts(boxes, pieces, height, overlap, cuts), max_parts + 1))
            strays = tuple(_strays(overlap, boxes[pieces, 3] / height))
            joining = np.isin(pieces, list(joins))
            places = () if joining.all() else tuple(np.flatnonzero(joining).tolist())  # a join alone makes no line
            yield Line(first, after, (), fit, strays, places), parts


def _bands(boxes: np.ndarray) -> tuple[np.ndarray, list[int], np.ndarray, np.ndarray]:
    """Return boxes (n, 4) from top to bottom, by index (n,), and between which of them there is no ink at all.

    The latter are places in that order, from 0 to n; between two lies a band. With them come the highest top of each
    and its followers, (n,), and the lowest bottom of each and those before it, (n,).
    """
    low, high = boxes[:, 1], boxes[:, 1] + boxes[:, 3]
    order = np.argsort(low + high, kind="stable")
    bottoms = np.maximum.accumulate(high[order])
    tops = np.minimum.accumulate(low[order][::-1])[::-1]
    breaks = [0, *(k for k in range(1, len(order)) if bottoms[k - 1] <= tops[k]), len(order)]
    return order, breaks, tops, bottoms


def _overlap(boxes: np.ndarray) -> np.ndarray:
    """Return how far the ink left of each piece reaches over it and its followers, (n,) pixels; room is negative."""
    left, right = boxes[:, 0], boxes[:, 0] + boxes[:, 2]
    over = np.maximum.accumulate(right)[:-1] - np.minimum.accumulate(left[::-1])[::-1][1:]
    return np.concatenate([[0.0], over])


def _strays(overlap: np.ndarray, heights: np.ndarray) -> list[tuple[int, int]]:
    """Return the runs of pieces that stand apart from their neighbours, if they are low, or else are all there is."""
    breaks = [0, *(k for k in range(1, len(overlap)) if overlap[k] < -MIN_STRAY_GAP_IN_HEIGHTS), len(overlap)]
    runs = list(pairwise(breaks))
    return [run for run in runs if len(runs) == 1 or heights[slice(*run)].max() < MAX_STRAY_HEIGHT_IN_HEIGHTS]


def _parts(
    boxes: np.ndarray, order: np.ndarray, height: float, overlap: np.ndarray, cuts: Sequence[Cut]
) -> Iterator[_Candidate]:
    """Yield the candidates for digits of one line of that height: runs of its pieces from left to right."""
    parting = np.append(_parting_costs(order, cuts), 0.0)
    for first in range(len(order)):
        for after in range(first + 1, min(first + MAX_PIECES_PER_DIGIT, len(order)) + 1):
            if after - first > 1 and overlap[after - 1] < -MAX_GAP_IN_HEIGHTS:
                break
            members = boxes[order[first:after]]
            wide = float((members[:, 0] + members[:, 2]).max() - members[:, 0].min()) / height
            if wide > MAX_DIGIT_WIDTH_IN_HEIGHTS and (parting[first + 1 : after] == 0).any():
                break  # one patch, however wide, may stay whole
            tall = float((members[:, 1] + members[:, 3]).max() - members[:, 1].min()) / height
            fit = -OVERLAP_COST * max(overlap[first], -MAX_ROOM_IN_HEIGHTS) - parting[first] if first else 0.0
            fit -= SHORTFALL_COST * max(0.0, FULL_HEIGHT_IN_HEIGHTS - tall)
            over = overlap[first : after + 1 : after - first].max()  # its neighbour on the left, or on the right
            fit -= NESTED_COST if over >= max(NESTED_SHARE * wide, MIN_NESTED_IN_HEIGHTS) else 0.0
            yield _Candidate(first, after, order[first:after].tolist(), fit, bool(parting[first] or parting[after]))


def _parting_costs(order: np.ndarray, cuts: Sequence[Cut]) -> np.ndarray:
    """Return the costs (n,) of the cuts that are made if a part begins at each of the n pieces."""
    place = {piece: number for number, piece in enumerate(order.tolist())}
    parting = np.zeros(len(order))
    for left, right, cost in cuts:
        if left in place and right in place:
            ends = sorted((place[left], place[right]))
            parting[ends[0] + 1 : ends[1] + 1] += cost
    return parting
