"""The page that looks inside, in every state, without a browser."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist.reading.drawings import address
from mnist.reading.drawings.strokes import from_drawing
from mnist.web.pages.inside_parts import sums_panel
from mnist.web.parts import lesson_drawing
from mnist.web.state.reader import Reader
from mnist.web.state.reader import reader as the_reader
from tests.web.pages.app_test import forty_two, html, objects_of, page_of, put_on_canvas, replace, run, said, shown
from tools.harness import hand

FOUR = str(address.to_text(hand.strokes(4, at=(140, 0))))


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> AppTest:
    replace(monkeypatch, the_reader, loaded)
    return page_of("inside")


def opened(page: AppTest, digit: int | None = None, layer: str | None = None, **query: str) -> AppTest:
    if layer is not None:
        page.session_state["layer"] = layer
    if digit is not None:
        put_on_canvas(page, objects_of(digit))
    for name, value in query.items():
        page.query_params[name] = value
    return run(page)


@pytest.mark.parametrize("digit", [3, 8])
def test_it_works_on_what_is_on_the_pad_and_the_address_names_it(page: AppTest, digit: int) -> None:
    opened(page, digit)
    assert shown(page)[0] == str(digit)
    assert f"spoke for {'an' if digit == 8 else 'a'} {digit}" in html(page)
    assert page.query_params["drawing"] == address.to_text(from_drawing({"objects": objects_of(digit)}))
    assert not page.caption


def test_next_and_back_lead_through_all_steps(page: AppTest) -> None:
    def buttons() -> dict[str, Any]:
        return {button.label: button for button in page.button}

    opened(page, 7)
    steps = [page.session_state["layer"]]
    assert buttons()["Back"].disabled
    while not buttons()["Next"].disabled:
        buttons()["Next"].click()
        steps.append(run(page).session_state["layer"])
    assert steps == ["why", *"123456", "sums"]
    buttons()["Back"].click()
    assert run(page).session_state["layer"] == "6"


@pytest.mark.parametrize("step", ["why", *"123456", "sums"])
def test_each_step_shows_one_picture_and_all_else_behind(page: AppTest, step: str) -> None:
    opened(page, 7, step)
    expanders: list[Any] = list(page.expander)
    assert {expander.label for expander in expanders} <= {"More", "Exactly"}
    assert not any(expander.proto.expanded for expander in expanders)
    behind: list[Any] = [element for expander in expanders for element in expander.get("html")]
    seen = html(page).count("<img") - sum(str(element.value).count("<img") for element in behind)
    assert seen + len(page.get("vega_lite_chart")) == 1


@pytest.mark.parametrize(("layer", "words"), [("1", "edges"), ("3", "corners"), ("5", "parts of digits")])
def test_a_layer_is_told_in_words(page: AppTest, layer: str, words: str) -> None:
    opened(page, 7, layer)
    assert f"such as {words}" in said(page)


def test_an_empty_pad_is_explained_by_a_ready_digit(page: AppTest) -> None:
    opened(page)
    assert shown(page)[0] == "7"
    assert "The pad is empty" in page.caption[0].value
    assert "drawing" not in page.query_params


def test_a_number_is_told_apart_from_what_is_no_digit(page: AppTest) -> None:
    put_on_canvas(page, forty_two())
    opened(page)
    assert shown(page)[1] == "This does not look like a digit."
    assert page.caption[0].value == lesson_drawing.SEVERAL
    put_on_canvas(page, hand.canvas_drawing(hand.SCRIBBLE)["objects"])
    assert not opened(page).caption


def test_an_address_brings_its_drawing_and_part_once_and_then_the_pad_counts(page: AppTest) -> None:
    opened(page, drawing=FOUR, layer="2")
    assert shown(page)[0] == "4"
    assert "Layer 2 of 6 looks for **64 shapes**" in said(page)
    assert page.query_params["drawing"] == FOUR
    page.session_state["pad_of_canvas"].load_strokes(hand.strokes(2))
    opened(page, drawing=FOUR)
    assert shown(page)[0] == "2"
    assert page.query_params["drawing"] != FOUR


@pytest.mark.parametrize("text", ["hello", "%00", "A" * 7_000, "<script>"])
def test_an_address_that_holds_no_drawing_is_told(page: AppTest, text: str) -> None:
    opened(page, drawing=text)
    assert page.warning[0].value.startswith("The drawing in this address cannot be opened: ")
    assert text not in page.session_state["addresses_of_session"]  # what is sent there again and again is not kept
    assert shown(page)[0] == "7"


def test_why_not_another_digit(page: AppTest) -> None:
    opened(page, 7)
    before = html(page)
    assert "**Which ink made it say so?** What speaks most for a 7" in said(page)
    page.segmented_control(key="about_7").set_value(1).run()
    assert not page.exception
    assert "spoke for a 1" in html(page)
    assert "**What about a 1?** What speaks most for a 1" in said(page)
    assert html(page) != before
    covered = html(page)
    page.segmented_control(key="how").set_value("Fade it in").run()
    assert "faded in from black" in said(page)
    assert html(page) != covered


def test_of_what_is_no_digit_it_asks_about_the_likeliest(page: AppTest) -> None:
    put_on_canvas(page, hand.canvas_drawing(hand.SCRIBBLE)["objects"])
    opened(page)
    assert "**What about a" in said(page)
    assert "made it say so" not in said(page)


@pytest.mark.parametrize("layer", range(1, 7))
def test_every_layer_is_shown(page: AppTest, layer: int) -> None:
    opened(page, 7, layer=str(layer))
    assert f"Layer {layer} of 6" in said(page)
    assert "where it was found" in html(page)
    assert "class='current'" in html(page)


@pytest.mark.parametrize("sent", [5, 10**9, -1, "x", None, float("nan"), [1]])
def test_whatever_the_tiles_send_something_is_chosen(page: AppTest, sent: Any) -> None:
    page.session_state["tiles_0"] = {"chosen": sent}
    opened(page, 7, layer="1")
    assert "where it was found" in html(page)


def test_the_sums(page: AppTest) -> None:
    opened(page, 7, layer="sums")
    assert "The digit with the highest sum wins: **7** with" in said(page)
    assert page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")
    assert html(page).count("<th scope='row'>") == 11  # the same as a table


def test_the_sums_of_what_is_no_digit(page: AppTest) -> None:
    put_on_canvas(page, hand.canvas_drawing(hand.SCRIBBLE)["objects"])
    opened(page, layer="sums")
    assert shown(page)[1] == "This does not look like a digit."
    assert "but **“no digit”** outweighs all ten together." in said(page)


def test_a_digit_may_win_though_no_digit_has_the_highest_sum() -> None:
    logits = np.array([0.0] * 7 + [2.0, 1.0, -1.0, 2.5])
    told = "The digit with the highest sum wins: **7** with 2.0, ahead of 8 with 1.0."
    assert sums_panel.outcome(logits, 7) == f"{told} “No digit” has more, but not enough."
    assert sums_panel.outcome(np.append(logits[:10], -1.0), 7) == told
