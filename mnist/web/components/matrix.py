"""A confusion matrix as a table of buttons, so that keyboards and screen readers reach every number."""

import numpy as np

from mnist.web.components import component

_matrix = component.register("matrix", "<table></table>")


def show_matrix(counts: np.ndarray, key: str, default: tuple[int, int] | None = None) -> tuple[int, int] | None:
    """Show how often each digit was read as what, and return the row and column of the chosen cell, or `default`.

    `counts`: (10, 11) with a last column for no digit, or (10, 12) with one before it for several digits; the row is
    the digit meant, the column what was read.
    """
    columns = counts.shape[1]
    sent = component.sent(key, "chosen")
    chosen = divmod(int(sent), columns) if isinstance(sent, int | float) and 0 <= sent < counts.size else default
    _matrix(
        data={
            "counts": counts.tolist(),
            "columns": [*map(str, range(10)), "several", "none"] if columns == 12 else [*map(str, range(10)), "none"],
            "chosen": -1 if chosen is None else chosen[0] * columns + chosen[1],
        },
        key=key,
        on_chosen_change=lambda: None,
    )
    return chosen
