"""The page on how good it is: the card of the network, and of those it is compared with, as pictures."""

from pathlib import Path

import streamlit as st

from mnist.errors import UserError
from mnist.web.pages.report_parts import (
    accuracy_panel,
    calibration_panel,
    confusion_panel,
    learning_panel,
    mistakes_panel,
    nets_panel,
)
from mnist.web.parts import lesson_drawing, page_frame, reading_panel
from mnist.web.state.reader import reader
from mnist.web.state.turns import turns

STATIC = Path(__file__).parents[1] / "static"
STYLE = (STATIC / "look.css").read_text("utf-8") + (STATIC / "look_report.css").read_text("utf-8")
PARTS = {
    "accuracy": accuracy_panel.show_accuracy,
    "confusions": confusion_panel.show_confusions,
    "mistakes": mistakes_panel.show_mistakes,
    "sureness": calibration_panel.show_calibration,
    "learning": learning_panel.show_learning,
    "nets": nets_panel.show_networks,
}  # as the address names them


def page() -> None:
    """The page, top to bottom."""
    st.set_page_config(page_title="How good is it?", page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(f"<style>{STYLE}</style><h1>How good is it?</h1>")
    reader.start()
    lesson_drawing.open_address()
    _part()
    page_frame.for_reader()


@st.fragment
@turns.lesson()
def _part() -> None:
    with st.container(key="parts"):
        name = st.segmented_control(
            "What of it", list(PARTS), default="accuracy", required=True, key="lesson", bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip
    with st.container(key="panel"):
        try:
            PARTS[name or "accuracy"]()
        except UserError as error:
            st.warning(reading_panel.plain(f"Something went wrong. {error}"))
