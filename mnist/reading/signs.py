"""Signs of numbers, told by their place and shape: a minus before a number, a point or comma within it, a dash after.

The dash, with or without a point, stands for the pennies of a round amount, as in `25.-`. Two dashes, one below the
other, close an amount on their left or open one on their right, as in `25=`. Two points, one below the other, stand in
a time, as in `12:30`.

Lengths in heights are relative to the digits beside the sign.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mnist.reading.framing import Box, around

MIN_DIGIT_IN_HEIGHTS = 0.5  # of the usual height: a lower patch is no digit beside a sign
MINUS_WIDTHS_IN_HEIGHTS = (0.15, 1.1)
MAX_MINUS_IN_WIDTHS = 0.5  # its height: it may slant
MINUS_LEVELS = (0.28, 0.75)  # from the digit's top to its foot: a 5's bar, written apart, is above, a rule below
MAX_MINUS_GAP_IN_HEIGHTS = 0.9  # to the number
MIN_GAP_BEFORE_MINUS_IN_HEIGHTS = 0.3  # else it joins two digits
MAX_POINT_IN_HEIGHTS = 0.22
MAX_COMMA_IN_HEIGHTS = 0.5  # its height; below the line it is a comma however short
MIN_COMMA_BELOW_IN_HEIGHTS = 0.125  # the line, with its lower end: else it may be dirt
MIN_POINT_PENS = 0.35  # width and height: less is dirt, or a scrap of a line
SURE_POINT_PENS = 0.5  # likewise: less may be dirt; a photograph makes small points smaller
FOOT_IN_HEIGHTS = 0.25  # a point stands as near to the line at most
MAX_POINT_GAP_IN_HEIGHTS = 0.8  # to the digits on both sides
MAX_DASH_GAP_IN_HEIGHTS = 0.8  # to the number before it
DASH_BETWEEN_GAPS_IN_HEIGHTS = (0.02, 0.9)  # to the digits on both sides; a nearer one joins them
MAX_EQUALS_IN_HEIGHTS = 0.7  # height of both dashes of = together
EQUALS_LEVELS = (0.1, 0.75)  # of the middle of =, from the digit's top to its foot: a last digit often stands lower
MIN_EQUALS_IN_DASHES = 1.5  # height of =, in heights of its higher dash: a broad pen's may all but touch
MIN_EQUALS_ABOVE_EACH_OTHER = 0.6  # share of the longer dash that lies above or below the other
MAX_DASHES_BESIDE = 8  # one digit, or two: more are dirt or hatching, and each would be compared with each
MAX_UNDER_DIGIT = 0.3  # share of a mark's width that lies below the digit beside it: a comma slants
MAX_NEIGHBOUR_GAP_IN_HEIGHTS = 2.0  # of the digit: one farther away says nothing of where the line is

Neighbours = tuple[Box | None, Box | None]  # the digits to the left and to the right


@dataclass(frozen=True)
class Sign:
    """A sign: - . , : or = and its box. What `trails` stands after a number, all else before a digit.

    A `doubtful` one may be something else.
    """

    character: str
    box: Box
    trails: bool = False
    doubtful: bool = False


def find(
    boxes: Sequence[Box], pen: float, usual_height: float, as_strokes: bool = False
) -> dict[tuple[int, ...], Sign]:
    """Return the signs among patches of ink with these boxes, by the indices of theirs; `pen`: its width, pixels.

    As strokes, several may make up a digit.
    """
    digits = [box for box in boxes if box[3] >= MIN_DIGIT_IN_HEIGHTS * usual_height]
    digits = _whole(digits) if as_strokes else digits
    low = {i: box for i, box in enumerate(boxes) if box[3] < MIN_DIGIT_IN_HEIGHTS * usual_height}
    neighbours = {i: _neighbours(box, digits) for i, box in low.items()}
    pairs = _equals_signs(low, neighbours)
    neighbours = {i: beside for i, beside in neighbours.items() if not any(i in pair for pair in pairs)}
    found: dict[int, Sign] = {}
    for i, (left, right) in neighbours.items():
        if right and (sign := _before(low[i], left, right, pen)):
            found[i] = sign
        elif left and _is_dash_after(low[i], left, right):
            found[i] = Sign("-", low[i], trails=True)
        elif left and right and _is_dash_between(low[i], left, right):
            found[i] = Sign("-", low[i], doubtful=True)
    dashes = {neighbours[i][0]: sign.box for i, sign in found.items() if sign.trails}  # by the digit on their left
    for i, (left, _) in neighbours.items():
        if i not in found and left in dashes and left and _is_point(low[i], left, dashes[left], pen, left[3]):
            found[i] = Sign(".", low[i], trails=True)
    colons = _colons(low, neighbours, found, pen)
    in_colons = {i for pair in colons for i in pair}
    return {**pairs, **colons, **{(i,): sign for i, sign in found.items() if i not in in_colons}}


def _whole(strokes: Sequence[Box]) -> list[Box]:
    """Return the boxes of the digits that strokes with these boxes make up."""
    digits: list[Box] = []
    for box in sorted(strokes, key=lambda box: box[2], reverse=True):
        own = [digit for digit in digits if _is_of_one_digit(box, digit)]
        digits = [digit for digit in digits if digit not in own] + [around([box, *own])]
    return digits


def _is_of_one_digit(box: Box, other: Box) -> bool:
    """Return whether two boxes share columns, and a fifth of the lower one's rows."""
    across, down = (min(box[i] + box[i + 2], other[i] + other[i + 2]) - max(box[i], other[i]) for i in (0, 1))
    return across > 0 and down >= min(box[3], other[3]) / 5


