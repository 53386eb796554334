"""The people panel: shares of their digits read right, wrong or not at all, by source and by digit."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import streamlit as st

from mnist.evaluation.figures import REJECTED, by_digit
from mnist.evaluation.sets import SETS
from mnist.evaluation.tables import misreadings, percent
from mnist.training.networks import SHIPPED
from mnist.web.pages.report_parts import cards
from mnist.web.parts.table import table_html
from mnist.web.parts.wording import capitalised

Row = tuple[str, str, float, float]  # a name, a note, and the shares right and not read
KEY = (
    "<ul class='signs outcomes'><li><b class='right'>■</b> right</li><li><b class='wrong'>■</b> wrong</li>"
    "<li><b class='unread'>■</b> not read: “no digit”</li></ul>"
)


def show_people() -> None:
    """Show a bar for each source and for each digit, then all figures as a table."""
    figures = cards.card(SHIPPED)["figures"]
    st.markdown("## Of 100 digits that people wrote, how many does it read?", help=cards.ABOUT_MNIST)
    st.html(KEY)
    st.html(_bars((_of_source(key, figures[key]) for key in cards.peoples_digits()), "sources"))
    st.markdown(
        "None of these people wrote anything that it learned from. The more their hands differ from those that it "
        "knows, the less it reads." + _numbers_and_non_digits()
    )
    st.markdown("## Which digits are hard?")
    rows = by_digit([figures[key]["confusion"] for key in cards.peoples_digits()])
    st.html(_bars((_of_digit(digit, row) for digit, row in enumerate(rows)), "digits"))
    st.caption("All these people's digits; every source counts the same. Rare misreadings are not listed.")
    with st.expander("People's digits as a table"):
        st.html(_table())


def _of_source(key: str, figures: dict[str, Any]) -> Row:
    """Return the row of a source: its name, who wrote, and the shares right and not read."""
    source = cards.SOURCES[key]
    about = f"{source.where}, {source.writers} people, {figures['count']:,} digits"
    return capitalised(source.title), about, figures["right"], figures["rejected"]


def _of_digit(digit: int, row: np.ndarray) -> Row:
    found = misreadings(row, digit)
    return str(digit), f"misread as {', '.join(name for name, _ in found)}" if found else "", row[digit], row[REJECTED]


def _bars(rows: Iterable[Row], kind: str) -> str:
    """Return rows as HTML: a name, a note, a bar of the shares right, wrong and not read, and these in words."""
    items = ""
    for name, note, right, rejected in rows:
        bar = words = ""
        for style, word, share in (
            ("right", "right", right),
            ("wrong", "wrong", round(1 - right - rejected, 6)),
            ("unread", "not read", rejected),
        ):
            bar += f"<s class='{style}' style='width:{100 * share:.2f}%'></s>"
            words += f"{' · ' if words else ''}<span>{100 * share:.1f} {word}</span>"
        items += f"<li><strong>{name}</strong><small>{note}</small><i>{bar}</i><p>{words}</p></li>"
    return f"<ol class='outcomes {kind}'>{items}</ol>"


def _numbers_and_non_digits() -> str:
    """Return sentences on people's numbers and on what they drew that is no digit, if these were measured."""
    figures = cards.card(SHIPPED)["figures"]
    said = ""
    for key in (f"{source}_numbers" for source in cards.SOURCES):
        if key in figures:
            read = 100 * figures[key]["right"]
            said += f" Of 100 numbers, each put together from one person's digits, it reads {read:.1f} right."
    for each in SETS:
        if each.source and "auroc" in figures.get(each.key, {}):
            said += f" To {100 * figures[each.key]['rejected']:.1f} of 100 {each.title} it says: this is no digit."
    return said


def _table() -> str:
    figures = cards.card(SHIPPED)["figures"]
    rows = []
    for each in SETS:
        found = figures.get(each.key, {})
        if each.source and "right" in found:
            who = [each.source.where, str(each.source.writers), f"{found['count']:,}"]
            shares = [percent(found[name]) for name in ("right", "wrong", "rejected", "unsure")]
            rows.append([capitalised(each.content), *who, *shares])
    head = ("country", "people", "digits or numbers", "right", "wrong", "not read", "unsure")
    return table_html(head, rows, "People's digits")
