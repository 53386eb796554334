"""Lines as pixels, against the share of each that a round pen covers."""

import itertools

import numpy as np
import pytest

from mnist.reading.drawings import rendering
from mnist.reading.drawings.rendering import render

SHORT = np.array([[3.0, 3.0], [9.5, 6.0], [5.0, 11.0]])
ANGLES = np.linspace(0, 1.5 * np.pi, 60)
LONG = np.array([*np.stack([32 + 25 * np.cos(ANGLES), 32 + 25 * np.sin(ANGLES)], axis=1), [60.0, 7.0]])


def distance(points: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Distance (m,) of each point (m, 2) from the line (n, 2), on the plane of complex numbers."""
    places, corners = (array.astype(np.float64) @ [1, 1j] for array in (points, line))
    nearest = np.full(len(places), np.inf)
    for start, end in itertools.pairwise(corners):
        seen = (places - start) / (end - start)  # the piece of line lies from 0 to 1
        nearest = np.minimum(nearest, np.abs(seen - seen.real.clip(0, 1)) * abs(end - start))
    return nearest


@pytest.mark.parametrize(
    ("line", "pen", "side"),
    [(SHORT, 3.0, 14), (LONG, 3.0, 64), (32 + SHORT, 50.0, 64)],
    ids=["short", "long", "by a pen nearly as wide as the pad"],
)
def test_rendering_against_counting_fine_points(line: np.ndarray, pen: float, side: int) -> None:
    ink = render([line], [pen], (side, side))
    fine = (np.arange(side * 16) + 0.5) / 16
    x, y = np.meshgrid(fine, fine)
    covered = distance(np.stack([x.ravel(), y.ravel()], axis=1), line) < pen / 2
    shares = covered.reshape(side, 16, side, 16).mean(axis=(1, 3))
    assert np.abs(ink - shares).max() < 0.25  # an edge pixel is judged by its centre's distance
    assert ink.sum() == pytest.approx(shares.sum(), rel=0.02)


def test_a_pen_as_wide_as_the_pad_measures_no_pixel_again_that_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a forged drawing of as many points as are allowed would take minutes."""
    measured = 0

    def count(x: np.ndarray, y: np.ndarray, line: np.ndarray) -> np.ndarray:
        nonlocal measured
        measured += np.broadcast(x, y).size
        return squared_distances(x, y, line)

    squared_distances = rendering._squared_distances
    monkeypatch.setattr(rendering, "_squared_distances", count)
    to_and_fro = 140 + np.arange(10_000)[:, None] % [2, 3] * 0.1
    assert render([to_and_fro], [280.0], (280, 280)).mean() > 0.7
    assert measured < 5 * 280 * 280  # what is just beyond the round pen is measured each time; whole windows are 157
