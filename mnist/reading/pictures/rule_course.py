"""The course that rules of paper take through a picture: tilted, like a fan in perspective, bent on a bent page.

It is the one along which the rows of the picture differ most from their neighbours.
"""

from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

import cv2
import numpy as np

MAX_TILT_DEGREES = 20.0  # either way, of all rules,
MAX_FAN_DEGREES = 7.5  # and of those in the upper or the lower half from that,
COARSE_STEP_DEGREES = 1.5  # in which both are sought together,
FINE_STEPS_DEGREES = (0.5, 0.25, 0.125)  # and then, one after another, nearby
MIN_GAIN_OF_TILT = 1.02  # in contrast, of each tilt over those before it, from the left to the right
MIN_GAIN_OF_FAN = 1.1  # likewise: what is less may be chance
MIN_GAIN_OF_BEND = 1.1
MAX_SPREAD = 0.3  # by which rules may come nearer to each other, or go further apart, at the picture's side
STRIPS = 40  # upright ones, in which a tilt is sought and a bend is followed
MAX_STEP_PIXELS = 3  # of the reduced picture, from a strip to the next
WEIGHT_OF_PAST = 0.8  # of the strips before the last one, when the next is laid on them
BRIGHT = 0.9  # quantile of the strengths: ink is far stronger than most rules, and counts for no more than that
BEND_DEGREE = 6  # of the polynomial that a bend is smoothed to
PIXELS_AT_ONCE = 128_000  # of a picture that is moved: where each comes from takes twice its memory


class Course(NamedTuple):
    """The course of the rules of a picture (h, w), from its left to its right, as what makes them level."""

    down: np.ndarray  # (w,) how many pixels each column is to be moved down,
    spread: np.ndarray  # (w,) and how many times as far from each other its rules are as in the middle column


def find(small: np.ndarray) -> Course:
    """Return the course along which the rows of a reduced picture (h, w) differ most."""
    tilted = _fan(small, _slope(small))
    bend = _bend(levelled(small, tilted))
    return Course(tilted.down + tilted.spread * bend, tilted.spread)


def _slope(small: np.ndarray) -> float:
    """Return the slope, by which y falls with x, at which the rows of a reduced picture differ most."""
    strips, wide = _strips(small)
    best, best_slope = 0.0, 0.0
    for tilt in np.arange(-MAX_TILT_DEGREES, MAX_TILT_DEGREES + 0.1, 0.5):
        slope = float(np.tan(np.deg2rad(tilt)))
        contrast = _contrast(levelled(strips, _straight((wide * slope, wide * slope), strips.shape)))
        if contrast > MIN_GAIN_OF_TILT * best:
            best, best_slope = contrast, slope
    return best_slope


