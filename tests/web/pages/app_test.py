"""Open one page without a browser, with a reader or a training queue of the test's own."""

import sys
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

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
