"""The page on how good it is, as a teacher clicks through it before a class."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, sideways
from tools.harness.visitor import go_to

PARTS = ("accuracy", "confusions", "mistakes", "sureness", "learning", "nets")
TERMS = re.compile(
    "calibrat|threshold|validat|softmax|perceptron|convolution|parameter|epoch|confiden|entropy|logit|reject|baseline"
    "|sample|temperature|interval|textbook|keras|auroc|seed|loss|matrix",
    re.IGNORECASE,
)
CHARTS = (
    ("accuracy", "best guess right, %", "X"),
    ("sureness", "how sure it says it is, %", "XY"),
    ("learning", "rounds of training", "XY"),
)  # the part, the title of its horizontal axis, and the axes that have grid lines
MIDDLES = """(chart, axis) => {
    const boxes = (selector) => [...chart.querySelectorAll(selector)].map((each) => each.getBoundingClientRect());
    const middles = (some) => some.map((b) => (axis === "X" ? b.x + b.width / 2 : b.y + b.height / 2));
    const crosses = (box) => (axis === "X" ? box.height > box.width : box.width > box.height);
    const labels = boxes(`[aria-label^="${axis}-axis"] .role-axis-label text`);
    return [labels, boxes(".role-axis-grid line").filter(crosses)].map((some) => middles(some).sort((a, b) => a - b));
}"""


@pytest.mark.parametrize(("width", "height", "dark"), [(1280, 800, False), (390, 844, True)])
def test_every_part_of_the_report(visit: Visit, width: int, height: int, dark: bool) -> None:
    visitor = visit(width, height, dark=dark)
    page = visitor.page
    go_to(page, "How good is it?")
    panel = page.locator(".st-key-panel")
    for part in PARTS:
        page.locator(".st-key-parts").get_by_text(part, exact=True).click()
        shown = {
            "accuracy": panel.get_by_text("Germany, 5 people"),
            "confusions": panel.get_by_role("button", name=re.compile("^3 read as 3: [1-9]")),
            "mistakes": panel.get_by_text("What would you say?"),
            "sureness": panel.locator(".stVegaLiteChart :is(canvas, svg)").first,
            "learning": panel.get_by_text("How it learned"),
            "nets": panel.locator(".nets li").nth(4),
        }
        expect(shown[part]).to_be_visible()
        if part != "accuracy":
            expect(page).to_have_url(re.compile(f"lesson={part}"))
        visitor.screenshot(f"report-{part}-{width}")
        assert sideways(page) == 0, part
        assert not TERMS.findall(page.get_by_test_id("stMain").inner_text()), part  # they stand behind a “?”


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_numbers_at_an_axis_stand_on_their_grid_lines(visit: Visit, width: int, dark: bool) -> None:
    page = visit(width, 844, dark=dark).page
    go_to(page, "How good is it?")
    for part, title, axes in CHARTS:
        page.locator(".st-key-parts").get_by_text(part, exact=True).click()
        chart = page.locator(".st-key-panel .stVegaLiteChart")
        expect(chart.get_by_text(title)).to_be_visible()
        expect(chart).to_have_count(1)  # the part before may still be there, paler
        for axis in axes:
            labels, lines = chart.evaluate(MIDDLES, axis)
            assert len(labels) >= 3
            assert labels == pytest.approx(lines, abs=1.5), (part, axis)
