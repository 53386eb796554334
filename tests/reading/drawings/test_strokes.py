"""Drawings to samples: the pen's width, the size and the place make no difference; broken drawings are refused."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist.errors import UserError
from mnist.reading.drawings import strokes
from mnist.reading.drawings.pen_width import PEN
from mnist.reading.drawings.strokes import Stroke, frame, from_drawing, to_drawing
from mnist.reading.framing import DIGIT_SIDE
from tests.reading.drawings.test_rendering import distance
from tools.harness import hand

PLACES = st.floats(-1e4, 1e4)


def sample(drawn: list[Stroke]) -> np.ndarray:
    return frame(drawn).sample


@settings(max_examples=400)
@given(st.integers(0, 9), st.floats(0.2, 20), st.floats(0.5, 24), PLACES, PLACES)
def test_size_place_and_pen_make_no_difference(digit: int, scale: float, pen: float, x: float, y: float) -> None:
    reference, there = (
        sample(from_drawing(hand.canvas_drawing(drawn)))
        for drawn in (hand.strokes(digit), hand.strokes(digit, scale, (x, y), pen))
    )
    assert np.abs(there - reference).max() < 0.03


def test_a_sample_has_mnists_pen() -> None:
    upright = sample([Stroke(np.array([[100.0, 20.0], [100.0, 260.0]]), 30.0)])
    assert upright.sum(axis=1)[8:20] == pytest.approx(PEN, abs=0.02)  # ink across the stroke
    assert np.count_nonzero(upright.sum(axis=1)) == 20


def test_a_tap_stays_a_dot() -> None:
    dot = sample([Stroke(np.array([[50.0, 50.0], [51.0, 50.0]]), 16.0)])
    long = (DIGIT_SIDE - PEN) / 16  # what the movement of one pixel becomes
    assert dot.sum() == pytest.approx(math.pi * (PEN / 2) ** 2 + PEN * long, rel=0.05)


@given(st.floats(-180, 180), st.floats(0.3, 3), st.floats(0.3, 3), st.booleans(), st.floats(-50, 300))
def test_moved_scaled_and_turned_objects(angle: float, sx: float, sy: float, flip: bool, left: float) -> None:
    """Against Fabric's own order of things, written out point by point: flip, scale, turn, then move the middle."""
    line = np.array([[10.0, 20.0], [60.0, 20.0], [60.0, 120.0]])
    changes: dict[str, Any] = {
        "left": left, "top": 70.0, "originX": "center", "originY": "center",
        "angle": angle, "scaleX": sx, "scaleY": sy, "flipX": flip,
    }  # fmt: skip
    path = [["M", *line[0]], ["L", *line[1]], ["L", *line[2]]]
    (placed,) = from_drawing({"objects": [{"type": "Path", "path": path, "strokeWidth": 4, **changes}]})
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    for (x, y), (u, v) in zip(line, placed.points, strict=True):
        dx, dy = (x - 35) * sx * (-1 if flip else 1), (y - 70) * sy
        assert (u, v) == pytest.approx((left + cos * dx - sin * dy, 70 + sin * dx + cos * dy), abs=1e-6)
    assert placed.width == pytest.approx(4 * math.sqrt(sx * sy))


def test_an_origin_at_the_corner_counts_from_the_outer_edge_of_the_ink() -> None:
    path = [["M", 10, 20], ["L", 60, 120]]
    corner = {"type": "path", "path": path, "strokeWidth": 8, "left": 0, "top": 0, "originX": "left", "originY": "top"}
    (placed,) = from_drawing({"objects": [corner]})
    assert placed.points.tolist() == [[4, 4], [54, 104]]


def test_curves_are_followed_closely() -> None:
    path = [["M", 0, 0], ["Q", 50, 100, 100, 0], ["C", 120, -60, 180, -60, 200, 0]]
    (stroke,) = from_drawing({"objects": [{"type": "Path", "path": path, "strokeWidth": 1}]})
    t = np.linspace(0, 1, 2000)
    quadratic = np.stack([100 * t, 200 * t * (1 - t)], axis=1)
    cubic = np.stack(
        [100 * (1 - t) ** 3 + 360 * t * (1 - t) ** 2 + 540 * t**2 * (1 - t) + 200 * t**3, -180 * t * (1 - t)], axis=1
    )
    # every true point lies on the rendered line, within the flatness asked for
    for curve in (quadratic, cubic):
        distances = distance(curve, stroke.points)
        assert distances.max() < 0.3


def test_two_moves_are_two_strokes_and_a_closed_path_returns() -> None:
    path = [["M", 0, 0], ["L", 10, 0], ["L", 10, 10], ["Z"], ["M", 50, 50], ["L", 60, 60]]
    first, second = from_drawing({"objects": [{"type": "Path", "path": path, "strokeWidth": 1}]})
    assert first.points.tolist() == [[0, 0], [10, 0], [10, 10], [0, 0]]
    assert second.points.tolist() == [[50, 50], [60, 60]]


