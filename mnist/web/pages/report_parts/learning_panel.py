"""How good is it, and how it became so: what it still got wrong after each epoch."""

from typing import Any

import altair as alt
import streamlit as st

from mnist.web.pages.report_parts import cards
from mnist.web.pictures import AGAINST, FOR

SETS = ("mnist_validation", "drawn_validation")


def _spec() -> dict[str, Any]:
    """The chart without its rows."""
    names = [cards.SETS[name] for name in SETS]
    colour = alt.Color("set:N", title=None).scale(domain=names, range=[FOR, AGAINST])
    lines = (
        alt.Chart()
        .mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=80, filled=True))
        .encode(
            x=alt.X("epoch:Q").axis(title="times it has seen its digits", tickMinStep=1, grid=False).scale(nice=False),
            y=alt.Y("wrong:Q").axis(title="wrong or refused, of 100").scale(zero=True),
            color=colour,
            strokeDash=alt.StrokeDash("set:N", title=None).scale(domain=names),
            tooltip=["epoch:Q", "set:N", "wrong:Q"],
        )
        .properties(height=380, data={"name": "rows"}, description="What was wrong after each epoch; the table has it.")
        .configure_axis(labelFontSize=15, titleFontSize=16)
        .configure_legend(labelFontSize=16, orient="top", columns=1, symbolSize=200)
    )
    return lines.to_dict()


SPEC = _spec()  # made once: Altair takes 90 ms for it


def show_learning() -> None:
    """The shipped network's training, epoch by epoch."""
    card = cards.card(cards.SHIPPED)
    history, settings = card["history"], card["settings"]
    rows = [
        {"epoch": number + 1, "set": cards.SETS[name], "wrong": round(100 * (1 - epoch[name]), 2)}
        for number, epoch in enumerate(history)
        for name in SETS
    ]
    st.markdown("## How it learned")
    st.vega_lite_chart({**SPEC, "data": {"values": rows}}, width="stretch")
    minutes = sum(epoch["seconds"] for epoch in history) / 60
    st.markdown(
        f"After every round it was shown digits kept aside, from which it does not learn. {len(history)} rounds took "
        f"**{minutes:.0f} minutes**. In the last {settings['polish']}, half of the digits were shown as they are; "
        "before, all were turned, bent and spoiled at random, so that it learns digits and not pictures."
    )
    with st.expander("Exactly"):
        st.markdown(f"`{card['command']}`, seed {settings['seed']}, {card['parameters']:,} parameters.")
        st.dataframe(rows, hide_index=True)
