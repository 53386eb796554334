"""Signs of numbers, told by their place and shape: a minus before a number, a point or comma within it.

Lengths in heights are relative to the digits beside the sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist.reading.framing import Box

MIN_DIGIT_IN_HEIGHTS = 0.5  # of the usual height: a lower patch is no digit beside a sign
MINUS_WIDTHS_IN_HEIGHTS = (0.15, 1.1)
MAX_MINUS_IN_WIDTHS = 0.4  # its height
MINUS_LEVELS = (0.28, 0.75)  # from the digit's top to its foot: a 5's bar, written apart, is above, a rule below
MAX_MINUS_GAP_IN_HEIGHTS = 0.9  # to the number
MIN_GAP_BEFORE_MINUS_IN_HEIGHTS = 0.3  # else it joins two digits
MAX_POINT_IN_HEIGHTS = 0.22
MAX_COMMA_IN_HEIGHTS = 0.5  # its height; below the line it is a comma however short
MIN_POINT_PENS = 0.5  # width or height: less is dirt
FOOT_IN_HEIGHTS = 0.25  # a point stands as near to the line at most
MAX_POINT_GAP_IN_HEIGHTS = 0.8  # to the digits on both sides


@dataclass(frozen=True)
class Sign:
    """A sign: - . or , and its box."""

    character: str
    box: Box


def find(boxes: Sequence[Box], pen: float, usual_height: float) -> dict[int, str]:
    """Return the signs among patches of ink with these boxes, by index; `pen` is the pen's width, in pixels."""
    digits = [box for box in boxes if box[3] >= MIN_DIGIT_IN_HEIGHTS * usual_height]
    low = {i: box for i, box in enumerate(boxes) if box[3] < MIN_DIGIT_IN_HEIGHTS * usual_height}
    found = {i: _sign(box, digits, pen) for i, box in low.items()}
    return {i: character for i, character in found.items() if character}


def _sign(box: Box, digits: Sequence[Box], pen: float) -> str | None:
    """Return the sign that a low patch with this box is between its neighbours, or None."""
    x, y, width, height = box
    middle = y + height / 2
    beside = [digit for digit in digits if digit[1] - 0.5 * digit[3] < middle < digit[1] + 1.5 * digit[3]]
    if any(digit[0] < x + width and x < digit[0] + digit[2] for digit in beside):
        return None  # above or below a digit it is a part of it
    right = min((digit for digit in beside if digit[0] >= x + width), default=None)
    left = max((digit for digit in beside if digit[0] + digit[2] <= x), default=None)
    if right is None:
        return None
    return "-" if _is_minus(box, left, right) else _point(box, left, right, pen) if left else None


def _is_minus(box: Box, left: Box | None, right: Box) -> bool:
    """Return whether it is a level dash before the number that begins on its right, and apart from what is before."""
    x, y, width, height = box
    _, top, _, tall = right
    before = np.inf if left is None else x - left[0] - left[2]
    after = right[0] - x - width
    return bool(
        MINUS_LEVELS[0] <= (y + height / 2 - top) / tall <= MINUS_LEVELS[1]
        and height <= MAX_MINUS_IN_WIDTHS * width
        and MINUS_WIDTHS_IN_HEIGHTS[0] <= width / tall <= MINUS_WIDTHS_IN_HEIGHTS[1]
        and after <= MAX_MINUS_GAP_IN_HEIGHTS * tall
        and before >= max(MIN_GAP_BEFORE_MINUS_IN_HEIGHTS * tall, after)
    )


def _point(box: Box, left: Box, right: Box, pen: float) -> str | None:
    """Return the point or comma that it is at the foot of the digits on its two sides, or None."""
    x, y, width, height = box
    tall, foot = right[3], max(left[1] + left[3], right[1] + right[3])
    gap = max(x - left[0] - left[2], right[0] - x - width)
    if gap > MAX_POINT_GAP_IN_HEIGHTS * tall or max(width, height) < MIN_POINT_PENS * pen:
        return None
    below = (y + height - foot) / tall
    if max(width, height) <= MAX_POINT_IN_HEIGHTS * tall and abs(below) <= FOOT_IN_HEIGHTS:
        return "."
    is_comma = below > FOOT_IN_HEIGHTS / 2 and width <= height <= MAX_COMMA_IN_HEIGHTS * tall
    return "," if is_comma and y > foot - 2 * FOOT_IN_HEIGHTS * tall else None
