"""The rules of lined and squared paper and of tables in a photograph, and its ink without them.

Rules are what morphological opening with lines longer than any stroke leaves, along the course that most of the
picture's rules take, and across it. The course is tilted where the sheet is, spread out like a fan where the sheet is
looked at from a corner, and bent where it does not lie flat.
"""

import cv2
import numpy as np

from mnist.reading.framing import reduced
from mnist.reading.gutters import Wall
from mnist.reading.pictures import rule_course
from mnist.reading.pictures.rule_course import Course

MIN_LENGTH_IN_SIDES = 0.28  # longer sides of the picture: no stroke is as long
MAX_WIDTH_IN_SIDES = 0.014  # longer sides of the picture,
MAX_WIDTHS_OF_SMALL = ((350, 500), (9, 13))  # pixels, of a small one, or of a small sheet, by its longer side in pixels
MIN_OF_STRONGEST = 0.25  # strength
MIN_RULE_SIGMAS = 2.0  # of the grain: it has streaks half as strong as its deviation
MIN_RULE_CONTRAST = 0.02  # of black to white
MIN_RULES = 4  # fewer long thin lines are strokes, unless they run across the picture
MIN_LONE_RULE_IN_WIDTHS = 0.75
SEARCH_SIDE_PIXELS = 500  # longer side of the reduced picture in which the course is sought
MAX_OF_USUAL = 1.4  # strengths of rules: they are not equally strong everywhere, but a pen's line is far stronger
MEDIAN_OF_EVERY = 13  # pixels: these tell how strong rules usually are as well as all
STEPS = 65535  # of strength
TAKEN_AWAY = 1.15  # of a rule's strength: in places it is a little stronger than the opening says


def without(strength: np.ndarray, grain: float) -> tuple[np.ndarray, tuple[Wall, ...]]:
    """Return the ink's strength (h, w) less that of rules, and the upright rules; `grain`: its standard deviation."""
    small = reduced(strength, SEARCH_SIDE_PIXELS)
    level, upright = rule_course.find(small), rule_course.find(np.ascontiguousarray(small.T))
    rules = _along(rule_course.widened(level, strength.shape), strength)
    walls = np.ascontiguousarray(_along(rule_course.widened(upright, strength.T.shape), strength.T).T)
    thick = cv2.dilate(np.maximum(_of_paper(rules, grain), _of_paper(walls, grain)), np.ones((3, 3), np.uint8))
    return (strength - TAKEN_AWAY * thick).clip(0.0, None), _walls(walls, MIN_RULE_SIGMAS * grain)


def _of_paper(rules: np.ndarray, grain: float) -> np.ndarray:
    """Return the strength (h, w) on rules as far as it is the paper's: what is stronger than most was drawn there."""
    some = rules.ravel()[::MEDIAN_OF_EVERY]
    seen = some[some > max(MIN_RULE_SIGMAS * grain, MIN_RULE_CONTRAST)]
    return np.minimum(rules, MAX_OF_USUAL * float(np.median(seen))) if len(seen) else rules


def _walls(upright: np.ndarray, least: float) -> tuple[Wall, ...]:
    """Return the ends of upright rules, given the strength (h, w) that lies on them, `least` at least."""
    is_rule = upright > max(least, MIN_OF_STRONGEST * float(upright.max()))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(is_rule.astype(np.uint8))
    walls = []
    for number in range(1, count):
        x, y, width, height, _ = stats[number].tolist()
        if height >= MIN_LENGTH_IN_SIDES / 2 * max(upright.shape):
            ys, xs = np.nonzero(labels[y : y + height, x : x + width] == number)
            slope, at = np.polyfit(ys, xs, 1) if width > 1 else (0.0, 0.0)
            walls.append((float(x + at), float(y), float(x + at + slope * (height - 1)), float(y + height)))
    return tuple(walls)


def _along(course: Course, strength: np.ndarray) -> np.ndarray:
    """Return the strength (h, w) that lies on long thin lines of that course, elsewhere 0."""
    longer = max(strength.shape)
    whole = (strength.clip(0.0, 1.0) * STEPS).astype(np.uint16)  # opening takes half as long as with floats
    level = cv2.blur(cv2.dilate(rule_course.levelled(whole, course), np.ones((3, 1), np.uint8)), (9, 1))
    length = int(MIN_LENGTH_IN_SIDES * longer) | 1
    lines = cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    thick = int(max(np.interp(longer, *MAX_WIDTHS_OF_SMALL), MAX_WIDTH_IN_SIDES * longer)) | 1
    lines = cv2.subtract(lines, cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8)))
    rows = lines.max(axis=1)
    begins = np.diff((rows > MIN_OF_STRONGEST * float(rows.max())).astype(int)) == 1
    if np.count_nonzero(begins) < MIN_RULES:
        across = int(MIN_LONE_RULE_IN_WIDTHS * strength.shape[1]) | 1
        lines = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((1, across), np.uint8))
    return rule_course.unlevelled(lines, course, len(strength)).astype(np.float32) / STEPS
