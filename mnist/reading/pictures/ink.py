"""The ink of a photograph: pixels darker than their paper or lighter than their board, without ruled lines.

The ground is the median of a wide neighbourhood, which follows uneven light and the edge of a shadow; ink is what
differs from it by more than grain does. What lies on rules is taken away (`rules.py`).
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from mnist.reading.framing import reduced
from mnist.reading.gutters import Wall
from mnist.reading.pictures import pen_rules, rules

BLUR_PIXELS = 1.0  # standard deviation of the blur that takes the grain out
GROUND_SIDE_PIXELS = 160  # longer side of the reduced picture in which the ground is sought
NARROW_GROUND_DIVISOR = 6.0  # a neighbourhood is a sixth of that side wide,
WIDE_GROUND_DIVISOR = 2.0  # and if the ink is broad, half of it
MIN_BROAD_HALF_PEN = 0.2  # of a narrow neighbourhood's width: ink with a wider half pen is broad
GROUND_OF_SURFACE = 0.6  # share of the pixels that a surface of the ground is fitted to
SURFACE_FITS = 6
SIGMAS_OF_WHOLE, SIGMAS_OF_HALF = 1.4826, 2.503  # for each median deviation: of a normal distribution, of its half
MEDIAN_OF = 100_000  # pixels: as many tell how strong the grain is as well as all
SURE_INK_OF_PICTURE = 0.0005  # share of the pixels that ink certainly covers
MIN_INK_SIGMAS = 4.0  # by more standard deviations of the grain than this ink differs from the ground
MIN_INK_CONTRAST = 0.06  # likewise, of black to white
MIN_GROUND_LIGHTNESS = 0.15  # ink on a darker ground is measured as if the ground were as light as this
MIN_INK_OF_STRONGEST = 0.2  # of the picture's strongest ink: less is none
MIN_INK_OF_NEARBY = 0.5  # of the strongest ink nearby: less is an edge's blur, a smear, or what is left of a rule
NEARBY_DIVISOR = 12  # nearby is within a twelfth of the longer side
MIN_STEEPNESS_OF_STEEPEST = 0.2  # of a patch's edge, in shares of the ink there: a softer patch is no ink
MIN_EDGE_OF_LONGEST = 0.1  # patches with a shorter edge are not asked how steep ink is
FAINT = 0.5  # share of what ink has at least: rules are often paler than digits
INK_OF_LINES = 0.5  # of the usual strength of lines: less is their blur; where lines cross they are far stronger,
INK_OF_THIN_LINES = 0.8  # and only their middle has so much: lines that touch come apart
MIN_LINE_OF_STRONGEST = 0.1  # of the strongest ink: fainter lines are not asked


@dataclass(frozen=True)
class Ink:
    """The ink of a picture, mask (h, w) uint8, 0 or 1, and the upright rules that were taken out of it."""

    mask: np.ndarray
    walls: tuple[Wall, ...] = ()


def find(light: np.ndarray) -> Ink:
    """Return the ink of lightness (h, w) float32 in [0, 1]."""
    strength, grain = strength_of(light)
    whole = mask_of(strength, grain, FAINT)
    strength, walls = rules.without(strength, grain)
    unruled = pen_rules.without(mask_of(strength, grain), whole)
    return Ink(unruled.mask, (*walls, *unruled.upright))


def mask_of(strength: np.ndarray, grain: float, share: float = 1.0) -> np.ndarray:
    """Return which pixels (h, w) uint8 are ink, given its strength (h, w) without rules, and the grain's deviation.

    With a share below 1 fainter ink counts, too.
    """
    peak = _peak(strength)
    least = max(MIN_INK_SIGMAS * grain, MIN_INK_CONTRAST, MIN_INK_OF_STRONGEST * float(peak.max()))
    mask = (strength > share * np.maximum(least, MIN_INK_OF_NEARBY * peak)).astype(np.uint8)
    return _without_soft(mask, strength)


def least_of_lines(strength: np.ndarray, share: float = INK_OF_LINES) -> float:
    """Return what ink has at least, given its strength (h, w) without grain: a share of its lines' usual strength.

    That is the median along their middle, where no pixel beside is stronger.
    """
    is_middle = strength >= cv2.dilate(strength, np.ones((3, 3), np.uint8))
    middle = strength[is_middle & (strength > MIN_LINE_OF_STRONGEST * strength.max())]
    return share * float(np.median(middle)) if len(middle) else share


def flattened(light: np.ndarray) -> np.ndarray:
    """Return lightness (h, w) as it would be in even light, where most of the picture is ground.

    The ground is a surface of third degree, fitted again and again to what differs from it least.
    """
    small = reduced(light, GROUND_SIDE_PIXELS)
    terms, values = _surface(small.shape), small.ravel()
    counted = np.ones(len(values), bool)
    for _ in range(SURFACE_FITS):
        weights = np.linalg.lstsq(terms[counted], values[counted], rcond=None)[0]
        away = np.abs(values - terms @ weights)
        counted = away <= max(np.quantile(away, GROUND_OF_SURFACE), 1 / 255)
    ground = np.maximum((_surface(light.shape) @ weights).reshape(light.shape), MIN_GROUND_LIGHTNESS)
    return np.asarray(light / ground * float(np.median(ground)), np.float32)


def _surface(shape: tuple[int, ...]) -> np.ndarray:
    """Return the terms (h × w, 10) of a surface of third degree over a picture (h, w)."""
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    return np.stack([x**i * y**j for i in range(4) for j in range(4 - i)], axis=-1).reshape(-1, 10)


def _peak(strength: np.ndarray) -> np.ndarray:
    """Return the strongest ink around each pixel."""
    small = reduced(strength, GROUND_SIDE_PIXELS)
    side = max(3, max(small.shape) // NEARBY_DIVISOR | 1)
    around = cv2.blur(cv2.dilate(small, np.ones((side, side), np.uint8)), (side, side))
    return cv2.resize(around, strength.shape[::-1], interpolation=cv2.INTER_LINEAR)


def strength_of(light: np.ndarray, is_dense: bool = False) -> tuple[np.ndarray, float]:
    """Return each pixel's difference from the ground, towards the ink's side, and the grain's standard deviation.

    If ink `is_dense`, as in a table, of which it may cover a third, the grain is told by the side on which none is.
    """
    smooth = cv2.GaussianBlur(light, (0, 0), BLUR_PIXELS)
    broad = _against(smooth, _ground(smooth, WIDE_GROUND_DIVISOR), is_dense)
    return broad if _is_broad(*broad) else _against(smooth, _ground(smooth, NARROW_GROUND_DIVISOR), is_dense)


def _against(light: np.ndarray, ground: np.ndarray, is_dense: bool) -> tuple[np.ndarray, float]:
    """Return each pixel's difference from this ground, and the grain's standard deviation, as `strength_of` does.

    Dark ink is measured relative to the ground, as a shadow dims both. Ink is on the side whose edges are the sharper.
    """
    sides = []
    for difference in ((ground - light) / np.maximum(ground, MIN_GROUND_LIGHTNESS), light - ground):
        grain = max(SIGMAS_OF_WHOLE * _deviation(_some(difference)), 1e-3)
        sides.append((_sharpness(difference) / grain, difference, grain))
    _, difference, grain = max(sides, key=lambda side: side[0])
    some = _some(difference)
    other_side = some[some < 0]
    if is_dense and len(other_side):
        grain = min(grain, max(SIGMAS_OF_HALF * _deviation(other_side), 1e-3))
    return difference.clip(0.0, None).astype(np.float32), grain


def _some(values: np.ndarray) -> np.ndarray:
    """Return enough of the values (h, w), evenly spread, for their median, (n,)."""
    step = math.ceil(math.sqrt(values.size / MEDIAN_OF))
    return values[::step, ::step].ravel()


def _deviation(values: np.ndarray) -> float:
    """Return the median deviation of values (n,) from their median."""
    return float(np.median(np.abs(values - np.median(values))))


def _sharpness(difference: np.ndarray) -> float:
    """Return how steep the edge of the strongest ink is, of black to white for each pixel; that of glare is not."""
    strongest = float(np.quantile(difference, 1 - SURE_INK_OF_PICTURE))
    edge = _edge((difference > strongest / 2).astype(np.uint8))
    return float(_slopes(difference, edge).mean()) if len(edge) else 0.0


def _without_soft(mask: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Return the mask (h, w) without patches whose edges are far softer than others': a lamp's reflection, a smear.

    What touches the picture's edge stays, to be named: a thumb.
    """
    count, labels, _, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    edge = _edge(mask)
    patches = labels.ravel()[edge]
    lengths = np.bincount(patches, minlength=count)
    slopes, own = (np.bincount(patches, each, count) for each in (_slopes(strength, edge), strength.ravel()[edge]))
    steepness = slopes / (own + 1e-9)
    long = lengths > MIN_EDGE_OF_LONGEST * lengths.max(initial=0)
    soft = steepness < MIN_STEEPNESS_OF_STEEPEST * steepness[long].max(initial=0)
    soft[[0, *labels[[0, -1]].ravel(), *labels[:, [0, -1]].ravel()]] = False
    return np.asarray(mask & ~soft[labels].astype(np.uint8))


