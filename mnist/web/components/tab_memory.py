"""What the browser keeps of a page in its tab, until the tab is closed; nothing of it is kept on the server.

It outlives the session: a reload begins another one, and so does a page that slept, or a server that was restarted.
"""

from collections.abc import Callable
from typing import Any

from mnist.web.components import component
from mnist.web.state import session

_memory = component.register("tab_memory")


def keep(name: str, value: Any, then: Callable[[Any], None]) -> None:
    """Have the browser keep `value`, of what JSON has, under `name`; None is nothing.

    A session that does this for the first time asks what there is, and `then` is called with it before the next run,
    unless there is nothing. It comes from the browser: it may be forged.
    """
    asked = session.ASKED_OF_TAB.get()
    data = {"name": name, "value": value, "asks": name not in asked, "forget": session.FORGETS.get()}
    asked.add(name)
    key = f"memory_of_{name}"

    def found() -> None:
        then(component.sent(key, "found"))

    _memory(key=key, data=data, on_found_change=found)
