"""The networks panel: the same drawing, read by every network."""

import numpy as np
import streamlit as st

from mnist.evaluation.tables import percent
from mnist.reading import strokes
from mnist.training.networks import NETWORKS, SHIPPED, NetworkSpec
from mnist.web import pictures
from mnist.web.pages.report_parts import cards
from mnist.web.parts import lesson_drawing, reading_html
from mnist.web.state.reader import load_once, reader

HOW = {
    "softmax": "Every pixel votes for or against each digit; the votes are added up.",
    "perceptron": "It looks for 128 patterns of the whole picture, and they vote.",
    "textbook": "It looks for 32 small shapes everywhere, and they vote.",
    "keras_example": "It looks for shapes, then for shapes made of shapes, and they vote.",
    SHIPPED.name: "Six layers of shapes, taught with digits from the whole world and with things that are no digit.",
}


def show_networks() -> None:
    """Show a row for each network, the simplest first."""
    sample = strokes.frame(lesson_drawing.drawing()).sample
    st.markdown(f"## The same drawing, read by {len(NETWORKS)} nets")
    if not reader.ready:
        st.markdown("Waking up.")
        return
    rows = "".join(_row(network, sample) for network in NETWORKS.values())
    picture = pictures.sample_html(pictures.png_url(sample), "what all of them see")
    st.html(f"<div class='nets'>{picture}<ol>{rows}</ol></div>")


def _row(network: NetworkSpec, sample: np.ndarray) -> str:
    card = cards.card(network)
    figures = card["figures"]
    read = (reader if network == SHIPPED else load_once(network)).digits(sample[None])
    guess = reading_html.NO_GUESS if not read or read[0].digit is None else read[0].digit
    sure = "" if not read or read[0].confidence is None else f"{read[0].confidence:.0%} sure"
    people = (f"{cards.SOURCES[key].where} {percent(figures[key]['right'], 1)}" for key in cards.peoples_digits())
    facts = f"{card['parameters']:,} parameters · people's digits read right: {', '.join(people)}"
    ours = " class='ours'" if network == SHIPPED else ""
    return (
        f"<li{ours}><b>{guess}</b><em>{sure}</em><div><strong>{network.title}</strong>"
        f"<p>{HOW[network.name]}</p><small>{facts}</small></div></li>"
    )
