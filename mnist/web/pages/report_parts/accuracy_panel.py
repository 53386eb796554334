"""How good is it, by what it reads: a row for each set that it was measured on, a sign for each network."""

from typing import Any

import altair as alt
import streamlit as st

from mnist.web.pages.report_parts import cards

HEADLINES = ("mnist_test", "drawings", "drawings_loose")
SHAPES = {
    "softmax": ("triangle-down", "▼"),
    "perceptron": ("square", "■"),
    "textbook": ("diamond", "◆"),
    "keras_example": ("triangle-up", "▲"),
    cards.SHIPPED: ("circle", "●"),
}
OURS, OTHERS = "#1f9d70", "#8a8f8c"
ROW = 30  # pixels


def _spec() -> dict[str, Any]:
    """The chart without its rows."""
    kinds = [cards.KINDS[network] for network in cards.NETWORKS]
    shapes = [SHAPES[network][0] for network in cards.NETWORKS]
    colours = [OURS if network == cards.SHIPPED else OTHERS for network in cards.NETWORKS]
    across = alt.X("right:Q").axis(title="read right, %", orient="top", grid=True)
    whole = (
        alt.Chart()
        .mark_point(filled=True, opacity=1)
        .encode(
            x=across.scale(zero=False, nice=False, padding=12),
            y=alt.Y("set:N", sort=None, title=None),
            shape=alt.Shape("net:N", legend=None).scale(domain=kinds, range=shapes),
            color=alt.Color("net:N", legend=None).scale(domain=kinds, range=colours),
            size=alt.condition(alt.datum.ours, alt.value(210), alt.value(90)),
            tooltip=["set:N", "net:N", "right:Q"],
        )
        .properties(height=alt.Step(ROW), data={"name": "rows"}, description="Shares read right; the table has them.")
        .configure_axis(labelFontSize=15, titleFontSize=15, labelLimit=190)
    )
    return whole.to_dict()


SPEC = _spec()  # made once: Altair takes 90 ms for it


def show_accuracy() -> None:
    """The largest figures, then all of them."""
    figures = cards.card(cards.SHIPPED)["figures"]
    cells = "".join(
        f"<li><b>{cards.percent(figures[name]['accuracy'], 2)}</b><span>{cards.SETS[name]}</span></li>"
        for name in HEADLINES
    )
    st.html(f"<ol class='headlines'>{cells}</ol>")
    refused = figures["alphabets"]["refused"]
    st.markdown(
        "So many were read right of digits that it had never seen. Of letters of alphabets that it had never seen, it "
        f"said {100 * refused:.0f} times in 100: this is no digit."
    )
    rows = _rows()
    st.vega_lite_chart({**SPEC, "data": {"values": rows}}, width="stretch")
    st.html(_signs())
    with st.expander("As a table"):
        st.html(_table(rows))


def _signs() -> str:
    """Which sign stands for which network; a chart's own legend does not fit onto a phone."""
    signs = []
    for network in cards.NETWORKS:
        ours = " class='ours'" if network == cards.SHIPPED else ""
        signs.append(f"<li{ours}><b>{SHAPES[network][1]}</b> {cards.KINDS[network]}</li>")
    return f"<ul class='signs'>{''.join(signs)}</ul>"


def _rows() -> list[dict[str, Any]]:
    """Share right, in per cent, of each set by each network; the sets that ours reads best first."""
    ours = cards.card(cards.SHIPPED)["figures"]
    sets = [name for name in cards.SETS if name in ours and not name.endswith("_validation")]
    rows = []
    for name in sorted(sets, key=lambda name: -ours[name]["accuracy"]):
        for network in cards.NETWORKS:
            figures = cards.card(network)["figures"].get(name)
            if figures is not None:
                right = round(100 * figures["accuracy"], 2)
                rows.append(
                    {
                        "set": cards.SETS[name],
                        "net": cards.KINDS[network],
                        "right": right,
                        "ours": network == cards.SHIPPED,
                    }
                )
    return rows


def _table(rows: list[dict[str, Any]]) -> str:
    found = {(row["set"], row["net"]): f"{row['right']:.2f} %" for row in rows}
    kinds = [cards.KINDS[network] for network in cards.NETWORKS]
    head = "".join(f"<th scope='col'>{kind}</th>" for kind in kinds)
    body = ""
    for name in dict.fromkeys(row["set"] for row in rows):
        cells = "".join(f"<td>{found.get((name, kind), '')}</td>" for kind in kinds)
        body += f"<tr><th scope='row'>{name}</th>{cells}</tr>"
    scrolled = "class='table' tabindex='0' role='region' aria-label='Shares read right'"
    return f"<div {scrolled}><table><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>"
