"""The confusion panel: which digit is read as which, and examples of each."""

from typing import Any

import numpy as np
import streamlit as st

from mnist.data.mnist_dataset import PATH_VARIABLE
from mnist.evaluation.sets import TITLES
from mnist.training.networks import SHIPPED
from mnist.web.components import matrix
from mnist.web.pages.report_parts import cards
from mnist.web.parts.reading_panel import figure
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
    mistakes = counts * (1 - np.eye(len(counts), dtype=counts.dtype))
    most_frequent = divmod(int(mistakes.argmax()), counts.shape[1])
    left, right = st.columns([3, 2], gap="large")
    with left:
        row, column = matrix.show_matrix(counts, f"matrix_{name}", most_frequent) or most_frequent
    with right, st.container(key="cell"):
        st.markdown(_sentence(counts, row, column))
        shown = [e for e in figures[name].get("examples", []) if (e["label"], e["guess"]) == (row, column)]
        cells = (figure(url, _in_words(e), alt=e["label"]) for e in shown if (url := cards.example_url(e)))
        st.html(f"<div class='stages triple'>{''.join(cells)}</div>")
        if shown and name == "mnist_test" and cards.mnist_images() is None:
            st.caption(
                "MNIST's own images are not part of this program. "
                f"To see them here, set {PATH_VARIABLE} to the path of MNIST's file."
            )


def _sentence(counts: np.ndarray, row: int, column: int) -> str:
    share = f"**{counts[row, column]} of {counts[row].sum()}**"
    if row == column:
        return f"{share} were read correctly as {with_article(row)}. It was least sure of these:"
    examples_follow = " It was surest of these:" if counts[row, column] else ""
    return f"{share}: meant as {with_article(row)}, read as {with_article(column)}.{examples_follow}"


def _in_words(example: dict[str, Any]) -> str:
    return "no digit" if example["rejected"] else f"{100 * example['confidence']:.0f} % sure"
