"""The pad: Undo, Clear and loading, also while the canvas still reports what it had before."""

import json
from typing import Any, Self

import numpy as np
import pytest

from mnist.errors import UserError
from mnist.reading.drawings.strokes import Stroke, bounds, to_drawing
from mnist.web import palette
from mnist.web.state.pad import MARGIN, PAD_SIDE, PAD_WIDTH, Objects, Pad, is_wide, kept_strokes
from tools.harness import hand


class Canvas:
    """The canvas in the browser: draws in the chalk it was last given, holds what it was last told to."""

    def __init__(self, pad: Pad) -> None:
        self._pad = pad
        self.refresh()

    def refresh(self) -> Self:
        """A run's answer arrives: the canvas loads what has changed."""
        self.chalk = self._pad.chalk
        self.objects = [{**item, "version": "7.1.0"} for item in self._pad.to_load["objects"]]
        return self

    def draw(self, *numbers: int) -> Self:
        self.objects = [*self.objects, *(stroke(number, self.chalk) for number in numbers)]
        return self

    def send(self) -> None:
        self._pad.report({"objects": self.objects, "background": palette.PAPER})


def stroke(number: int, chalk: str = palette.CHALKS[0]) -> dict[str, Any]:
    path = [["M", number, 0], ["L", number, 9]]
    place = {"left": number, "top": 4.5, "originX": "center", "originY": "center"}
    return {"type": "Path", "path": path, "stroke": chalk, "strokeWidth": 4, **place}


def numbers(objects: Objects) -> list[int]:
    return [item["path"][0][1] for item in objects]


def drawn(*which: int) -> tuple[Pad, Canvas]:
    pad = Pad()
    canvas = Canvas(pad)
    canvas.draw(*which).send()
    return pad, canvas


def test_quick_undos_each_take_a_stroke_whenever_the_canvas_reports() -> None:
    pad, canvas = drawn(1, 2, 3, 4, 5)
    pad.undo()
    assert numbers(pad.objects) == numbers(pad.to_load["objects"]) == [1, 2, 3, 4]
    canvas.send()  # still all five
    pad.undo()
    canvas.refresh().send()  # the canvas may have seen one command or two
    assert numbers(pad.objects) == [1, 2, 3]
    pad.undo()
    canvas.send()
    assert numbers(pad.objects) == [1, 2]


def test_a_late_report_does_not_undo_clear_and_what_is_drawn_at_once_after_it_is_carried_over() -> None:
    pad, canvas = drawn(1, 2)
    pad.clear()
    canvas.send()  # the canvas has not been told yet
    assert pad.objects == []
    canvas.draw(3).send()
    assert numbers(pad.to_load["objects"]) == [3]
    canvas.send()  # the same report again adds nothing
    assert numbers(pad.objects) == [3]
    canvas.draw(4).send()
    assert numbers(pad.objects) == [3, 4]
    canvas.refresh().send()
    assert numbers(pad.objects) == [3, 4]


def test_the_very_same_stroke_drawn_anew_counts() -> None:
    pad, canvas = drawn(1)
    for _ in range(40):  # more than there are shades of chalk
        pad.clear()
        canvas.refresh()
        canvas.draw(1).send()
        assert numbers(pad.objects) == [1]


def test_a_page_older_than_the_session_keeps_its_drawing() -> None:
    _, canvas = drawn(1)
    old = Pad()
    for _ in range(3):
        old.load(canvas.objects)
    page = Canvas(old)
    page.draw(2)
    session = Pad()
    session.report({"objects": page.objects})
    assert numbers(session.to_load["objects"]) == [1, 2]


