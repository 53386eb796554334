"""The few rules that people draw between numbers with a pen: a table without a frame, a column ruled off, a sum's line.

They are straight runs of ink in a mask, several digits long, with writing on both sides. They need neither be level nor
quite straight, nor many, as those of paper are (`rules.py`), which also leaves pieces of such rules where it cut them.
"""

from typing import NamedTuple

import cv2
import numpy as np

from mnist.reading.framing import reduced
from mnist.reading.gutters import Wall

SEARCH_SIDE_PIXELS = 700  # longer side of the reduced mask in which rules are sought
MIN_INK_OF_PIXEL = 0.2  # share of a reduced pixel: less is none
MIN_PATCH_IN_SIDES = 0.01  # longer sides: smaller patches are specks
MAX_RULES = 100
MIN_PATCHES = 4  # fewer do not tell how large digits are
MAX_RULED_OF_WRITING = 0.5  # share of a patch that lies on rules: with more it is one
# Lengths are in longer sides of the usual patch.
MIN_LENGTH = 2.8  # of a rule, with its pieces: no digit among others is as long
MIN_LENGTH_OF_ONE = 1.8  # of its longest piece
MIN_RUN = 1.4  # of its straight runs: longer than a digit's strokes
MAX_WIDTH = 0.35
MAX_GAP = 0.2  # where it was broken by a rule that was taken away
MAX_ASIDE = 0.12  # from a rule's straight course: an edge, or a piece of it
MAX_GAP_OF_PIECES = 0.8  # from a rule to a piece of it, along its course
MAX_TILT_DEGREES, TILT_STEP_DEGREES = 12.0, 2.0  # either way, from the level and the upright


