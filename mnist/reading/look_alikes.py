"""Parts that were read as digits and may be signs, told by their place among the line's digits.

A slash and a bracket look like a 1, but reach further up and down than digits do, a bracket more so. What stands half a
digit higher or lower than its neighbour is a power, a part of a fraction or of a per cent sign.

Lengths in heights are relative to the neighbour.
"""

from collections.abc import Sequence

from mnist.reading.framing import Box
from mnist.reading.pictures import markings
from mnist.reading.readings import Digit

MIN_OVERHANG_IN_HEIGHTS = 0.08  # above and below,
MIN_OVERHANG_OF_SLASH_IN_HEIGHTS = 0.03  # of a straight line that leans
MAX_NEIGHBOUR_GAP_IN_HEIGHTS = 0.8  # of the taller one: one farther away is of another number
RAISED_IN_HEIGHTS = 0.5  # the foot is as far above the neighbour's, or the top below the neighbour's


def among(line: Sequence[Digit]) -> list[int]:
    """Return which of a line's parts, from left to right, may be signs."""
    found = []
    for i, digit in enumerate(line):
        box = digit.framed.box
        near = [other.framed.box for other in (*line[max(0, i - 1) : i], *line[i + 1 : i + 2])]
        near = [other for other in near if _is_near(box, other)]
        if near and (_is_long(digit, near) or any(_is_aside(box, other) for other in near)):
            found.append(i)
    return found


def _is_near(box: Box, other: Box) -> bool:
    gap = max(box[0], other[0]) - min(box[0] + box[2], other[0] + other[2])
    return gap <= MAX_NEIGHBOUR_GAP_IN_HEIGHTS * max(box[3], other[3])


def _is_long(digit: Digit, near: Sequence[Box]) -> bool:
    """Return whether it is a 1 that reaches further up and down than its neighbours."""
    if digit.digit != 1:
        return False
    is_slash = markings.is_slash(digit.framed.sample > 0.5)
    least = MIN_OVERHANG_OF_SLASH_IN_HEIGHTS if is_slash else MIN_OVERHANG_IN_HEIGHTS
    _, y, _, height = digit.framed.box
    return all(
        other[1] - y >= least * other[3] and y + height - other[1] - other[3] >= least * other[3] for other in near
    )


def _is_aside(box: Box, other: Box) -> bool:
    """Return whether a box lies in the upper or the lower half of a taller neighbour, or beyond."""
    _, y, _, height = other
    above, below = y + height - box[1] - box[3], box[1] - y
    return box[3] < height and max(above, below) >= RAISED_IN_HEIGHTS * height