@pytest.mark.parametrize("revision", range(1, 4))
def test_what_is_drawn_until_a_page_older_than_the_session_is_loaded_anew_is_kept(revision: int) -> None:
    """Whatever chalk the older page has, also that of the session's next revision."""
    pad = Pad()
    canvas = Canvas(pad)
    canvas.chalk = palette.CHALKS[revision]
    canvas.draw(1, 2).send()
    canvas.draw(3).send()  # before it has loaded what it is told to
    canvas.refresh().send()
    assert numbers(pad.objects) == [1, 2, 3]


@pytest.mark.parametrize("colour", ["#000000", "#FFFFFF", None, 7, palette.CHALKS[5]])
def test_what_another_program_drew_is_taken_over_once(colour: Any) -> None:
    session = Pad()
    session.load([stroke(9)])
    foreign = {"objects": [{**stroke(1), "stroke": colour}]}
    for _ in range(20):
        session.report(foreign)
    assert numbers(session.objects) == [1]
    assert session.revision <= 2
    session.clear()
    session.report(foreign)
    assert session.objects == []
    session.report({"objects": [{**stroke(2), "stroke": colour}]})
    assert numbers(session.objects) == [2]


@pytest.mark.parametrize(
    "forged",
    [
        [stroke(1), 7, None],
        [{**stroke(1), "path": [[[[]]]]}],
        [{**stroke(1), "path": [], "left": 10**400}],
        [stroke(1)] * 3_000,
    ],
    ids=["none", "lists", "nowhere", "many"],
)  # fmt: skip
def test_a_forged_report_is_told_and_leaves_the_pad_as_it_was(
    forged: Objects, caplog: pytest.LogCaptureFixture
) -> None:
    pad, canvas = drawn(1, 2)
    pad.report({"objects": forged})
    assert caplog.messages == ["a drawing was refused that no canvas reports"]
    with pytest.raises(UserError):
        _ = pad.strokes
    assert numbers(pad.objects) == [1, 2]
    canvas.send()
    assert len(pad.strokes) == 2
    pad.report({"objects": forged})
    pad.undo()
    assert len(pad.strokes) == 1


def test_an_empty_pad_leaves_the_canvas_alone() -> None:
    pad = Pad()
    pad.undo()
    pad.clear()
    assert pad.revision == 0


def test_the_same_ready_drawing_twice_is_loaded_twice_and_not_hidden_while_it_is_on_its_way() -> None:
    pad, canvas = drawn()
    for revision in (1, 2):
        pad.load_strokes(hand.strokes(7))
        assert pad.to_load["revision"] == revision
        canvas.send()  # what it had before: nothing, then the first drawing
        assert len(pad.strokes) == 1
        canvas.refresh().send()
        assert len(pad.strokes) == 1


@pytest.mark.parametrize("forged", [None, 7, "x", [], {}, {"objects": None}, {"objects": {"a": 1}}])
def test_a_forged_report_is_passed_over(forged: Any) -> None:
    pad, _ = drawn(1)
    pad.report(forged)
    assert numbers(pad.objects) == [1]


def test_a_saved_drawing_is_opened_where_it_fits() -> None:
    pad, _ = drawn(1)
    pad.open_file(json.dumps(hand.canvas_drawing(hand.strokes(3, scale=5, at=(-700, 900)))).encode())
    assert pad.problem is None
    x, y, width, height = bounds(pad.strokes)
    assert min(x, y) >= 0
    assert x + width <= PAD_WIDTH
    assert y + height <= PAD_SIDE
    assert {item["stroke"] for item in pad.objects} == {pad.chalk}


@pytest.mark.parametrize(("left", "moves"), [(20, True), (150, False), (300, False)])
def test_a_drawing_saved_on_a_square_pad_is_opened_in_the_middle(left: float, moves: bool) -> None:
    pad, saved = Pad(), [Stroke(np.array([(left, 9.0), (left + 100, 200.0)]), 16.0)]
    pad.open_file(json.dumps(to_drawing(saved, pad.chalk)).encode())
    x, y, _, _ = bounds(pad.strokes)
    assert x == pytest.approx(bounds(saved)[0] + (MARGIN if moves else 0))
    assert y == pytest.approx(bounds(saved)[1])
    assert not is_wide(pad.strokes)


