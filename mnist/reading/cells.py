"""The rules of a cell: straight lines at the edge of a picture that was cut out of a form, a table or a sudoku.

A rule lies in the outer fifth of the picture and either runs along most of a side or comes in from outside. It is only
taken for one if there is writing apart from it that is shorter than it.
"""

import cv2
import numpy as np

from mnist.reading.framing import Box, between

BAND_IN_SIDES = 0.2  # shorter sides of the picture: rules lie as near to its edge
MIN_RULE_IN_SIDES = 0.6  # of the side it runs along
MIN_WRITING_IN_SIDES = 0.2  # shorter sides: the longer side of the tallest ink that is no rule
MAX_WRITING_IN_RULES = 0.85  # writing as tall as a rule stands beside a 1, cropped tightly
MIN_STRAIGHT_IN_SIDES = 0.2  # of the side: as much of a rule lies in a row, even if it is turned a little


def rules_of(ink: np.ndarray) -> np.ndarray:
    """Return which pixels (h, w) bool of ink (h, w), uint8, 0 or 1, are rules; none if there is no other writing."""
    found = _apart(ink)
    return found if found.any() else _joined(ink)


def boxes_of(rules: np.ndarray) -> list[Box]:
    """Return the boxes of connected rules (h, w) bool."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(rules.astype(np.uint8), connectivity=8)
    return [between(box[:2], box[:2] + box[2:4]) for box in stats[1:]]


def _apart(ink: np.ndarray) -> np.ndarray:
    """Return the rules that no writing touches."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    shape = np.array(ink.shape)
    x, y, width, height, _ = stats.T
    depths = np.zeros(count, np.float32)
    np.maximum.at(depths, labels.ravel(), _depth(ink.shape).ravel())
    at_edge = (np.minimum(x, y) <= 1) | (x + width >= shape[1] - 1) | (y + height >= shape[0] - 1)
    along = np.maximum(width / shape[1], height / shape[0])
    is_rule = (depths <= BAND_IN_SIDES * shape.min()) & (at_edge | (along >= MIN_RULE_IN_SIDES))
    is_rule[0] = False
    others = ~is_rule & (np.arange(count) > 0)
    tallest = int(height[others].max(initial=0))
    longest = max(tallest, int(width[others].max(initial=0)))
    upright = int(height[is_rule & (width < height)].max(initial=0))
    is_cell = (
        longest >= MIN_WRITING_IN_SIDES * shape.min()
        and (not upright or tallest <= MAX_WRITING_IN_RULES * upright)
        and not (others & at_edge).any()  # or the picture is cropped tightly
    )
    return is_rule[labels] & is_cell


def _joined(ink: np.ndarray) -> np.ndarray:
    """Return the rules that run from side to side, though writing touches them."""
    found = _across(ink) | _across(ink.T).T
    rest = cv2.boundingRect((ink.astype(bool) & ~found).astype(np.uint8))
    if max(rest[2:]) < MIN_WRITING_IN_SIDES * min(ink.shape):
        return np.zeros(ink.shape, bool)
    return found


def _across(ink: np.ndarray) -> np.ndarray:
    """Return the nearly level rules (h, w) bool at the upper and lower edge that run along most of the picture."""
    height, width = ink.shape
    length = max(3, int(MIN_STRAIGHT_IN_SIDES * width))
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)).astype(bool)
    band = int(BAND_IN_SIDES * min(ink.shape))
    found = np.zeros(ink.shape, bool)
    for rows in (slice(0, band), slice(height - band, height)):
        if level[rows].any(axis=0).mean() >= MIN_RULE_IN_SIDES:
            found[rows] = level[rows]
    return found


def _depth(shape: tuple[int, ...]) -> np.ndarray:
    """Return how far each pixel (h, w) lies from the picture's nearest edge."""
    y, x = (np.minimum(np.arange(side), np.arange(side)[::-1]).astype(np.float32) for side in shape)
    return np.minimum(y[:, None], x[None, :])
