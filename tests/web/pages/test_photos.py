"""The page for photographs without a browser: what it says of pictures that this session holds."""

from unittest.mock import Mock

import numpy as np
import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import StopException
from streamlit.testing.v1 import AppTest

from mnist.files import ROOT
from mnist.web.pages import photos
from mnist.web.state import photo, session
from mnist.web.state.album import Album
from mnist.web.state.photo import Photo
from mnist.web.state.reader import Reader
from mnist.web.state.reader import reader as the_reader
from tests.web.pages.app_test import html, page_of, press, replace, run
from tools.harness import hand
from tools.made_tables import begun_sudoku


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> AppTest:
    replace(monkeypatch, the_reader, loaded)
    return page_of("photos")


@pytest.fixture
def seven(page: AppTest, loaded: Reader) -> Photo:
    """A picture that was read before the page was opened."""
    seven = Photo("seven.png", (ROOT / "data" / "seven.png").read_bytes(), loaded)
    page.session_state[session.PHOTOS.key] = Album(seven=seven)
    return seven


def captions(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption)


def test_a_change_that_is_refused_is_told(page: AppTest, seven: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    page.session_state["picture_seven"] = {"chosen": [seven.version, 0]}
    run(page)
    monkeypatch.setattr(photo, "MAX_HELD_BYTES", 0)
    press(page, "turn_seven")
    assert "It cannot be turned: the server holds too many pictures now" in captions(page)
    press(page, "remove_seven")
    assert "It cannot be changed: the server holds too many pictures now" in captions(page)


def test_a_table_is_shown_and_told_as_it_stands(page: AppTest, loaded: Reader) -> None:
    made = begun_sudoku([hand.drawn()], np.random.default_rng(1), askew=True)
    sudoku = Photo("sudoku.jpg", made.content, loaded)
    page.session_state[session.PHOTOS.key] = Album(sudoku=sudoku)
    shown = html(run(page))
    lines = (sudoku.reading.text or "").splitlines()
    rows = ("".join(f"<td>{cell.replace('.', '')}</td>" for cell in line) for line in lines)
    assert "".join(f"<tr>{row}</tr>" for row in rows) in shown
    assert "class='cells sudoku'" in shown
    told = ", ".join(" ".join(line.replace(".", "")) for line in lines)
    assert f"sudoku.jpg: a sudoku, row by row: {told}" in shown


def test_pictures_that_were_not_read_when_the_page_was_left_are_named(
    page: AppTest, loaded: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = (ROOT / "data" / "seven.png").read_bytes()
    run(page).file_uploader[0].upload("one.png", content).upload("two.png", content)
    with monkeypatch.context() as left:
        left.setattr(photos, "_read", Mock(side_effect=[Photo("one.png", content, loaded), StopException()]))
        assert "[&quot;one.png&quot;,&quot;two.png&quot;]" in html(run(page))  # for the tab, before both are read
    again = page_of("photos")
    again.session_state[session.PHOTOS.key] = page.session_state[session.PHOTOS.key]
    assert [warning.value for warning in run(again).warning] == [
        "two.png: this picture was not read, because the page was left. Send it again."
    ]
    run(page)  # where it was not left, it is read now
    assert all(isinstance(photo, Photo) for photo in page.session_state[session.PHOTOS.key].values())
    assert not page.warning
