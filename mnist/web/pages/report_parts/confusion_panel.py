"""The confusion panel: which digit is read as which, and examples of each."""

from typing import Any

import numpy as np
import streamlit as st

from mnist.data.mnist_dataset import PATH_VARIABLE
from mnist.evaluation.sets import TITLES
from mnist.training.networks import SHIPPED
from mnist.web.components import matrix
from mnist.web.pages.report_parts import cards, examples
from mnist.web.parts.wording import with_article

SETS = ("drawings_loose", "mnist_test")


def show_confusions() -> None:
    """Show the confusion matrix of a set, and examples of the chosen cell."""
    figures = cards.card(SHIPPED)["figures"]
    chosen = st.segmented_control(
        "Which digits", SETS, format_func=TITLES.__getitem__, default=SETS[0], required=True, key="confusions_of"
    )
    name = chosen or SETS[0]
    counts = np.array(figures[name]["confusion"])
    left, right = st.columns([3, 2], gap="large")
    with left:
        row, column = matrix.show_matrix(counts, f"matrix_{name}", _most_confused(counts)) or (0, 0)
    with right, st.container(key="cell"):
        st.markdown(_sentence(counts, row, column))
        shown = [e for e in figures[name].get("examples", []) if (e["label"], e["guess"]) == (row, column)]
        st.html(_examples(shown))
        if shown and name == "mnist_test" and examples.mnist_images() is None:
            st.caption(
                "MNIST's own images are not part of this program. "
                f"To see them here, set {PATH_VARIABLE} to the path of MNIST's file."
            )


def _most_confused(counts: np.ndarray) -> tuple[int, int]:
    """Return row and column of the largest number off the diagonal."""
    mistakes = counts * (1 - np.eye(len(counts), dtype=counts.dtype))
    row, column = np.unravel_index(int(mistakes.argmax()), counts.shape)
    return int(row), int(column)


def _sentence(counts: np.ndarray, row: int, column: int) -> str:
    share = f"**{counts[row, column]} of {counts[row].sum()}**"
    if row == column:
        return f"{share} were read correctly as {with_article(row)}. It was least sure of these:"
    examples_follow = " It was surest of these:" if counts[row, column] else ""
    return f"{share}: meant as {with_article(row)}, read as {with_article(column)}.{examples_follow}"


def _examples(shown: list[dict[str, Any]]) -> str:
    """Return the examples side by side, each with how sure the network was."""
    cells = []
    for example in shown:
        url = examples.picture(example)
        if url is not None:
            said = "no digit" if example["refused"] else f"{100 * example['confidence']:.0f} % sure"
            cells.append(
                f"<figure><div><img src='{url}' alt='{example['label']}'></div><figcaption>{said}</figcaption></figure>"
            )
    return f"<div class='stages triple'>{''.join(cells)}</div>"
