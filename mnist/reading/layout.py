"""Layout: the places in a line of digits where numbers begin, and their columns in a table.

Digits belong to one number unless the gap between them is wide, compared with their height and with the line's other
gaps, or a wall stands in it: an upright rule of a table, or the white space between its columns.
"""

from collections.abc import Sequence

import numpy as np

from mnist.reading import gutters
from mnist.reading.framing import Box
from mnist.reading.gutters import Wall, x_at
from mnist.reading.signs import Sign, level

MIN_GAP_IN_HEIGHTS = 0.8  # of the line's digits, between two numbers
MIN_GAP_IN_USUAL_GAPS = 2.5  # of a line of more than two digits; the usual gap is at a quarter of them, by width
MIN_CLEAR_GAP_IN_HEIGHTS = 0.65  # likewise, where digits stand close: of a telephone number's groups,
MIN_CLEAR_GAP_IN_GAPS = 6.0  # of the widest narrower one
MIN_ONLY_GAP_IN_HEIGHTS = 1.5  # between two numbers of one digit each, all there is in their line

MIN_APART_IN_HEIGHTS = 0.15  # of digits: walls; those of squared paper are farther from each other
MIN_WALLS = 3  # beside a table's digits: shadows and strokes make one or two
MIN_CELL_IN_HEIGHTS = 1.2  # width of a table's cells, in heights of digits
MAX_SQUARE_IN_HEIGHTS = 1.8  # of squared paper with a digit in each of a number's squares,
MIN_EMPTY_SQUARES = 3  # whose rules go on beside the writing; a table ends there

MAX_SIGN_GAP_IN_HEIGHTS = 1.0  # to the digit that a sign stands before
MAX_TRAILING_GAP_IN_HEIGHTS = 1.5  # from the digit before a dash or two; a point may stand between them

WITHIN_NUMBERS = ".,:"  # these signs stand inside of one

Signs = dict[int, list[Sign]]  # by the digit beside them, from left to right


def of_table(walls: Sequence[Wall], lines: Sequence[Sequence[Box]], signs: Sequence[Box] = ()) -> tuple[Wall, ...]:
    """Return what parts a table's columns: its walls, or the gutters between its digits; none if it is no table.

    Digits have these boxes, line by line. Squared paper's squares are no larger than the digits on it, or a little, and
    then the digits of a number stand in neighbouring ones. Beside the digits a shadow has one edge or two, a table
    more, unless there is white space, too.
    """
    boxes = [box for line in lines for box in line]
    tall = float(np.median([height for *_, height in boxes])) if boxes else 0.0
    walls = _distinct(walls, MIN_APART_IN_HEIGHTS * tall)
    middles = np.sort([(left + right) / 2 for left, _, right, _ in walls])
    if len(middles) > 1 and np.median(np.diff(middles)) < MIN_CELL_IN_HEIGHTS * tall:
        return gutters.between(lines, signs)
    if _are_squares(walls, middles, boxes, tall):
        return ()
    beside = [wall for wall in walls if any(wall[1] <= y + height / 2 <= wall[3] for _, y, _, height in boxes)]
    return tuple(walls) if len(beside) >= MIN_WALLS else gutters.between(lines, signs, walls)


def _are_squares(walls: Sequence[Wall], middles: np.ndarray, boxes: Sequence[Box], tall: float) -> bool:
    """Return whether walls are squared paper's, a digit in each square; `middles` are the x (n,) of theirs, sorted."""
    if len(walls) <= MIN_EMPTY_SQUARES or np.median(np.diff(middles)) > MAX_SQUARE_IN_HEIGHTS * tall:
        return False
    y = float(np.median([top + height / 2 for _, top, _, height in boxes]))
    at = np.array([x_at(wall, y) for wall in walls])
    left, right = min(box[0] for box in boxes), max(box[0] + box[2] for box in boxes)
    return bool(np.count_nonzero((at < left) | (at > right)) >= MIN_EMPTY_SQUARES)


def _distinct(walls: Sequence[Wall], least: float) -> list[Wall]:
    """Return the walls, the longest first, without those that lie within `least` of another: it was found twice."""
    distinct: list[Wall] = []
    for wall in sorted(walls, key=lambda wall: wall[1] - wall[3]):
        middle = (wall[1] + wall[3]) / 2
        if all(abs(x_at(wall, middle) - x_at(other, middle)) >= least for other in distinct):
            distinct.append(wall)
    return distinct


