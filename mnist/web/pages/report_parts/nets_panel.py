"""How good is it beside others: the same drawing read by networks of three kinds, and by the real one."""

import numpy as np
import streamlit as st

from mnist.reading import strokes
from mnist.reading.classifier import Digit
from mnist.web import pictures
from mnist.web.pages.report_parts import cards
from mnist.web.parts import lesson_drawing, reading_panel
from mnist.web.state.baselines import baselines
from mnist.web.state.reader import reader

HOW = {
    "softmax": "Every pixel votes for or against each digit; the votes are added up.",
    "perceptron": "128 patterns of the whole picture first, then votes.",
    "textbook": "32 small shapes, looked for everywhere, then votes.",
    "keras_example": "Shapes, then shapes made of shapes.",
    cards.SHIPPED: "Six layers of shapes, taught with drawn digits of the whole world and with what is no digit.",
}


def show_networks() -> None:
    """A row for each network, the simplest first."""
    sample = strokes.frame(lesson_drawing.drawing()).sample
    st.markdown("## The same drawing, read by five nets")
    if not reader.ready:
        st.markdown("Waking up.")
        return
    readings = {network: _read(network, sample) for network in cards.NETWORKS}
    rows = "".join(_row(network, digit) for network, digit in readings.items())
    picture = pictures.sample_html(pictures.png_url(sample), "what all of them see")
    st.html(f"<div class='nets'>{picture}<ol>{rows}</ol></div>")


def _read(network: str, sample: np.ndarray) -> Digit | None:
    some = reader.digits(sample[None]) if network == cards.SHIPPED else baselines.digits(network, sample[None])
    return some[0] if some else None


def _row(network: str, read: Digit | None) -> str:
    card = cards.card(network)
    figures = card["figures"]
    guess = reading_panel.NO_GUESS if read is None or read.digit is None else str(read.digit)
    sure = "" if read is None or read.confidence is None else f"{read.confidence:.0%} sure"
    facts = (
        f"{card['parameters']:,} parameters · MNIST {cards.percent(figures['mnist_test']['accuracy'], 2)} · "
        f"{cards.SETS['drawings_loose']} {cards.percent(figures['drawings_loose']['accuracy'], 2)}"
    )
    ours = " class='ours'" if network == cards.SHIPPED else ""
    return (
        f"<li{ours}><b>{guess}</b><em>{sure}</em><div><strong>{cards.KINDS[network]}</strong>"
        f"<p>{HOW[network]}</p><small>{facts}</small></div></li>"
    )
