"""Scans made by code: any strokes become a sample that is not empty, a dot stays a dot, stretching makes it squarer."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist.handwriting import scans
from mnist.handwriting.scans import scan
from mnist.reading.drawings.strokes import Stroke
from mnist.reading.framing import ink_box

SEEDS = st.integers(0, 2**32 - 1)
POINTS = st.integers(1, 12).flatmap(lambda n: arrays(np.float64, (n, 2), elements=st.floats(-1000, 1000)))
STROKES = st.lists(st.builds(Stroke, POINTS, st.floats(1, 40)), min_size=1, max_size=4)


def box(strokes: list[Stroke], seed: int) -> tuple[int, int, int, int]:
    found = ink_box(scan(strokes, np.random.default_rng(seed)))
    assert found is not None
    return found


@given(STROKES, SEEDS)
def test_any_strokes_become_a_sample_that_is_not_empty(strokes: list[Stroke], seed: int) -> None:
    sample = scan(strokes, np.random.default_rng(seed))
    assert sample.shape == (28, 28)
    assert sample.dtype == np.float32
    assert 0 <= sample.min() < sample.max() <= 1
    assert sample.max() > 0.3
    assert np.array_equal(sample, scan(strokes, np.random.default_rng(seed)))


@pytest.mark.parametrize("points", [[[5.0, 5.0]], [[5.0, 5.0], [5.0, 5.0]]])
def test_a_dot_stays_a_dot(points: list[list[float]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MAX_GRAIN", 0.0)
    for seed in range(200):
        sample = scan([Stroke(np.array(points), 12.0)], np.random.default_rng(seed))
        parts, _ = cv2.connectedComponents((sample > 0.5).astype(np.uint8))
        *_, width, height = ink_box(sample) or (0, 0, 0, 0)
        assert parts == 2  # the ground and one patch
        assert min(width, height) > 0.35 * max(width, height)


def test_a_dot_that_moved_a_little_becomes_no_long_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MAX_GRAIN", 0.0)
    tap = [Stroke(np.array([[5.0, 5.0], [7.0, 5.0]]), 12.0)]
    boxes = np.array([box(tap, seed) for seed in range(100)])
    assert np.median(boxes[:, 3] / boxes[:, 2]) > 0.35  # of a line across the whole scan 0.1


def test_what_is_stretched_becomes_squarer_and_no_more_than_square(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MAX_GRAIN", 0.0)
    one = [Stroke(np.array([[0.0, 0.0], [10.0, 150.0]]), 12.0)]
    breadths = {}
    for share in (0.0, 1.0):
        monkeypatch.setattr(scans, "STRETCHED_SHARE", share)
        boxes = np.array([box(one, seed) for seed in range(200)])
        breadths[share] = boxes[:, 2] / boxes[:, 3]
    assert np.median(breadths[1.0]) > 1.7 * np.median(breadths[0.0])
    assert breadths[1.0].max() < 1.15  # to the pixel


def test_scans_differ_in_pen_and_sharpness() -> None:
    seven = [Stroke(np.array([[0.0, 0.0], [90.0, 0.0], [40.0, 150.0]]), 12.0)]
    ink = [float(scan(seven, np.random.default_rng(seed)).sum()) for seed in range(100)]
    assert max(ink) > 2 * min(ink)
