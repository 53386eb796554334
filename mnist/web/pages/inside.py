"""The page “Look inside”: what the network's layers make of the drawing, and which ink led to the guess."""

import streamlit as st

from mnist.errors import UserError
from mnist.reading.drawings.strokes import Strokes
from mnist.web.pages.inside_parts import layer_panel, sums_panel, why_panel
from mnist.web.parts import drawing_reading, guess_sentence, lesson_drawing, page_frame, reading_panel
from mnist.web.parts.wording import plain
from mnist.web.state import session
from mnist.web.state.explanations import explanations
from mnist.web.state.reader import reader
from mnist.web.state.turns import turns

WHY, SUMS = "why", "sums"  # the first and the last step


def page() -> None:
    """Show the page."""
    with page_frame.framed("Look inside", "inside"):
        drawn = lesson_drawing.open_drawing()
        if page_frame.reader_has_failed():
            return
        if reader.ready:
            _show_lesson(drawn)
        else:
            st.markdown("Waking up.")


@st.fragment
def _show_lesson(drawn: Strokes) -> None:
    try:
        _look_inside(drawn)
    except UserError as error:
        st.info(plain(str(error)))


def _go(step: str) -> None:
    st.session_state[session.STEP.key] = step


def _look_inside(drawn: Strokes) -> None:
    drawing = drawing_reading.read_strokes(drawn, as_one_digit=True)
    assert drawing.framed is not None  # noqa: S101 - a lesson's drawing is never empty
    sample = drawing.framed.sample
    with st.spinner("Looking inside", show_time=True):
        inside = explanations.look(sample)
    steps = [WHY, *(str(number) for number in range(1, len(inside.layers) + 1)), SUMS]
    with st.container(key="parts", horizontal=True, vertical_alignment="center"):
        part = st.segmented_control(  # as the address names it, and as people may write it
            f"Why it says so, its layers 1 to {len(inside.layers)}, its last sums", steps, default=WHY,
            required=True, key=session.STEP.key, bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        at = steps.index(part or WHY)
        for name, step in (("Back", at - 1), ("Next", at + 1)):
            there = 0 <= step < len(steps)
            st.button(name, disabled=not there, on_click=_go, args=(steps[step] if there else part,))
        with st.container(key="answer", horizontal=True, vertical_alignment="center", width="content"):
            reading_panel.show_guess(drawing.reading, guess_sentence.of_digit(drawing.reading))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        picture = st.container(key="picture")
    with right, st.container(key="panel"):
        if part in {WHY, None}:
            why_panel.show_why(picture, sample, inside.logits, drawing.digit)  # it waits for a process: in no turn
            return
        with turns.lesson():
            if part == SUMS:
                sums_panel.show_sums(picture, inside, sample, drawing.digit)
            else:
                layer_panel.show_layer(picture, inside, int(part) - 1, sample)