def _edge(mask: np.ndarray) -> np.ndarray:
    """Return the places (n,) in the ravelled mask (h, w) uint8 where its patches end, within them."""
    return np.flatnonzero(mask > cv2.erode(mask, np.ones((3, 3), np.uint8)))


def _slopes(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return how much the values (h, w) float32 change from pixel to pixel at these places (n,)."""
    across, down = (cv2.Sobel(values, cv2.CV_32F, *way, scale=1 / 8).ravel()[places] for way in ((1, 0), (0, 1)))
    return np.hypot(across, down)


def _is_broad(strength: np.ndarray, grain: float) -> bool:
    """Return whether the ink, except where it touches the edge, is too broad for the narrow neighbourhood."""
    small = reduced(strength, GROUND_SIDE_PIXELS)
    ink = np.pad((small > max(MIN_INK_SIGMAS * grain, 0.5 * float(small.max()))).astype(np.uint8), 1, constant_values=1)
    cv2.floodFill(ink, None, (0, 0), 0)
    half_pen = float(cv2.distanceTransform(ink, cv2.DIST_L2, 3).max())
    return half_pen > MIN_BROAD_HALF_PEN * GROUND_SIDE_PIXELS / NARROW_GROUND_DIVISOR


def _ground(light: np.ndarray, divisor: float) -> np.ndarray:
    """Return the ground: the median of a neighbourhood whose side is the picture's longer side by `divisor`.

    Beyond the edge the picture is continued as it came, so that a gradient has no ink.
    """
    small = reduced(light, GROUND_SIDE_PIXELS)
    side = max(3, int(max(small.shape) / divisor) | 1)
    beyond = min(side // 2, min(small.shape) - 1)
    around = np.pad(small, beyond, mode="reflect", reflect_type="odd") if beyond else small
    median = cv2.medianBlur(((around.clip(-0.5, 1.5) + 0.5) * 127.5).round().astype(np.uint8), side)
    inside = median[beyond : beyond + small.shape[0], beyond : beyond + small.shape[1]].astype(np.float32)
    return cv2.resize(inside / 127.5 - 0.5, light.shape[::-1], interpolation=cv2.INTER_LINEAR)
