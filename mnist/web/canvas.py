"""The drawing canvas in a session: shows the session's pad and reports to it what is drawn."""

from pathlib import Path

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist.web import board
from mnist.web.pad import Pad

KEY = "canvas"
PAD = "pad_of_session"

# the canvas's own toolbar and waiting out of the way
_tame = st.components.v2.component("tame_canvas", js=Path(__file__).with_name("canvas.js").read_text("utf-8"))


def show(pen: int, width: int) -> Pad:
    """Show the canvas; returns the session's pad with what is on it now. `pen`: width of the next stroke, pixels."""
    pad = _pad()
    pad.width = width
    if KEY not in st.session_state:
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
        key=KEY,
    ).json_data
    pad.report(drawing)
    if pad.revision != revision:  # strokes were carried over: the canvas has to be told
        st.rerun()
    return pad


def pad_now() -> Pad:
    """The session's pad with what the browser sent last: for callbacks, which run before the canvas is shown."""
    pad = _pad()
    state = st.session_state.get(KEY)
    drawing = state.get("drawing") if state else None
    pad.report(drawing.get("raw") if isinstance(drawing, dict) else None)
    return pad


def _pad() -> Pad:
    pad: Pad = st.session_state.setdefault(PAD, Pad())
    return pad
