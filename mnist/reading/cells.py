"""The rules of a cell: straight lines at the edge of a picture that was cut out of a form, a table or a sudoku.

A rule lies in the outer fifth of the picture and either runs along most of a side or comes in from outside. It is only
taken for one if there is writing apart from it that is shorter than it.
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
MAX_RULE_WIDTH_IN_SIDES = 0.2  # shorter sides
MIN_BROAD_PIXELS = 5.0  # width: in a small picture a blurred rule is as broad as this
MIN_STRAIGHT_IN_SIDES = 0.2  # of the side: as much of a rule lies in a row, even if it is turned a little
MAX_STROKE_IN_HEIGHTS = 1.3  # of the picture: a level line as long is no digit's, however wide the picture is
MIN_STRIP_IN_HEIGHTS = 1.3  # width of a picture that may hold more than one digit, however small it is
USUAL_WIDTH = 0.3  # quantile of the widths of a rule: where writing touches it, it looks broader
MAX_SLOPE = 0.07  # of a rule, to either side: a long one leaves its band


def rules_of(ink: np.ndarray) -> np.ndarray:
    """Return which pixels (h, w) bool of ink (h, w), uint8, 0 or 1, are rules; none if there is no other writing."""
    apart, joined = _apart(ink), _joined(ink)
    for found in (apart, joined, apart | joined):
        if found.any() and _are_thin(found) and _is_writing(ink.astype(bool) & ~found, found):
            return found
    return np.zeros(ink.shape, bool)


def is_strip(shape: tuple[int, ...]) -> bool:
    """Return whether a picture (h, w) is so wide that it may hold more than one digit, however small it is."""
    return shape[1] >= MIN_STRIP_IN_HEIGHTS * shape[0]


def boxes_of(rules: np.ndarray) -> list[Box]:
    """Return the boxes of connected rules (h, w) bool."""
    return [between(box[:2], box[:2] + box[2:4]) for box in _patches(rules)[1]]


def _apart(ink: np.ndarray) -> np.ndarray:
    """Return the pixels (h, w) bool of patches that look like rules and are nothing else."""
    labels, stats = _patches(ink)
    shape = np.array(ink.shape)
    _, _, width, height, _ = stats.T
    depths = np.zeros(len(stats) + 1, np.float32)
    np.maximum.at(depths, labels.ravel().astype(np.intp), _depth(ink.shape).ravel())
    along = np.maximum(width / shape[1], height / shape[0])
    is_rule = depths[1:] <= BAND_IN_SIDES * shape.min()
    is_rule &= (_room(stats, ink.shape) <= 1) | (along >= MIN_RULE_IN_SIDES)
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
    length = max(3, int(MIN_STRAIGHT_IN_SIDES * min(ink.shape[1], longest_stroke)))
    straight = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    labels, stats = _patches(cv2.dilate(straight, np.ones((3, 3), np.uint8)))
    _, y, wide, tall, _ = stats.T + np.array([[1, 1, -2, -2, 0]]).T  # as they were before they were broadened
    no_stroke = wide >= longest_stroke
    in_band = y + tall <= BAND_IN_SIDES * min(ink.shape) + np.where(no_stroke, MAX_SLOPE * wide, 0.0)
    found = np.zeros(ink.shape, bool)
    for number in np.flatnonzero(in_band & (no_stroke | (wide >= MIN_WHOLE_RULE_IN_SIDES * ink.shape[1]))) + 1:
        found |= _below_line(ink, (labels == number) & (straight > 0))
    return found


def _below_line(ink: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return the ink (h, w) bool of the rule that level ink (h, w) bool belongs to, by its upper side.

    Writing touches the rule from below: its upper side is straight, and most of it is as broad as a rule is.
    """
    x = np.flatnonzero(level.any(axis=0))
    y = level.argmax(axis=0)[x]
    along, down, middle, height = cv2.fitLine(np.column_stack((x, y)), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel().tolist()
    upper_side = height + (np.arange(ink.shape[1]) - middle) * down / along
    below = [np.append(ink[top:, column], 0).argmin() for column, top in zip(x, y, strict=True)]
    depth = np.arange(len(ink))[:, None] - upper_side
    return np.asarray((ink > 0) & (depth >= -1.5) & (depth <= np.quantile(below, USUAL_WIDTH) + 0.5))


def _are_thin(rules: np.ndarray) -> bool:
    """Return whether rules (h, w) bool are nowhere broad, as the ground is where ink covers most of a picture."""
    inside = np.pad(rules.astype(np.uint8), 1)
    broadest = 2 * float(cv2.distanceTransform(inside, cv2.DIST_L2, 3).max())
    return broadest <= max(MIN_BROAD_PIXELS, MAX_RULE_WIDTH_IN_SIDES * min(rules.shape))


def _is_writing(rest: np.ndarray, rules: np.ndarray) -> bool:
    """Return whether the ink beside rules, both (h, w) bool, is writing, and not itself a part of a tight crop."""
    _, written = _patches(rest)
    written = written[written[:, 3] >= MIN_WRITING_IN_SIDES * min(rest.shape)]  # the rest are scraps of rules, or dirt
    tallest = int(written[:, 3].max(initial=0))
    upright = max((int(height) for _, _, width, height, _ in _patches(rules)[1] if height > width), default=0)
    return (
        tallest > 0
        and (not upright or tallest <= MAX_WRITING_IN_RULES * upright)
        and bool((_room(written, rest.shape, _ruled(rules) if is_strip(rest.shape) else 4 * (False,)) > 0).all())
    )


def _ruled(rules: np.ndarray) -> tuple[bool, bool, bool, bool]:
    """Return at which sides, left, top, right, bottom, rules (h, w) bool run along most of the picture."""
    band = math.ceil(BAND_IN_SIDES * min(rules.shape))
    along = rules[:, :band].any(1), rules[:band].any(0), rules[:, -band:].any(1), rules[-band:].any(0)
    left, top, right, bottom = (bool(side.mean() >= MIN_RULE_IN_SIDES) for side in along)
    return left, top, right, bottom


def _patches(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number (h, w) of the connected patch that each pixel belongs to, from 1, and OpenCV's (n, 5) of each.

    These are left, top, width, height and area.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    return labels, stats[1:]


def _room(stats: np.ndarray, shape: tuple[int, ...], ruled: tuple[bool, ...] = 4 * (False,)) -> np.ndarray:
    """Return how many pixels (n,) lie between patches and the nearest edge of the picture that is not `ruled`."""
    x, y, width, height, _ = stats.T
    each = np.stack([x, y, shape[1] - x - width, shape[0] - y - height])
    return np.asarray(np.where(np.array(ruled)[:, None], max(shape), each).min(axis=0))


def _depth(shape: tuple[int, ...]) -> np.ndarray:
    """Return how far each pixel (h, w) lies from the picture's nearest edge."""
    y, x = (np.minimum(np.arange(side), np.arange(side)[::-1]).astype(np.float32) for side in shape)
    return np.minimum(y[:, None], x[None, :])
