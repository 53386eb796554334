"""MNIST's framing: its own images come out as they are, whatever went in comes out centred."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mnist.data import mnist_dataset
from mnist.reading.framing import CENTRE, DIGIT_SIDE, SIZE, centre, crop, ink_box, shrink

shapes = hnp.array_shapes(min_dims=2, max_dims=2, max_side=DIGIT_SIDE)
inked = hnp.arrays(np.float32, shapes, elements=st.floats(0, 1, width=32))


def test_mnist_is_framed_already(mnist_path: Path) -> None:
    same = 0
    samples = mnist_dataset.load(mnist_path).validation.samples[:1000]
    for sample in samples:
        box = ink_box(sample, visible=0.0)
        assert box is not None
        same += np.array_equal(centre(shrink(crop(sample, box))), sample)
    assert same >= 0.995 * len(samples)


@given(inked)
def test_all_ink_is_kept_and_its_middle_is_the_centre(ink: np.ndarray) -> None:
    sample = centre(ink)
    assert sample.shape == (SIZE, SIZE)
    assert sample.dtype == np.float32
    assert np.isclose(sample.sum(), ink.sum(), rtol=1e-4)
    if ink.sum() > 0:
        total = sample.sum(dtype=np.float64)
        for axis in (0, 1):
            mass = float(sample.sum(axis=1 - axis, dtype=np.float64) @ np.arange(SIZE) / total)
            room, lines = SIZE - ink.shape[axis], sample.max(axis=1 - axis)
            at_edge = lines[room:].any() or lines[: SIZE - room].any()  # moved further it would be cut off
            assert abs(mass - CENTRE) <= 0.5 + 1e-3 or at_edge


@given(st.integers(1, 300), st.integers(1, 300))
def test_the_longer_side_becomes_twenty(height: int, width: int) -> None:
    shrunk = shrink(np.ones((height, width), np.float32))
    assert max(shrunk.shape) == DIGIT_SIDE
    assert min(shrunk.shape) == max(1, round(DIGIT_SIDE * min(height, width) / max(height, width)))
    assert np.allclose(shrunk, 1.0, atol=1e-5)


def test_a_box_holds_what_is_visible() -> None:
    ink = np.zeros((9, 12), np.float32)
    ink[2:5, 7:9] = 0.5
    ink[8, 0] = 0.01
    assert ink_box(ink) == (7, 2, 2, 3)
    assert ink_box(ink, visible=0.6) is None
