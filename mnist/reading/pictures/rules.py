"""The rules of lined and squared paper and of tables in a photograph, and its ink without them.

Rules are what morphological opening with lines longer than any stroke leaves, along the course that most of the
picture's rules take, and across it. The course is tilted where the sheet is, and bent where it does not lie flat.
"""

import cv2
import numpy as np

from mnist.reading.framing import reduced
from mnist.reading.gutters import Wall

MIN_LENGTH_IN_SIDES = 0.28  # longer sides of the picture: no stroke is as long
MAX_WIDTH_IN_SIDES = 0.014  # longer sides of the picture
MIN_OF_STRONGEST = 0.25  # strength
MIN_WALL_SIGMAS = 2.0  # of the grain: it has streaks half as strong as its deviation
MIN_RULES = 4  # fewer long thin lines are strokes, unless they run across the picture
MIN_LONE_RULE_IN_WIDTHS = 0.75
MAX_TILT_DEGREES = 8.0  # either way
SEARCH_SIDE_PIXELS = 500  # longer side of the reduced picture in which the course is sought
MIN_GAIN_OF_TILT = 1.02  # in contrast, of each tilt over those before it, from the left to the right
MIN_GAIN_OF_BEND = 1.1  # likewise: what is less may be chance
STRIPS = 40  # upright ones, in which a bend is followed
MAX_STEP_PIXELS = 3  # of the reduced picture, from a strip to the next
WEIGHT_OF_PAST = 0.8  # of the strips before the last one, when the next is laid on them
BRIGHT = 0.9  # quantile of the strengths: ink is far stronger than most rules, and counts for no more than that
BEND_DEGREE = 6  # of the polynomial that a bend is smoothed to
TAKEN_AWAY = 1.15  # of a rule's strength: in places it is a little stronger than the opening says
ROWS_AT_ONCE = 64  # of a picture that is moved: where each pixel comes from takes twice its memory


def without(strength: np.ndarray, grain: float) -> tuple[np.ndarray, tuple[Wall, ...]]:
    """Return the ink's strength (h, w) less that of rules, and the upright rules; `grain`: its standard deviation."""
    height, width = strength.shape
    small = reduced(strength, SEARCH_SIDE_PIXELS)
    slope = _slope(small)
    bend = _bend(small, slope)
    course = (_straight(slope, width) + _widened(bend, width)).clip(-height, height)
    across = _straight(-slope, height)
    if bend.any():  # the upright ones need not be at right angles to them
        slope = _slope(small.T)
        across = _straight(slope, height) + _widened(_bend(small.T, slope), height)
    upright = np.ascontiguousarray(_along(across.clip(-width, width), strength.T).T)
    rules = np.maximum(_along(course, strength), upright)
    thick = cv2.dilate(rules, np.ones((3, 3), np.uint8))
    return (strength - TAKEN_AWAY * thick).clip(0.0, None), _walls(upright, MIN_WALL_SIGMAS * grain)


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


def _slope(small: np.ndarray) -> float:
    """Return the slope, by which y falls with x, at which the rows of a reduced picture differ most."""
    best, best_slope = 0.0, 0.0
    for tilt in np.arange(-MAX_TILT_DEGREES, MAX_TILT_DEGREES + 0.1, 0.5):
        slope = float(np.tan(np.deg2rad(tilt)))
        contrast = _contrast(_levelled(small, _straight(slope, small.shape[1])))
        if contrast > MIN_GAIN_OF_TILT * best:
            best, best_slope = contrast, slope
    return best_slope


