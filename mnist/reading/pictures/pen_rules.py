"""The rules that people draw between numbers with a pen: a table, a column ruled off, a sum's line.

They are straight runs of ink in a mask, several digits long, with writing on both sides. They need neither be level nor
quite straight, nor many, as those of paper are (`rules.py`); of one that lay nearly as those do, scraps are left.
"""

import math
from typing import NamedTuple

import cv2
import numpy as np

from mnist.reading.framing import reduced, scaled
from mnist.reading.gutters import Wall
from mnist.reading.runs import runs

SEARCH_SIDE_PIXELS = 700  # longer side of the reduced masks in which rules are sought
MIN_INK_OF_PIXEL = 0.2  # share of a reduced pixel: less is none
MIN_PATCH_IN_SIDES = 0.01  # longer sides: smaller patches are specks
MIN_RUN_ON_RULED_IN_SIDES = 0.25  # of what is left of a rule in one piece, on ruled paper: few strokes are as long
MIN_PATCHES = 4  # fewer do not tell how large digits are
MAX_RULES = 100
# Lengths are in longer sides of the usual patch.
MIN_LENGTH = 2.6  # of a rule: no digit among others is as long
MIN_RUN = 1.4  # of its straight runs, and of what is left of it in one piece: longer than a digit's strokes
MAX_WIDTH = 0.35
MAX_ASIDE = 0.12  # of what is left of a rule, from the rule
MAX_BEYOND = 0.6  # likewise, from its end
MIN_SCRAPS = 0.8  # of what is left of it in scraps, together
BEYOND_CROSSED = 0.85  # of a rule's usual width: ink that reaches so far beyond it on both sides is a stroke,
MIN_CROSSING = 0.5  # likewise: a narrower bridge joins two digits that touch it from both sides
CROSSING_DEGREES = range(-48, 49, 12)  # upright or leaning
MAX_RULED_OF_WRITING = 0.5  # share of a patch's ink that lies on rules: with more it is one
MAX_TILT_DEGREES, TILT_STEP_DEGREES = 12.0, 2.0  # either way, from the level and the upright


class _Rule(NamedTuple):
    """A level rule in a reduced mask: the pixels of its field (h, w) uint8, the field's corner, and its course.

    The course gives its y from x, both in the mask.
    """

    pixels: np.ndarray
    left: int
    top: int
    course: np.polynomial.Polynomial

    @property
    def ends(self) -> tuple[float, float, float, float]:
        """Its left end, x and y, then its right one."""
        right = self.left + self.pixels.shape[1] - 1
        return float(self.left), float(self.course(self.left)), float(right), float(self.course(right))


class Unruled(NamedTuple):
    """A mask of ink (h, w) uint8 without such rules, strokes that crossed them kept; and the rules.

    Level ones have x and y of their left end, then of their right one.
    """

    mask: np.ndarray
    upright: tuple[Wall, ...] = ()
    level: tuple[Wall, ...] = ()


def without(mask: np.ndarray, whole: np.ndarray) -> Unruled:
    """Return a mask of ink (h, w) uint8 less such rules.

    They are sought in the whole mask, which holds fainter ink, too, and the rules of paper.
    """
    small, searched = (
        (reduced(each.astype(np.float32), SEARCH_SIDE_PIXELS) > MIN_INK_OF_PIXEL).astype(np.uint8)
        for each in (mask, whole)
    )
    _, _, stats, middles = cv2.connectedComponentsWithStats(small)
    longer = stats[1:, 2:4].max(axis=1)
    is_patch = longer >= MIN_PATCH_IN_SIDES * max(small.shape)
    if np.count_nonzero(is_patch) < MIN_PATCHES:
        return Unruled(mask)
    usual = float(np.median(longer[is_patch]))
    turned = np.ascontiguousarray(small.T)
    level, upright = _level_rules(searched, usual), _level_rules(np.ascontiguousarray(searched.T), usual)
    scraps = _scraps(small, np.maximum(_zone(level, small.shape), _zone(upright, turned.shape).T), usual)
    level, upright = _left(level, small, scraps, usual), _left(upright, turned, scraps.T, usual)
    zones = _zone(level, small.shape), _zone(upright, turned.shape).T
    places = middles[1:][is_patch & ~_are_ruled(small, np.maximum(*zones))]
    are_between = _are_between(level, places) or _are_between(upright, places[:, ::-1])
    if not are_between or len(level) + len(upright) > MAX_RULES:
        return Unruled(mask)
    factor = max(mask.shape) / max(small.shape)
    mask = _taken_away(mask, zones[0], usual * factor)
    mask = np.ascontiguousarray(_taken_away(np.ascontiguousarray(mask.T), zones[1].T, usual * factor).T)
    ends = [[scaled(rule.ends, factor) for rule in rules] for rules in (upright, level)]
    return Unruled(mask, tuple((left, top, right, bottom) for top, left, bottom, right in ends[0]), tuple(ends[1]))


