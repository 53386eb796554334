"""The rules of a cell: straight lines at the edge of a picture that was cut out of a form, a table or a sudoku.

A rule lies in the outer fifth of the picture and either runs along most of a side or comes in from outside. It is only
taken for one if there is writing apart from it, in a picture that is no strip shorter writing. Where writing touches a
rule, its outer side is still straight.
"""

import math

import cv2
import numpy as np

from mnist.reading.framing import Box, between

BAND_IN_SIDES = 0.2  # shorter sides of the picture: rules lie as near to its edge
MIN_RULE_IN_SIDES = 0.6  # of the side it runs along
MIN_WHOLE_RULE_IN_SIDES = 0.9  # likewise, of one that writing touches
MIN_WRITING_IN_SIDES = 0.25  # shorter sides: the height of the tallest ink that is no rule
MAX_WRITING_IN_RULES = 0.85  # writing as tall as a rule stands beside a 1, cropped tightly
MAX_RULE_WIDTH_IN_SIDES = 0.14  # shorter sides
MIN_BROAD_PIXELS = 7.0  # width: in a small picture a blurred rule is as broad as this
MIN_STRAIGHT_IN_SIDES = 0.2  # of the side: as much of a rule lies in a row, even if it is turned a little
MIN_ROOM_IN_HEIGHTS = 0.1  # of a strip, between its writing and a side: a tight crop leaves less
MAX_STROKE_IN_HEIGHTS = 1.3  # of the picture: a level line as long is no digit's, however wide the picture is
MIN_STRIP_IN_HEIGHTS = 1.3  # width of a picture that may hold more than one digit, however small it is
USUAL_WIDTH = 0.3  # quantile of the widths of a rule: where writing touches it, it looks broader
MIN_ON_LINE = 0.75  # share of the columns of a rule where its upper side is straight, to a pixel
MAX_SLOPE = 0.07  # of a rule, to either side: a long one leaves its band


def rules_of(ink: np.ndarray) -> np.ndarray:
    """Return which pixels (h, w) bool of ink (h, w), uint8, 0 or 1, are rules; none if there is no other writing."""
    apart, joined = _apart(ink), _joined(ink)
    pieces = _apart(ink & ~joined, math.inf)  # of upright rules that hung together with level ones
    both = apart | joined | pieces
    for found in (both,) if is_strip(ink.shape) else (apart, joined, both):
        if found.any() and _are_thin(found) and _is_writing(ink.astype(bool) & ~found, found):
            return found
    return np.zeros(ink.shape, bool)


def is_strip(shape: tuple[int, ...]) -> bool:
    """Return whether a picture (h, w) is so wide that it may hold more than one digit, however small it is."""
    return shape[1] >= MIN_STRIP_IN_HEIGHTS * shape[0]


def boxes_of(rules: np.ndarray) -> list[Box]:
    """Return the boxes of connected rules (h, w) bool."""
    return [between(box[:2], box[:2] + box[2:4]) for box in _patches(rules)[1]]


def _apart(ink: np.ndarray, least: float = MIN_RULE_IN_SIDES) -> np.ndarray:
    """Return the pixels (h, w) bool of patches that look like rules and are nothing else.

    Those that do not come in from outside run along `least` of a side: a 1 may stand on a level rule.
    """
    labels, stats = _patches(ink)
    shape = np.array(ink.shape)
    _, _, width, height, _ = stats.T
    depths = np.zeros(len(stats) + 1, np.float32)
    np.maximum.at(depths, labels.ravel().astype(np.intp), _depth(ink.shape).ravel())
    along = np.maximum(width / shape[1], height / shape[0])
    is_rule = depths[1:] <= BAND_IN_SIDES * shape.min()
    is_rule &= (room(stats, ink.shape) <= 1) | (along >= least)
    return np.asarray(np.append(False, is_rule)[labels])


def _joined(ink: np.ndarray) -> np.ndarray:
    """Return the pixels (h, w) bool of rules that run from side to side, though writing touches them."""
    longest_stroke = MAX_STROKE_IN_HEIGHTS * len(ink)
    level = _along_top(ink, longest_stroke) | _along_top(ink[::-1], longest_stroke)[::-1]
    upright = _along_top(ink.T, math.inf) | _along_top(ink.T[::-1], math.inf)[::-1]
    return np.asarray(level | upright.T)


def _along_top(ink: np.ndarray, longest_stroke: float) -> np.ndarray:
    """Return those of the nearly level rules, (h, w) bool, at the upper edge of ink (h, w).

    A level line longer than `longest_stroke` pixels is no stroke of a digit.
    """
    width = ink.shape[1]
    length = max(3, int(MIN_STRAIGHT_IN_SIDES * min(width, longest_stroke)))
    straight = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    labels, _ = _patches(cv2.dilate(straight, np.ones((3, 3), np.uint8)))
    found = np.zeros(ink.shape, bool)
    for number in range(1, int(labels.max()) + 1):
        level = (labels == number) & (straight > 0)
        x = np.flatnonzero(level.any(axis=0))
        y = level.argmax(axis=0)[x]
        comes_in = len(x) > 0 and min(x[0], width - 1 - x[-1], y.min()) <= 1  # from outside
        no_stroke = len(x) >= longest_stroke
        if comes_in and (no_stroke or len(x) >= MIN_WHOLE_RULE_IN_SIDES * width):
            lowest = BAND_IN_SIDES * min(ink.shape) + no_stroke * MAX_SLOPE * width
            found |= _below_line(ink, x, y, lowest)
    return found


