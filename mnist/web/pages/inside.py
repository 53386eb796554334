"""Look inside: what the network's layers make of the drawing, and which ink spoke for the guess."""

from pathlib import Path

import streamlit as st

from mnist.explaining.inside import Inside
from mnist.reading import grouping, strokes
from mnist.reading.strokes import Strokes
from mnist.web.pages.inside_parts import layer_panel, sums_panel, why_panel
from mnist.web.parts import lesson_drawing, page_frame, reading_panel
from mnist.web.state.reader import reader
from mnist.web.state.turns import turns

STATIC = Path(__file__).parents[1] / "static"
STYLE = (STATIC / "look.css").read_text("utf-8") + (STATIC / "look_inside.css").read_text("utf-8")
WHY, SUMS = "why", "sums"


def page() -> None:
    """The page, top to bottom."""
    st.set_page_config(page_title="Look inside", page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(f"<style>{STYLE}</style><h1>Look inside</h1>")
    reader.start()
    drawn = lesson_drawing.drawing()
    if reader.error:
        st.warning(reading_panel.plain(f"Something went wrong. {reader.error}"))
    elif not reader.ready:
        st.markdown("Waking up.")
    else:
        _lesson(drawn)
    page_frame.for_reader()


@st.fragment
@turns.lesson()
def _lesson(drawn: Strokes) -> None:
    """The sample and its guess on the left, the part of the network that is looked at on the right."""
    explainer = reader.explainer
    framed = strokes.frame(drawn)
    reading = reader.read(grouping.one_digit(framed))
    inside = explainer.look(framed.sample)
    with st.container(key="parts"):
        part = _choose_part(inside)
    left, right = st.columns([2, 3], gap="large")
    with left, st.container(key="seen"):
        picture = st.empty()
        reading_panel.show_guess(reading, reading_panel.describe(reading))
    with right, st.container(key="panel"):
        if part == WHY:
            picture.html(why_panel.show_why(explainer, framed.sample, inside.logits))
        elif part == SUMS:
            picture.html(sums_panel.show_sums(inside, framed.sample))
        else:
            picture.html(layer_panel.show_layer(inside, int(part) - 1, framed.sample))


def _choose_part(inside: Inside) -> str:
    """What the address names as it is written on the buttons, so that it can be written by hand, too."""
    numbers = [str(number) for number in range(1, len(inside.layers) + 1)]
    part = st.segmented_control(
        f"Why it says so, its layers 1 to {len(numbers)}, its last sums", [WHY, *numbers, SUMS], default=WHY,
        required=True, key="layer", bind="query-params",
    )  # fmt: skip
    return part or WHY
