"""How good is it at knowing how sure it may be: what it says against how often it is right."""

from typing import Any

import altair as alt
import numpy as np
import streamlit as st

from mnist.web.pages.report_parts import cards
from mnist.web.pictures import AGAINST

LINE = "#1f9d70"
DEVIATIONS = 2.0  # standard deviations that chance may move a share either way


def _spec() -> dict[str, Any]:
    """The chart without its rows."""
    scale = alt.Scale(domain=[0, 100], nice=False)
    across = alt.X("said:Q").axis(title="so sure it says it is, in %", grid=False, tickMinStep=10).scale(scale)
    up = alt.Y("right:Q").axis(title="so often it is right, in %").scale(scale)
    honest = alt.Chart(alt.InlineData([{"said": 0, "right": 0}, {"said": 100, "right": 100}]))
    base = alt.Chart(alt.NamedData("rows")).encode(x=across)
    spread = (
        base.mark_rule(strokeWidth=3, color=AGAINST, opacity=0.7)
        .encode(y=up, y2="high:Q")
        .transform_calculate(right="datum.low")
    )
    points = base.mark_point(filled=True, color=LINE, opacity=1).encode(
        y=up,
        size=alt.Size("count:Q", legend=None).scale(type="log", range=[60, 600]),
        tooltip=["said:Q", "right:Q", "count:Q"],
    )
    line = honest.mark_line(color="#8a8f8c", strokeDash=[6, 6], strokeWidth=2).encode(x=across, y=up)
    whole = alt.layer(line, spread, points).properties(
        height=380, description="Said and true confidence; the table has them."
    )
    return whole.configure_axis(labelFontSize=15, titleFontSize=16).to_dict()


SPEC = _spec()  # made once: Altair takes 90 ms for it


def show_calibration() -> None:
    """The curve of the shipped network, by its validation digits."""
    card = cards.card(cards.SHIPPED)
    errors = card["figures"]
    st.markdown("## When it says 90 %, is it right 9 times in 10?")
    rows = rows_of(card["calibration"])
    st.vega_lite_chart({**SPEC, "datasets": {**SPEC["datasets"], "rows": rows}}, width="stretch")
    st.markdown(
        "A dot on the dashed line keeps its word. A small dot stands for few digits, and the orange bar says how far "
        "chance alone may have moved it. On average its word is off by "
        f"**{cards.percent(errors['mnist_test']['calibration_error'], 1)}** on MNIST's test digits, "
        f"{cards.percent(errors['drawings']['calibration_error'], 1)} on drawings, "
        f"{cards.percent(errors['mnist_striped']['calibration_error'], 1)} on digits on stripes."
    )
    with st.expander("Exactly"):
        st.markdown(
            rf"The sums are divided by $T = {card['temperature']}$, which makes the labels of digits kept aside "
            r"likeliest (Guo et al., 2017). The figures are expected calibration errors: $\sum_b \frac{n_b}{n} "
            r"\,|\text{confidence}_b - \text{right}_b|$ over 15 bins. The bars are Wilson's intervals of 95 %."
        )
        st.dataframe(rows, hide_index=True)


def rows_of(curve: list[dict[str, float]]) -> list[dict[str, float]]:
    """The bins in per cent, with the range that the true share lies in (Wilson, 1927)."""
    rows = []
    for point in curve:
        low, high = wilson(point["right"], int(point["count"]))
        shares = {"said": point["confidence"], "right": point["right"], "low": low, "high": high}
        rows.append({**{name: round(100 * share, 1) for name, share in shares.items()}, "count": point["count"]})
    return rows


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's score interval, 95 %, of a share seen among `count`."""
    z2 = DEVIATIONS**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = DEVIATIONS * np.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return float(middle - half), float(middle + half)
