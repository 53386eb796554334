"""The common part of all components: their registration, notes to their scripts, and the values that come back."""

import json
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).parent


def register(name: str, html: str | None = None, *, reads_notes: bool = False, **options: Any) -> ComponentRenderer:
    """Register the component whose script is `name`.js in this folder; `name`.css is added if there is one."""
    script, style = FOLDER / f"{name}.js", FOLDER / f"{name}.css"
    css = style.read_text("utf-8") if style.exists() else None
    js = ((FOLDER / "notes.js").read_text("utf-8") if reads_notes else "") + script.read_text("utf-8")
    return st.components.v2.component(name, html=html, css=css, js=js, **options)


def note(name: str, told: Any) -> str:
    """Return HTML that cannot be seen and tells `told`, of what JSON has, to scripts that read notes of this name.

    It comes with what a page shows anyway: an element of its own costs the server and the browser time, and a
    component, whose script Streamlit sends along each time, most.
    """
    text = json.dumps(told, separators=(",", ":"), allow_nan=False)
    for sign in "<>":  # Streamlit drops an attribute that might end a comment or an element
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f"<i data-note='{name}' data-told='{escape(text)}'></i>"


def sent(key: str, name: str) -> Any:
    """Return the value that the component with this key sent last under `name`, or None. It may be forged."""
    state = st.session_state.get(key)
    return state.get(name) if state else None
