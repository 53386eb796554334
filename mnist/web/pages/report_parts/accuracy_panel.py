"""The accuracy panel: a row for each set that the networks were measured on, a sign for each network."""

from typing import Any

import streamlit as st

from mnist.evaluation.sets import TITLES
from mnist.evaluation.tables import percent
from mnist.training.networks import NETWORKS, SHIPPED
from mnist.web import palette
from mnist.web.pages.report_parts import cards
from mnist.web.parts import charts

HEADLINES = ("mnist_test", "drawings", "drawings_loose")
SHAPES = {
    "softmax": ("triangle-down", "▼"),
    "perceptron": ("square", "■"),
    "textbook": ("diamond", "◆"),
    "keras_example": ("triangle-up", "▲"),
    SHIPPED.name: ("circle", "●"),
}
ROW_HEIGHT = 30  # pixels

_TITLES = [network.title for network in NETWORKS.values()]
_SHAPES = [SHAPES[name][0] for name in NETWORKS]
_COLOURS = [palette.GREEN if network == SHIPPED else palette.GREY for network in NETWORKS.values()]
SPEC = {
    "height": {"step": ROW_HEIGHT},
    "description": "Shares of digits that were read correctly; the table has the numbers.",
    "config": {"axis": {**charts.AXIS_FONTS, "labelLimit": 190}},
    "mark": {"type": "point", "filled": True, "opacity": 1},
    "encoding": {
        "x": charts.number(
            "correct",
            axis={"title": "read correctly, %", "orient": "top", "grid": True},
            scale={"zero": False, "nice": False, "padding": 12},
        ),
        "y": charts.name("set", sort=None, title=None),
        "shape": charts.name("network", legend=None, scale={"domain": _TITLES, "range": _SHAPES}),
        "color": charts.name("network", legend=None, scale={"domain": _TITLES, "range": _COLOURS}),
        "size": {"condition": {"test": "datum.ours", "value": 210}, "value": 90},
        "tooltip": [charts.name("set"), charts.name("network"), charts.number("correct")],
    },
}


def show_accuracy() -> None:
    """Show the most important figures, large, then all of them."""
    figures = cards.card(SHIPPED)["figures"]
    cells = "".join(
        f"<li><b>{percent(figures[name]['accuracy'])}</b><span>{TITLES[name]}</span></li>" for name in HEADLINES
    )
    st.html(f"<ol class='headlines'>{cells}</ol>")
    rejected = figures["alphabets"]["rejected"]
    st.markdown(
        "So many digits were read correctly, and the net had seen none of them before. When it was shown letters of "
        f"alphabets that were new to it, it answered {100 * rejected:.0f} times in 100: this is no digit."
    )
    rows = _rows()
    charts.show_chart(SPEC, rows)
    signs = ""
    for network in NETWORKS.values():
        ours = " class='ours'" if network == SHIPPED else ""
        signs += f"<li{ours}><b>{SHAPES[network.name][1]}</b> {network.title}</li>"
    st.html(f"<ul class='signs'>{signs}</ul>")  # the chart's own legend does not fit onto a phone
    with st.expander("As a table"):
        st.html(_table(rows))


def _rows() -> list[dict[str, Any]]:
    """Return a row for each set and network, the sets that ours reads best first; `correct` is in per cent."""
    ours = cards.card(SHIPPED)["figures"]
    sets = [name for name in TITLES if "confusion" in ours.get(name, {})]
    return [
        {
            "set": TITLES[name],
            "network": network.title,
            "correct": round(100 * cards.card(network)["figures"][name]["accuracy"], 2),
            "ours": network == SHIPPED,
        }
        for name in sorted(sets, key=lambda name: -ours[name]["accuracy"])
        for network in NETWORKS.values()
        if name in cards.card(network)["figures"]
    ]


def _table(rows: list[dict[str, Any]]) -> str:
    shares = {(row["set"], row["network"]): f"{row['correct']:.2f} %" for row in rows}
    head = "".join(f"<th scope='col'>{title}</th>" for title in _TITLES)
    body = ""
    for name in dict.fromkeys(row["set"] for row in rows):
        cells = "".join(f"<td>{shares.get((name, title), '')}</td>" for title in _TITLES)
        body += f"<tr><th scope='row'>{name}</th>{cells}</tr>"
    scrolled = "class='table' tabindex='0' role='region' aria-label='Shares of digits that were read correctly'"
    return f"<div {scrolled}><table><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>"
