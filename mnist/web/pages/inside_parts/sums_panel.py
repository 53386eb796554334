"""Look inside, "The sums": what the last layer adds up for each digit."""

import altair as alt
import numpy as np
import streamlit as st

from mnist.explaining.inside import Inside
from mnist.reading.classifier import NO_DIGIT
from mnist.web import pictures
from mnist.web.pictures import AGAINST, FOR

NAMES = [*map(str, range(NO_DIGIT)), "none"]


def show_sums(inside: Inside, sample: np.ndarray) -> str:
    """What each of the last layer's sums was pulled up and down by; returns the picture of the sample."""
    st.markdown("## The last step: eleven sums")
    st.altair_chart(_chart(inside), width="stretch")
    st.html(
        f"<p class='key'><b style='background:{FOR}'></b> pulls up<b style='background:{AGAINST}'></b> pulls down"
        "<b class='dot'></b> what is left</p>"
    )
    best, second = np.argsort(-inside.logits)[:2].tolist()
    st.markdown(
        f"The {inside.pulls.shape[0]} shapes of the last layer pull each digit up or down. The highest sum wins: "
        f"**{NAMES[best]}** with {_minus(inside.logits[best])}, before {NAMES[second]} with "
        f"{_minus(inside.logits[second])}."
    )
    with st.expander("Exactly"):
        st.markdown(
            r"The sums $s_i$, divided by a temperature $T$ that makes them honest, become probabilities: "
            r"$p_i = e^{s_i/T} / \sum_j e^{s_j/T}$ over the ten digits. Where *none* outweighs all ten, "
            "it is said to be no digit."
        )
    return pictures.sample_html(pictures.png_url(sample), "the drawing as the network sees it")


def _chart(inside: Inside) -> alt.LayerChart:
    """For each output a bar up, a bar down, and a dot where they leave it."""
    up = np.maximum(inside.pulls, 0).sum(axis=0) + np.maximum(inside.bias, 0)
    down = np.minimum(inside.pulls, 0).sum(axis=0) + np.minimum(inside.bias, 0)
    rows = [
        {"digit": name, "from": 0.0, "to": float(value), "pull": pull}
        for pull, values in (("for", up), ("against", down))
        for name, value in zip(NAMES, values, strict=True)
    ]
    totals = [{"digit": name, "sum": float(value)} for name, value in zip(NAMES, inside.logits, strict=True)]
    scale = alt.Scale(domain=["for", "against"], range=[FOR, AGAINST])
    across = alt.X("digit:N", sort=NAMES, title=None, axis=alt.Axis(labelAngle=0, labelFontSize=18))
    bars = alt.Chart(alt.InlineData(rows)).mark_bar().encode(
        across, alt.Y("from:Q", title=None), alt.Y2("to:Q"), alt.Color("pull:N", scale=scale, legend=None)
    )  # fmt: skip
    dots = alt.Chart(alt.InlineData(totals)).mark_point(size=140, filled=True, color="#8a8f8c", opacity=1).encode(
        across, alt.Y("sum:Q"), tooltip=["digit:N", alt.Tooltip("sum:Q", format=".1f")]
    )  # fmt: skip
    return (bars + dots).properties(height=320)


def _minus(number: float) -> str:
    return f"{number:.1f}".replace("-", "−")