def _strips(small: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the means (h, n) of a reduced picture in upright strips, and how many pixels wide they are."""
    count = min(STRIPS, small.shape[1])
    return cv2.resize(small, (count, len(small)), interpolation=cv2.INTER_AREA), small.shape[1] / count


def _fan(small: np.ndarray, slope: float) -> Course:
    """Return the course of a reduced picture's rules: with that slope, or like a fan if they fit that far better.

    Parallel lines in perspective meet in a point, so that their slope changes evenly from one to the next: how steep
    they are in the upper and in the lower half tells all of it.
    """
    if min(small.shape) < STRIPS or not small.any():
        return _straight((slope, slope), small.shape)
    small = np.minimum(small, np.quantile(small[small > 0], BRIGHT))
    finer = slope
    for step in np.deg2rad(FINE_STEPS_DEGREES[1:]):
        finer, _ = _best_of(small, [(each, each) for each in (finer, finer - step, finer + step)])
    straight = _straight((finer, finer), small.shape)
    strips, wide = _strips(small)
    slopes = wide * (slope + np.deg2rad(np.arange(-MAX_FAN_DEGREES, MAX_FAN_DEGREES + 0.1, COARSE_STEP_DEGREES)))
    upper, lower = _best_of(cv2.GaussianBlur(strips, (1, 5), 0), product(slopes, slopes))
    best = (upper / wide, lower / wide)
    for step in np.deg2rad(FINE_STEPS_DEGREES):
        uppers, lowers = ((each - step, each, each + step) for each in best)
        best = _best_of(small, product(uppers, lowers))
    fan = _straight(best, small.shape)
    gained = _contrast(levelled(small, fan)) > MIN_GAIN_OF_FAN * _contrast(levelled(small, straight))
    return fan if gained else straight


def _best_of(small: np.ndarray, slopes: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return those slopes in the upper and the lower half at which the rows of a reduced picture differ most."""
    return max(slopes, key=lambda each: _contrast(levelled(small, _straight(each, small.shape))))


def _bend(level: np.ndarray) -> np.ndarray:
    """Return how far, (w,), a reduced picture's rules leave the level; nothing if they are nearly straight.

    From the middle outwards, each strip is laid on those before it, where its edges fit best.
    """
    straight = np.zeros(level.shape[1])
    if min(level.shape) < STRIPS or not level.any():
        return straight
    level = np.minimum(level, np.quantile(level[level > 0], BRIGHT))
    places = np.linspace(0, len(straight), STRIPS + 1).astype(int)
    strips = np.add.reduceat(level, places[:-1], axis=1) / np.diff(places)
    edges = cv2.GaussianBlur(np.diff(strips, axis=0, prepend=0), (1, 5), 0).T
    edges = edges / np.maximum(np.linalg.norm(edges, axis=1, keepdims=True), 1e-9)
    middle = len(edges) // 2
    found = np.concatenate([_followed(edges[middle::-1])[:0:-1], _followed(edges[middle:])])
    fitted = np.polynomial.Polynomial.fit((places[:-1] + places[1:] - 1) / 2, found, BEND_DEGREE)
    bend = np.asarray(fitted(np.arange(len(straight))))
    bent = levelled(level, Course(bend, np.ones_like(bend)))
    return bend if _contrast(bent) > MIN_GAIN_OF_BEND * _contrast(level) else straight


def _followed(edges: np.ndarray) -> list[float]:
    """Return how many pixels each of the strips (n, h) is to be moved down, one after the other, the first one none."""
    height = edges.shape[1]
    room = (MAX_STEP_PIXELS + 1) * len(edges)
    padded = np.pad(edges, ((0, 0), (room, room)))
    template, found = edges[0], [0.0]
    for strip in padded[1:]:
        moves = range(round(found[-1]) - MAX_STEP_PIXELS, round(found[-1]) + MAX_STEP_PIXELS + 1)
        moved = np.stack([strip[room - move : room - move + height] for move in moves])
        fit = moved @ template
        best = int(np.argmax(fit)) if fit.any() else MAX_STEP_PIXELS  # where nothing is seen, it stays
        further = _of_parabola(fit[best - 1 : best + 2]) if 0 < best < len(moves) - 1 else 0.0
        found.append(moves[best] + further)
        other = moved[best + int(np.sign(further))]
        template = WEIGHT_OF_PAST * template + (1 - abs(further)) * moved[best] + abs(further) * other
    return found


def _of_parabola(heights: np.ndarray) -> float:
    """Return how far from the middle one of three heights (3,), in steps, the top of the parabola through them is."""
    before, middle, after = heights
    curvature = before - 2 * middle + after
    return float((before - after) / (2 * curvature)) if curvature else 0.0


def _contrast(level: np.ndarray) -> float:
    """Return how much the rows of (h, w) differ from their neighbours."""
    return float((np.diff(level.mean(axis=1)) ** 2).sum())


def _straight(slopes: tuple[float, float], shape: tuple[int, ...]) -> Course:
    """Return the course of straight rules in (h, w), given their slopes in the middle of its upper and lower half."""
    upper, lower = slopes
    x = np.arange(shape[1]) - shape[1] / 2
    fan = (lower - upper) / (shape[0] / 2)
    limit = MAX_SPREAD / max(shape[1] / 2, 1)
    return Course((upper + lower) / 2 * x, 1 - float(np.clip(fan, -limit, limit)) * x)


def widened(course: Course, shape: tuple[int, ...]) -> Course:
    """Return the course of a reduced picture's rules as that of a picture (h, w)."""
    height, width = shape
    x, old = np.arange(width) * len(course.down) / width, np.arange(len(course.down))
    down = np.interp(x, old, course.down) * width / len(old)
    return Course(down.clip(-height, height), np.interp(x, old, course.spread))


def levelled(picture: np.ndarray, course: Course) -> np.ndarray:
    """Return a picture (h, w) whose rules take that course with level ones, and with room above and below."""
    beyond = (np.abs(course.down) + len(picture) / 2 * np.abs(course.spread - 1)) / course.spread
    room = int(beyond.max()) + 2
    return _moved(cv2.copyMakeBorder(np.ascontiguousarray(picture), room, room, 0, 0, cv2.BORDER_CONSTANT), course)


def unlevelled(level: np.ndarray, course: Course, height: int) -> np.ndarray:
    """Return a picture (height, w) as it was before its rules were levelled."""
    room = (len(level) - height) // 2
    return _moved(level, Course(-course.down / course.spread, 1 / course.spread))[room : room + height]


def _moved(picture: np.ndarray, course: Course) -> np.ndarray:
    """Return a picture (h, w), each column moved down, and drawn together to its middle, as the course says."""
    rows, columns = (np.arange(side, dtype=np.float32) for side in picture.shape)
    middle = np.float32(len(rows) / 2)
    down, spread = (each.astype(np.float32) for each in course)
    moved = np.empty_like(picture)
    at_once = max(1, PIXELS_AT_ONCE // len(columns))  # rows
    for top in range(0, len(rows), at_once):
        y = middle + (rows[top : top + at_once, None] - middle) * spread - down
        moved[top : top + len(y)] = cv2.remap(picture, np.tile(columns, (len(y), 1)), y, cv2.INTER_LINEAR)
    return moved
