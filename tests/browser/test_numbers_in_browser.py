"""Numbers on the pad, as a person writes them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, sideways
from tools.harness import hand
from tools.harness.visitor import NO_GUESS, Visitor

PLACES = [(-128.0 + 136 * place, 40.0) for place in range(4)]


@pytest.mark.parametrize(("width", "height", "finger"), [(1280, 800, False), (844, 390, True)])
def test_a_number_is_read(visit: Visit, width: int, height: int, finger: bool) -> None:
    visitor = visit(width, height, touch=finger)
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


def test_a_phone_held_upright_shows_the_square_and_turned_the_whole_pad_with_every_stroke(visit: Visit) -> None:
    visitor = visit(390, 844, touch=True)
    for left, digit in ((20, 1), (150, 2)):
        for line in hand.DIGITS[digit]:
            visitor.touch([(left + x * 0.4, 60 + y * 0.55) for x, y in line])
    visitor.expect_guess("12")
    slate = visitor.page.locator(".st-key-slate")
    upright = slate.bounding_box()
    assert upright is not None
    assert upright["width"] == pytest.approx(upright["height"], abs=2)
    assert sideways(visitor.page) == 0
    visitor.screenshot("number-390")
    inked = visitor.inked()
    visitor.page.set_viewport_size({"width": 844, "height": 390})
    turned = slate.bounding_box()
    assert turned is not None
    assert turned["width"] == pytest.approx(2 * turned["height"], abs=2)
    assert visitor.inked() == inked
    visitor.touch([(400, 60), (400, 220)])
    visitor.expect_guess("121")
    visitor.page.set_viewport_size({"width": 390, "height": 844})  # it does not fit into the square: all of it is shown
    smaller = slate.bounding_box()
    assert smaller is not None
    assert smaller["width"] == pytest.approx(2 * smaller["height"], abs=2)
    assert sideways(visitor.page) == 0


def test_no_label_lies_on_ink(visitor: Visitor) -> None:
    for left in (-60, 60, 180):  # from the top of the pad to its foot
        visitor.draw([(left, 6), (left + 40, 6), (left + 10, 274)])
    for left in (300, 340):
        visitor.draw([(left, 160), (left + 4, 250)])
    boxes = visitor.page.locator(".boxes div")
    expect(boxes).to_have_count(5)
    inked = visitor.page.evaluate(
        """() => {
            const find = (root) => root.querySelector("canvas.lower-canvas") ??
                [...root.querySelectorAll("*")].map((each) => each.shadowRoot && find(each.shadowRoot)).find(Boolean);
            const canvas = find(document);
            const { left, top, width, height } = canvas.getBoundingClientRect();
            const [across, down] = [canvas.width / width, canvas.height / height];
            return [...document.querySelectorAll(".boxes b")].map((label) => {
                const box = label.getBoundingClientRect();
                const y = Math.max(box.top, top);
                if (box.bottom <= y) return 0;
                const area = [box.left - left, y - top, box.width, box.bottom - y];
                const { data } = canvas.getContext("2d").getImageData(
                    area[0] * across, area[1] * down, area[2] * across, area[3] * down);
                return data.filter((value, at) => at % 4 === 0 && value > 200).length;
            });
        }"""
    )
    assert inked == [0] * 5


def test_two_lines_are_two_numbers(visitor: Visitor) -> None:
    for top in (0.0, 140.0):
        for line in hand.DIGITS[7 if top else 3]:
            visitor.draw([(60 + x * 0.45, top + y * 0.5) for x, y in line])
    expect(visitor.sentence).to_contain_text("3 and 7")


def test_a_long_number_stays_on_one_line(visit: Visit) -> None:
    visitor = visit(1280, 700)
    for place in range(9):
        left = -128.0 + 60 * place
        visitor.draw([(left, 60.0), (left + 25, 30.0), (left + 24, 240.0)])
    visitor.expect_guess("1" * 9)
    visitor.page.set_viewport_size({"width": 320, "height": 700})
    height, size = visitor.page.locator(".guess").evaluate(
        """p => {
            const text = document.createRange();
            text.selectNodeContents(p);
            return [text.getBoundingClientRect().height, parseFloat(getComputedStyle(p).fontSize)];
        }"""
    )
    assert height < 1.5 * size
    assert sideways(visitor.page) == 0
