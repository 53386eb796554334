"""Lines drawn by a round pen, as pixels."""

from collections.abc import Iterator, Sequence

import numpy as np

# a stretch of a line is measured at once against the pixels around it: at most so many steps, and so many pixels along
# the line (more with a wide pen)
MAX_STRETCH_STEPS, MAX_STRETCH_PIXELS = 32, 32.0


def render(lines: Sequence[np.ndarray], widths: Sequence[float], shape: tuple[int, int]) -> np.ndarray:
    """Draw lines (n, 2) with a round pen of those widths; return the inked share of each pixel, (h, w) float32.

    A pixel is inked by the nearest step of the line: fully where its centre lies half a pixel inside the pen's edge.
    """
    ink = np.zeros(shape, np.float32)
    for line, width in zip(lines, widths, strict=True):
        reach = width / 2 + 0.5
        for stretch in _stretches(line.astype(np.float32), max(width, MAX_STRETCH_PIXELS)):
            low, high = stretch.min(axis=0), stretch.max(axis=0)
            left, top = np.floor(low - reach).astype(int).clip(0)
            right, bottom = np.ceil(high + reach).astype(int).clip(0)
            window = ink[top:bottom, left:right]
            across = _outside(np.arange(left, left + window.shape[1]) + 0.5, low[0], high[0])
            down = _outside(np.arange(top, top + window.shape[0]) + 0.5, low[1], high[1])
            near = across**2 + down[:, None] ** 2 < reach**2
            rows, columns = np.nonzero(near & (window < 1))  # the others cannot be inked, or not more
            centres = np.stack([columns + left, rows + top], axis=1) + 0.5
            distance = np.sqrt(_squared_distance(centres, stretch))
            window[rows, columns] = np.maximum(window[rows, columns], (reach - distance).clip(0, 1))
    return ink


def steps(line: np.ndarray) -> np.ndarray:
    """Return the distance (n - 1,) of each point of the line (n, 2) from the one before."""
    return np.hypot(*np.diff(line, axis=0).T)


def _outside(places: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return how far each of the places (n,) lies outside of low to high."""
    return np.maximum(low - places, places - high).clip(0)


def _stretches(line: np.ndarray, length: float) -> Iterator[np.ndarray]:
    """Yield the line (n, 2) in stretches of few, near points; the last point of each is the first of the next."""
    along = np.concatenate([[0.0], np.cumsum(steps(line[:-1]))])  # to where each step begins
    begins = np.flatnonzero(np.diff(along // length, prepend=-1.0) + (np.arange(len(along)) % MAX_STRETCH_STEPS == 0))
    for begin, end in zip(begins, [*begins[1:], len(line) - 1], strict=True):
        yield line[begin : end + 1]


def _squared_distance(centres: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Return the squared distance (m,) of each centre (m, 2) from the nearest step of `line` (n, 2)."""
    starts, ends = (line[:-1], line[1:]) if len(line) > 1 else (line, line)
    along = ends - starts  # (s, 2)
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    x, y = (centres[:, None, axis] - starts[None, :, axis] for axis in (0, 1))  # (m, s)
    t = ((x * along[:, 0] + y * along[:, 1]) / length).clip(0, 1)
    return ((x - t * along[:, 0]) ** 2 + (y - t * along[:, 1]) ** 2).min(axis=1)
