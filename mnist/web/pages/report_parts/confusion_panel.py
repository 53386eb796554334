"""How good is it, digit by digit: what is taken for what, and the digits behind a number."""

from typing import Any

import numpy as np
import streamlit as st

from mnist.data.mnist_dataset import PATH_VARIABLE
from mnist.web.components import matrix
from mnist.web.pages.report_parts import cards, examples
from mnist.web.parts.reading_panel import with_article

SETS = ("drawings_loose", "mnist_test")


def show_confusions() -> None:
    """The confusion matrix of a set, and examples of the cell that was chosen in it."""
    figures = cards.card(cards.SHIPPED)["figures"]
    chosen = st.segmented_control(
        "What was read", SETS, format_func=cards.SETS.__getitem__, default=SETS[0], required=True, key="confusions_of"
    )
    name = chosen or SETS[0]
    counts = np.array(figures[name]["confusion"])
    left, right = st.columns([3, 2], gap="large")
    with left:
        row, column = matrix.show_matrix(counts, f"matrix_{name}", _most_confused(counts)) or (0, 0)
    with right, st.container(key="cell"):
        st.markdown(_sentence(counts, row, column))
        found = [e for e in figures[name].get("examples", []) if (e["label"], e["guess"]) == (row, column)]
        st.html(_tiles(found))
        if found and name == "mnist_test" and examples.mnist_images() is None:
            st.caption(
                "MNIST's own images are not part of this program. "
                f"They are shown here where {PATH_VARIABLE} names its file."
            )


def _most_confused(counts: np.ndarray) -> tuple[int, int]:
    """Row and column of the largest number beside the diagonal."""
    beside = counts * (1 - np.eye(len(counts), dtype=counts.dtype))
    row, column = np.unravel_index(int(beside.argmax()), counts.shape)
    return int(row), int(column)


def _sentence(counts: np.ndarray, row: int, column: int) -> str:
    count, total = int(counts[row, column]), int(counts[row].sum())
    if row == column:
        return f"**{count} of {total}** were read as the {row} they are. Those it was least sure of:"
    if count == 0:
        return f"Not one of {total} was read as {with_article(column)} where {with_article(row)} was meant."
    return f"**{count} of {total}**: {with_article(row)} was meant, {with_article(column)} was read. The surest:"


def _tiles(found: list[dict[str, Any]]) -> str:
    """The examples side by side, each with how sure the network was."""
    cells = []
    for example in found:
        url = examples.picture(example)
        if url is not None:
            said = "refused" if example["refused"] else f"{100 * example['confidence']:.0f} % sure"
            cells.append(
                f"<figure><div><img src='{url}' alt='{example['label']}'></div><figcaption>{said}</figcaption></figure>"
            )
    return f"<div class='stages triple'>{''.join(cells)}</div>"
