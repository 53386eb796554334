"""The confusion panel: which of people's digits is read as which, and examples of each."""

from typing import Any

import numpy as np
import streamlit as st

from mnist.evaluation.figures import REJECTED, SEVERAL, column
from mnist.evaluation.sets import TITLES
from mnist.training.networks import SHIPPED
from mnist.web.components import matrix
from mnist.web.pages.report_parts import cards
from mnist.web.parts.wording import capitalised, with_article
from mnist.web.pictures import figure


def show_confusions() -> None:
    """Show the confusion matrix of a set, and examples of the chosen cell."""
    figures = cards.card(SHIPPED)["figures"]
    keys = [*cards.peoples_digits(), cards.MADE_UP]
    st.markdown("## What does it take for what?", help=cards.ABOUT_MNIST)
    chosen = st.segmented_control(
        "Whose digits", keys, format_func=_whose, default=keys[0], required=True, key="confusions_of"
    )
    name = chosen or keys[0]
    counts = np.array(figures[name]["confusion"])
    shown = [*range(10), *([SEVERAL] if counts[:, SEVERAL].any() else []), REJECTED]
    left, right = st.columns([3, 2], gap="large")
    with left:
        most_frequent = _most_frequent_mistake(counts[:, shown])
        row, place = matrix.show_matrix(counts[:, shown], f"matrix_{name}", most_frequent) or most_frequent
        st.caption(_about(name))
    read = shown[place]
    examples = [e for e in figures[name].get("examples", []) if (e["label"], column(e["read"])) == (row, read)]
    urls = [cards.example_url(name, example) for example in examples]
    with right, st.container(key="cell"):
        st.markdown(sentence(counts, row, read) + (_which(row, read, len(urls)) if any(urls) else ""))
        cells = (figure(url, _in_words(e), alt=e["label"]) for e, url in zip(examples, urls, strict=True) if url)
        st.html(f"<div class='stages triple'>{''.join(cells)}</div>")
        if None in urls:
            st.caption(cards.why_not_shown(name))


def _whose(key: str) -> str:
    return "its own" if key == cards.MADE_UP else cards.SOURCES[key].where


def _about(key: str) -> str:
    if key == cards.MADE_UP:
        return f"Digits that this program wrote itself, {TITLES[key]}."
    source = cards.SOURCES[key]
    return f"{capitalised(source.title)}, by {source.writers} people ({source.where}). Source: {source.whose}."


def _most_frequent_mistake(counts: np.ndarray) -> tuple[int, int]:
    """Return the cell of the mistake that was made most often; to refuse a digit is another matter."""
    mistakes = counts[:, :-1] * (1 - np.eye(len(counts), counts.shape[1] - 1, dtype=counts.dtype))
    row, read = divmod(int(mistakes.argmax()), mistakes.shape[1])
    return row, read


def sentence(counts: np.ndarray, row: int, read: int) -> str:
    """Return a cell of the matrix (10, 12) in words; what was refused is counted apart, as it was not read at all."""
    refused = int(counts[row, REJECTED])
    meant = f"Of {counts[row].sum()} digits meant as {with_article(row)}, "
    if read == REJECTED:
        return f"{meant}**{refused}** {_were(refused)} not read: the net said that this is no digit."
    count = int(counts[row, read])
    what = "several digits" if read == SEVERAL else with_article(read)
    apart = f"{refused} {_were(refused)} not read at all and " if refused else ""
    return f"{meant}{apart}**{count}** {_were(count)} read as {what}."


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _which(row: int, read: int, count: int) -> str:
    """Return which of a cell's digits are the examples."""
    if count == 1:
        return " This one:"
    return " For example:" if read == REJECTED else f" It was {'least sure' if row == read else 'surest'} of these:"


def _in_words(example: dict[str, Any]) -> str:
    if not example["read"]:
        return "no digit"
    sure = f"{100 * example['confidence']:.0f} % sure"
    return f"{example['read']}, {sure}" if column(example["read"]) == SEVERAL else sure
