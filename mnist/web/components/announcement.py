"""What a screen reader says of a reading, unasked: it says what changes in an element, and markdown gets new ones."""

import re
from pathlib import Path

import streamlit as st

_region = st.components.v2.component(
    "announcement",
    html="<div role='status' aria-live='polite'></div>",
    js=Path(__file__).with_name("announcement.js").read_text("utf-8"),
    isolate_styles=False,  # some screen readers miss what changes in a shadow root
)


def say(sentence: str, confidence: float | None = None, key: str = "announcement") -> None:
    """Have a sentence of Markdown said, and how sure it is (0 to 1), unless it is what was said last under that key."""
    words = re.sub(r"\\(.)", r"\1", sentence).strip()
    _region(key=key, data=words if confidence is None else f"{words} {confidence:.0%} sure.")
