"""Strokes as scanners and cameras show them: coarse, black and white or grey, sometimes stretched to a square.

Most collections of scanned digits look like this (NIST, USPS, Semeion), and so do digits cut out of photographs.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from mnist.reading.drawings.rendering import render
from mnist.reading.drawings.strokes import Stroke, redraw
from mnist.reading.framing import centre
from mnist.reading.pictures.picture import Picture

SIDE_PIXELS = (12.0, 72.0)  # longer side of the digit
PEN_IN_SIDES = (0.05, 0.17)
STRETCHED_SHARE = 0.7  # of scans: the shorter side is stretched towards the longer one, at most to a square
BLURRED_SHARE = 0.5
MAX_BLUR_IN_SIDES = 0.04  # standard deviation
BLACK_AND_WHITE_SHARE = 0.5
THRESHOLDS = (0.3, 0.6)  # above it is ink
MAX_GRAIN = 0.06  # standard deviation of a grey scan's noise, of black to white
MAX_MARGIN_IN_SIDES = 0.3


def scan(strokes: Sequence[Stroke], rng: np.random.Generator) -> np.ndarray:
    """Return the sample (28, 28) float32 in [0, 1] that the program makes of a scan of the strokes."""
    side = _between(SIDE_PIXELS, rng)
    ink = _blurred(_drawn(strokes, side, rng), side, rng)
    if rng.random() < BLACK_AND_WHITE_SHARE:
        ink = (ink > rng.uniform(*THRESHOLDS)).astype(np.float32)
    else:
        ink = ink * rng.uniform(0.4, 1.0) + rng.normal(0, rng.uniform(0, MAX_GRAIN), ink.shape)
    framed = Picture(ink.clip(0, 1).astype(np.float32)).frame()
    return centre(redraw(strokes)) if framed is None else framed.sample  # a speck vanishes in a coarse scan


def _drawn(strokes: Sequence[Stroke], side: float, rng: np.random.Generator) -> np.ndarray:
    """Draw the strokes `side` pixels long, with some margin around them."""
    pen = side * _between(PEN_IN_SIDES, rng)
    points = np.concatenate([stroke.points for stroke in strokes])
    extent = np.maximum(np.ptp(points, axis=0), 1e-6)
    relative = extent / extent.max()
    if rng.random() < STRETCHED_SHARE:
        relative = relative ** rng.uniform(0, 1)
    scale = relative * max(side - pen, 1.0) / extent
    scale = np.minimum(scale, (side - pen) / max(stroke.width for stroke in strokes))  # a dot stays one
    margin = np.round(rng.uniform(0, MAX_MARGIN_IN_SIDES * side, 2))
    lines = [(stroke.points - points.min(axis=0)) * scale + pen / 2 + margin for stroke in strokes]
    width, height = np.ceil(extent * scale + pen + 2 * margin - 1e-6).astype(int).tolist()
    return render(lines, [pen] * len(lines), (height, width))


def _blurred(ink: np.ndarray, side: float, rng: np.random.Generator) -> np.ndarray:
    if rng.random() >= BLURRED_SHARE:
        return ink
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), max(0.3, side * rng.uniform(0, MAX_BLUR_IN_SIDES))))


def _between(limits: tuple[float, float], rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(*np.log(limits))))