def starts(boxes: Sequence[Box], columns: Sequence[int] = (), before: Signs | None = None) -> list[int]:
    """Return which of a line's digits, given their boxes from left to right, begin a number; the first one does.

    `columns` says in which of a table's each of them stands, and a number stands in one.
    `before` has signs by their digit: a gap with a point in it is as wide as its wider half, and begins no number.
    """
    if len(boxes) == 1:
        return [0]
    x, _, width, height = np.array(boxes, np.float64).reshape(-1, 4).T
    ends = x + width
    gaps = x[1:] - ends[:-1]
    pointed = {i: own[0].box for i, own in (before or {}).items() if i and own[0].character in WITHIN_NUMBERS}
    for i, (left, _, wide, _) in pointed.items():
        gaps[i - 1] = max(left - ends[i - 1], x[i] - left - wide)
    gaps /= max(float(np.median(height)), 1e-9)
    usual = np.sort(gaps)[(len(gaps) - 1) // 4] if len(gaps) else 0.0
    least = MIN_ONLY_GAP_IN_HEIGHTS
    if len(gaps) > 1:
        least = max(MIN_GAP_IN_HEIGHTS, MIN_GAP_IN_USUAL_GAPS * float(usual))
        narrower = gaps[gaps < MIN_CLEAR_GAP_IN_HEIGHTS]
        if len(narrower):
            least = min(least, max(MIN_CLEAR_GAP_IN_HEIGHTS, MIN_CLEAR_GAP_IN_GAPS * float(narrower.max())))
    parted = (np.diff(columns) != 0) if len(columns) else np.zeros(len(gaps), bool)
    begin = (np.flatnonzero((gaps >= least) | parted) + 1).tolist()
    return [0, *(i for i in begin if i not in pointed)]


def signs_beside(lines: Sequence[Sequence[Box]], signs: Sequence[Sign]) -> list[tuple[Signs, Signs]]:
    """Return the signs before and after the digits of each line, given their boxes from left to right.

    Where lines are close to each other a sign may be near two: it belongs to the one at whose foot or middle it stands.
    """
    found: list[tuple[Signs, Signs]] = [({}, {}) for _ in lines]
    for sign in sorted(signs, key=lambda sign: sign.box[0]):
        beside = ((row, _digit_beside(sign, boxes)) for row, boxes in enumerate(lines))
        near = [(_off(sign, lines[row][i]), row, i) for row, i in beside if i is not None]
        if near:
            _, row, i = min(near)
            before, after = found[row]
            (after if sign.trails else before).setdefault(i, []).append(sign)
    return found


def _digit_beside(sign: Sign, boxes: Sequence[Box]) -> int | None:
    """Return which of a line's digits a sign stands before, or after if it trails; None if it is none of these."""
    x, y, width, height = sign.box
    beside = [i for i, box in enumerate(boxes) if box[1] - box[3] / 2 < y + height / 2 < box[1] + 1.5 * box[3]]
    is_right = [boxes[i][0] + boxes[i][2] / 2 > x + width / 2 for i in beside]
    if sign.trails:
        left = [i for i, right in zip(beside, is_right, strict=True) if not right]
        gaps = [(i, x - boxes[i][0] - boxes[i][2], MAX_TRAILING_GAP_IN_HEIGHTS) for i in left[-1:]]
    else:
        right = [i for i, right in zip(beside, is_right, strict=True) if right]
        gaps = [(i, boxes[i][0] - x - width, MAX_SIGN_GAP_IN_HEIGHTS) for i in right[:1]]
    return next((i for i, gap, most in gaps if gap < most * boxes[i][3]), None)


def _off(sign: Sign, digit: Box) -> float:
    """Return how far a sign lies from where it belongs beside that digit, in its heights: a point at the foot."""
    _, y, _, height = digit
    at = y + height if sign.character in ".," else y + height / 2
    return abs(level(sign.box) - at) / height


def walls_before(box: Box, walls: Sequence[Wall]) -> int:
    """Return how many of the walls that stand beside the middle of a box stand to its left."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return sum(x_at(wall, y) < x for wall in walls if wall[1] <= y <= wall[3])


def columns(lines: Sequence[Sequence[Box]], walls: Sequence[Wall] = ()) -> list[list[int]]:
    """Return the column, from 0, of each of the numbers of each line: in a table by its walls, else by its order."""
    if not walls:
        return [list(range(len(line))) for line in lines]
    before = [[walls_before(box, walls) for box in line] for line in lines]
    first = min((column for line in before for column in line), default=0)
    return [[column - first for column in line] for line in before]
