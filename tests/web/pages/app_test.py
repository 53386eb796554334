"""Open one page without a browser, with a reader or a training queue of the test's own, and look at what it says."""

import sys
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mnist.web.state.reader import Reader

# Import all pages, in which `replace` looks. It takes a run: without one the canvas does not find its own files.
ALL_PAGES = "from mnist.web.pages import break_it, challenge, draw, inside, photos, report, train_it"
assert not AppTest.from_string(ALL_PAGES, default_timeout=30).run().exception


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

    def start(self) -> None:
        """Load nothing."""


def said(page: AppTest) -> str:
    """Return all Markdown of the page."""
    return " ".join(element.value for element in page.markdown)


def html(page: AppTest) -> str:
    """Return all HTML of the page."""
    elements: list[Any] = list(page.get("html"))
    return " ".join(str(element.value) for element in elements)