def _below_line(ink: np.ndarray, x: np.ndarray, y: np.ndarray, lowest: float) -> np.ndarray:
    """Return the ink (h, w) bool of a rule whose upper side has these points (n,); none if it is no straight line.

    Writing touches a rule from below: its upper side stays straight, and most of it is as broad as a rule is. It lies
    above `lowest`.
    """
    if np.count_nonzero(y) > len(y) / 2:
        x, y = x[y > 0], y[y > 0]  # where a rule leaves the picture, its upper side cannot be seen
    along, down, middle, height = cv2.fitLine(np.column_stack((x, y)), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel().tolist()
    upper_side = height + (np.arange(ink.shape[1]) - middle) * down / along
    on_line = np.abs(y - upper_side[x]) <= 1
    broad = [np.append(ink[top:, column], 0).argmin() for column, top in zip(x, y, strict=True)]
    width = float(np.quantile(broad, USUAL_WIDTH))
    if on_line.mean() < MIN_ON_LINE or upper_side[x].max() + width > lowest:
        return np.zeros(ink.shape, bool)
    depth = np.arange(len(ink))[:, None] - upper_side
    return np.asarray((ink > 0) & (depth >= -1.5) & (depth <= width - 0.5))


def _are_thin(rules: np.ndarray) -> bool:
    """Return whether rules (h, w) bool are nowhere broad, as the ground is where ink covers most of a picture."""
    inside = np.pad(rules.astype(np.uint8), 1)
    broadest = 2 * float(cv2.distanceTransform(inside, cv2.DIST_L2, 3).max())
    return broadest <= max(MIN_BROAD_PIXELS, MAX_RULE_WIDTH_IN_SIDES * min(rules.shape))


def _is_writing(rest: np.ndarray, rules: np.ndarray) -> bool:
    """Return whether the ink beside rules, both (h, w) bool, is writing, and not itself a part of a tight crop."""
    _, written = _patches(rest)
    written = written[written[:, 3] >= MIN_WRITING_IN_SIDES * min(rest.shape)]  # the rest are scraps of rules, or dirt
    if is_strip(rest.shape) and (_has_level(rules) or _has_wall(rules, rest)):
        return len(written) > 0
    tallest = int(written[:, 3].max(initial=0))
    upright = max((int(height) for _, _, width, height, _ in _patches(rules)[1] if height > width), default=0)
    return (
        tallest > 0
        and (not upright or tallest <= MAX_WRITING_IN_RULES * upright)
        and bool((room(written, rest.shape) > 0).all())
    )


def _has_level(rules: np.ndarray) -> bool:
    """Return whether rules (h, w) bool run along most of the picture's upper or lower edge."""
    band = math.ceil(BAND_IN_SIDES * len(rules))
    return any(bool(edge.any(axis=0).mean() >= MIN_RULE_IN_SIDES) for edge in (rules[:band], rules[-band:]))


def _has_wall(rules: np.ndarray, rest: np.ndarray) -> bool:
    """Return whether a rule runs from top to bottom of a strip whose ink, (h, w) bool, leaves room on its other side.

    Without that room the strip is cropped tightly, and what is as tall as it a 1, unless another rule is there.
    """
    inked = (rules | rest).any(axis=0)
    left, right = inked.argmax(), inked[::-1].argmax()  # room, pixels
    least = MIN_ROOM_IN_HEIGHTS * len(rules)
    on_left = [x < len(inked) / 2 for x, _, _, height, _ in _patches(rules)[1] if height == len(rules)]
    return len(set(on_left)) == 2 or any((right if is_left else left) >= least for is_left in on_left)


def _patches(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number (h, w) of the connected patch that each pixel belongs to, from 1, and OpenCV's (n, 5) of each.

    These are left, top, width, height and area.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    return labels, stats[1:]


def room(stats: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return how many pixels (n,) lie between patches and the nearest edge of the picture."""
    x, y, width, height, _ = stats.T
    right, bottom = shape[1] - x - width, shape[0] - y - height
    return np.minimum(np.minimum(x, y), np.minimum(right, bottom))


def _depth(shape: tuple[int, ...]) -> np.ndarray:
    """Return how far each pixel (h, w) lies from the picture's nearest edge."""
    y, x = (np.minimum(np.arange(side), np.arange(side)[::-1]).astype(np.float32) for side in shape)
    return np.minimum(y[:, None], x[None, :])
