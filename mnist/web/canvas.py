"""The drawing canvas as the pages use it: always the same look, its own toolbar and waiting out of the way."""

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

SIDE = 280  # pixels: fits a phone 320 wide; the style sheet shows it larger where there is room
KEY = "canvas"
PAPER = "#12211c"  # the same in both themes: a changed background resets the canvas
CHALK = "#ffffff"

_tame = st.components.v2.component("tame_canvas", js=Path(__file__).with_name("canvas.js").read_text("utf-8"))


def show(drawing: dict[str, Any], pen: int) -> dict[str, Any]:
    """Show the canvas, holding `drawing` since that last changed; returns the drawing now on it.

    `pen` is the width of the next stroke, pixels.
    """
    _tame(key="tame")
    result = st_canvas(
        initial_drawing=drawing,
        stroke_width=pen,
        stroke_color=CHALK,
        background_color=PAPER,
        width=SIDE,
        height=SIDE,
        key=KEY,
    )
    return dict(result.json_data or {"objects": []})


def reported() -> dict[str, Any] | None:
    """The drawing that the browser last reported, before the canvas is shown in this run; None if it never did."""
    state = st.session_state.get(KEY)
    drawing = state.get("drawing") if state else None
    return drawing.get("raw") if isinstance(drawing, dict) else None
