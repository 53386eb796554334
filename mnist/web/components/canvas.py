"""The drawing canvas: it shows a pad of the session and reports to the pad what is drawn."""

from collections.abc import Callable

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist.web import palette
from mnist.web.components import component
from mnist.web.state import session
from mnist.web.state.pad import PAD_SIDE, Pad

KEY = "canvas"

NOTE = "loaded"

_adapt = component.register("canvas", reads_notes=True)  # hides the canvas's own toolbar and shortens its waiting


def adapt() -> None:
    """Have the browser adapt the canvas, from what the last note says it has loaded; once on each page."""
    _adapt(key="canvas_adapter")


def loaded(pad: Pad) -> str:
    """Return HTML that tells the browser what the canvas has loaded; each run of the canvas needs it."""
    return component.note(NOTE, {"revision": pad.revision, "blank": not pad.to_load["objects"]})


def show_canvas(pen: int, width: int, key: str = KEY) -> Pad:
    """Show the canvas and return its pad with what is on it now.

    `pen`: width of the next stroke, `width`: of the canvas, both in pixels. Each key has its own pad, so that the
    challenge does not change the drawing page.
    """
    pad = session.pad(key).get()
    if key not in st.session_state:
        pad.show_again()
    revision = pad.revision
    drawing = st_canvas(
        initial_drawing=pad.to_load,
        stroke_width=pen,
        stroke_color=pad.chalk,
        background_color=palette.PAPER,
        width=width,
        height=PAD_SIDE,
        key=key,
    ).json_data
    pad.report(drawing)
    if pad.revision != revision:  # strokes were carried over, and the canvas does not have them yet
        st.rerun()
    return pad


def show_undo_and_clear(key: str = KEY, then: Callable[[], None] | None = None) -> None:
    """Show the buttons that take strokes away and bring them back; after either, `then` is called."""

    def act(command: Callable[[Pad], None]) -> None:
        command(pad_now(key))
        if then:
            then()

    st.button("Undo", key="undo", on_click=act, args=(Pad.undo,), shortcut="Mod+Z")
    st.button("Redo", key="redo", on_click=act, args=(Pad.redo,), shortcut="Mod+Shift+Z")
    st.button("Clear", key="clear", on_click=act, args=(Pad.clear,), shortcut="Delete")


def pad_now(key: str = KEY) -> Pad:
    """Return the canvas's pad with what the browser sent last: for callbacks, which run before the canvas is shown."""
    pad = session.pad(key).get()
    drawing = component.sent(key, "drawing")
    pad.report(drawing.get("raw") if isinstance(drawing, dict) else None)
    return pad