def level(mark: Box) -> float:
    """Return at which height y a mark stands: a dash's or a point's middle, and near the upper end of a comma."""
    _, y, width, height = mark
    return y + min(width, height) / 2


def _colons(
    low: Mapping[int, Box], neighbours: Mapping[int, Neighbours], found: Mapping[int, Sign], pen: float
) -> dict[tuple[int, ...], Sign]:
    """Return the colons, by the indices of their points: one that was found, and above it the only other mark there."""
    between: dict[Neighbours, list[int]] = {}
    for i, beside in neighbours.items():
        between.setdefault(beside, []).append(i)
    colons: dict[tuple[int, ...], Sign] = {}
    for (left, right), marks in between.items():
        if left and right and len(marks) == 2:
            upper, lower = sorted(marks, key=lambda i: low[i][1])
            is_point = lower in found and found[lower].character == "."
            if is_point and _is_upper_point(low[upper], low[lower], left, right, pen):
                colons[lower, upper] = Sign(":", around([low[lower], low[upper]]))
    return colons


def _is_upper_point(box: Box, lower: Box, left: Box, right: Box, pen: float) -> bool:
    """Return whether it is a point above the lower one of a colon, no higher than the digits beside it."""
    tall = right[3]
    aside = abs(box[0] + box[2] / 2 - lower[0] - lower[2] / 2)
    return bool(
        max(*box[2:], aside) <= MAX_POINT_IN_HEIGHTS * tall
        and max(left[1], right[1]) <= box[1]
        and box[1] + box[3] <= lower[1]
        and _is_beside(box, left, right, tall, pen)
    )


def _equals_signs(low: Mapping[int, Box], neighbours: Mapping[int, Neighbours]) -> dict[tuple[int, ...], Sign]:
    """Return the equals signs among low patches, by the indices of their two dashes."""
    dashes: dict[Neighbours, list[int]] = {}
    for i, box in low.items():
        if box[3] <= MAX_MINUS_IN_WIDTHS * box[2]:
            dashes.setdefault(neighbours[i], []).append(i)
    found: dict[tuple[int, ...], Sign] = {}
    taken: set[int] = set()
    few = {beside: own for beside, own in dashes.items() if len(own) <= MAX_DASHES_BESIDE}
    for (left, right), i, j in ((beside, *pair) for beside, own in few.items() for pair in combinations(own, 2)):
        if i in taken or j in taken:
            continue
        box = around([low[i], low[j]])
        if left and _is_equals(box, low[i], low[j], left) and box[0] - left[0] - left[2] <= _widest_gap(left):
            sign = Sign("=", box, trails=True)
        elif right and _is_equals(box, low[i], low[j], right) and right[0] - box[0] - box[2] <= _widest_gap(right):
            sign = Sign("=", box)
        else:
            continue
        found[i, j] = sign
        taken |= {i, j}
    return found


def _widest_gap(digit: Box) -> float:
    return MAX_DASH_GAP_IN_HEIGHTS * digit[3]


def _is_equals(box: Box, dash: Box, other: Box, digit: Box) -> bool:
    """Return whether two dashes, with a box around both, lie one below the other at half the height of that digit."""
    _, y, width, height = box
    common = min(dash[0] + dash[2], other[0] + other[2]) - max(dash[0], other[0])
    return bool(
        common >= MIN_EQUALS_ABOVE_EACH_OTHER * max(dash[2], other[2])
        and height >= MIN_EQUALS_IN_DASHES * max(dash[3], other[3])
        and height <= MAX_EQUALS_IN_HEIGHTS * digit[3]
        and EQUALS_LEVELS[0] <= (y + height / 2 - digit[1]) / digit[3] <= EQUALS_LEVELS[1]
        and MINUS_WIDTHS_IN_HEIGHTS[0] <= width / digit[3] <= MINUS_WIDTHS_IN_HEIGHTS[1]
    )


