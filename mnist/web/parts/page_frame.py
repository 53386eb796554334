"""While the model is loading: a page that is run again as soon as it is there."""

import streamlit as st

from mnist.web.state.reader import reader


def for_reader() -> None:
    """Wait, where there is something to wait for."""
    if not reader.ready and reader.error is None:
        _wait()


@st.fragment(run_every=0.3)
def _wait() -> None:
    if reader.ready or reader.error is not None:
        st.rerun()
