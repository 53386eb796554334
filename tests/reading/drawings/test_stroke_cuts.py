"""Digits that are joined by one stroke come apart, and what is one digit stays one."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from mnist.reading.drawings import stroke_cuts
from mnist.reading.drawings.strokes import Stroke
from tools.harness import hand


def without_lifting(*digits: int) -> Stroke:
    """Digits that the tests' own hand writes in one stroke, one after the other."""
    lines = [hand.strokes(digit, 0.4, (20.0 + i * 90.0, 20.0))[0].points for i, digit in enumerate(digits)]
    return Stroke(np.concatenate(lines), 10.0)


@pytest.mark.parametrize("digits", [(0, 0), (2, 0), (0, 2), (2, 2), (0, 7), (2, 0, 0)])
def test_digits_written_without_lifting_the_pen_are_read(classifier: Classifier, digits: tuple[int, ...]) -> None:
    reading = classifier.read(find_digits.of_strokes([without_lifting(*digits)]))
    assert reading.text == "".join(map(str, digits))


@pytest.mark.network
def test_a_bar_that_runs_on_into_the_next_digit_is_cut_off(classifier: Classifier) -> None:
    """A German 7, its bar written last, and without lifting a 2."""
    two = [(120, 40), (140, 22), (160, 22), (172, 45), (150, 90), (120, 135), (180, 138)]
    lines = [[(20, 20), (85, 20), (50, 140)], [(40, 80), (88, 78), *two]]
    drawn = [Stroke(np.array(line, float), 8.0) for line in lines]
    assert any(piece.points[:, 0].max() <= 120 for piece in stroke_cuts.cut(drawn)[0][1:])  # the bar
    assert classifier.read(find_digits.of_strokes(drawn)).text == "72"


@pytest.mark.parametrize(("reach", "pieces"), [(10.0, 2), (40.0, 1)])
def test_digits_that_reach_a_little_over_one_another_are_cut_apart(reach: float, pieces: int) -> None:
    """A ring that ends at its right side, and one that begins at its left."""
    turn = np.linspace(0, 2 * np.pi, 60)
    ring = np.stack([35 + 35 * np.cos(turn), 50 - 50 * np.sin(turn)], axis=1)
    over = Stroke(np.concatenate([ring[8:], np.array([140.0 - reach, 0.0]) + ring[:55] * [-1, 1]]), 4.0)
    assert len(stroke_cuts.cut([over])[0]) == pieces


def test_digits_cut_apart_are_not_said_to_be_sure(classifier: Classifier) -> None:
    assert classifier.read(find_digits.of_strokes([without_lifting(0, 0)])).verdict == "unsure"


@pytest.mark.parametrize("digit", range(10))
def test_the_direction_of_the_pen_makes_no_difference(digit: int) -> None:
    drawn = hand.strokes(digit)
    turned = [Stroke(stroke.points[::-1], stroke.width) for stroke in drawn]
    assert len(stroke_cuts.cut(drawn)[0]) == len(stroke_cuts.cut(turned)[0])


DOT = Stroke(np.array([[5.0, 5.0]]), 3.0)


@pytest.mark.parametrize("drawn", [[], [DOT], [*hand.strokes(8), *hand.strokes(1)]], ids=["nothing", "dot", "narrow"])
def test_what_is_no_wide_stroke_is_left_whole(drawn: list[Stroke]) -> None:
    assert stroke_cuts.cut(drawn) == (drawn, [], set())


def test_a_drawing_of_more_strokes_than_a_number_has_is_left_whole() -> None:
    strokes = [without_lifting(0, 0)] * (stroke_cuts.MAX_STROKES_COMPARED + 1)
    assert stroke_cuts.cut(strokes) == (strokes, [], set())
    assert len(stroke_cuts.cut(strokes[1:])[0]) > len(strokes)


def test_a_stroke_of_more_points_than_a_hand_makes_is_left_whole() -> None:
    across = np.linspace(0.0, 1400.0, stroke_cuts.MAX_POINTS_PER_STROKE + 1)
    endless = [Stroke(np.stack([across, 50 * np.sin(across / 30)], axis=1), 4.0)]
    assert stroke_cuts.cut(endless) == (endless, [], set())
    assert len(stroke_cuts.cut([Stroke(endless[0].points[1:], 4.0)])[0]) > 1


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.just(2)), elements=st.floats(-300, 300)))
def test_no_ink_is_lost_and_none_is_added(line: np.ndarray) -> None:
    pieces, cuts, mere_joins = stroke_cuts.cut([Stroke(line, 4.0)])
    length = sum(np.hypot(*np.diff(piece.points, axis=0).T).sum() for piece in pieces)
    assert length == pytest.approx(np.hypot(*np.diff(line, axis=0).T).sum(), abs=1e-6)
    assert len(cuts) == len(pieces) - 1
    assert mere_joins <= set(range(1, len(pieces) - 1))
    for before, after in pairwise(pieces):
        assert before.points[-1].tolist() == after.points[0].tolist()
        reach = before.points[:, 0].max() - after.points[:, 0].min()
        assert reach <= stroke_cuts.MAX_REACH_IN_HEIGHTS * np.ptp(line[:, 1]) + 1e-9