def _level_rules(mask: np.ndarray, usual: float) -> list[_Rule]:
    """Return the rules in a mask that are level, or nearly so."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(_runs(mask, usual))
    widths = stats[:, cv2.CC_STAT_WIDTH]
    longest_first = 1 + np.argsort(-widths[1:], kind="stable")
    long = longest_first[widths[longest_first] >= MIN_RUN * usual]
    rules = []
    for number in long[: MAX_RULES + 1].tolist():
        left, top, width, height = stats[number, :4].tolist()
        pixels = (labels[top : top + height, left : left + width] == number).astype(np.uint8)
        y, x = np.nonzero(pixels)
        rule = _Rule(pixels, left, top, np.polynomial.Polynomial.fit(x + left, y + top, 1))
        rules.append(_carried_on(rule, mask))
    return [rule for rule in rules if rule.pixels.shape[1] >= MIN_LENGTH * usual]


def _carried_on(rule: _Rule, mask: np.ndarray) -> _Rule:
    """Return a level rule as far as a mask has ink along it, as broad as it usually is.

    Where digits touch it, it is no thin run, or a broader one.
    """
    high, wide = mask.shape
    end = rule.left + rule.pixels.shape[1]
    pens = rule.pixels.sum(axis=0)
    half_pen = (float(np.median(pens)) + 1) / 2
    plain = np.flatnonzero((pens > 0) & (pens <= 2 * half_pen))
    middles = rule.top + np.arange(len(rule.pixels)) @ rule.pixels[:, plain] / pens[plain]
    x = np.arange(wide)
    course = np.where((x < rule.left) | (x >= end), rule.course(x), np.interp(x, rule.left + plain, middles))
    rows = np.rint(course).astype(int) + np.array([[-1], [0], [1]])
    is_ink = mask[rows.clip(0, high - 1), x].any(axis=0)
    first = rule.left - int(np.argmin([*is_ink[: rule.left][::-1], False]))
    after = end + int(np.argmin([*is_ink[end:], False]))
    course = course[first:after]
    top, bottom = max(0, math.floor(course.min() - half_pen)), min(high, math.ceil(course.max() + half_pen) + 1)
    field = (np.abs(np.arange(top, bottom)[:, None] - course) <= half_pen) & (mask[top:bottom, first:after] > 0)
    return rule._replace(pixels=field.astype(np.uint8), left=first, top=top) if field.any() else rule


def _runs(mask: np.ndarray, usual: float) -> np.ndarray:
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
        moved = cv2.morphologyEx(moved, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
        if moved.any():
            found |= cv2.warpAffine(moved, level, (wide, high), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    return cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))


def _scraps(mask: np.ndarray, zone: np.ndarray, usual: float) -> np.ndarray:
    """Return the patches of a mask that lie wholly on rules, given the zone of these."""
    about = 2 * max(1, round(MAX_ASIDE * usual)) + 1
    count, labels = cv2.connectedComponents(mask)
    beside = cv2.subtract(mask, cv2.dilate(zone, np.ones((about, about), np.uint8)))
    return np.asarray((np.bincount(labels[beside > 0], minlength=count) == 0)[labels] & mask, np.uint8)


def _left(rules: list[_Rule], mask: np.ndarray, scraps: np.ndarray, usual: float) -> list[_Rule]:
    """Return those of the level rules that are still there in a mask (h, w)."""
    left = [rule for rule in rules if _is_left(rule, mask, scraps, usual)]
    if 2 * len(left) >= len(rules):
        return left
    least = MIN_RUN_ON_RULED_IN_SIDES * max(mask.shape)  # the paper is ruled, and strokes may lie along its rules
    return [rule for rule in rules if _longest_run(rule, mask) >= least]


def _is_left(rule: _Rule, mask: np.ndarray, scraps: np.ndarray, usual: float) -> bool:
    """Return whether a level rule is still there in a mask (h, w): in one long stretch, or in scraps."""
    in_scraps = np.count_nonzero(_along(rule, scraps, max(1, round(MAX_ASIDE * usual))))
    return bool(_longest_run(rule, mask) >= MIN_RUN * usual or in_scraps >= MIN_SCRAPS * usual)


def _longest_run(rule: _Rule, mask: np.ndarray) -> int:
    """Return how much of a level rule is still there in a mask (h, w) in one stretch, pixels."""
    return int(np.diff(runs(_along(rule, mask, 1))).max(initial=0))


def _along(rule: _Rule, mask: np.ndarray, aside: int) -> np.ndarray:
    """Return where along a level rule (w,) bool a mask (h, w) has ink on it, or at most so many pixels aside."""
    height, width = rule.pixels.shape
    field = slice(max(0, rule.top - aside), rule.top + height + aside), slice(rule.left, rule.left + width)
    pixels = np.zeros(mask[field].shape, np.uint8)
    pixels[rule.top - field[0].start :][:height] = rule.pixels
    zone = cv2.dilate(pixels, np.ones((2 * aside + 1, 1), np.uint8))
    return np.asarray((mask[field] & zone).any(axis=0))


def _zone(rules: list[_Rule], shape: tuple[int, ...]) -> np.ndarray:
    """Return a mask (h, w) uint8 of the rules."""
    zone = np.zeros(shape, np.uint8)
    for rule in rules:
        height, width = rule.pixels.shape
        zone[rule.top : rule.top + height, rule.left : rule.left + width] |= rule.pixels
    return zone


def _are_ruled(mask: np.ndarray, zone: np.ndarray) -> np.ndarray:
    """Return which of a mask's patches (n,) bool are rules themselves."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    ruled = np.bincount(labels[zone > 0], minlength=count)
    return np.asarray(ruled[1:] >= MAX_RULED_OF_WRITING * stats[1:, cv2.CC_STAT_AREA])


