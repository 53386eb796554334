"""Distortions of a drawing: each does what its name says and nothing else; framing hides most of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist.explaining.distortion import GRAINS_PER_SIDE, Distortion, sample_of
from mnist.reading.drawings import strokes
from tools.harness import hand

PAD = (280, 280)


def ink_of(digit: int) -> np.ndarray:
    return strokes.ink(hand.strokes(digit), PAD)


SEVEN = ink_of(7)
digits = st.integers(0, 9).map(ink_of)
shares = st.floats(-0.15, 0.15)


def spoiled(ink: np.ndarray, seed: int = 0, **how: float) -> np.ndarray:
    return Distortion(**how).apply(ink, np.random.default_rng(seed))


def middle(ink: np.ndarray) -> np.ndarray:
    """Centre of mass (x, y), pixels."""
    return np.array([np.average(np.arange(280), weights=ink.sum(axis=axis, dtype=np.float64)) for axis in (0, 1)])


@given(digits)
@settings(max_examples=10)
def test_as_it_stands_it_changes_nothing(ink: np.ndarray) -> None:
    assert np.array_equal(spoiled(ink), ink)


@given(
    digits,
    st.builds(
        Distortion,
        turn=st.floats(-90, 90),
        right=st.floats(-1, 1),
        down=st.floats(-1, 1),
        size=st.floats(0.2, 1.4),
        thicker=st.integers(-10, 24),
        blur=st.floats(0, 40),
        noise=st.floats(0, 2),
        erase=st.floats(0, 1),
    ),
    st.booleans(),
)
@settings(max_examples=50)
def test_it_stays_ink_and_becomes_a_sample(ink: np.ndarray, distortion: Distortion, framed: bool) -> None:
    changed = distortion.apply(ink, np.random.default_rng(0))
    assert changed.shape == PAD
    sample = sample_of(changed, framed)
    assert sample.shape == (28, 28)
    for values in (changed, sample):
        assert values.dtype == np.float32
        assert values.min() >= 0
        assert values.max() <= 1


@given(digits, shares, shares)
@settings(max_examples=30)
def test_moved_it_is_as_far_away_as_that(ink: np.ndarray, right: float, down: float) -> None:
    small = spoiled(ink, size=0.8)
    moved = spoiled(ink, size=0.8, right=right, down=down)
    assert middle(moved) - middle(small) == pytest.approx(280 * np.array([right, down]), abs=0.5)


@given(digits, st.floats(0.3, 1.0))
@settings(max_examples=30)
def test_its_size_is_that_of_both_sides(ink: np.ndarray, size: float) -> None:
    assert spoiled(ink, size=size).sum() == pytest.approx(size**2 * ink.sum(), rel=0.05)


def test_it_turns_clockwise_about_the_middle_of_its_box() -> None:
    corner = np.zeros(PAD, np.float32)
    corner[50:150, 60:70] = corner[140:150, 60:160] = 1  # an L in a square
    turned = spoiled(corner, turn=90)
    assert np.abs(turned[50:150, 60:160] - np.rot90(corner[50:150, 60:160], -1)).max() < 1e-3
    assert turned.sum() == pytest.approx(corner.sum())


@given(digits, st.integers(1, 20))
@settings(max_examples=20)
def test_thicker_is_more_everywhere_and_thinner_less(ink: np.ndarray, by: int) -> None:
    thicker, thinner = spoiled(ink, thicker=by), spoiled(ink, thicker=-by)
    assert (thicker >= ink).all()
    assert (thinner <= ink).all()
    assert thicker.sum() > ink.sum() > thinner.sum()


def test_blur_spreads_ink_and_loses_none() -> None:
    small = spoiled(SEVEN, size=0.4)
    blurred = spoiled(SEVEN, size=0.4, blur=12)
    spread = [
        np.average((np.arange(280) - middle(ink)[0]) ** 2, weights=ink.sum(axis=0)) for ink in (small, blurred)
    ]  # variances add up
    assert spread[1] - spread[0] == pytest.approx(12**2, rel=0.05)
    assert blurred.sum() == pytest.approx(small.sum(), rel=0.01)


def test_the_more_is_rubbed_out_the_less_is_left_of_the_same() -> None:
    full = np.ones(PAD, np.float32)
    little, much = spoiled(full, erase=0.3), spoiled(full, erase=0.6)
    assert (much <= little).all()
    assert 1 - little.mean() == pytest.approx(0.3, abs=3 * np.sqrt(0.3 * 0.7) / GRAINS_PER_SIDE)
    assert spoiled(full, erase=1.0).max() == 0


def test_noise_is_as_strong_as_that_and_the_generators_own() -> None:
    grey = np.full(PAD, 0.5, np.float32)
    noisy = spoiled(grey, noise=0.1)
    assert noisy.std() == pytest.approx(0.1, rel=0.1)
    assert np.array_equal(noisy, spoiled(grey, noise=0.1))
    assert not np.array_equal(noisy, spoiled(grey, seed=1, noise=0.1))


def test_framing_hides_where_it_is_and_without_it_everything_counts() -> None:
    here, there = spoiled(SEVEN, size=0.4), spoiled(SEVEN, size=0.4, right=0.25, down=-0.25)  # by whole pixels
    assert np.abs(sample_of(here) - sample_of(there)).max() < 0.01
    unframed = sample_of(there, framed=False)
    assert unframed[:14, 14:].sum() > 0.99 * unframed.sum() > 0
    assert unframed.sum() == pytest.approx(there.sum() / 100, rel=0.01)


def test_of_nothing_comes_nothing() -> None:
    nothing = np.zeros(PAD, np.float32)
    assert spoiled(nothing, turn=30, size=0.5, blur=9, thicker=5).max() == 0
    assert sample_of(nothing).max() == 0
