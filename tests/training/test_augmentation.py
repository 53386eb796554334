"""Random changes of samples: exact values for known changes, bounds for random ones."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from mnist.reading.drawings.strokes import frame
from mnist.training import augmentation
from mnist.training.augmentation import augment, change_thickness, warp
from tools.harness import hand

SAMPLES = np.stack([frame(hand.strokes(digit)).sample for digit in range(10)])
MANY = np.tile(SAMPLES, (100, 1, 1))
STILL = np.zeros((10, 2, 28, 28), np.float32)


def affine(*rows: tuple[int, int, int]) -> np.ndarray:
    return np.tile(np.array(rows, np.float32), (10, 1, 1))


@given(st.integers(-5, 5), st.integers(-5, 5))
@example(0, 0)
def test_a_shift_moves_pixels(dy: int, dx: int) -> None:
    matrices = affine((1, 0, -dy), (0, 1, -dx))
    padded = np.pad(SAMPLES, ((0, 0), (5, 5), (5, 5)))
    assert np.allclose(warp(SAMPLES, matrices, STILL), padded[:, 5 - dy : 33 - dy, 5 - dx : 33 - dx], atol=1e-5)


def test_a_quarter_turn_is_exact() -> None:
    turned = warp(SAMPLES, affine((0, 1, 0), (-1, 0, 0)), STILL)
    assert np.allclose(turned, np.rot90(SAMPLES, k=1, axes=(1, 2)), atol=1e-5)


def test_what_comes_from_outside_is_background() -> None:
    assert not warp(np.ones_like(SAMPLES), affine((1, 0, 100), (0, 1, 100)), STILL).any()


def test_changes_are_drawn_from_the_generator_alone() -> None:
    first, second, other = (augment(SAMPLES, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


@given(st.integers(0, 2**32 - 1))
def test_samples_stay_samples(seed: int) -> None:
    changed = augment(SAMPLES, np.random.default_rng(seed))
    assert changed.shape == SAMPLES.shape
    assert changed.dtype == np.float32
    assert changed.min() >= 0
    assert changed.max() <= 1 + 1e-6
    assert changed.max(axis=(1, 2)).min() > 0.15  # something of each is still seen


def test_a_displacement_is_read_from_where_it_points() -> None:
    aside = STILL.copy()
    aside[:, 1] = 3
    expected = np.pad(SAMPLES, ((0, 0), (0, 0), (0, 3)))[:, :, 3:]
    assert np.allclose(warp(SAMPLES, affine((1, 0, 0), (0, 1, 0)), aside), expected, atol=1e-5)


def test_displacements_are_smooth_and_bounded_in_size(rng: np.random.Generator) -> None:
    moved = augmentation.random_displacement(500, rng)
    assert moved.shape == (500, 2, 28, 28)
    assert 0.3 < moved.std() < augmentation.BEND_PIXELS
    assert (np.abs(np.diff(moved, axis=3)) > 1).mean() < 0.001  # hardly a pixel overtakes its neighbour


def test_a_hole_takes_ink_away_and_adds_none(rng: np.random.Generator) -> None:
    changed = augmentation.erase(MANY, rng)
    assert (changed <= MANY).all()
    touched = (changed != MANY).any(axis=(1, 2)).mean()
    assert 0.3 * augmentation.ERASED_SHARE < touched < 1.5 * augmentation.ERASED_SHARE  # some holes fall beside the ink


def test_a_worse_picture_keeps_its_ink_where_it_was(rng: np.random.Generator) -> None:
    changed = augmentation.degrade(MANY, rng)
    assert (changed != MANY).any(axis=(1, 2)).mean() > augmentation.SOFTENED_SHARE
    likeness = (changed * MANY).sum(axis=(1, 2)) / np.sqrt((changed**2).sum(axis=(1, 2)) * (MANY**2).sum(axis=(1, 2)))
    assert likeness.min() > 0.5
    assert likeness.mean() > 0.95


def test_strokes_grow_and_shrink_and_none_vanishes(rng: np.random.Generator) -> None:
    ratio = change_thickness(MANY, rng).sum(axis=(1, 2)) / MANY.sum(axis=(1, 2))
    share = augmentation.THICKENED_SHARE
    assert abs((ratio > 1.05).mean() - share) < 0.07
    assert abs((ratio < 0.95).mean() - share) < 0.07
    assert ratio.min() > 0.4
