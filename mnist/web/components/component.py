"""The common part of all components: their registration, and the values that the browser sends back."""

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).parent


def register(name: str, html: str | None = None, **options: Any) -> ComponentRenderer:
    """Register the component whose script is `name`.js in this folder; `name`.css is added if there is one."""
    script, style = FOLDER / f"{name}.js", FOLDER / f"{name}.css"
    css = style.read_text("utf-8") if style.exists() else None
    return st.components.v2.component(name, html=html, css=css, js=script.read_text("utf-8"), **options)


def sent(key: str, name: str) -> Any:
    """Return the value that the component with this key sent last under `name`, or None. It may be forged."""
    state = st.session_state.get(key)
    return state.get(name) if state else None
