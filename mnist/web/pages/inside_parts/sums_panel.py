"""The sums panel: what the last layer adds up for each digit."""

from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist.explaining.inside import Activations
from mnist.reading.outputs import NO_DIGIT
from mnist.web import pictures
from mnist.web.palette import AGAINST, FOR, GREY
from mnist.web.parts import charts
from mnist.web.parts.table import table_html

NAMES = [*map(str, range(NO_DIGIT)), "none"]
IN_WORDS = [*NAMES[:NO_DIGIT], "“no digit”"]
LABELS = {"labelFontSize": {"expr": "width > 500 ? 24 : 16"}}  # pixels: eleven names have little room on a phone
SPEC = {
    "height": 320,
    "description": "How far each digit is pulled up and down, and the sum; the table has the numbers.",
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

_COLUMNS = {"up": "pulled up", "down": "pulled down", "sum": "sum"}  # of the table


def show_sums(picture: DeltaGenerator, inside: Activations, sample: np.ndarray, read: int | None) -> None:
    """Show how far each of the last layer's sums was pulled up and down, and how they led to what was `read`."""
    rows = _rows(inside)
    with picture:
        charts.show_chart(SPEC, rows)
        st.html(
            f"<p class='key'><b style='background:{FOR}'></b> pulls up<b style='background:{AGAINST}'></b> pulls down"
            "<b class='dot'></b> the sum</p>"
        )
    shapes = inside.pulls.shape[0]
    st.markdown(f"The {shapes} shapes of the last layer pull each digit up or down. {outcome(inside.logits, read)}")
    with st.expander("More"):
        st.html(pictures.sample_html(pictures.png_url(sample), "the drawing as the network sees it"))
        numbers = [[_number(row[column]) for column in _COLUMNS] for row in rows]
        body = ([name, *cells] for name, cells in zip(IN_WORDS, numbers, strict=True))
        st.html(table_html(_COLUMNS.values(), body, "How far each digit is pulled"))
    with st.expander("Exactly"):
        st.markdown(
            r"Divided by a temperature $T$, which makes the probabilities honest, the sums $s_i$ become the "
            r"probabilities of the ten digits: $p_i = e^{s_i/T} / \sum_j e^{s_j/T}$. If *none* outweighs all ten "
            "together by more than the threshold of the likeliest digit, the answer is: no digit."
        )


def outcome(logits: np.ndarray, read: int | None) -> str:
    """Say how logits (11,), the sums, led to the digit that was `read`, or to None: no digit."""
    best, second = np.argsort(-logits[:NO_DIGIT])[:2].tolist()
    highest, next_highest = (_number(logits[label]) for label in (best, second))
    if read is None:
        return f"Of the digits, {best} has the highest sum, {highest}, but **“no digit”** outweighs all ten together."
    ahead = f"The digit with the highest sum wins: **{best}** with {highest}, ahead of {second} with {next_highest}."
    return ahead if logits[NO_DIGIT] < logits[best] else f"{ahead} “No digit” has more, but not enough."


def _number(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")


def _rows(inside: Activations) -> list[dict[str, Any]]:
    """Return for each output how far it is pulled up, how far down, and the sum of both."""
    up = np.maximum(inside.pulls, 0).sum(axis=0) + np.maximum(inside.bias, 0)
    down = np.minimum(inside.pulls, 0).sum(axis=0) + np.minimum(inside.bias, 0)
    sums = zip(NAMES, up.tolist(), down.tolist(), inside.logits.tolist(), strict=True)
    return [{"digit": name, "up": high, "down": low, "sum": total} for name, high, low, total in sums]
