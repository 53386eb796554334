"""A confusion matrix as a table of buttons, so that keys and screen readers reach every number."""

from pathlib import Path

import numpy as np
import streamlit as st

HERE = Path(__file__).parent

_matrix = st.components.v2.component(
    "matrix",
    html="<table></table>",
    js=(HERE / "matrix.js").read_text("utf-8"),
    css=(HERE / "matrix.css").read_text("utf-8"),
)


def show(counts: np.ndarray, key: str, default: tuple[int, int] | None = None) -> tuple[int, int] | None:
    """Show counts (10, 10) or, with a last column for no digit, (10, 11): row the digit, column what was read.

    Returns the row and column that were chosen, else `default`.
    """
    columns = counts.shape[1]
    state = st.session_state.get(key)
    sent = state.get("chosen") if state else None
    chosen = divmod(int(sent), columns) if isinstance(sent, int | float) and 0 <= sent < counts.size else default
    _matrix(
        data={
            "counts": counts.tolist(),
            "columns": [*map(str, range(10)), "none"][:columns],
            "chosen": -1 if chosen is None else chosen[0] * columns + chosen[1],
        },
        key=key,
        on_chosen_change=lambda: None,
    )
    return chosen
