"""The projector mode: the pad and the guess on the whole screen, to be read from the last row."""

import streamlit as st

from mnist.web.components import component

_projector = component.register("projector")


def show_projector_button() -> None:
    """Show the button for it, in the head of the page; the browser does the rest, without the server."""
    st.button("Full screen", key="projector", help="Escape brings you back")
    _projector(key="projector_script")