def test_drawings_survive_the_way_out_and_back() -> None:
    drawn = hand.strokes(5)
    again = strokes.parse(json.dumps(to_drawing(drawn, "#fff")))
    assert [stroke.width for stroke in again] == [stroke.width for stroke in drawn]
    for before, after in zip(drawn, again, strict=True):
        assert np.allclose(before.points, after.points, atol=0.01)


@given(PLACES, PLACES, st.floats(0.05, 30))
def test_a_drawing_from_anywhere_is_fitted_onto_the_pad(x: float, y: float, scale: float) -> None:
    fitted = strokes.fit(hand.strokes(5, scale, (x, y), pen=16 * scale), (280, 280))
    left, top, width, height = strokes.bounds(fitted)
    assert left >= -1e-6
    assert top >= -1e-6
    assert left + width <= 280 + 1e-6
    assert top + height <= 280 + 1e-6
    assert np.abs(sample(fitted) - sample(hand.strokes(5))).max() < 0.03


@pytest.mark.parametrize("point", [(-5.0, -5.0), (900.0, 20.0)])
def test_a_dot_without_width_is_fitted_too(point: tuple[float, float]) -> None:
    (dot,) = strokes.fit([Stroke(np.array([point]), 0.0)], (280, 280))
    assert dot.points.tolist() == [[140, 140]]


def test_what_lies_on_the_pad_stays_where_it_is() -> None:
    drawn = hand.strokes(3)
    assert strokes.fit(drawn, (280, 280)) == drawn
    assert strokes.fit([], (280, 280)) == []


def stroke_object(**changes: Any) -> dict[str, Any]:
    return {"type": "Path", "path": [["M", 1, 2], ["L", 3, 4]], "strokeWidth": 3, **changes}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", 'no list of "objects"'),
        (b"[1, 2]", 'no list of "objects"'),
        (b'{"objects": 3}', 'no list of "objects"'),
        (b'{"objects": [null]}', "object 1 of the drawing is not a pen stroke"),
        (b'{"objects": [{"type": "Rect", "path": []}]}', "object 1 of the drawing is not a pen stroke"),
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message):
        strokes.parse(content)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"path": [["M", math.nan, 2], ["L", 3, 4]]}, "not finite"),
        ({"path": [["M", 1, math.inf]]}, "not finite"),
        ({"path": [["M", "1", 2]]}, "a coordinate is not a number"),
        ({"path": [["M", True, 2]]}, "a coordinate is not a number"),
        ({"path": [["M", 1]]}, "not an absolute path command"),
        ({"path": [["A", 1, 2]]}, "not an absolute path command"),
        ({"path": [7]}, "not an absolute path command"),
        ({"path": [["M", 1e9, 2]]}, "beyond 1e.06 pixels"),
        ({"scaleX": 9e5, "path": [["M", 1, 2], ["L", 3000, 4]]}, "beyond 1e.06 pixels"),
        ({"strokeWidth": -1}, "strokeWidth is -1"),
        ({"strokeWidth": None}, "strokeWidth is None"),
        ({"left": math.nan}, "left is nan"),
        ({"angle": "north"}, "angle is north"),
        ({"left": 1, "originX": "nowhere"}, "originX is nowhere"),
        ({"left": 1, "originX": ["x"]}, "originX is"),
        ({"path": [["M", 10**400, 2]]}, "damaged"),
        ({"path": [["L", 1, 2]] * 1_000_000}, "more than 20000 path commands"),
        ({"path": [["M", 0, 0], *[["Q", 300, 10, 0, 20], ["Q", -300, 10, 0, 0]] * 9_000]}, "more than 100000 points"),
        ({"path": [["M", 0, 0], *[["L", 300, 10], ["L", 0, 0]] * 1_100]}, "more than 2000 times from side to side"),
    ],
)
def test_damaged_or_endless_strokes_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        from_drawing({"objects": [stroke_object(**changes)]})


def test_too_many_strokes_or_bytes_are_refused() -> None:
    with pytest.raises(UserError, match="a drawing of 1000000 strokes; at most"):
        from_drawing({"objects": [stroke_object()] * 1_000_000})
    with pytest.raises(UserError, match="a drawing of 15000 strokes; at most"):
        from_drawing({"objects": [stroke_object(path=[["M", 1, 2]] * 15_000)]})
    with pytest.raises(UserError, match="a drawing of 6 MB; at most 5 MB"):
        strokes.parse(b" " * 6_000_000)


def test_a_path_without_points_draws_nothing() -> None:
    assert from_drawing({"objects": [stroke_object(path=[])]}) == []
    assert from_drawing({"objects": [stroke_object(path=[["Z"]])]}) == []
