"""The drawing canvas in a session: shows the session's pad, or another of its own, and reports what is drawn to it."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist.web.state import board
from mnist.web.state.pad import Pad

KEY = "canvas"

# the canvas's own toolbar and waiting out of the way
_tame = st.components.v2.component("tame_canvas", js=Path(__file__).with_name("canvas.js").read_text("utf-8"))


def show(pen: int, width: int, key: str = KEY) -> Pad:
    """Show the canvas; returns its pad with what is on it now. `pen`: width of the next stroke, pixels.

    Each key has its pad: what is drawn in a challenge leaves what is drawn elsewhere alone.
    """
    pad = _pad(key)
    pad.width = width
    if key not in st.session_state:
        pad.show_again()
    revision = pad.revision
    _tame(key="tame", data={"starts_blank": not pad.to_load["objects"], "revision": revision, "width": width})
    drawing = st_canvas(
        initial_drawing=pad.to_load,
        stroke_width=pen,
        stroke_color=pad.chalk,
        background_color=board.PAPER,
        width=width,
        height=board.SIDE,
        key=key,
    ).json_data
    pad.report(drawing)
    if pad.revision != revision:  # strokes were carried over: the canvas has to be told
        st.rerun()
    return pad


def undo_and_clear(key: str = KEY, then: Callable[[], None] | None = None) -> None:
    """The two buttons that take strokes away; `then` is called after they did."""

    def act(command: Callable[[Pad], None]) -> None:
        command(pad_now(key))
        if then:
            then()

    st.button("Undo", key="undo", on_click=act, args=(Pad.undo,), shortcut="Mod+Z")
    st.button("Clear", key="clear", on_click=act, args=(Pad.clear,), shortcut="Delete")


def pad_now(key: str = KEY) -> Pad:
    """The canvas's pad with what the browser sent last: for callbacks, which run before the canvas is shown."""
    pad = _pad(key)
    state = st.session_state.get(key)
    drawing = state.get("drawing") if state else None
    pad.report(drawing.get("raw") if isinstance(drawing, dict) else None)
    return pad


def _pad(key: str) -> Pad:
    pad: Pad = st.session_state.setdefault(f"pad_of_{key}", Pad())
    return pad
