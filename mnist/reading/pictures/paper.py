"""A sheet of paper that does not fill its picture: what lies around it, a table or a lap, is no ink and no ground.

It is lighter than what lies around it, or, like a sticky note, more colourful.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from mnist.reading.framing import reduced
from mnist.reading.pictures.outlines import corners_of

SEARCH_SIDE_PIXELS = 200  # longer side of the reduced picture in which the sheet is sought
THRESHOLDS = 2  # of lightness: the second parts what is light from what is lighter
MEDIAN_PIXELS = 5  # side of the square whose median each pixel is there: grain and thin ink are gone
MIN_SHEET_OF_PICTURE, MAX_SHEET_OF_PICTURE = 0.03, 0.96  # share of its area
MIN_CONTRAST = 0.12  # of black to white, between the two sides of the sheet's edge
NEAR_EDGE_PIXELS = 9  # of the reduced picture: twice how far these sides reach; uneven light changes less on the way
MIN_FILLED = 0.8  # share of the sheet that is light: it is written on, but not a broad light digit
MAX_LIGHT_AROUND = 0.4  # share of what lies around it that is as light: a digit at the edge cuts corners off as well
MAX_CORNERS = 6  # of a quadrilateral that the picture's edge cuts off once or twice
MIN_TORN_OF_RECTANGLE = 0.85  # share that it covers of the rectangle around it: a round 0 covers 0.79
MIN_TORN_OF_HULL = 0.93  # share of its hull: its edge is rough, but has no dents
MAX_LENGTH_IN_WIDTHS = 5.0  # of the sheet: a pen that lies there and a highlighter's stroke are longer
MIN_CORNERS_IN_SIGHT = 2  # of what is certainly a sheet: a shadow's edge, or that of a table, has fewer
MIN_BESIDE_OF_PICTURE = 0.03  # share that lies off its edge beside what may be one: less is a frame
GROUND_SIDE_PIXELS = 64  # longer side of the reduced picture in which the sheet is continued
GROUND_BLUR_PIXELS = 8.0  # deviation, of that picture: light changes slowly, and what is written is gone
EDGE_OF_SHEET = 0.02  # longer sides of the picture: so much of the sheet's own edge does not count


@dataclass(frozen=True, eq=False)
class Sheet:
    """What may be a sheet of paper in a picture: which of its pixels (h, w) bool are on it and `beside` it.

    Along its edge they are neither. If not `is_certain`, most of its corners are out of sight, and this may be the lit
    side of a shadow's edge.
    """

    pixels: np.ndarray
    beside: np.ndarray
    is_certain: bool


def sheet(light: np.ndarray) -> np.ndarray | None:
    """Return which pixels (h, w) bool certainly lie on a sheet, off its edge; None if it fills the picture, or is none.

    `light` is as for `sheets`.
    """
    return next((found.pixels for found in sheets(light) if found.is_certain), None)


def sheets(light: np.ndarray) -> Iterator[Sheet]:
    """Yield what may be a sheet of paper that does not fill the picture, the darkest first.

    `light` is the picture's lightness (h, w), or whatever else the sheet has more of than what lies around it, 0 to 1.
    """
    small = cv2.medianBlur((reduced(light, SEARCH_SIDE_PIXELS) * 255).clip(0, 255).astype(np.uint8), MEDIAN_PIXELS)
    lighter = small.ravel()
    for _ in range(THRESHOLDS):
        threshold, _ = cv2.threshold(lighter, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        corners = _corners_of_sheet(small, small > threshold)
        if corners is not None:
            inside = _filled(corners, small.shape)
            own, beside = (
                cv2.resize(_off_edge(side).astype(np.uint8), light.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
                for side in (inside, ~inside)
            )
            is_certain = _in_sight(corners, small.shape) >= MIN_CORNERS_IN_SIGHT
            if own.any() and (is_certain or beside.mean() > MIN_BESIDE_OF_PICTURE):
                yield Sheet(own, beside, is_certain)
        lighter = lighter[lighter > threshold]
        if not len(lighter):
            return


def _corners_of_sheet(small: np.ndarray, bright: np.ndarray) -> np.ndarray | None:
    """Return the corners (n, 2) int32 of a sheet in a reduced picture (h, w) uint8, given which are `bright`, or None.

    All of its outline are corners if it is torn.
    """
    contours, _ = cv2.findContours(bright.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    corners = _corners(max(contours, key=cv2.contourArea))
    if corners is None or _length_in_widths(corners) > MAX_LENGTH_IN_WIDTHS:
        return None
    inside = _filled(corners, small.shape)
    if not MIN_SHEET_OF_PICTURE < inside.mean() < MAX_SHEET_OF_PICTURE:
        return None
    near = np.ones((NEAR_EDGE_PIXELS, NEAR_EDGE_PIXELS), np.uint8)
    within = inside & (cv2.erode(inside.astype(np.uint8), near) == 0)
    beyond = ~inside & (cv2.dilate(inside.astype(np.uint8), near) > 0)
    contrast = (np.median(small[within]) - np.median(small[beyond])) / 255
    if contrast < MIN_CONTRAST or bright[inside].mean() < MIN_FILLED or bright[~inside].mean() > MAX_LIGHT_AROUND:
        return None
    return corners


def _filled(corners: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return which pixels of a picture of that shape, (h, w) bool, lie between corners (n, 2)."""
    return cv2.fillPoly(np.zeros(shape, np.uint8), [corners], 1).astype(bool)