def _neighbours(box: Box, digits: Sequence[Box]) -> Neighbours:
    """Return the digits to the left and to the right of a low patch; none if it is a part of one, above or below it.

    Digits of the line below do not count: points and commas reach down to them.
    """
    x, y, width, height = box
    middle = y + height / 2
    beside = [
        digit
        for digit in digits
        if digit[1] - 0.5 * digit[3] < middle < digit[1] + 1.5 * digit[3]
        and max(digit[0] - x - width, x - digit[0] - digit[2]) <= MAX_NEIGHBOUR_GAP_IN_HEIGHTS * digit[3]
    ]
    foot = max((digit[1] + digit[3] for digit in beside if digit[1] <= level(box)), default=np.inf)
    beside = [digit for digit in beside if digit[1] + digit[3] / 2 < foot]
    start, end = x + MAX_UNDER_DIGIT * width, x + width - MAX_UNDER_DIGIT * width
    if any(digit[0] < end and start < digit[0] + digit[2] for digit in beside):
        return None, None
    left = max((digit for digit in beside if digit[0] + digit[2] <= start), default=None)
    return left, min((digit for digit in beside if digit[0] >= end), default=None)


def _before(box: Box, left: Box | None, right: Box, pen: float) -> Sign | None:
    """Return the sign before the digit on its right that a low patch with this box is, or None."""
    if _is_minus(box, left, right):
        return Sign("-", box)
    if left is None:
        return None
    if _is_point(box, left, right, pen, right[3]):
        return Sign(".", box, doubtful=min(box[2:]) < SURE_POINT_PENS * pen)
    if _is_comma(box, left, right, pen):
        return Sign(",", box, doubtful=_below_foot(box, left, right, right[3]) < MIN_COMMA_BELOW_IN_HEIGHTS)
    return None


def _is_dash(box: Box, digit: Box) -> bool:
    """Return whether it is level, as long as a dash beside that digit is, and at half its height."""
    _, y, width, height = box
    _, top, _, tall = digit
    return bool(
        MINUS_LEVELS[0] <= (y + height / 2 - top) / tall <= MINUS_LEVELS[1]
        and height <= MAX_MINUS_IN_WIDTHS * width
        and MINUS_WIDTHS_IN_HEIGHTS[0] <= width / tall <= MINUS_WIDTHS_IN_HEIGHTS[1]
    )


def _is_minus(box: Box, left: Box | None, right: Box) -> bool:
    """Return whether it is a dash before the number that begins on its right, and apart from what is before."""
    before = np.inf if left is None else box[0] - left[0] - left[2]
    after = right[0] - box[0] - box[2]
    tall = right[3]
    return bool(
        _is_dash(box, right)
        and after <= MAX_MINUS_GAP_IN_HEIGHTS * tall
        and before >= max(MIN_GAP_BEFORE_MINUS_IN_HEIGHTS * tall, after)
    )


def _is_dash_after(box: Box, left: Box, right: Box | None) -> bool:
    """Return whether it is a dash after the number that ends on its left, and apart from what is after it."""
    before = box[0] - left[0] - left[2]
    after = np.inf if right is None else right[0] - box[0] - box[2]
    return bool(
        _is_dash(box, left)
        and before <= MAX_DASH_GAP_IN_HEIGHTS * left[3]
        and after >= max(MAX_MINUS_GAP_IN_HEIGHTS * left[3], before)
    )


def _is_dash_between(box: Box, left: Box, right: Box) -> bool:
    """Return whether it is a dash between two digits, apart from both: from one to the other, or a sum's minus."""
    gaps = (box[0] - left[0] - left[2]) / left[3], (right[0] - box[0] - box[2]) / right[3]
    least, most = DASH_BETWEEN_GAPS_IN_HEIGHTS
    return _is_dash(box, left) and _is_dash(box, right) and min(gaps) >= least and max(gaps) <= most


def _is_beside(box: Box, left: Box, right: Box, tall: float, pen: float) -> bool:
    """Return whether it stands near what is on its two sides, and is no dirt."""
    gap = max(box[0] - left[0] - left[2], right[0] - box[0] - box[2])
    return gap <= MAX_POINT_GAP_IN_HEIGHTS * tall and min(box[2:]) >= MIN_POINT_PENS * pen


def _below_foot(box: Box, left: Box, right: Box, tall: float) -> float:
    """Return how far it reaches below the foot of the lower of its neighbours, in heights of a digit."""
    return (box[1] + box[3] - max(left[1] + left[3], right[1] + right[3])) / tall


def _is_point(box: Box, left: Box, right: Box, pen: float, tall: float) -> bool:
    """Return whether it is a point at the foot of what is on its sides; `tall` is the height of a digit there."""
    small = max(box[2:]) <= MAX_POINT_IN_HEIGHTS * tall
    at_foot = abs(_below_foot(box, left, right, tall)) <= FOOT_IN_HEIGHTS
    return small and at_foot and _is_beside(box, left, right, tall, pen)


def _is_comma(box: Box, left: Box, right: Box, pen: float) -> bool:
    """Return whether it is a comma between two digits."""
    _, _, width, height = box
    tall = right[3]
    below = _below_foot(box, left, right, tall)
    return (
        _is_beside(box, left, right, tall, pen)
        and below > 0
        and width <= height <= MAX_COMMA_IN_HEIGHTS * tall
        and below * tall - height > -2 * FOOT_IN_HEIGHTS * tall
    )
