"""The page's script in every state, without a browser: what a person would see, and that nothing raised."""

import shutil
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist.files import MODEL
from mnist.reading.drawings import strokes
from mnist.reading.drawings.strokes import Stroke
from mnist.reading.framing import Framed
from mnist.reading.readings import Digit, Reading
from mnist.web.pages import draw as draw_page
from mnist.web.parts import reading_html, reading_panel
from mnist.web.parts.ready_drawings import READY_DRAWINGS
from mnist.web.pictures import png_url
from mnist.web.state import session
from mnist.web.state.pad import Pad
from mnist.web.state.reader import Reader
from mnist.web.state.reader import reader as the_reader
from mnist.web.state.training_queue import trainings as the_trainings
from tests.conftest import started_reader
from tests.web.pages.app_test import (
    LoadingReader,
    forty_two,
    html_of,
    objects_of,
    page_of,
    press,
    put_on_canvas,
    replace,
    shown,
)
from tools.harness import hand

EN_DASH = "–"
FRAMED = Framed(np.zeros((28, 28), np.float32), (0.0, 0.0, 1.0, 1.0))


def opened(monkeypatch: pytest.MonkeyPatch, reader: Reader) -> AppTest:
    replace(monkeypatch, the_reader, reader)
    return page_of("draw").run()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> AppTest:
    return opened(monkeypatch, loaded)


def draw(page: AppTest, objects: Any) -> AppTest:
    put_on_canvas(page, objects)
    return page.run()


