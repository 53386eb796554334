"""The calibration panel: how sure the network says it is, against how often it is right."""

import numpy as np
import streamlit as st

from mnist.evaluation.tables import percent
from mnist.training.calibration import BINS
from mnist.training.networks import SHIPPED
from mnist.web import palette
from mnist.web.pages.report_parts import cards
from mnist.web.parts import charts

DEVIATIONS = 2.0  # standard deviations that chance may move a share either way

_SHARES = {"domain": [0, 100], "nice": False}
SPEC = {
    "height": 380,
    "description": "How sure the net says it is, and how often it is right; the table has the numbers.",
    "encoding": {
        "x": charts.number("said", axis={"title": "how sure it says it is, %", "tickMinStep": 10}, scale=_SHARES),
        "y": charts.number("right", axis={"title": "how often it is right, %"}, scale=_SHARES),
    },
    "layer": [
        {
            "data": {"values": [{"said": 0, "right": 0}, {"said": 100, "right": 100}]},
            "mark": {"type": "line", "color": palette.GREY, "strokeDash": [6, 6], "strokeWidth": 2},
        },
        {
            "transform": [{"calculate": "datum.low", "as": "right"}],
            "mark": {"type": "rule", "color": palette.AGAINST, "opacity": 0.7, "strokeWidth": 3},
            "encoding": {"y2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "color": palette.GREEN, "filled": True, "opacity": 1},
            "encoding": {
                "size": charts.number("count", legend=None, scale={"type": "log", "range": [60, 600]}),
                "tooltip": [charts.number("said"), charts.number("right"), charts.number("count")],
            },
        },
    ],
}


def show_calibration() -> None:
    """Show the curve of the shipped network, measured on its validation digits."""
    card = cards.card(SHIPPED)
    st.markdown("## When it says 90 %, is it right 9 times in 10?", help=cards.ABOUT_MNIST)
    rows = rows_of(card["calibration"])
    charts.show_chart(SPEC, rows)
    st.markdown(
        "A dot on the dashed line means: it is right as often as it says. A small dot stands for few digits, and the "
        "orange bar shows how far chance alone may have moved it. These are digits kept aside from those it learned "
        "from."
    )
    figures = card["figures"]
    errors = [
        f"**{percent(figures[key]['calibration_error'], 1)}** ({cards.SOURCES[key].where}: {cards.SOURCES[key].title})"
        for key in cards.peoples_digits()
    ]
    own = percent(figures["drawings"]["calibration_error"], 1)
    st.markdown(
        "On people's digits that it did not refuse, what it says and how often it is right differ on average by "
        f"{', '.join(errors)}; on digits that this program wrote itself, by {own}."
    )
    with st.expander("Exactly"):
        st.markdown(
            rf"The logits are divided by a temperature, $T = {card['temperature']}$, that makes the true labels of the "
            "validation digits as likely as possible (Guo et al., 2017). The figures are expected calibration errors: "
            r"$\sum_b \frac{n_b}{n} \,|\text{confidence}_b - \text{right}_b|$ "
            f"over {BINS} bins. The bars are Wilson's 95 % intervals."
        )
        st.dataframe(rows, hide_index=True)


def rows_of(curve: list[dict[str, float]]) -> list[dict[str, float]]:
    """Return the bins in per cent, each with the range that the true share lies in (Wilson, 1927)."""
    rows = []
    for point in curve:
        low, high = wilson(point["right"], int(point["count"]))
        shares = {"said": point["confidence"], "right": point["right"], "low": low, "high": high}
        rows.append({**{name: round(100 * share, 1) for name, share in shares.items()}, "count": point["count"]})
    return rows


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return Wilson's score interval, 95 %, of a share seen among `count`."""
    z2 = DEVIATIONS**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = DEVIATIONS * np.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return float(middle - half), float(middle + half)
