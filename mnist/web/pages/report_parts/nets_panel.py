"""The networks panel: the same drawing, read by every network."""

import numpy as np
import streamlit as st

from mnist.evaluation.tables import percent
from mnist.reading.drawings import address, strokes
from mnist.reading.readings import Digit
from mnist.training.networks import NETWORKS, SHIPPED, NetworkSpec
from mnist.web import pictures
from mnist.web.pages.report_parts import cards
from mnist.web.pages.report_parts.net_words import NETS, TERMS
from mnist.web.parts import lesson_drawing, reading_html
from mnist.web.parts.wording import with_article
from mnist.web.state.reader import load_once, reader

# one of the made-up digits in the cards, for an empty pad: nets that read a ready 7 all alike differ on it
READY_6 = address.from_text(
    "eNoNxj0OQEAYBuFZBUFlbRSbCDdxBPfvxH8l22i9vmaeaSiZqdlU8SngGMiZzBFPsGb0vPIcKljlWJR0are71HKr41HkB6KoGMQ"
)


def show_networks() -> None:
    """Show in a sentence who reads what, then a row for each network, the simplest first."""
    terms = f"{TERMS}. The numbers that a net learns are called its parameters."
    st.markdown(f"## The same drawing, read by {len(NETWORKS)} nets", help=terms)
    sample = strokes.frame(lesson_drawing.open_drawing("6", READY_6)).sample
    if not reader.ready:
        st.markdown("Waking up.")
        return
    read = {name: _digit(network, sample) for name, network in NETWORKS.items()}
    st.markdown(_who_reads_what({name: digit.digit for name, digit in read.items()}))
    rows = "".join(_row(network, read[name]) for name, network in NETWORKS.items())
    picture = pictures.sample_html(pictures.png_url(sample), "what all of them see")
    st.html(f"<div class='nets'>{picture}<ol>{rows}</ol></div>")


def _digit(network: NetworkSpec, sample: np.ndarray) -> Digit:
    read = (reader if network == SHIPPED else load_once(network)).digits(sample[None])
    assert read is not None  # noqa: S101 - the reader is ready
    return read[0]


def _who_reads_what(digits: dict[str, int | None]) -> str:
    """Return who reads the drawing as what; None is no digit."""
    answers = list(dict.fromkeys(digits.values()))
    if len(answers) == 1:
        return f"All of them say: {_what(answers[0])}. To see one on which they differ, clear the pad on the page Draw."
    said = []
    for answer in answers:
        names = [NETS[name].name for name, digit in digits.items() if digit == answer]
        says = "says" if len(names) == 1 else "say"
        said.append(f"{_listed(names)} {says} **{_what(answer)}**")
    return f"They differ: {'; '.join(said)}."


def _what(digit: int | None) -> str:
    return "no digit" if digit is None else with_article(digit)


def _listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _row(network: NetworkSpec, read: Digit) -> str:
    card = cards.card(network)
    figures = card["figures"]
    guess = reading_html.NO_GUESS if read.digit is None else read.digit
    sure = "no digit" if read.confidence is None else f"{percent(read.confidence, 0)} sure"
    people = (f"{cards.SOURCES[key].where} {percent(figures[key]['right'], 1)}" for key in cards.peoples_digits())
    facts = f"{card['parameters']:,} numbers learned · people's digits read right: {', '.join(people)}"
    ours = " class='ours'" if network == SHIPPED else ""
    words = NETS[network.name]
    return (
        f"<li{ours}><b>{guess}</b><em>{sure}</em><div><strong>{words.name}</strong>"
        f"<p>{words.how}</p><small>{facts}</small></div></li>"
    )
