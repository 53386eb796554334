"""Lines drawn by a round pen, as pixels."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

# a stretch of a line is measured at once against the pixels around it: at most so many steps, and so many pixels along
# the line (more with a wide pen)
MAX_STRETCH_STEPS, MAX_STRETCH_PIXELS = 64, 64.0
MAX_WHOLE_WINDOW_PIXELS = 1024  # a sample's window is measured whole; in larger ones choosing pixels takes less


def render(lines: Sequence[np.ndarray], widths: Sequence[float], shape: tuple[int, int]) -> np.ndarray:
    """Draw lines (n, 2) with a round pen of those widths; return the inked share of each pixel, (h, w) float32.

    A pixel is inked by the nearest step of the line: fully where its centre lies half a pixel inside the pen's edge.
    """
    ink = np.zeros(shape, np.float32)
    for line, width in zip(lines, widths, strict=True):
        reach = width / 2 + 0.5
        for stretch in _stretches(line, max(width, MAX_STRETCH_PIXELS)):
            left, top = np.floor(stretch.min(axis=0) - reach).astype(int).clip(0)
            right, bottom = np.ceil(stretch.max(axis=0) + reach).astype(int).clip(0)
            window = ink[top:bottom, left:right]
            from_first_centre = stretch - (left + 0.5, top + 0.5)
            chosen: Any = ...
            y, x = np.arange(window.shape[0])[:, None], np.arange(window.shape[1])[None]  # np.ogrid takes longer
            if window.size > MAX_WHOLE_WINDOW_PIXELS:
                chosen = y, x = np.nonzero((window < 1) & _near(x, y, from_first_centre, reach))
            distance = np.sqrt(_squared_distances(x, y, from_first_centre.astype(np.float32)))
            window[chosen] = np.maximum(window[chosen], (reach - distance).clip(0, 1))
    return ink


def steps(line: np.ndarray) -> np.ndarray:
    """Return the distance (n - 1,) of each point of the line (n, 2) from the one before."""
    return np.hypot(*np.diff(line, axis=0).T)


def _stretches(line: np.ndarray, length: float) -> Iterator[np.ndarray]:
    """Yield the line (n, 2) in stretches of few, near points; the last point of each is the first of the next."""
    along = np.concatenate([[0.0], np.cumsum(steps(line[:-1]))])  # to where each step begins
    begins = np.flatnonzero(np.diff(along // length, prepend=-1.0) + (np.arange(len(along)) % MAX_STRETCH_STEPS == 0))
    for begin, end in zip(begins, [*begins[1:], len(line) - 1], strict=True):
        yield line[begin : end + 1]


def _near(x: np.ndarray, y: np.ndarray, line: np.ndarray, reach: float) -> np.ndarray:
    """Return which places (h, w), x (1, w) and y (h, 1), lie nearer than `reach` to the box of `line` (n, 2)."""
    low, high = line.min(axis=0), line.max(axis=0)
    across, down = (np.maximum(low[i] - places, places - high[i]).clip(0) for i, places in ((0, x), (1, y)))
    return across**2 + down**2 < reach**2


def _squared_distances(x: np.ndarray, y: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Return the squared distance of each place from the nearest step of `line` (n, 2).

    x and y are of shapes that go together: (1, w) and (h, 1), or both (m,).
    """
    starts, ends = (line[:-1], line[1:]) if len(line) > 1 else (line, line)
    (along_x, along_y), (start_x, start_y) = (ends - starts).T, starts.T  # (s,) each
    x, y = x.astype(np.float32)[..., None] - start_x, y.astype(np.float32)[..., None] - start_y  # (…, s)
    squared_length = np.maximum(along_x**2 + along_y**2, np.float32(1e-12))
    t = ((x * along_x + y * along_y) / squared_length).clip(0, 1)
    return ((x - t * along_x) ** 2 + (y - t * along_y) ** 2).min(axis=-1)
