"""A page's memory in the browser's tab, until the tab is closed; nothing of it is kept on the server.

It outlives the session: a reload begins another one, and so does a page that slept, or a server that was restarted.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from mnist.web.components import component
from mnist.web.state import session

NOTE = "kept"

_memory = component.register("tab_memory", reads_notes=True)


def keep(name: str, value: Any, then: Callable[[Any], None]) -> None:
    """Have the browser keep `value` under `name`, as `kept` and `remember` do."""
    remember(name, then)  # first: the browser may answer the note at once
    st.html(kept(name, value))


def kept(name: str, value: Any) -> str:
    """Return HTML that has the browser keep `value`, of what JSON has, under `name`; None is nothing."""
    told = {"name": name, "value": value, "session": session.WORD.get(), "forgets": session.FORGETS.get()}
    return component.note(NOTE, told)


def remember(name: str, then: Callable[[Any], None]) -> None:
    """Call `then`, before a run, with what the tab has kept under `name`.

    That is if this session is new to the tab and has nothing of its own, or if something was drawn on the front page's
    pad. The value comes from the browser: it may be forged.
    """
    key = f"memory_of_{name}"

    def found() -> None:
        then(component.sent(key, "found"))

    _memory(key=key, data=name, on_found_change=found)
