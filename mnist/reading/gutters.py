"""Gutters: the white space between the columns of a table without upright rules.

A gutter runs past all lines of digits, upright or leaning as the page is tilted. It is wider than what lies between the
digits of a number, which stand below one another in some tables, too.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np

from mnist.reading.framing import Box

Wall = tuple[float, float, float, float]  # x and y of its upper end, then of its lower end
Heights = TypeVar("Heights", float, np.ndarray)  # one, or several (n,)

MIN_LINES = 3  # with digits on both sides of a gutter: fewer stand below one another by chance
MIN_WIDTH_IN_HEIGHTS = 0.4  # of the digits,
MIN_WIDTH_IN_GAPS = 1.5  # and of the usual gap, which is at a quarter of all gaps between neighbours, by width;
WIDE_IN_HEIGHTS = 0.7  # but this is wide enough between columns of single digits, where all gaps are wide
MIN_OF_WIDEST = 0.5  # share of the widest gutter's width
MAX_CROSSED = 0.05  # share of the digits that a rule runs through: there may be scraps of it
MAX_COLUMNS = 60  # of a table: what has more white space side by side is hatching, or rows of dots
MAX_SLOPE, SLOPES = 0.3, 25  # by which x grows with y, either way; how many are tried


def x_at(wall: Wall, y: Heights) -> Heights:
    """Return where a wall stands at these heights, pixels down; beyond its ends it goes on straight."""
    left, top, right, bottom = wall
    return left + (right - left) * (y - top) / max(bottom - top, 1e-9)


def between(lines: Sequence[Sequence[Box]], signs: Sequence[Box] = (), rules: Sequence[Wall] = ()) -> tuple[Wall, ...]:
    """Return the gutters between the digits of lines, as walls in their middle, given the boxes of digits and signs.

    Upright rules that part digits in as many lines come before white space.
    """
    digits = [box for line in lines for box in line]
    if len(lines) < MIN_LINES or len(digits) == len(lines):
        return ()
    boxes = np.array([*digits, *signs], np.float64)
    rows = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    found: dict[bytes, tuple[float, Wall]] = {}  # the widest, by what lies to its left
    for is_left, width, wall in _white_space(boxes, _least_width(lines)):
        if width > found.get(is_left.tobytes(), (0.0,))[0]:
            found[is_left.tobytes()] = width, wall
    widest_first = sorted(found.items(), key=lambda each: -each[1][0])
    candidates = [(np.frombuffer(key, bool), width, wall) for key, (width, wall) in widest_first]
    taken: list[tuple[np.ndarray, float, Wall]] = []
    for is_left, width, wall in (*_beside_rules(boxes, rules), *candidates):
        parted = np.intersect1d(rows[is_left[: len(digits)]], rows[~is_left[: len(digits)]])
        nested = all((is_left < other).any() != (other < is_left).any() for other, *_ in taken)
        widest = max((other for _, other, _ in taken), default=0.0)
        if len(parted) >= MIN_LINES and nested and (not width or width >= MIN_OF_WIDEST * widest):
            taken.append((is_left, width, wall))
    return tuple(wall for *_, wall in taken)


def _least_width(lines: Sequence[Sequence[Box]]) -> float:
    """Return how wide a gutter is at least, pixels."""
    tall = float(np.median([height for line in lines for *_, height in line]))
    gaps = [right[0] - left[0] - left[2] for line in lines for left, right in pairwise(line)]
    usual = float(np.quantile(gaps, 0.25))
    return max(MIN_WIDTH_IN_HEIGHTS * tall, min(MIN_WIDTH_IN_GAPS * usual, WIDE_IN_HEIGHTS * tall))


def _beside_rules(boxes: np.ndarray, rules: Sequence[Wall]) -> Iterator[tuple[np.ndarray, float, Wall]]:
    """Yield the rules that stand in the middle of hardly any of the boxes (n, 4), as `_white_space`, with no width."""
    x, y, width, height = boxes.T
    for rule in rules if len(rules) < MAX_COLUMNS else ():
        off = x + width / 2 - x_at(rule, y + height / 2)
        if (np.abs(off) <= width / 4).mean() <= MAX_CROSSED:
            yield off < 0, 0.0, rule


def _white_space(boxes: np.ndarray, least: float) -> Iterator[tuple[np.ndarray, float, Wall]]:
    """Yield white space between boxes (n, 4) that is wide enough, at each slope, the most upright ones first.

    That is which of the boxes lie to its left (n,) bool, its width, and the wall in its middle.
    """
    x, y, width, height = boxes.T
    top, bottom = float(y.min()), float((y + height).max())
    for slope in sorted(np.linspace(-MAX_SLOPE, MAX_SLOPE, SLOPES).tolist(), key=abs):
        left = x - slope * (y + height / 2)
        order = np.argsort(left)
        ends = np.maximum.accumulate((left + width)[order])[:-1]
        room = left[order][1:] - ends
        gaps = np.flatnonzero(room >= least).tolist()
        for i in gaps if len(gaps) < MAX_COLUMNS else ():
            is_left = np.zeros(len(boxes), bool)
            is_left[order[: i + 1]] = True
            middle = float(ends[i] + room[i] / 2)
            yield is_left, float(room[i]), (middle + slope * top, top, middle + slope * bottom, bottom)
