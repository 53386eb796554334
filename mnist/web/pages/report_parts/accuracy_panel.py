"""The accuracy panel: people's digits, then those that the program wrote itself, with a sign for each network."""

from typing import Any

import streamlit as st

from mnist.evaluation.sets import SETS, TITLES
from mnist.training.networks import NETWORKS, SHIPPED
from mnist.web import palette
from mnist.web.pages.report_parts import cards, people_panel
from mnist.web.pages.report_parts.net_words import NETS, TERMS
from mnist.web.parts import charts
from mnist.web.parts.table import table_html

ROW_HEIGHT = 30  # pixels

_NAMES = [NETS[name].name for name in NETWORKS]
_SHAPES = [NETS[name].shape for name in NETWORKS]
_COLOURS = [palette.GREEN if network == SHIPPED else palette.GREY for network in NETWORKS.values()]
SPEC = {
    "height": {"step": ROW_HEIGHT},
    "description": "Shares of digits whose best guess was right; the table has the numbers.",
    "config": {"axis": {**charts.AXIS, "labelLimit": 190}},
    "mark": {"type": "point", "filled": True, "opacity": 1},
    "encoding": {
        "x": charts.number(
            "correct",
            axis={"title": "best guess right, %", "orient": "top", "grid": True},
            scale={"zero": False, "nice": False, "padding": 12},
        ),
        "y": charts.name("set", sort=None, title=None),
        "shape": charts.name("network", legend=None, scale={"domain": _NAMES, "range": _SHAPES}),
        "color": charts.name("network", legend=None, scale={"domain": _NAMES, "range": _COLOURS}),
        "size": {"condition": {"test": "datum.ours", "value": 210}, "value": 90},
        "tooltip": [charts.name("set"), charts.name("network"), charts.number("correct")],
    },
}


def show_accuracy() -> None:
    """Show how much of people's digits is read, then how much of the program's own, by every network."""
    people_panel.show_people()
    _show_own()


def _show_own() -> None:
    st.markdown("## What this program wrote itself", help=f"{TERMS}. {cards.ABOUT_MNIST}")
    figures = cards.card(SHIPPED)["figures"]
    st.markdown(
        "It learns from digits that it writes itself, too. These are new ones, and MNIST's digits that it spoiled: "
        "easier for it than the hands of strangers, but good for comparing nets. Shown letters of alphabets that were "
        f"new to it, it answered {100 * figures['alphabets_as_read']['rejected']:.0f} times in 100: this is no digit. "
        "The chart counts a net's best guess, even where it would say so."
    )
    rows = _rows()
    charts.show_chart(SPEC, rows)
    signs = ""
    for name in NETWORKS:
        ours = " class='ours'" if name == SHIPPED.name else ""
        signs += f"<li{ours}><b>{NETS[name].sign}</b> {NETS[name].name}</li>"
    st.html(f"<ul class='signs'>{signs}</ul>")  # the chart's own legend does not fit onto a phone
    with st.expander("Its own digits as a table"):
        shares = {(row["set"], row["network"]): f"{row['correct']:.2f} %" for row in rows}
        names = dict.fromkeys(row["set"] for row in rows)
        body = [[name, *(shares.get((name, net), "") for net in _NAMES)] for name in names]
        st.html(table_html(_NAMES, body, "Shares of its own digits whose best guess was right"))


def _rows() -> list[dict[str, Any]]:
    """Return a row for each own set and network, the sets that ours reads best first; `correct` is in per cent."""
    ours = cards.card(SHIPPED)["figures"]
    sets = [each.key for each in SETS if not each.source and "accuracy" in ours.get(each.key, {})]
    return [
        {
            "set": TITLES[name],
            "network": NETS[network.name].name,
            "correct": round(100 * cards.card(network)["figures"][name]["accuracy"], 2),
            "ours": network == SHIPPED,
        }
        for name in sorted(sets, key=lambda name: -ours[name]["accuracy"])
        for network in NETWORKS.values()
        if name in cards.card(network)["figures"]
    ]
