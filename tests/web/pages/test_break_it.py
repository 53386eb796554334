"""The page that spoils the drawing, without a browser: what a person would see, and that nothing raised."""

from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mnist.errors import UserError
from mnist.reading.framing import Framed
from mnist.reading.readings import Digit
from mnist.web.pages import angle_curve, break_it
from mnist.web.parts.wording import with_article
from mnist.web.state.explanations import explanations
from mnist.web.state.reader import Reader
from mnist.web.state.reader import reader as the_reader
from tests.web.pages.app_test import announced, html_of, objects_of, page_of, press, put_on_canvas, replace, shown
from tools.harness import hand

EN_DASH = "–"
FRAMED = Framed(np.zeros((28, 28), np.float32), (0.0, 0.0, 1.0, 1.0))


def opened(monkeypatch: pytest.MonkeyPatch, reader: Reader, objects: Any = None) -> AppTest:
    replace(monkeypatch, the_reader, reader)
    page = page_of("break_it")
    if objects is not None:
        put_on_canvas(page, objects)
    return page.run()


@pytest.fixture
def seven(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> AppTest:
    return opened(monkeypatch, loaded, objects_of(7))


def fooled(page: AppTest) -> str:
    return next(str(element.value) for element in page.markdown if "→" in element.value)


def move(page: AppTest, **sliders: int) -> None:
    for field, value in sliders.items():
        next(item for item in page.slider if str(item.key).startswith(field)).set_value(value)
    page.run()


@pytest.mark.parametrize(("objects", "guess"), [(objects_of(4), "4"), (None, "7")])
def test_it_spoils_what_is_on_the_pad_or_else_a_7(
    monkeypatch: pytest.MonkeyPatch, loaded: Reader, objects: Any, guess: str
) -> None:
    page = opened(monkeypatch, loaded, objects)
    assert shown(page)[0] == guess
    assert ("The pad is empty" in page.caption[0].value) == (objects is None)


def test_a_slider_changes_guess_bars_and_pictures(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> None:
    page = opened(monkeypatch, loaded)
    before = html_of(page, "stages pair")
    assert "<li class='best'><b>7</b>" in html_of(page, "bars")
    move(page, turn=-40)
    assert shown(page)[0] == "1"
    assert html_of(page, "stages pair") != before
    assert "<li class='best'><b>1</b>" in html_of(page, "bars")


def test_in_a_corner_it_is_read_framed_and_not_without(seven: AppTest) -> None:
    press(seven, "corner")
    assert shown(seven)[0] == "7"
    seven.toggle[0].set_value(False).run()
    guess, sentence = shown(seven)
    assert guess == EN_DASH
    assert sentence.startswith("This does not look like a digit. If it had to be one: a 7. A textbook net says: a 1,")
    press(seven, "normal")
    assert shown(seven)[0] == "7"
    assert seven.toggle[0].value
    assert {slider.value for slider in seven.slider} == {0, 100}


def test_where_nothing_is_left_nothing_is_read(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> None:
    page = opened(monkeypatch, loaded, objects_of(7, pen=8.0))
    assert shown(page)[0] == "7"
    move(page, thicker=-6)
    assert shown(page) == (EN_DASH, "There is nothing left to see.")


def test_the_smallest_change_is_shown_until_a_slider_moves(seven: AppTest) -> None:
    assert fooled(seven) == "7 → ?"
    assert "<img" not in html_of(seven, "stages triple")
    press(seven, "fool")
    assert not seven.exception
    assert fooled(seven)[:4] == "7 → "
    assert fooled(seven)[4:] in set("012345689")
    assert html_of(seven, "stages triple").count("<img") == 3
    assert announced(seven)[-1] == f"With this change it reads {with_article(int(fooled(seven)[4:]))}, no longer a 7."
    move(seven, turn=10)
    assert fooled(seven) == "7 → ?"


@pytest.mark.parametrize("found", [None, UserError("There is too little memory for this now.")])
def test_that_no_change_was_found_is_heard(seven: AppTest, monkeypatch: pytest.MonkeyPatch, found: Any) -> None:
    monkeypatch.setattr(explanations, "smallest_change", Mock(side_effect=[found]))
    press(seven, "fool")
    assert announced(seven)[-1] == str(found or "No small change fools it here.")
    assert announced(seven)[-1] in [caption.value for caption in seven.caption]


def test_all_else_is_there_before_the_curve(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> None:
    monkeypatch.setattr(break_it, "_show_curve", lambda *_: st.stop())
    page = opened(monkeypatch, loaded, objects_of(7))
    assert shown(page)[0] == "7"
    assert not page.button(key="fool").disabled
    assert [expander.label for expander in page.expander] == ["Exactly"]


def test_what_is_no_digit_is_told(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> None:
    page = opened(monkeypatch, loaded, hand.canvas_drawing(hand.SCRIBBLE)["objects"])
    assert shown(page)[0] == EN_DASH
    assert any("Even before it is spoiled" in element.value for element in page.markdown)
    assert page.button(key="fool").disabled


def read(labels: str) -> list[Digit]:
    """What was read at each angle; - for no digit."""
    each = [None if label == "-" else int(label) for label in labels]
    return [Digit(digit, np.eye(10)[digit or 0], FRAMED) for digit in each]


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ("7" * 19, "Read as a 7 at every angle."),
        ("-" * 19, "Read as a 7 at no angle."),
        ("----11-7777777777--", "Read as a 7 from 20° left to 70° right; elsewhere as a 1 or no digit."),
        ("1118887777" + "1" * 9, "Read as a 7 from 30° left to upright; elsewhere as a 1 or an 8."),
        ("-" * 9 + "7" + "1" * 9, "Read as a 7 only upright; elsewhere as a 1 or no digit."),
        ("7--------7---------", "Read as a 7 from 90° left to upright, with gaps; elsewhere as no digit."),
    ],
)
def test_the_curve_in_words(labels: str, words: str) -> None:
    assert angle_curve.caption(read(labels), 7) == words


def test_the_curve_is_the_digits_own_bar_and_none_where_no_digit_is_read() -> None:
    rows = angle_curve.rows(read("-" * 8 + "17" + "7" * 9), 7, turn=-10)
    assert [row["sure"] for row in rows] == [0.0] * 9 + [100.0] * 10
    assert [row["guess"] for row in rows][7:10] == [EN_DASH, "1", "7"]
    assert [row["angle"] for row in rows if row["now"]] == [-10]
