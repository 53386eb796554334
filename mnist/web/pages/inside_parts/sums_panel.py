"""The sums panel: what the last layer adds up for each digit."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist.explaining.inside import Activations
from mnist.reading.classifier import NO_DIGIT
from mnist.web import pictures
from mnist.web.palette import AGAINST, FOR, GREY
from mnist.web.parts import charts

NAMES = [*map(str, range(NO_DIGIT)), "none"]
IN_WORDS = [*NAMES[:NO_DIGIT], "“no digit”"]
LABELS = {"labelFontSize": {"expr": "width > 500 ? 24 : 16"}}  # pixels: eleven names have little room on a phone
SPEC = {
    "height": 320,
    "encoding": {"x": charts.name("digit", sort=NAMES, title=None, axis={"labelAngle": 0, **LABELS})},
    "layer": [
        {"mark": {"type": "bar", "color": FOR}, "encoding": {"y": charts.number("up", title=None, axis=LABELS)}},
        {"mark": {"type": "bar", "color": AGAINST}, "encoding": {"y": charts.number("down", title=None)}},
        {
            "mark": {"type": "point", "size": 140, "filled": True, "color": GREY, "opacity": 1},
            "encoding": {
                "y": charts.number("sum", title=None),
                "tooltip": [charts.name("digit"), charts.number("sum", format=".1f")],
            },
        },
    ],
}


def show_sums(picture: DeltaGenerator, inside: Activations, sample: np.ndarray) -> None:
    """Show how far each of the last layer's sums was pulled up and down, and which of them wins."""
    with picture:
        charts.show_chart(SPEC, _rows(inside))
        st.html(
            f"<p class='key'><b style='background:{FOR}'></b> pulls up<b style='background:{AGAINST}'></b> pulls down"
            "<b class='dot'></b> the sum</p>"
        )
    best, second = np.argsort(-inside.logits)[:2].tolist()
    highest, next_highest = (f"{inside.logits[label]:.1f}".replace("-", "−") for label in (best, second))
    st.markdown(
        f"The {inside.pulls.shape[0]} shapes of the last layer pull each digit up or down. The highest sum wins: "
        f"**{IN_WORDS[best]}** with {highest}, ahead of {IN_WORDS[second]} with {next_highest}."
    )
    with st.expander("More"):
        st.html(pictures.sample_html(pictures.png_url(sample), "the drawing as the network sees it"))
    with st.expander("Exactly"):
        st.markdown(
            r"Divided by a temperature $T$, which makes the probabilities honest, the sums $s_i$ become the "
            r"probabilities of the ten digits: $p_i = e^{s_i/T} / \sum_j e^{s_j/T}$. If *none* outweighs all ten "
            "together by more than a threshold, the answer is: no digit."
        )


def _rows(inside: Activations) -> list[dict[str, str | float]]:
    """Return for each output how far it is pulled up, how far down, and the sum of both."""
    up = np.maximum(inside.pulls, 0).sum(axis=0) + np.maximum(inside.bias, 0)
    down = np.minimum(inside.pulls, 0).sum(axis=0) + np.minimum(inside.bias, 0)
    sums = zip(NAMES, up.tolist(), down.tolist(), inside.logits.tolist(), strict=True)
    return [{"digit": name, "up": high, "down": low, "sum": total} for name, high, low, total in sums]
