"""The page of the challenge in every state, without a browser."""

import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist.reading.drawings import strokes
from mnist.web.parts.wording import with_article
from mnist.web.state import scorebook
from mnist.web.state.reader import Reader
from mnist.web.state.reader import reader as the_reader
from mnist.web.state.scorebook import Scorebook
from tests.web.pages.app_test import LoadingReader, objects_of, page_of, press, put_on_canvas, replace, run, shown
from tools.harness import hand


def opened(monkeypatch: pytest.MonkeyPatch, reader: Reader) -> AppTest:
    replace(monkeypatch, the_reader, reader)
    page = page_of("challenge")
    page.session_state["scorebook"] = Scorebook(np.random.default_rng(0))
    return run(page)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> AppTest:
    return opened(monkeypatch, loaded)


def book(page: AppTest) -> Scorebook:
    scorebook: Scorebook = page.session_state["scorebook"]
    return scorebook


def on_the_pad(page: AppTest, objects: Any) -> AppTest:
    chalk = page.session_state["pad_of_challenge_canvas"].chalk
    if isinstance(objects, list):
        objects = [{**item, "stroke": chalk} for item in objects]
    put_on_canvas(page, objects, "challenge_canvas")
    return run(page)


def draw(page: AppTest, objects: Any) -> AppTest:
    return press(on_the_pad(page, objects), "done")


def keys(page: AppTest) -> set[str | None]:
    return {button.key for button in page.button}


def said(page: AppTest) -> list[str]:
    asked, *rest = (element.value for element in page.markdown)
    return [asked, *shown(page), *rest]


def test_it_asks_for_a_digit_and_says_where_the_drawings_stay(page: AppTest) -> None:
    asked = book(page).asked
    assert said(page)[:3] == [f"Draw {with_article(asked)}", "–", f"Draw {with_article(asked)} and press Done."]
    assert "Nothing is stored on the server" in said(page)[-1]
    assert not page.code  # a pupil needs no command line
    assert len(page.get("download_button")) == 4
    assert all(button.proto.disabled for button in page.get("download_button"))


def test_a_round_of_ten_ends_with_its_time_and_a_small_celebration(page: AppTest) -> None:
    for number in range(10):
        assert "A round of ten" not in " ".join(said(page)), number
        assert not page.get("balloons")
        draw(page, objects_of(book(page).asked))
    assert re.search(r"A round of ten in \d+ seconds, and it read 10 of them right!", " ".join(said(page)))
    assert page.get("balloons")


def test_a_digit_is_read_at_once_and_counted_when_it_is_done(page: AppTest) -> None:
    asked = book(page).asked
    on_the_pad(page, objects_of(asked))
    assert said(page)[1] == str(asked)
    assert book(page).score == (0, 0)
    press(page, "done")
    assert book(page).score == (1, 1)
    assert "It got **1 of 1** right." in said(page)
    assert said(page)[0] == f"Draw {with_article(book(page).asked)}"
    assert book(page).asked != asked
    assert said(page)[1] == "–"  # the pad is empty again
    assert f"and it read {with_article(asked)}." in said(page)[2]
    assert book(page).counts.sum() == book(page).counts[asked, asked] == 1
    page.session_state["matrix"] = {"chosen": 11 * asked + asked}
    run(page)
    assert "Times you meant {0}: 1. Times it read {0}: 1.".format(with_article(asked)) in said(page)
    assert not any(button.proto.disabled for button in page.get("download_button"))
    (drawing,) = book(page).drawings
    drawn = strokes.from_drawing({"objects": objects_of(asked)})
    assert drawing.label == str(asked)
    for found, stroke in zip(drawing.strokes, drawn, strict=True):
        assert np.allclose(found, stroke.points, atol=0.01)


def test_done_runs_its_parts_alone(page: AppTest) -> None:
    assert any("<h1>" in part.proto.body for part in page.get("html"))
    draw(page, objects_of(book(page).asked))
    assert "It got **1 of 1** right." in said(page)
    assert not any("<h1>" in part.proto.body for part in page.get("html"))
    assert page.get("download_button")  # what was drawn is the other part


def test_done_with_an_empty_pad_counts_nothing(page: AppTest) -> None:
    press(page, "done")
    assert said(page)[2].startswith("The pad is empty. First draw a")
    assert book(page).score == (0, 0)


