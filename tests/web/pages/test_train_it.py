"""The page on which visitors train a network, in every state, without a browser and without a child."""

import base64
import io
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist.files import MODEL
from mnist.reading.card import read_card
from mnist.training import live, ready_digits
from mnist.web.parts import lesson_drawing
from mnist.web.state import session
from mnist.web.state.reader import Reader
from mnist.web.state.reader import reader as the_reader
from mnist.web.state.training_queue import trainings as the_trainings
from tests.web.pages.app_test import announced, forty_two, html, objects_of, page_of, press, put_on_canvas, replace, run
from tests.web.state.test_training_queue import REPORT, Place, learned, place
from tools.harness.running import wait_until

__all__ = ["learned", "place"]  # fixtures


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, loaded: Reader, place: Place) -> AppTest:
    replace(monkeypatch, the_reader, loaded)
    replace(monkeypatch, the_trainings, place.trainings)
    monkeypatch.setattr(place.trainings, "watch", lambda: None)
    monkeypatch.delenv("MNIST_DATA", raising=False)
    return run(page_of("train_it"))


def said(page: AppTest) -> str:
    return str(page.markdown[0].value)


def buttons(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_at_first_there_is_one_button(page: AppTest) -> None:
    assert buttons(page) == ["Train a net"]
    assert "about 90 seconds" in said(page)
    assert not page.segmented_control


def test_from_the_first_button_to_a_net_that_reads(page: AppTest, place: Place, learned: dict[str, Any]) -> None:
    press(page, "train")
    assert buttons(page) == ["Pause", "Stop"]
    assert said(page) == "It is about to begin."
    (child,) = place.children
    child.say({"shown": live.pack([np.full((10, 28, 28), 99, np.uint8), np.arange(10)])})
    child.say(REPORT)
    run(page)
    assert said(page) == "It has seen 64 drawings and reads 25 of 100 digits right."
    assert "25 of 100" in html(page)
    assert html(page).count("<li class='right'>") == 1  # it reads ten noughts, and one is
    assert html(page).count("<li class='wrong'>") == 9
    assert 0 < page.get("progress")[0].proto.value < 100
    child.say(learned)
    run(page)
    assert page.get("progress")[0].proto.value == 100
    assert buttons(page) == ["Draw with my net", "Train another"]
    assert said(page).endswith("Now draw with it.")
    press(page, "draw")
    assert buttons(page) == ["See how it learned", "Train another", "Undo", "Redo", "Clear"]
    put_on_canvas(page, objects_of(3))
    run(page)
    assert ">3</p>" in html(page)  # the shipped one reads it
    assert html(page).count("<ol class='bars'>") == 2
    assert lesson_drawing.SEVERAL not in [caption.value for caption in page.caption]
    put_on_canvas(page, forty_two())
    run(page)
    assert lesson_drawing.SEVERAL in [caption.value for caption in page.caption]
    press(page, "look")
    assert "Now draw with it." in said(page)


def test_what_is_heard_changes_with_the_trainings_state_and_not_with_each_look(
    page: AppTest, place: Place, learned: dict[str, Any]
) -> None:
    assert announced(page) == []
    press(page, "train")
    assert announced(page) == ["Your net is learning."]
    place.children[0].say(REPORT)
    assert announced(run(page)) == ["Your net is learning."]
    assert announced(press(page, "pause")) == ["Paused."]
    place.children[0].say(learned)
    (heard,) = announced(run(page))
    assert heard == said(page)
    assert heard.endswith("Now draw with it.")


def test_pause_go_on_and_stop_reach_the_child(page: AppTest, place: Place) -> None:
    press(page, "train")
    press(page, "pause")
    assert buttons(page) == ["Go on", "Stop"]
    assert said(page).startswith("Paused.")
    press(page, "go_on")
    press(page, "stop")
    assert place.children[0].told == ["pause", "go on", "stop"]


def test_who_comes_second_is_told_the_place_and_may_leave(page: AppTest, place: Place) -> None:
    place.enter()
    press(page, "train")
    assert said(page) == "Another net is learning now. You are number 1 in line: about 2 minutes."
    press(page, "leave")
    assert buttons(page) == ["Train a net"]


def test_a_visitor_has_one_place_however_often_the_button_is_pressed(page: AppTest, place: Place) -> None:
    others = place.enter(), place.enter()
    twice = AppTest.from_string("from mnist.web.pages import train_it\nfor _ in range(9): train_it._start(None)")
    run(twice)
    ticket = twice.session_state["training_of_session"]
    assert [other.state for other in others] == ["running", "waiting"]
    assert (ticket.state, place.trainings.place(ticket)) == ("waiting", 2)


def test_a_visitor_who_opens_a_net_gives_up_the_place_in_line(
    page: AppTest, place: Place, learned: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = base64.b64decode(learned["net"])
    monkeypatch.setattr(session, "OPENED_NET", Mock(get=lambda: io.BytesIO(content)))
    place.enter()
    waits = AppTest.from_string("from mnist.web.pages import train_it\ntrain_it._start(None)\ntrain_it._open_net()")
    run(waits)
    assert waits.session_state["training_of_session"] is None
    assert waits.session_state["net_of_session"].digits(np.zeros((1, 28, 28), np.float32))
    assert waits.session_state["file_of_net"] == content
    assert place.trainings.place(place.enter()) == 1  # nobody else waits


def test_a_file_that_is_no_net_changes_nothing(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "OPENED_NET", Mock(get=lambda: io.BytesIO(b"no net"), key="open_net"))
    opens = AppTest.from_string("from mnist.web.pages import train_it\ntrain_it._open_net()\ntrain_it.page()")
    run(opens)
    assert [warning.value for warning in opens.warning] == ["This file is no net saved here."]
    assert "A new net knows nothing" in said(opens)


def test_a_net_can_be_saved_after_another_training_was_given_up(
    page: AppTest, place: Place, learned: dict[str, Any]
) -> None:
    press(page, "train")
    place.children[0].say(learned)
    run(page)
    place.children[0].end()
    wait_until(lambda: page.session_state["training_of_session"] not in place.trainings._queue)
    place.enter()
    press(page, "train")
    press(page, "leave")
    assert "Your net is here" in said(page)
    assert len(page.get("download_button")) == 1


def test_what_goes_wrong_is_told(page: AppTest, place: Place) -> None:
    place.short = "There is too little memory for this now."
    place.children[0].kill()
    press(page, "train")
    assert said(page) == "There is too little memory for this now."
    assert buttons(page) == ["Train a net"]


def test_mnist_may_be_chosen_where_it_is(
    page: AppTest, place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MNIST_DATA", str(tmp_path))
    run(page)
    page.segmented_control(key="data").set_value("MNIST")
    press(page, "train")
    assert place.children[-1].begun == [f"begin {tmp_path}"]


def test_a_forged_drawing_ends_in_a_sentence(page: AppTest, place: Place, learned: dict[str, Any]) -> None:
    press(page, "train")
    place.children[0].say(learned)
    run(page)
    press(page, "draw")
    put_on_canvas(page, [{"type": "Path", "path": 3}])
    run(page)
    assert page.warning[0].value.startswith("Something went wrong")


def test_its_facts_are_the_trainings_own(page: AppTest) -> None:
    facts = page.markdown[-1].value
    assert f"27,603 parameters instead of {read_card(MODEL)['parameters']:,}" in facts
    assert f"{ready_digits.DIGITS:,} digits and" in facts