def _are_between(rules: list[_Rule], places: np.ndarray) -> bool:
    """Return whether one of the rules has some of the places (n, 2), x and y, on either side."""
    for rule in rules:
        start, _, end, _ = rule.ends
        x, y = places[(places[:, 0] > start) & (places[:, 0] < end)].T
        below = y > rule.course(x)
        if below.any() and not below.all():
            return True
    return False


def _taken_away(mask: np.ndarray, zone: np.ndarray, usual: float) -> np.ndarray:
    """Return the mask (h, w) less level rules of a reduced one, and what is left so near; strokes that cross stay."""
    if not zone.any():
        return mask
    rules = cv2.resize(zone, mask.shape[::-1], interpolation=cv2.INTER_NEAREST)
    beside = _beside(mask, rules, usual, max(mask.shape) / max(zone.shape))
    _put_back_crossing(beside, mask, rules, zone)
    return beside


def _beside(mask: np.ndarray, rules: np.ndarray, usual: float, factor: float) -> np.ndarray:
    """Return the mask (h, w) less rules, and less scraps and fringes of them; `factor`: a reduced pixel's side."""
    beside = cv2.subtract(mask, rules)
    count, labels = cv2.connectedComponents(beside)
    aside, beyond = (2 * max(1, round(share * usual)) + 1 for share in (MAX_ASIDE, MAX_BEYOND))
    far = cv2.subtract(beside, cv2.dilate(rules, np.ones((aside, beyond), np.uint8)))
    beside = np.asarray((np.bincount(labels[far > 0], minlength=count) > 0)[labels] & beside, np.uint8)
    fringe = math.ceil(factor)  # a rule's edge lies somewhere in a reduced pixel
    about = np.ones((2 * fringe + 1, 1), np.uint8)
    strokes = cv2.subtract(beside, cv2.dilate(rules, about))
    return np.minimum(beside, cv2.dilate(strokes, np.ones((2 * fringe + 3, 2 * fringe + 3), np.uint8)))


def _put_back_crossing(beside: np.ndarray, mask: np.ndarray, rules: np.ndarray, zone: np.ndarray) -> None:
    """Put back what strokes of a mask (h, w) cover of the rules that they cross; `zone`: the rules in a reduced one."""
    factor = max(mask.shape) / max(zone.shape)
    thick = np.count_nonzero(rules) / np.count_nonzero(np.diff(rules, axis=0, prepend=0) == 1)  # of each rule's own
    lines = [_line((1 + 2 * BEYOND_CROSSED) * thick, degrees) for degrees in CROSSING_DEGREES]
    middle = cv2.erode(rules, np.ones((2 * int(thick / 4) + 1, 1), np.uint8))
    pen = np.ones((1, max(1, round(MIN_CROSSING * thick))), np.uint8)
    room = max(map(max, (line.shape for line in lines)))
    for left, top, width, height, _ in cv2.connectedComponentsWithStats(zone)[2][1:].tolist():  # near each rule alone
        there = tuple(
            slice(max(0, int(start * factor) - room), math.ceil((start + side) * factor) + room)
            for start, side in ((top, height), (left, width))
        )
        near, own = mask[there], middle[there]
        across = [cv2.morphologyEx(np.minimum(cv2.erode(near, line), own), cv2.MORPH_OPEN, pen) for line in lines]
        crossing = np.maximum.reduce([cv2.dilate(each, line) for each, line in zip(across, lines, strict=True)])
        np.maximum(beside[there], np.minimum(crossing, rules[there]), out=beside[there])


def _line(high: float, degrees: float) -> np.ndarray:
    """Return a line so many pixels high that leans by so many degrees from the upright, (h, w) uint8."""
    half = math.ceil(high / 2)
    aside = round(half * math.tan(math.radians(degrees)))
    line = np.zeros((2 * half + 1, 2 * abs(aside) + 1), np.uint8)
    return cv2.line(line, (abs(aside) - aside, 0), (abs(aside) + aside, 2 * half), 1)