def test_pressed_twice_it_counts_once(page: AppTest) -> None:
    asked = book(page).asked
    objects = [{**item, "stroke": page.session_state["pad_of_challenge_canvas"].chalk} for item in objects_of(asked)]
    draw(page, objects)
    put_on_canvas(page, objects, "challenge_canvas")  # not yet cleared
    press(page, "done")
    assert book(page).score == (1, 1)


def test_what_is_no_digit_to_it_is_counted_as_that(page: AppTest) -> None:
    asked = book(page).asked
    draw(page, hand.canvas_drawing(hand.SCRIBBLE)["objects"])
    assert book(page).counts[asked, 10] == 1
    assert said(page)[2] == f"You were asked for {with_article(asked)}, and it saw no digit."
    assert "It got **0 of 1** right. It saw no digit in 1." in said(page)


def test_a_doodle_is_struck_out_and_its_digit_asked_for_again(page: AppTest) -> None:
    draw(page, objects_of(book(page).asked))
    assert "strike_out" not in keys(page)
    asked = book(page).asked
    draw(page, hand.canvas_drawing(hand.SCRIBBLE)["objects"])
    press(page, "strike_out")
    assert (book(page).score, book(page).asked) == ((1, 1), asked)
    assert said(page)[0] == f"Draw {with_article(asked)}"
    assert "strike_out" not in keys(page)
    draw(page, objects_of((asked + 1) % 10))  # a misreading is none
    assert "strike_out" not in keys(page)


def chosen(page: AppTest, number: Any) -> AppTest:
    page.session_state["drawn"] = {"chosen": number}
    return run(page)


def test_a_misread_drawing_is_put_right(page: AppTest) -> None:
    asked = book(page).asked
    other = (asked + 1) % 10
    draw(page, objects_of(other))
    assert book(page).score == (0, 1)
    chosen(page, 1)
    assert any(one.startswith("You were asked for a") for one in said(page))
    control = page.segmented_control(key="label_1")
    assert control.label == "What was it really?"
    control.set_value(other)
    run(page)
    assert book(page).score == (1, 1)
    assert book(page).labelled.labels.tolist() == [other]
    assert "It got **1 of 1** right." in said(page)
    page.segmented_control(key="label_1").set_value(10)
    run(page)
    assert book(page).labelled.labels.tolist() == [10]


def test_a_drawing_is_thrown_away(page: AppTest) -> None:
    draw(page, objects_of(book(page).asked))
    press(chosen(page, 1), "throw_1")
    assert book(page).score == (0, 0)
    assert not any("You were asked" in one for one in said(page))


@pytest.mark.parametrize("sent", [2, -1, 10**9, "x", None, float("nan"), [1], {"chosen": 1}])
def test_whatever_the_tiles_send_nothing_breaks(page: AppTest, sent: Any) -> None:
    draw(page, objects_of(book(page).asked))
    chosen(page, sent)
    assert not any("You were asked" in one for one in said(page))


@pytest.mark.parametrize("objects", [[{"type": "Path", "path": 3}], [{"type": "Path"}], "x", None, [7]])
def test_a_forged_drawing_ends_in_a_sentence_and_is_not_counted(page: AppTest, objects: Any) -> None:
    put_on_canvas(page, objects, "challenge_canvas")
    run(page)
    press(page, "done")
    assert said(page)[2].startswith(("Something went wrong", "The pad is empty"))
    assert book(page).score == (0, 0)


def test_when_the_book_is_full_it_says_so(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorebook, "MAX_DRAWINGS", 1)
    draw(page, objects_of(book(page).asked))
    assert said(page)[2] == "It keeps no more drawings than these. Throw some away to go on."
    assert page.button(key="done").disabled


def test_the_order_differs_from_visit_to_visit(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> None:
    replace(monkeypatch, the_reader, loaded)
    books = [book(run(page_of("challenge"))) for _ in range(4)]
    assert len({(each.asked, *each._to_come) for each in books}) > 1


def test_while_the_model_is_loading_it_can_be_drawn_but_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    page = on_the_pad(opened(monkeypatch, LoadingReader()), objects_of(3))
    assert said(page)[1:3] == ["–", "Waking up. You can already draw."]
    assert page.button(key="done").disabled
