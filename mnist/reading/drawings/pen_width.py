"""The width of the pen, made that of MNIST: only the path of a pen counts, neither its width nor place nor size."""

import math
from collections.abc import Sequence

import numpy as np

from mnist.reading.drawings.rendering import render, steps
from mnist.reading.framing import DIGIT_SIDE

PEN = 2.4  # width of MNIST's strokes in a sample, pixels
MIN_POINT_SPACING = 0.2  # along a stroke in a sample, pixels: points that lie closer are dropped


def with_pen(lines: Sequence[np.ndarray], widest: float, pen: float = PEN) -> np.ndarray:
    """Return lines (n, 2) as ink (h, w) float32 in [0, 1], `pen` pixels wide, the longer side 20 pixels.

    `widest` is the width of the widest pen that drew them: a drawing smaller than that is a dot, and stays one.
    """
    points = np.concatenate(lines)
    low = points.min(axis=0)
    extent = np.ptp(points, axis=0)
    scale = (DIGIT_SIDE - pen) / max(float(extent.max()), widest, 1e-9)
    scaled = [_thin((line - low) * scale + pen / 2) for line in lines]
    width, height = (math.ceil(side - 1e-6) for side in extent * scale + pen)
    return render(scaled, [pen] * len(scaled), (height, width))


def _thin(line: np.ndarray) -> np.ndarray:
    """Return the line without points that lie closer together, along it, than the sample can show."""
    if len(line) < 3:
        return line
    step = np.floor(np.concatenate([[0.0], np.cumsum(steps(line))]) / MIN_POINT_SPACING)
    keep = np.concatenate([[True], np.diff(step) > 0])
    keep[-1] = True
    return line[keep]