def _in_sight(corners: np.ndarray, shape: tuple[int, ...]) -> int:
    """Return how many corners (n, 2) are not at the edge of a picture of that shape: it did not cut the sheet there."""
    high, wide = shape
    x, y = corners.T
    nearest = np.minimum(np.minimum(x, wide - 1 - x), np.minimum(y, high - 1 - y))
    return int(np.count_nonzero(nearest > EDGE_OF_SHEET * max(shape)))


def _off_edge(inside: np.ndarray) -> np.ndarray:
    """Return the pixels (h, w) bool of a sheet without its own edge."""
    edge = max(3, round(2 * EDGE_OF_SHEET * max(inside.shape)) | 1)
    around = np.pad((~inside).astype(np.uint8), edge, constant_values=0)
    return np.asarray(cv2.dilate(around, np.ones((edge, edge), np.uint8))[edge:-edge, edge:-edge] == 0)


def _corners(outline: np.ndarray) -> np.ndarray | None:
    """Return the corners (n, 2) int32 of a sheet with that outline, all of it if it is torn; None if it is none."""
    corners = corners_of(outline)
    if corners is not None and 4 <= len(corners) <= MAX_CORNERS:
        return corners
    hull = cv2.convexHull(outline)
    is_torn = cv2.contourArea(hull) >= MIN_TORN_OF_RECTANGLE * math.prod(cv2.minAreaRect(outline)[1])
    is_whole = cv2.contourArea(outline) >= MIN_TORN_OF_HULL * cv2.contourArea(hull)
    return np.asarray(outline[:, 0]) if is_torn and is_whole else None


def _length_in_widths(corners: np.ndarray) -> float:
    """Return how many times as long as wide the smallest rectangle around some points (n, 2) is."""
    shorter, longer = sorted(cv2.minAreaRect(corners)[1])
    return longer / max(shorter, 1.0)


def alone(light: np.ndarray, on_sheet: np.ndarray) -> np.ndarray:
    """Return the picture's lightness (h, w) with the sheet continued, smoothly, beyond its edge."""
    own = reduced(on_sheet.astype(np.float32), GROUND_SIDE_PIXELS)
    paper = reduced(light * on_sheet, GROUND_SIDE_PIXELS)
    side = GROUND_SIDE_PIXELS * 2 + 1  # of the blur's kernel: it reaches over all of the picture
    weights = cv2.GaussianBlur(own, (side, side), GROUND_BLUR_PIXELS) + 1e-12
    ground = cv2.GaussianBlur(paper, (side, side), GROUND_BLUR_PIXELS) / weights
    around = cv2.resize(ground, light.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(on_sheet, light, around).astype(np.float32)
