"""The page on how good it is, as a teacher clicks through it before a class."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, sideways
from tools.harness.visitor import go_to

PARTS = ("accuracy", "confusions", "mistakes", "sureness", "learning", "nets")


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
