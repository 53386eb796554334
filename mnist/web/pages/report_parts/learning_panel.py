"""The learning panel: what the shipped network still read wrong after each round of its training."""

import streamlit as st

from mnist.training.networks import SHIPPED
from mnist.web import palette
from mnist.web.pages.report_parts import cards
from mnist.web.parts import charts

SETS = {"mnist_validation": "MNIST's digits, kept aside", "drawn_validation": "this program's own, kept aside"}
COLOURS = [palette.FOR, palette.AGAINST]  # of their lines; the second line is dashed

_NAMES = list(SETS.values())
SPEC = {
    "height": 380,
    "description": "Shares that were wrong after each round; the table has the numbers.",
    "mark": {"type": "line", "strokeWidth": 3, "point": {"size": 80, "filled": True}},
    "encoding": {
        "x": charts.number("round", axis={"title": "rounds of training", "tickCount": 6}, scale={"nice": False}),
        "y": charts.number("wrong", axis={"title": "wrong or not read, of 100"}, scale={"zero": True}),
        "color": charts.name("set", legend=None, scale={"domain": _NAMES, "range": COLOURS}),
        "strokeDash": charts.name("set", legend=None, scale={"domain": _NAMES}),
        "tooltip": [charts.number("round"), charts.name("set"), charts.number("wrong")],
    },
}


def show_learning() -> None:
    """Show the shipped network's training, round by round."""
    card = cards.card(SHIPPED)
    history, settings = card["history"], card["settings"]
    rows = [
        {"round": number, "set": title, "wrong": round(100 * (1 - epoch[name]), 2)}
        for number, epoch in enumerate(history, 1)
        for name, title in SETS.items()
    ]
    st.markdown("## How it learned", help=cards.ABOUT_MNIST)
    signs = zip(("━━", "┅┅"), COLOURS, _NAMES, strict=True)
    items = (f"<li><b style='color:{colour}'>{sign}</b> {name}</li>" for sign, colour, name in signs)
    st.html(f"<ul class='signs'>{''.join(items)}</ul>")  # the chart's own legend is cut off
    charts.show_chart(SPEC, rows)
    minutes, gentle = sum(epoch["seconds"] for epoch in history) / 60, settings["fine_tuning_epochs"]
    st.markdown(
        "After each round it was tested on digits that it never learns from. The "
        f"{len(history)} rounds took **{minutes:.0f} minutes**. In the last {gentle} rounds, half of the "
        "digits were shown as they are; before that, all were turned, bent and spoiled at random, so that it learned "
        "what makes a digit and not single pictures."
    )
    with st.expander("Exactly"):
        st.markdown(f"`{card['command']}`, seed {settings['seed']}, {card['parameters']:,} parameters.")
        st.dataframe(rows, hide_index=True)
