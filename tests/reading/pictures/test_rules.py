"""Rules of paper are taken out of a photograph's ink, where the paper lies flat and where it does not."""

import tracemalloc
from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from mnist.reading.drawings.strokes import ink
from mnist.reading.pictures import rules
from tests.reading.test_photographs import PAPER, photograph
from tools.harness import hand

SHAPE = (450, 600)
PITCH = 40
RULE, INK = 0.3, 0.8  # strengths
X = np.linspace(-1.0, 1.0, SHAPE[1])


def ruled(bend: np.ndarray, slope: float = 0.0, squared: bool = False) -> np.ndarray:
    """Strength (h, w) of rules two pixels thick, with that slope, that leave it by a bend (w,), pixels."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    lines = np.abs((y - bend - slope * x) % PITCH - PITCH / 2) < 1.0
    if squared:
        lines |= np.abs((x + slope * y) % PITCH - PITCH / 2) < 1.0
    return (RULE * lines).astype(np.float32)


def in_perspective(strength: np.ndarray, moved: Sequence[tuple[float, float]]) -> np.ndarray:
    """A picture whose corners, clockwise from the upper left, are moved by so many pixels."""
    height, width = strength.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, corners + np.array(moved, np.float32))
    return cv2.warpPerspective(strength, matrix, (width, height))


def left_of(strength: np.ndarray) -> float:
    """The share of the rules' strength that is left, but for the picture's edge."""
    rest, _ = rules.without(strength, 0.0)
    inside = (slice(30, -30), slice(30, -30))
    return float(rest[inside].sum() / strength[inside].sum())


@example(slope=0.0, bow=1.0, gutter=-12.0, squared=True)  # flat but for the gutter
@example(slope=0.0, bow=-1.12, gutter=9.74, squared=True)
@example(slope=0.01171875, bow=0.0, gutter=-12.0, squared=False)  # which a step of whole pixels loses
@given(slope=st.floats(-0.2, 0.2), bow=st.floats(-12, 12), gutter=st.floats(-12, 12), squared=st.booleans())
@settings(max_examples=25, deadline=None)
def test_rules_are_taken_out_however_the_paper_lies(slope: float, bow: float, gutter: float, squared: bool) -> None:
    left = left_of(ruled(bow * X**2 + gutter * np.exp(3 * (X - 1)), slope, squared))
    assert left < 0.12  # of ten rules one may show too short a piece, at the picture's edge


@given(slope=st.floats(-0.2, 0.2))
@settings(max_examples=15)
def test_two_lone_rules_are_taken_out_at_any_slope(slope: float) -> None:
    y, x = np.mgrid[:500, :440]
    lines = np.abs((y - slope * (x - 220)) - np.array([170, 330])[:, None, None]).min(axis=0) < 3.5  # of a small sheet
    rest, _ = rules.without((RULE * lines).astype(np.float32), 0.0)
    inside = (slice(None), slice(30, -30))
    assert rest[inside].sum() < 0.05 * RULE * lines[inside].sum()


corner = st.tuples(st.floats(-24, 24), st.floats(-24, 24))  # pixels, in 600


@example(moved=[(24, 24), (-24, -24), (24, 24), (-24, -24)])
@example(moved=[(60, 0), (-60, 0), (20, 0), (-20, 0)])  # a phone held far from upright
@given(moved=st.lists(corner, min_size=4, max_size=4))
@settings(max_examples=25, deadline=None)
def test_rules_of_a_sheet_in_perspective_are_taken_out(moved: list[tuple[float, float]]) -> None:
    larger = np.pad(ruled(np.zeros(SHAPE[1]), squared=True), 80, mode="wrap")
    seen = np.ascontiguousarray(in_perspective(larger, moved)[80:-80, 80:-80])
    rest, _ = rules.without(seen, 0.0)
    inside = (slice(30, -30), slice(30, -30))
    assert (rest[inside] > RULE / 2).sum() < 0.05 * (seen[inside] > RULE / 2).sum()


@pytest.mark.parametrize("slope", [0.0, 0.02])
def test_a_line_drawn_over_the_squares_of_paper_stays_whole(slope: float) -> None:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    drawn = (np.abs(y - slope * x - 220) < 3) & (np.abs(x - 300) < 200)
    squares = ruled(np.zeros(SHAPE[1]), squared=True)
    rest, _ = rules.without(np.where(drawn, np.float32(INK), squares), 0.0)
    assert rest[drawn].min() > INK / 4
    assert rest[~drawn].mean() < 0.1 * squares.mean()


@pytest.mark.parametrize("tilt", [-19, -12, 7, 19])
def test_rules_of_a_sheet_that_lies_askew_are_taken_out(tilt: int) -> None:
    assert left_of(ruled(np.zeros(SHAPE[1]), float(np.tan(np.deg2rad(tilt))), squared=True)) < 0.12


def test_rules_of_waves_are_taken_out() -> None:
    assert left_of(ruled(8 * np.sin(4 * X))) < 0.05


def test_writing_on_bent_rules_stays() -> None:
    bent = ruled(10 * X**2)
    writing = INK * ink(hand.strokes(3, 0.5, (280, 160), 10.0), SHAPE)
    rest, _ = rules.without(np.maximum(bent, writing).astype(np.float32), 0.0)
    assert rest[writing > 0.5].mean() > 0.75 * INK
    assert rest[(writing == 0) & (bent > 0)].mean() < 0.1 * RULE


@pytest.mark.parametrize("shape", [SHAPE, (108, 351), (60, 220)])
def test_grain_alone_has_no_walls(shape: tuple[int, int]) -> None:
    deviation = 0.02
    grain = np.random.default_rng(5).normal(0, deviation, shape).clip(0).astype(np.float32)
    assert rules.without(grain, deviation)[1] == ()


def test_upright_rules_that_are_stronger_than_the_grain_are_walls() -> None:
    walls = rules.without(ruled(np.zeros(SHAPE[1]), squared=True), 0.02)[1]
    assert len(walls) > 10


def test_grain_and_writing_alone_have_no_rules() -> None:
    grain = np.random.default_rng(5).normal(0, 0.01, SHAPE).clip(0)
    strength = np.maximum(grain, INK * ink(hand.strokes(7, 0.5, (280, 160), 10.0), SHAPE)).astype(np.float32)
    rest, _ = rules.without(strength, 0.0)
    assert np.abs(rest - strength).max() < 0.05


@pytest.mark.parametrize("shape", [(1, 1), (3, 39), (39, 3), (2, 600), (600, 2), (40, 40), (41, 500), (500, 41)])
def test_pictures_of_any_shape_are_looked_at(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(2).random(shape, np.float32)
    for strength in (np.zeros_like(random), np.ones_like(random), random):
        rest, _ = rules.without(strength, 0.0)
        assert rest.shape == shape
        assert (rest <= strength).all()


def test_a_long_strip_with_steep_rules_needs_little_room() -> None:
    tracemalloc.start()
    y, x = np.mgrid[:50, :8000].astype(np.float32)
    rules.without((np.abs((y - 0.14 * x) % 20 - 10) < 1).astype(np.float32), 0.0)
    assert tracemalloc.get_traced_memory()[1] < 40 * y.nbytes
    tracemalloc.stop()


def test_rules_that_end_inside_the_picture_are_followed() -> None:
    bent = ruled(10 * X**2)
    bent[:, np.abs(X) > 0.7] = 0
    assert left_of(bent) < 0.12


@pytest.mark.network
@pytest.mark.parametrize("squared", [False, True])
def test_a_number_on_paper_that_does_not_lie_flat_is_read(classifier: Classifier, squared: bool) -> None:
    height, width = 900, 1200
    x = np.linspace(-1.0, 1.0, width)
    down = np.arange(height)[:, None] - 20 * np.sin(2.5 * x + 0.5) - 40 * x
    lines = np.abs(down % 60 - 30) < 1.2
    if squared:
        lines |= np.abs(np.arange(width) % 60 - 30) < 1.2
    drawn = [*hand.strokes(4, 0.8, (300, 300), 12.0), *hand.strokes(2, 0.8, (490, 300), 12.0)]
    light = (PAPER - 0.2 * lines) * (1 - 0.7 * ink(drawn, (height, width)))
    assert classifier.read(find_digits.in_file(photograph(light))).text == "42"
