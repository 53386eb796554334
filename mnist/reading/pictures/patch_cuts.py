"""Cuts through a connected patch of ink where two digits may touch.

They run from top to bottom as seams of the least ink (seam carving: Avidan, Shamir, 2007). Lengths in heights are
relative to the usual height of the picture's patches; a pen is the pen's width.
"""

import cv2
import numpy as np

MIN_WIDTH_IN_HEIGHTS = 0.5  # a patch as wide as this may hold two digits
MIN_WIDTH_ALONE_IN_HEIGHTS = 1.1  # and as wide as this if it is the only one: it may also be a letter
MAX_WIDTH_IN_OWN_HEIGHTS = 12.0  # a wider patch is a rule, not as many digits
MIN_HEIGHT_IN_HEIGHTS = 0.5
SCALED_HEIGHT_PIXELS = 100  # a taller patch is made as low as this to seek cuts
MIN_CUT_DISTANCE_IN_HEIGHTS = 0.12
MIN_SIDE_OF_INK = 0.12  # share of a patch's ink on either side of a cut
MIN_SIDE_IN_HEIGHTS = 0.45  # how tall the ink on either side is at least
MAX_CROSSED_PENS = 4.0  # of ink, by a cut
MAX_CUTS = 8
MAX_WANDER_IN_HEIGHTS = 0.1  # of a cut from its column
SIDESTEP_COST = 0.02  # of what crossing a pixel of ink costs


def cut(patch: np.ndarray, pen: float, usual_height: float, among_others: bool) -> tuple[list[np.ndarray], list[float]]:
    """Return the parts that cuts make of a patch of ink (h, w) bool, left to right, each (h, w) bool.

    Then how many pens of ink each of the cuts crosses; without a cut the patch is the only part.
    """
    height, width = patch.shape
    least_width = MIN_WIDTH_IN_HEIGHTS if among_others else MIN_WIDTH_ALONE_IN_HEIGHTS
    wide = least_width * usual_height <= width <= MAX_WIDTH_IN_OWN_HEIGHTS * height
    if not wide or height < MIN_HEIGHT_IN_HEIGHTS * usual_height:
        return [patch], []
    scale = max(1.0, height / SCALED_HEIGHT_PIXELS)
    size = max(1, round(width / scale)), max(1, round(height / scale))
    small = cv2.resize(patch.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0
    cuts_left = np.zeros((height, width), np.int64)  # how many cuts lie left of each pixel
    crossed = []
    for path, pens in _cuts(small, max(2.0, pen / scale), usual_height / scale):
        columns = np.interp(np.arange(height), (np.arange(len(path)) + 0.5) * scale, path * scale)
        cuts_left += np.arange(width)[None] >= columns[:, None]
        crossed.append(pens)
    parts = [patch & (cuts_left == number) for number in range(len(crossed) + 1)]
    crossed = [pens for pens, part in zip(crossed, parts[:-1], strict=True) if part.any()]
    return [part for part in parts if part.any()], crossed


def _cuts(ink: np.ndarray, pen: float, usual_height: float) -> list[tuple[np.ndarray, float]]:
    """Return cuts through ink (h, w) bool, left to right: for each row the first column (h,) on the right side.

    With each how many pens of ink it crosses. Of the cheapest ways near each column these are the ones that cross
    little, leave enough on both sides, and lie far enough from better ones.
    """
    paths, crossed = _seams(ink, max(1, round(MAX_WANDER_IN_HEIGHTS * usual_height)))
    enough = _leave_enough(ink, paths, usual_height)
    least_distance = MIN_CUT_DISTANCE_IN_HEIGHTS * usual_height
    chosen: list[tuple[np.ndarray, float]] = []
    for column in np.argsort(crossed, kind="stable"):
        path = paths[:, column]
        if crossed[column] > MAX_CROSSED_PENS * pen or len(chosen) == MAX_CUTS:
            break
        if enough[column] and all(np.abs(other - path).mean() >= least_distance for other, _ in chosen):
            chosen.append((path, float(crossed[column]) / pen))
    return sorted(chosen, key=lambda cut: float(cut[0].mean()))


def _leave_enough(ink: np.ndarray, paths: np.ndarray, usual_height: float) -> np.ndarray:
    """Return (n,) bool: whether each of `paths` (h, n) leaves enough of the ink (h, w) on both of its sides."""
    before = np.pad(ink.cumsum(axis=1), ((0, 0), (1, 0)))  # (h, w + 1): how much stands left of each column
    left = np.take_along_axis(before, paths.clip(0, ink.shape[1]), axis=1)  # (h, n)
    enough = np.ones(paths.shape[1], bool)
    for side in (left, before[:, -1:] - left):
        tall = len(ink) - 1 - (side > 0).argmax(axis=0) - (side[::-1] > 0).argmax(axis=0)
        enough &= (side.sum(axis=0) >= MIN_SIDE_OF_INK * ink.sum()) & (tall >= MIN_SIDE_IN_HEIGHTS * usual_height)
    return enough


def _seams(ink: np.ndarray, reach: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the cheapest way down near each column of ink (h, w): its columns (h, w), and the ink it crosses (w,).

    Each stays within `reach` pixels of its column; ways of eight neighbours, by dynamic programming, all columns at
    once.
    """
    height, width = ink.shape
    padded = np.pad(ink.astype(np.float32), ((0, 0), (reach, reach)))
    cost = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=1)  # (h, w, band)
    came = np.zeros(cost.shape, np.int8)
    total = cost[0]
    edge = np.full((width, 1), np.inf, np.float32)
    for row in range(1, height):
        aside = total + SIDESTEP_COST
        before = np.stack([np.hstack([edge, aside[:, :-1]]), total, np.hstack([aside[:, 1:], edge])])
        step = before.argmin(axis=0)
        came[row] = step - 1
        total = cost[row] + np.take_along_axis(before, step[None], 0)[0]
    at = total.argmin(axis=1)
    paths = np.zeros((height, width), np.int64)
    for row in range(height - 1, -1, -1):
        paths[row] = at
        at = at + came[row, np.arange(width), at]
    paths += np.arange(width) - reach
    return paths, total.min(axis=1)
