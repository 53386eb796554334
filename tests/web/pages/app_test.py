"""Open one page without a browser, with a reader or a training queue of the test's own, and look at what it says."""

import json
import re
import sys
import threading
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mnist.web.state.pad import MARGIN
from mnist.web.state.reader import Reader
from tools.harness import hand


def page_of(name: str) -> AppTest:
    """One page of `mnist.web.pages`; the entry itself is an st.App, of which AppTest shows nothing."""
    return AppTest.from_string(f"from mnist.web.pages import {name}\n{name}.page()", default_timeout=30)


def replace(monkeypatch: pytest.MonkeyPatch, original: Any, replacement: Any) -> None:
    """Let every module under `mnist.web` that imported the original object have the replacement instead."""
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("mnist.web."):
            for name, value in list(vars(module).items()):
                if value is original:
                    monkeypatch.setattr(module, name, replacement)


class LoadingReader(Reader):
    """A reader whose model never arrives."""

    def start(self) -> threading.Thread:
        """Load nothing."""
        return threading.current_thread()


def said(page: AppTest) -> str:
    return " ".join(element.value for element in page.markdown)


def html(page: AppTest) -> str:
    elements: list[Any] = list(page.get("html"))
    return " ".join(str(element.value) for element in elements)


def announced(page: AppTest) -> list[str]:
    """Return the sentences that a screen reader says once they are new, of the page as it is."""
    told = re.findall(r"data-note='announced' data-told='(.*?)'", html(page))
    return [sentence for _, sentence in (json.loads(unescape(each)) for each in told) if sentence]


def html_of(page: AppTest, kind: str) -> str:
    """Return the page's HTML from the first element on that has this CSS class, as far as it was sent in one."""
    elements: list[Any] = list(page.get("html"))
    found = next(str(element.value) for element in elements if f"class='{kind}'" in element.value)
    return found[found.index(f"class='{kind}'") :]


def run(page: AppTest) -> AppTest:
    """Run the page; nothing may have raised."""
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click()
    return run(page)


def put_on_canvas(page: AppTest, objects: Any, key: str = "canvas") -> None:
    page.session_state[key] = {"drawing": {"raw": {"objects": objects}, "data": None}}


def objects_of(digit: int, pen: float = 16.0) -> list[dict[str, Any]]:
    objects: list[dict[str, Any]] = hand.canvas_drawing(hand.strokes(digit, at=(MARGIN, 0), pen=pen))["objects"]
    return objects


def forty_two() -> Any:
    return hand.canvas_drawing(hand.strokes(4, 0.5) + hand.strokes(2, 0.5, (130, 0)))["objects"]


def shown(page: AppTest) -> tuple[str, str]:
    """Return the guess and the sentence; nothing may have raised."""
    assert not page.exception
    found = re.search(
        r"<p class='guess[^>]*>(.*?)</p><p class='sentence'>(.*?)</p>", html_of(page, "answer"), re.DOTALL
    )
    assert found
    guess, sentence = map(unescape, found.groups())
    return guess, sentence
