"""The least that a pad in Streamlit can do: our canvas, and a sentence that says how many strokes are on it.

It reads nothing. What it takes, Streamlit, the canvas and the browser take (`python -m tools.load.measure_least`).
"""

import streamlit as st

from mnist.web.components import canvas
from mnist.web.state.pad import PAD_WIDTH, PEN_WIDTHS

NO_STROKES = "–"


@st.fragment
def pad_and_sentence() -> None:
    """Show the pad and the sentence."""
    with st.container(key="pad"):
        pad = canvas.show_canvas(PEN_WIDTHS["Medium"], PAD_WIDTH)
    st.html(f"<p class='guess'>{len(pad.objects) or NO_STROKES}</p>" + canvas.loaded(pad))


canvas.adapt()
pad_and_sentence()
canvas.show_undo_and_clear()
