"""The page “How good is it?”: the cards of the network and of those it is compared with, as pictures."""

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
from mnist.web.parts import lesson_drawing, page_frame
from mnist.web.parts.wording import plain
from mnist.web.state.turns import turns

PARTS = {
    "accuracy": accuracy_panel.show_accuracy,
    "confusions": confusion_panel.show_confusions,
    "mistakes": mistakes_panel.show_mistakes,
    "sureness": calibration_panel.show_calibration,
    "learning": learning_panel.show_learning,
    "nets": nets_panel.show_networks,
}  # as the address names them


def page() -> None:
    """Show the page."""
    with page_frame.framed("How good is it?", "report"):
        lesson_drawing.open_address()
        _show_part()


@st.fragment
@turns.lesson()
def _show_part() -> None:
    with st.container(key="parts"):
        name = st.segmented_control(
            "What do you want to know?", list(PARTS), default="accuracy", required=True, key="lesson",
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
    with st.container(key="panel"):
        try:
            PARTS[name or "accuracy"]()
        except UserError as error:
            st.warning(plain(f"Something went wrong. {error}"))