def test_what_fits_onto_the_pad_stays_where_it_was() -> None:
    pad = Pad()
    for drawing in (hand.strokes(3), [*hand.strokes(3), *hand.strokes(5, at=(280, 0))]):
        pad.load_strokes(drawing)
        assert bounds(pad.strokes) == pytest.approx(bounds(drawing), abs=0.02)
    pad.load_strokes([])
    assert pad.strokes == []


@pytest.mark.parametrize(("begins", "wide"), [(139.0, True), (140.0, False), (420.0, False), (421.0, True)])
def test_the_whole_pad_is_shown_if_a_stroke_begins_outside_the_square(begins: float, wide: bool) -> None:
    assert is_wide([Stroke(np.array([(begins, 9.0), (100.0, 200.0)]), 16.0)]) == wide
    assert not is_wide([])


def test_a_file_that_is_no_drawing_is_named_until_the_next_stroke_or_clear_and_changes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pad, canvas = drawn(1)
    pad.open_file(b"{}")
    assert caplog.messages == ["a saved drawing was refused"]
    assert pad.problem == "This file is no drawing saved here."
    assert numbers(pad.objects) == [1]
    assert pad.revision == 0
    canvas.send()
    assert pad.problem
    canvas.draw(2).send()
    assert not pad.problem
    pad.open_file(b"{}")
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


def test_what_undo_took_comes_back_one_after_the_other_until_something_is_drawn() -> None:
    pad, canvas = drawn(1, 2, 3)
    pad.undo()
    canvas.refresh().send()
    pad.undo()
    canvas.refresh().send()
    pad.redo()
    assert numbers(pad.objects) == [1, 2]
    canvas.refresh().send()
    pad.redo()
    pad.redo()  # there is nothing more
    assert numbers(pad.objects) == [1, 2, 3]
    canvas.refresh().send()
    pad.undo()
    canvas.refresh().draw(4).send()
    pad.redo()
    assert numbers(pad.objects) == [1, 2, 4]


def test_nothing_of_the_last_drawing_comes_back_on_a_pad_that_begins_anew() -> None:
    pad, canvas = drawn(1, 2)
    pad.clear()
    canvas.refresh().draw(3).send()
    pad.begin_anew()
    canvas.refresh().send()
    pad.undo()
    pad.redo()
    pad.clear()
    pad.undo()
    assert pad.objects == []


def test_what_undo_took_in_the_browser_comes_back_as_well() -> None:
    pad, canvas = drawn(1, 2, 3)
    canvas.objects = canvas.objects[:-2]  # two quick presses
    canvas.send()
    pad.redo()
    assert numbers(pad.objects) == [1, 2]


@pytest.mark.parametrize("in_the_browser", [False, True])
def test_undo_brings_back_what_clear_took(in_the_browser: bool) -> None:
    pad, canvas = drawn(1, 2)
    if in_the_browser:  # which tells of it before or after the press itself
        canvas.objects = []
        canvas.send()
    pad.clear()
    canvas.refresh().send()
    pad.redo()
    assert pad.objects == []
    canvas.refresh().draw(3).send()
    pad.undo()
    canvas.refresh().send()
    pad.undo()
    assert numbers(pad.objects) == [1, 2]
    canvas.refresh().send()
    for _ in range(3):
        pad.undo()
        canvas.refresh().send()
    assert pad.objects == []


@pytest.mark.parametrize(
    "forged", ["1,2", {}, [None], [[1, 2], [3, 4]], [1, 8, 5.5, 5], [True, 8, 5, 5], [1, 8, "5", 5], [1, 8, 10**30, 5]]
)
def test_forged_strokes_are_told(forged: Any) -> None:
    with pytest.raises(UserError, match="it is damaged"):
        kept_strokes(forged)
