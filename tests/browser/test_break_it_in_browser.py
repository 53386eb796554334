"""The page that spoils the drawing, as a teacher uses it before a class."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, sideways, write
from tools.harness.visitor import NO_GUESS, Visitor, go_to

PARTS = ("scene", "reading", "sliders", "curve", "fool", "fooled")


def places(visitor: Visitor) -> list[object]:
    script = """parts => parts.map(part => {
        const box = document.querySelector(`.st-key-${part}`).getBoundingClientRect();
        return [box.x, box.y + document.querySelector('[data-testid=stMain]').scrollTop, box.width, box.height];
    })"""
    boxes: list[object] = visitor.page.evaluate(script, PARTS)
    return boxes


@pytest.mark.parametrize(("width", "height", "dark"), [(1280, 800, False), (390, 844, True)])
def test_a_drawing_is_broken_and_mended(visit: Visit, width: int, height: int, dark: bool) -> None:
    visitor = visit(width, height, dark=dark)
    page = visitor.page
    write(visitor, 7)
    visitor.expect_guess("7")
    go_to(page, "Break it")
    expect(page.get_by_text("the drawing", exact=True)).to_be_visible()
    visitor.expect_guess("7")
    expect(page.locator(".st-key-curve .stVegaLiteChart :is(canvas, svg)").first).to_be_visible()
    visitor.screenshot(f"break-{width}")
    before = places(visitor)

    page.get_by_role("slider", name="Turn").focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    visitor.expect_guess("1")
    page.locator(".st-key-normal button").focus()
    page.keyboard.press("Enter")
    visitor.expect_guess("7")

    visitor.press("corner")
    expect(page.get_by_role("slider", name="Size")).to_have_value("40")
    visitor.expect_guess("7")
    page.get_by_text("Crop and centre first").click()
    visitor.expect_guess(NO_GUESS)
    expect(visitor.sentence).to_contain_text("If it had to be one: a 7. A textbook net says: a 1,")
    visitor.screenshot(f"break-corner-{width}")
    visitor.press("normal")
    visitor.expect_guess("7")

    visitor.press("fool")
    expect(page.locator(".st-key-fooled")).to_have_text(re.compile("^Searching. This takes about two seconds"))
    assert places(visitor) == before
    expect(page.locator(".triple img")).to_have_count(3)
    assert places(visitor) == before  # nothing has jumped
    expect(page.locator(".st-key-fooled p")).to_have_text(re.compile("7 → [0-689]"))
    visitor.screenshot(f"break-fooled-{width}")
    assert sideways(page) == 0


def test_the_switch_at_once_after_a_button_undoes_nothing(visitor: Visitor) -> None:
    """The browser speaks of the switch before it knows where the button has put the sliders."""
    go_to(visitor.page, "Break it")
    visitor.expect_guess("7")
    switch = visitor.page.get_by_text("Crop and centre first")
    for _ in range(4):
        expect(switch).to_have_count(1)  # the one of before, which the button replaced, is gone
        visitor.press("corner")
        switch.click()
        visitor.expect_guess("–")  # so small a 7 is taken for no digit
        visitor.press("normal")
        visitor.expect_guess("7")
