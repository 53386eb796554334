"""Drawings in addresses: short, true to what was drawn, and harmless whoever wrote them."""

import base64
import contextlib
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mnist.errors import UserError
from mnist.reading.classifier import Classifier
from mnist.reading.drawings import strokes
from mnist.reading.drawings.address import MAX_CHARACTERS, from_text, to_text
from mnist.reading.drawings.strokes import Stroke, smooth
from mnist.reading.lattice import Lattice
from tools.harness import hand


def packed(*numbers: int) -> str:
    return base64.urlsafe_b64encode(zlib.compress(np.array(numbers, "<i2").tobytes())).decode().rstrip("=")


@pytest.mark.parametrize("digit", range(10))
def test_a_drawing_comes_back_and_is_read_the_same(classifier: Classifier, digit: int) -> None:
    text = to_text(hand.strokes(digit))
    assert text is not None
    assert len(text) < 300
    back = from_text(text)
    assert [stroke.width for stroke in back] == [stroke.width for stroke in hand.strokes(digit)]
    assert classifier.read(Lattice.one_digit(strokes.frame(back))).text == str(digit)
    assert to_text(back) == text


def test_no_point_moves_by_more_than_a_pixel_or_two() -> None:
    angles = np.linspace(0, 2 * np.pi, 200)
    drawn = Stroke(smooth(140 + 100 * np.stack([np.cos(angles), np.sin(angles)], axis=1)), 16.0)
    text = to_text([drawn])
    assert text is not None
    (back,) = from_text(text)
    distances = np.abs(np.hypot(*(back.points - 140).T) - 100)
    assert distances.max() < 1.5
    assert len(back.points) < 60


LONG = np.random.default_rng(0).uniform(0, 280, (9_000, 2))


@pytest.mark.parametrize(("points", "width"), [(LONG, 8), ([[0.0, 0]], 1e6), ([[1e6, 0]], 8), ([[-40_000.0, 0]], 8)])
def test_a_drawing_that_is_too_long_or_too_far_away_has_no_address(points: Any, width: float) -> None:
    assert to_text([Stroke(np.array(points), width)]) is None


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda some: base64.urlsafe_b64encode(some).decode()))
@example("")
@example("é")
@example(packed())
@example(packed(1))
@example(packed(2, 8, 1, 1))
@example(packed(-1, 8, 1, 1))
def test_any_text_gives_strokes_or_a_sentence(text: str) -> None:
    with contextlib.suppress(UserError):
        assert all(len(stroke.points) and np.isfinite(stroke.points).all() for stroke in from_text(text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("!", "it is damaged"),
        (packed(3, 8, 1, 1), "it is damaged"),
        (packed(0, 8), "it is damaged"),
        (packed(1, 0, 5, 5), "it is damaged"),
        (packed(1, 8, 9_000, 0), "a point lies beyond"),
        (packed(*[1] * 30_000), "there is too much of it"),
        (packed(*[1, 8, 5, 5] * 2_001), "a drawing of 2001 strokes; at most 2000 are read"),
        ("A" * (MAX_CHARACTERS + 1), "a drawing has at most"),
    ],
)
def test_what_is_no_drawing_is_told(text: str, what: str) -> None:
    with pytest.raises(UserError, match=what):
        from_text(text)
