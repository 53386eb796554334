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


def show(pen: int) -> Pad:
    """Show the canvas; returns the session's pad with what is on it now. `pen`: width of the next stroke, pixels."""
    new_session = PAD not in st.session_state
    pad = _pad()
    _tame(key="tame")
    drawing = st_canvas(
        initial_drawing=pad.to_load,
        stroke_width=pen,
        stroke_color=board.CHALK,
        background_color=board.PAPER,
        width=board.SIDE,
        height=board.SIDE,
        key=KEY,
    ).json_data
    if new_session and drawing and drawing.get("objects"):
        # the server was restarted under an open page: keep the drawing, as a command does
        pad.load(drawing["objects"])
        st.rerun()
    pad.report(drawing)
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
