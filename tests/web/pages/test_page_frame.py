"""Every page while the model is loading, when it cannot be loaded, and with a forged drawing."""

from pathlib import Path

import pytest

from mnist.web.state.reader import Reader
from mnist.web.state.reader import reader as the_reader
from tests.conftest import started_reader
from tests.web.pages import app_test
from tests.web.pages.app_test import page_of, put_on_canvas, replace, run

PAGES = ("break_it", "challenge", "draw", "inside", "photos", "report", "train_it")


@pytest.mark.parametrize("name", PAGES)
def test_while_the_model_is_loading_each_page_is_there(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    replace(monkeypatch, the_reader, app_test.LoadingReader())
    page = page_of(name)
    put_on_canvas(page, app_test.objects_of(7))
    assert "<h1>" in app_test.html(run(page))
    seen = app_test.said(page) + app_test.html(page)
    assert ("Waking up." in seen) == (name in {"break_it", "challenge", "draw", "inside"})


@pytest.mark.parametrize("name", ["break_it", "challenge", "inside", "photos"])
def test_a_model_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    replace(monkeypatch, the_reader, started_reader(tmp_path / "none.keras"))
    warning = run(page_of(name)).warning[0].value
    assert warning.startswith("Something went wrong. ")
    assert "missing" in warning


@pytest.mark.parametrize("name", ["break_it", "inside"])
def test_a_forged_drawing_is_told(monkeypatch: pytest.MonkeyPatch, loaded: Reader, name: str) -> None:
    replace(monkeypatch, the_reader, loaded)
    page = page_of(name)
    put_on_canvas(page, [{"type": "Image"}])
    assert run(page).warning[0].value.startswith("Something went wrong: object 1 of the drawing is")
