"""The session's pad: what Undo, Clear and loading do, also while the canvas still reports what it had before."""

import json
from typing import Any

import pytest

from mnist.strokes import bounds
from mnist.web import board
from mnist.web.pad import Objects, Pad
from tests import hand


def stroke(number: int) -> dict[str, Any]:
    return {"type": "Path", "path": [["M", number, 0], ["L", number, 9]], "strokeWidth": 4}


A, B, C, D = (stroke(number) for number in range(4))


def holding(*objects: dict[str, Any]) -> Pad:
    pad = Pad()
    pad.report({"objects": list(objects)})
    return pad


def echo(pad: Pad) -> dict[str, Any]:
    """What the canvas reports once it has loaded what it was told to."""
    return {"objects": [{**item, "version": "7.1.0"} for item in pad.to_load["objects"]]}


def paths(objects: Objects) -> list[Any]:
    return [item["path"] for item in objects]


def test_undo_takes_the_last_stroke_and_tells_the_canvas() -> None:
    pad = holding(A, B)
    pad.undo()
    assert pad.objects == [A]
    assert pad.to_load == {"objects": [A], "revision": 1}
    pad.report(echo(pad))
    assert paths(pad.objects) == paths([A])


def test_three_quick_undos_take_three_strokes() -> None:
    """The canvas reports late: first the drawing of before, then the first command's, then the second's."""
    before = {"objects": [A, B, C, D]}
    pad = holding(A, B, C, D)
    pad.undo()
    first = echo(pad)
    pad.report(before)
    pad.undo()
    second = echo(pad)
    pad.report(first)
    pad.undo()
    assert pad.objects == [A]
    for late in (second, echo(pad)):
        pad.report(late)
        assert paths(pad.objects) == paths([A])


def test_clear_is_not_undone_by_a_late_report() -> None:
    pad = holding(A, B)
    pad.clear()
    pad.report({"objects": [A, B]})
    assert pad.objects == []
    pad.report({"objects": [C]})
    assert pad.objects == [C]


def test_drawing_on_after_a_command_counts() -> None:
    pad = holding(A, B)
    pad.undo()
    pad.report({"objects": [A, C]})
    assert pad.objects == [A, C]
    pad.report({"objects": [A, B]})  # the same strokes drawn anew: no longer outdated
    assert pad.objects == [A, B]


def test_nothing_to_undo_or_clear_leaves_the_canvas_alone() -> None:
    pad = Pad()
    pad.undo()
    pad.clear()
    assert pad.to_load["revision"] == 0


def test_the_same_ready_drawing_twice_is_loaded_twice() -> None:
    pad = Pad()
    for revision in (1, 2):
        pad.load_strokes(hand.strokes(7))
        assert pad.to_load["revision"] == revision
        pad.report(echo(pad))
        assert len(pad.strokes) == 1


@pytest.mark.parametrize("forged", [None, 7, "x", [], {}, {"objects": None}, {"objects": {"a": 1}}])
def test_a_forged_report_is_passed_over(forged: Any) -> None:
    pad = holding(A)
    pad.report(forged)
    assert pad.objects == [A]


def test_a_saved_drawing_is_opened_where_it_fits() -> None:
    pad = holding(A)
    pad.open_file(json.dumps(hand.canvas_drawing(hand.strokes(3, scale=5, at=(-700, 900)))).encode())
    assert pad.problem is None
    x, y, width, height = bounds(pad.strokes)
    assert min(x, y) >= 0
    assert max(x + width, y + height) <= board.SIDE
    assert {item["stroke"] for item in pad.objects} == {board.CHALK}


def test_a_file_that_is_no_drawing_is_named_and_changes_nothing() -> None:
    pad = holding(A)
    pad.open_file(b"{}")
    assert pad.problem == 'This file cannot be opened: not a saved drawing: it has no list of "objects".'
    assert pad.objects == [A]
    assert pad.to_load["revision"] == 0
    pad.clear()
    assert pad.problem is None


def test_an_image_hidden_in_a_drawing_never_reaches_the_browser() -> None:
    pad = Pad()
    picture = {"type": "Image", "src": "http://example.org/x.png", "path": []}
    pad.open_file(json.dumps({"objects": [stroke(1), picture]}).encode())
    assert pad.problem is not None
    pad.open_file(json.dumps({"objects": [{**stroke(1), "clipPath": picture, "stroke": "url(x)"}]}).encode())
    assert "example.org" not in json.dumps(pad.to_load)
    assert "url" not in json.dumps(pad.to_load)
