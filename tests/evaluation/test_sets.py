"""The measured sets: their sizes, and that they are the same every time."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist.evaluation import samples
from mnist.evaluation.samples import DRAWING_SIDES, PAD_SIDE, from_drawing, from_pad_picture, on_pad
from mnist.evaluation.sets import SETS, TITLES, write_digits
from mnist.handwriting.samples import write_digit
from mnist.handwriting.styles import STYLES
from mnist.reading.drawings import strokes
from mnist.reading.drawings.strokes import frame
from tools.harness import hand

SEVEN = frame(hand.strokes(7)).sample


@given(st.integers(0, 2**32 - 1), st.floats(8, 28))
def test_a_drawing_lies_on_the_pad_with_the_asked_size(seed: int, pen: float) -> None:
    rng = np.random.default_rng(seed)
    placed = on_pad(write_digit(STYLES[seed % len(STYLES)], rng), pen, rng)
    x, y, width, height = strokes.bounds(placed)
    assert min(x, y) >= -1e-6
    assert max(x + width, y + height) <= PAD_SIDE + 1e-6
    assert DRAWING_SIDES[0] - 1e-6 <= max(width, height) <= DRAWING_SIDES[1] + 1e-6


def test_writers_write_every_style() -> None:
    drawings, again = (write_digits(3 * len(STYLES), (1.0, 1.0)) for _ in range(2))
    assert Counter(style.name for style, _ in drawings) == Counter(style.name for style in STYLES * 3)
    assert np.array_equal(drawings[7][1][0].points, again[7][1][0].points)


def test_strokes_and_their_pixels_give_nearly_the_same_sample_with_a_pen_like_mnists() -> None:
    drawn = hand.strokes(7, pen=23)  # 2.4 of 20 pixels, on a digit of 190
    alike = np.corrcoef(from_drawing(drawn).ravel(), from_pad_picture(drawn, 23).ravel())[0, 1]
    assert alike > 0.95


@pytest.mark.parametrize("name", ["shifted", "scaled", "turned", "blurred", "noisy", "foggy", "striped"])
def test_a_spoiled_digit_is_another_sample_with_ink(name: str, rng: np.random.Generator) -> None:
    spoiled = getattr(samples, name)(SEVEN, rng)
    assert spoiled.shape == (28, 28)
    assert spoiled.max() > 0.5
    assert np.allclose(spoiled, SEVEN, atol=0.05) == (name == "shifted")  # which framing takes back


def test_a_tight_scan_is_the_digit_again_but_coarser(rng: np.random.Generator) -> None:
    scan = samples.scanned(SEVEN, rng)
    assert np.corrcoef(scan.ravel(), SEVEN.ravel())[0, 1] > 0.7
    assert not np.allclose(scan, SEVEN, atol=0.1)


def test_every_set_has_its_own_key_and_title() -> None:
    assert len(SETS) == len(TITLES) == len(set(TITLES.values()))