def _bend(small: np.ndarray, slope: float) -> np.ndarray:
    """Return how far, (w,), the rules of a reduced picture leave their slope; nothing if they are nearly straight.

    From the middle outwards, each strip is laid on those before it, where its edges fit best.
    """
    straight = np.zeros(small.shape[1])
    if min(small.shape) < STRIPS or not small.any():
        return straight
    level = np.minimum(_levelled(small, _straight(slope, len(straight))), np.quantile(small[small > 0], BRIGHT))
    places = np.linspace(0, len(straight), STRIPS + 1).astype(int)
    strips = np.add.reduceat(level, places[:-1], axis=1) / np.diff(places)
    edges = cv2.GaussianBlur(np.diff(strips, axis=0, prepend=0), (1, 5), 0).T
    edges = edges / np.maximum(np.linalg.norm(edges, axis=1, keepdims=True), 1e-9)
    middle = len(edges) // 2
    found = np.concatenate([_followed(edges[middle::-1])[:0:-1], _followed(edges[middle:])])
    fitted = np.polynomial.Polynomial.fit((places[:-1] + places[1:] - 1) / 2, found, BEND_DEGREE)
    bend = np.asarray(fitted(np.arange(len(straight))))
    return bend if _contrast(_levelled(level, bend)) > MIN_GAIN_OF_BEND * _contrast(level) else straight


def _followed(edges: np.ndarray) -> list[int]:
    """Return how many pixels each of the strips (n, h) is to be moved down, one after the other, the first one none."""
    height = edges.shape[1]
    room = MAX_STEP_PIXELS * len(edges)
    padded = np.pad(edges, ((0, 0), (room, room)))
    template, found = edges[0], [0]
    for strip in padded[1:]:
        moves = range(found[-1] - MAX_STEP_PIXELS, found[-1] + MAX_STEP_PIXELS + 1)
        moved = np.stack([strip[room - move : room - move + height] for move in moves])
        fit = moved @ template
        best = int(np.argmax(fit)) if fit.any() else MAX_STEP_PIXELS  # where nothing is seen, it stays
        found.append(moves[best])
        template = WEIGHT_OF_PAST * template + moved[best]
    return found


def _along(course: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Return the strength (h, w) that lies on long thin lines of that course (w,), elsewhere 0."""
    longer = max(strength.shape)
    level = cv2.blur(cv2.dilate(_levelled(strength, course), np.ones((3, 1), np.uint8)), (9, 1))
    length = int(MIN_LENGTH_IN_SIDES * longer) | 1
    lines = cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    thick = max(9, int(MAX_WIDTH_IN_SIDES * longer)) | 1
    lines = cv2.subtract(lines, cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8)))
    rows = lines.max(axis=1)
    begins = np.diff((rows > MIN_OF_STRONGEST * max(float(rows.max()), 1e-6)).astype(int)) == 1
    if np.count_nonzero(begins) < MIN_RULES:
        across = int(MIN_LONE_RULE_IN_WIDTHS * strength.shape[1]) | 1
        lines = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((1, across), np.uint8))
    room = (len(lines) - len(strength)) // 2
    return _moved(lines, -course)[room : room + len(strength)]


def _contrast(level: np.ndarray) -> float:
    """Return how much the rows of (h, w) differ from their neighbours."""
    return float((np.diff(level.mean(axis=1)) ** 2).sum())


def _straight(slope: float, width: int) -> np.ndarray:
    """Return the course (w,) of rules with that slope: how far each column is to be moved down to make them level."""
    return slope * (np.arange(width) - width / 2)


def _widened(course: np.ndarray, width: int) -> np.ndarray:
    """Return the course of a reduced picture's rules as that of a picture so many pixels wide."""
    places = np.arange(width) * len(course) / width
    return np.interp(places, np.arange(len(course)), course) * width / len(course)


def _levelled(picture: np.ndarray, course: np.ndarray) -> np.ndarray:
    """Return a picture (h, w) whose rules take that course (w,) with level ones, and with room above and below."""
    room = int(np.abs(course).max()) + 2
    return _moved(cv2.copyMakeBorder(np.ascontiguousarray(picture), room, room, 0, 0, cv2.BORDER_CONSTANT), course)


def _moved(picture: np.ndarray, course: np.ndarray) -> np.ndarray:
    """Return a picture (h, w), each column moved down as the course (w,) says."""
    rows, columns = (np.arange(side, dtype=np.float32) for side in picture.shape)
    down, moved = course.astype(np.float32), np.empty_like(picture)
    for top in range(0, len(rows), ROWS_AT_ONCE):
        y = rows[top : top + ROWS_AT_ONCE, None] - down
        moved[top : top + len(y)] = cv2.remap(picture, np.tile(columns, (len(y), 1)), y, cv2.INTER_LINEAR)
    return moved