def test_who_is_forgotten_trains_no_more(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, trainings = Mock(over=False), Mock()
    replace(monkeypatch, the_trainings, trainings)
    page.session_state[session.TICKET.key] = ticket
    press(page, "forget")
    trainings.leave.assert_called_once_with(ticket)


def test_an_empty_pad(page: AppTest) -> None:
    assert shown(page) == (EN_DASH, "Draw a digit or a number.")
    assert html_of(page, "bars").startswith("class='bars'></ol>")
    assert "<img" not in html_of(page, "stages samples")
    assert "Draw a digit here" in html_of(page, "hint")


@pytest.mark.parametrize("digit", range(10))
def test_a_digit(page: AppTest, digit: int) -> None:
    guess, sentence = shown(draw(page, objects_of(digit)))
    assert guess == str(digit)
    assert sentence == f"It's {'an' if digit == 8 else 'a'} {digit}."
    assert html_of(page, "bars").count("class='best'") == 1
    assert f"<li class='best'><b>{digit}</b>" in html_of(page, "bars")
    assert html_of(page, "stages").count("<img") == 4


@pytest.mark.parametrize("digit", range(10))
def test_the_third_picture_is_the_digit_at_its_size(digit: int) -> None:
    drawn = hand.strokes(digit)
    scaled = png_url(strokes.redraw(drawn))
    assert f"<img src='{scaled}'" in reading_panel.stages(drawn, strokes.frame(drawn))


def test_not_a_digit(page: AppTest) -> None:
    scribble = hand.canvas_drawing(hand.SCRIBBLE)["objects"]
    assert shown(draw(page, scribble)) == (EN_DASH, "This does not look like a digit.")
    assert "class='best'" not in html_of(page, "bars")


class Answering(LoadingReader):
    def __init__(self, reading: Reading | None) -> None:
        super().__init__()
        self._reading = reading

    @property
    def ready(self) -> bool:
        return self._reading is not None

    def read(self, lattice: Any) -> Reading | None:  # noqa: ARG002
        return self._reading


def number(verdict: Any, *digits: tuple[int | None, int, float]) -> Reading:
    """A reading of one line: of each digit its label, the second guess, the confidence."""
    line = []
    for digit, second, confidence in digits:
        probabilities = np.zeros(10)
        probabilities[[digit or 0, second]] = confidence, 1 - confidence
        line.append(Digit(digit, probabilities, FRAMED))
    return Reading(verdict, (tuple(line),))


@pytest.mark.parametrize(
    ("answer", "guess", "sentence"),
    [
        (number("digit", (7, 1, 0.99)), "7", "It's a 7."),
        (number("digit", (7, 1, 0.8)), "7", "Looks like a 7. Could also be a 1."),
        (number("digit", (8, 3, 0.8)), "8", "Looks like an 8. Could also be a 3."),
        (number("unsure", (3, 8, 0.55)), "3", "Hard to say: a 3 or an 8?"),
        (number("unsure", (4, 9, 0.999)), "4", "Hard to say: perhaps a 4."),  # it may be 11
        (Reading("not_a_digit"), EN_DASH, "This does not look like a digit."),
        (None, EN_DASH, "Waking up. You can already draw."),
        (number("digit", (2, 3, 0.99), (6, 0, 0.98)), "26", "It's 26."),
        (number("digit", (2, 3, 0.99), (6, 0, 0.9)), "26", "Looks like 26. The 6 could also be a 0."),
        (number("unsure", (2, 8, 0.6), (6, 0, 0.9)), "26", "Looks like 26. The 2 could also be an 8."),
        (number("unsure", (1, 3, 0.99), (7, 3, 0.999)), "17", "Hard to say: perhaps 17."),
        (number("not_a_digit", (2, 3, 0.99), (None, 3, 0.9)), "2?", "One part does not look like a digit."),
    ],
)
def test_sentences(monkeypatch: pytest.MonkeyPatch, answer: Reading | None, guess: str, sentence: str) -> None:
    page = opened(monkeypatch, Answering(answer))
    assert shown(draw(page, objects_of(7))) == (guess, sentence)


def test_a_row_names_a_second_guess_where_a_sentence_would() -> None:
    likely, unlikely = "<em>or 0</em>", "<em>or 3</em>"
    rows = reading_html.rows(number("digit", (2, 3, 0.96), (6, 0, 0.95)))
    assert likely in rows
    assert unlikely not in rows


def test_a_number_has_a_row_a_box_and_a_sample_for_each_digit(page: AppTest) -> None:
    guess, _ = shown(draw(page, forty_two()))
    assert guess == "42"
    assert html_of(page, "bars digits").count("<li") == 2
    assert html_of(page, "boxes").count("<div class='sure'") == 2
    assert html_of(page, "stages samples").count("<img") == 2


@pytest.mark.parametrize("digit", [1, 3, 4, 7, 9])
def test_a_mirrored_digit_is_refused_and_named(page: AppTest, digit: int) -> None:
    mirrored = [Stroke(line.points * (-1, 1) + (560, 0), line.width) for line in hand.strokes(digit, at=(140, 0))]
    guess, sentence = shown(draw(page, hand.canvas_drawing(mirrored)["objects"]))
    assert guess == EN_DASH
    assert sentence == f"This does not look like a digit. Is it a mirrored {digit}?"


def test_a_scribble_is_no_mirrored_digit(page: AppTest) -> None:
    assert shown(draw(page, hand.canvas_drawing(hand.SCRIBBLE)["objects"]))[1] == "This does not look like a digit."


def test_a_broken_model_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copy(MODEL.with_suffix(".json"), tmp_path)
    (tmp_path / MODEL.name).with_suffix(".onnx").write_bytes(b"broken")
    guess, sentence = shown(draw(opened(monkeypatch, started_reader(tmp_path / MODEL.name)), objects_of(7)))
    assert guess == EN_DASH
    assert sentence.startswith("Something went wrong. ")
    assert "the model is damaged" in sentence


@pytest.mark.parametrize("forged", ["text", [3], [{"type": "Path", "path": [["M", None, 2]]}], [{"type": "Image"}]])
def test_a_forged_drawing_is_told(page: AppTest, forged: Any) -> None:
    draw(page, objects_of(7))
    guess, sentence = shown(draw(page, forged))
    if isinstance(forged, list):
        assert guess == EN_DASH
        assert sentence.startswith("Something went wrong: object 1 of the drawing is")
    else:
        assert guess == "7"  # no drawing at all: passed over


def test_what_a_file_puts_into_a_message_becomes_no_picture(page: AppTest) -> None:
    tracker = "<img src='http://a.example/x'>"
    draw(page, [{"type": "Path", "path": [["M", 1, 2]], "left": 1, "originX": tracker}])
    assert f"originX is {tracker}" in shown(page)[1]
    assert "<img src='http" not in html_of(page, "answer")


@pytest.mark.parametrize(
    ("handed", "count"), [(None, 0), ("all", 0), (1.5, 0), (0, 3), (1, 2), (2, 1), (10**30, 1), (-9, 3)]
)
def test_what_came_from_the_early_pad_comes_before_what_was_drawn_since(
    monkeypatch: pytest.MonkeyPatch, handed: Any, count: int
) -> None:
    pad, kept = Pad(), {"numbers": [2, 16, 280, 140, 0, 50], "handed": handed}
    if count:
        pad.load_strokes([Stroke(np.array([[x, 50.0], [x, 90.0]]), 16.0) for x in (200.0, 300.0)])
    monkeypatch.setattr("mnist.web.components.canvas.pad_now", lambda: pad)
    monkeypatch.setattr("streamlit.rerun", Mock())
    draw_page._bring_back(kept)
    assert len(pad.strokes) == max(count, 1)
    assert pad.strokes[0].points.tolist() == [[280, 140], [280, 190]]


def test_undo_and_clear(page: AppTest) -> None:
    draw(page, [*objects_of(7), *hand.canvas_drawing(hand.SCRIBBLE)["objects"]])
    press(page, "undo")
    assert shown(page)[0] == "7"
    page.run()  # the whole page: the buttons are no part of what the stroke ran
    press(page, "clear")
    assert shown(page) == (EN_DASH, "Draw a digit or a number.")


def test_what_is_wrong_with_an_opened_file_is_said_and_the_drawing_stays(page: AppTest) -> None:
    draw(page, objects_of(7))
    page.session_state["pad_of_canvas"].open_file(b"[]")
    page.run()
    guess, sentence = shown(page)
    assert guess == "7"
    assert sentence == "This file is no drawing saved here."


def test_every_ready_drawing_is_read_as_what_it_is_called(page: AppTest) -> None:
    for number, name in enumerate(READY_DRAWINGS):
        press(page, f"sample_{number}")
        expected = name[-1] if name[-1].isdigit() else EN_DASH
        assert shown(page)[0] == expected, name
        assert not any(str(button.key).startswith("sample_") for button in page.button)  # the pad's part ran alone
        page.run()  # AppTest shows what the last run sent, and that was the pad's part


def test_three_pens(page: AppTest) -> None:
    assert list(page.segmented_control(key="pen").options) == ["Thin", "Medium", "Broad"]
    page.segmented_control(key="pen").set_value("Broad").run()
    assert not page.exception