class _Rule(NamedTuple):
    """A rule in a reduced mask: its pixels (h, w) uint8, and its ends (2, 2), each x and y."""

    pixels: np.ndarray
    ends: np.ndarray
    is_upright: bool

    def along(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how far points (n, 2) lie along its course, from its first end, and to one side of it, (n,) each."""
        way = (self.ends[1] - self.ends[0]) / max(float(np.linalg.norm(self.ends[1] - self.ends[0])), 1e-9)
        moved = points - self.ends[0]
        return moved @ way, moved @ np.array([-way[1], way[0]])

    @property
    def length(self) -> float:
        return float(np.linalg.norm(self.ends[1] - self.ends[0]))


def without(mask: np.ndarray, faint: np.ndarray) -> tuple[np.ndarray, tuple[Wall, ...]]:
    """Return a mask of ink (h, w) uint8 less such rules, strokes that cross them kept, and the upright ones of these.

    The rules are sought in another mask, which holds fainter ink, too.
    """
    small, small_faint = (
        (reduced(each.astype(np.float32), SEARCH_SIDE_PIXELS) > MIN_INK_OF_PIXEL).astype(np.uint8)
        for each in (mask, faint)
    )
    _, labels, stats, middles = cv2.connectedComponentsWithStats(small)
    longer = stats[1:, 2:4].max(axis=1)
    is_patch = longer >= MIN_PATCH_IN_SIDES * max(small.shape)
    if np.count_nonzero(is_patch) < MIN_PATCHES:
        return mask, ()
    usual = float(np.median(longer[is_patch]))
    whole = (_with_pieces(rule, small, usual) for rule in _rules(small_faint, usual))
    found = [rule for rule in whole if rule.length >= MIN_LENGTH * usual]
    if not found:
        return mask, ()
    ruled = np.bincount(labels[np.maximum.reduce([rule.pixels for rule in found]) > 0], minlength=len(stats))[1:]
    writing = middles[1:][is_patch & (ruled < MAX_RULED_OF_WRITING * stats[1:, cv2.CC_STAT_AREA])]
    if not any(_is_between(rule, writing) for rule in found):
        return mask, ()
    factor = max(mask.shape) / max(small.shape)
    for is_upright in (False, True):
        own = [rule.pixels for rule in found if rule.is_upright == is_upright]
        if own:
            mask = _taken_away(mask, np.maximum.reduce(own), max(1, round(MAX_ASIDE * usual * factor)), is_upright)
    walls = (rule.ends * factor for rule in found if rule.is_upright)
    return mask, tuple((float(a[0]), float(a[1]), float(b[0]), float(b[1])) for a, b in walls)


def _rules(mask: np.ndarray, usual: float) -> list[_Rule]:
    """Return what may be rules in a mask, or pieces of them; nothing if there are too many for a pen's."""
    level = _level_rules(mask, usual, 0.0)  # digits' own level strokes stand end to end
    turned = _level_rules(np.ascontiguousarray(mask.T), usual, MAX_GAP * usual)
    rules = [*level, *(_Rule(rule.pixels.T, rule.ends[:, ::-1], True) for rule in turned)]
    return rules if len(rules) <= MAX_RULES else []


def _level_rules(mask: np.ndarray, usual: float, gap: float) -> list[_Rule]:
    """Return likewise what is level, or nearly so, and may be broken by a gap of so many pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(_runs(mask, usual, gap))
    long = 1 + np.flatnonzero(stats[1:, cv2.CC_STAT_WIDTH] >= MIN_LENGTH_OF_ONE * usual)
    rules = []
    for number in long[: MAX_RULES + 1].tolist():
        pixels = (labels == number).astype(np.uint8)
        y, x = np.nonzero(pixels)
        course = np.polynomial.Polynomial.fit(x, y, 1)
        ends = np.array([[end, float(course(end))] for end in (x.min(), x.max())])
        rules.append(_Rule(pixels, ends, False))
    return rules


def _runs(mask: np.ndarray, usual: float, gap: float) -> np.ndarray:
    """Return the ink of a mask that lies in thin straight runs, level or nearly so."""
    run, thick = (max(3, round(length * usual)) | 1 for length in (MIN_RUN, MAX_WIDTH))
    broad = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
    thin = cv2.subtract(mask, cv2.dilate(broad, np.ones((3, 3), np.uint8)))
    high, wide = mask.shape
    found = np.zeros_like(mask)
    for tilt in np.arange(-MAX_TILT_DEGREES, MAX_TILT_DEGREES + 0.1, TILT_STEP_DEGREES):
        slope = float(np.tan(np.deg2rad(tilt)))
        room = int(abs(slope) * wide / 2) + 2
        level = np.array([[1, 0, 0], [slope, 1, room - slope * wide / 2]])
        moved = cv2.warpAffine(thin, level, (wide, high + 2 * room), flags=cv2.INTER_NEAREST)
        moved = cv2.dilate(moved, np.ones((3, 1), np.uint8))  # as the tilt is not quite the rule's
        moved = cv2.morphologyEx(moved, cv2.MORPH_CLOSE, np.ones((1, round(gap) | 1), np.uint8))
        moved = cv2.morphologyEx(moved, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
        if moved.any():
            found |= cv2.warpAffine(moved, level, (wide, high), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    return cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))


def _is_between(rule: _Rule, places: np.ndarray) -> bool:
    """Return whether some of the places (n, 2) lie on either side of a rule."""
    along, aside = rule.along(places)
    beside = aside[(along > 0) & (along < rule.length)]
    return bool((beside > 0).any() and (beside < 0).any())


def _with_pieces(rule: _Rule, small: np.ndarray, usual: float) -> _Rule:
    """Return a rule with the patches of a mask that are pieces of it: on its course, and not far from each other."""
    rest = cv2.subtract(small, cv2.dilate(rule.pixels, np.ones((3, 3), np.uint8)))
    count, labels = cv2.connectedComponents(rest)
    y, x = np.nonzero(rest)
    own = labels[y, x].astype(np.intp)
    along, aside = rule.along(np.stack([x, y], axis=1))
    farthest, first, last = np.zeros(count), np.full(count, np.inf), np.full(count, -np.inf)
    np.maximum.at(farthest, own, np.abs(aside))
    np.minimum.at(first, own, along)
    np.maximum.at(last, own, along)
    on_course = 1 + np.flatnonzero(farthest[1:] <= MAX_ASIDE * usual)
    gap = MAX_GAP_OF_PIECES * usual
    start, end, taken = 0.0, rule.length, []
    for number in sorted(on_course.tolist(), key=lambda number: max(-last[number], first[number] - rule.length)):
        if first[number] <= end + gap and last[number] >= start - gap:
            start, end = min(start, first[number]), max(end, last[number])
            taken.append(number)
    way = (rule.ends[1] - rule.ends[0]) / rule.length
    pixels = rule.pixels | np.isin(labels, taken).astype(np.uint8)
    return rule._replace(pixels=pixels, ends=rule.ends[0] + np.outer((start, end), way))


def _taken_away(mask: np.ndarray, rules: np.ndarray, about: int, is_upright: bool) -> np.ndarray:
    """Return the mask (h, w) less rules of a reduced one and what is left so near to them; strokes that cross stay."""
    large = cv2.resize(rules, mask.shape[::-1], interpolation=cv2.INTER_NEAREST)
    wide = np.count_nonzero(large) / np.count_nonzero(large.any(axis=int(is_upright)))

    def across(reach: int) -> np.ndarray:
        return np.ones((1, reach) if is_upright else (reach, 1), np.uint8)

    zone = cv2.dilate(large, across(2 * about + 1))
    beside = cv2.subtract(mask, zone)
    reach = 2 * about + round(1.5 * wide) + 2
    before = cv2.dilate(beside, across(reach), anchor=(0, 0))
    behind = cv2.dilate(beside, across(reach), anchor=(reach - 1, 0) if is_upright else (0, reach - 1))
    return np.asarray(beside | (mask & before & behind))
