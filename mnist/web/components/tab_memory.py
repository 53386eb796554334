"""A page's memory in the browser's tab, until the tab is closed; nothing of it is kept on the server.

It outlives the session: a reload begins another one, and so does a page that slept, or a server that was restarted.
"""

from collections.abc import Callable
from typing import Any

from mnist.web.components import component
from mnist.web.state import session

_memory = component.register("tab_memory")


def keep(name: str, value: Any, then: Callable[[Any], None]) -> None:
    """Have the browser keep `value`, of what JSON has, under `name`; None is nothing.

    If this session is new to the tab and has nothing, but the tab has, `then` is called with that before the next run;
    also if something was drawn on the front page's pad. It comes from the browser: it may be forged.
    """
    data = {"name": name, "value": value, "session": session.WORD.get(), "forgets": session.FORGETS.get()}
    key = f"memory_of_{name}"

    def found() -> None:
        then(component.sent(key, "found"))

    _memory(key=key, data=data, on_found_change=found)
