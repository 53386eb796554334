"""Numbers on the wide pad, as a person writes them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, sideways, write
from tools.harness import hand
from tools.harness.visitor import NO_GUESS, Visitor

PLACES = [(12.0 + 136 * place, 40.0) for place in range(4)]


@pytest.mark.parametrize(("width", "height", "finger"), [(1280, 800, False), (390, 844, True), (844, 390, True)])
def test_a_number_is_read(visit: Visit, width: int, height: int, finger: bool) -> None:
    visitor = visit(width, height, touch=finger)
    visitor.choose("mode", "A number")
    expect(visitor.sentence).to_have_text("Write a number.")
    for digit, (left, top) in zip((2, 0, 2, 6), PLACES, strict=True):
        for line in hand.DIGITS[digit]:
            (visitor.touch if finger else visitor.draw)([(left + x * 0.55, top + y * 0.75) for x, y in line])
    visitor.expect_guess("2026")
    visitor.screenshot(f"number-{width}")
    expect(visitor.page.locator(".st-key-sample_7 button")).to_have_css("background-image", re.compile("^url"))
    boxes = visitor.page.locator(".boxes div")
    expect(boxes).to_have_count(4)
    assert boxes.all_inner_texts() == ["2", "0", "2", "6"]
    pad = visitor.canvas.bounding_box()
    assert pad is not None
    assert pad["x"] >= 0
    assert pad["x"] + pad["width"] <= width
    for place, box in zip(PLACES, boxes.all(), strict=True):  # each lies around its digit
        found = box.bounding_box()
        assert found is not None
        x, y = visitor.at(place[0] + 77, place[1] + 105)
        assert found["x"] < x < found["x"] + found["width"]
        assert found["y"] < y < found["y"] + found["height"]
    assert sideways(visitor.page) == 0
    visitor.press("undo")
    expect(visitor.guess).not_to_have_text("2026")
    visitor.press("clear")
    visitor.expect_guess(NO_GUESS)


def test_the_switch_keeps_the_strokes(visitor: Visitor) -> None:
    write(visitor, 4)
    visitor.expect_guess("4")
    inked = visitor.inked()
    visitor.choose("mode", "A number")
    expect(visitor.page.locator(".boxes div")).to_have_count(1)
    visitor.expect_guess("4")
    visitor.expect_inked(round(0.98 * inked), round(1.02 * inked))
    visitor.draw([(500.0, 60.0), (496.0, 230.0)])
    visitor.expect_guess("41")
    visitor.choose("mode", "One digit")  # smaller, as it would not fit
    visitor.expect_strokes(3)
    visitor.choose("mode", "A number")
    visitor.expect_guess("41")


def test_two_lines_are_two_numbers(visitor: Visitor) -> None:
    visitor.choose("mode", "A number")
    for top in (0.0, 140.0):
        for line in hand.DIGITS[7 if top else 3]:
            visitor.draw([(100 + x * 0.45, top + y * 0.5) for x, y in line])
    expect(visitor.sentence).to_contain_text("3 and 7")


def test_a_long_number_stays_on_one_line(visit: Visit) -> None:
    visitor = visit(320, 700)
    visitor.choose("mode", "A number")
    for place in range(9):
        left = 12.0 + 60 * place
        visitor.draw([(left, 60.0), (left + 25, 30.0), (left + 24, 240.0)])
    visitor.expect_guess("1" * 9)
    height, size = visitor.page.locator(".st-key-guess p").evaluate(
        "p => [p.getBoundingClientRect().height, parseFloat(getComputedStyle(p).fontSize)]"
    )
    assert height < 1.5 * size
    assert sideways(visitor.page) == 0
