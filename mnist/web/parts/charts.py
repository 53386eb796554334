"""Charts as Vega-Lite specifications, https://vega.github.io/vega-lite/docs/, written as plain dictionaries.

Altair would write them, too, but takes half a second to import, even for visitors who only draw.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

# fonts in pixels; without labelFlush, Vega moves the first and the last label away from their grid lines
AXIS = {"labelFontSize": 15, "titleFontSize": 16, "labelFlush": False}


def number(field: str, **options: Any) -> dict[str, Any]:
    """Return the encoding of a field that holds numbers, with options like `axis` and `scale`."""
    return {"field": field, "type": "quantitative", **options}


def name(field: str, **options: Any) -> dict[str, Any]:
    """Return the encoding of a field that holds names, with options like `legend` and `scale`."""
    return {"field": field, "type": "nominal", **options}


def show_chart(spec: dict[str, Any], rows: Sequence[dict[str, Any]]) -> None:
    """Show the chart as wide as its column, with these rows as its data."""
    st.vega_lite_chart({"config": {"axis": AXIS}, **spec, "data": {"values": rows}}, width="stretch")
