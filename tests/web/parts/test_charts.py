"""The charts' specifications against Vega-Lite's schema, which Altair carries."""

import json
from typing import Any

import altair
import pytest

from mnist.web.pages import angle_curve
from mnist.web.pages.inside_parts import sums_panel
from mnist.web.pages.report_parts import accuracy_panel, calibration_panel, learning_panel

CHARTS = (accuracy_panel, angle_curve, calibration_panel, learning_panel, sums_panel)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_follows_the_schema(chart: Any) -> None:
    spec = {**json.loads(json.dumps(chart.SPEC)), "data": {"values": []}}
    assert altair.Chart.from_dict(spec, validate=True).to_dict()["height"] == chart.SPEC["height"]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_says_what_it_shows(chart: Any) -> None:
    assert chart.SPEC["description"].endswith(".")
