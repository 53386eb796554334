"""The page that looks inside, in Chromium: by link and by address, with mouse and keys, on desktop and phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from mnist.reading.drawings import address
from tests.browser.conftest import Visit, sideways, write
from tools.harness import hand
from tools.harness.running import Server
from tools.harness.visitor import Visitor, go_to


def look_at(page: Page, part: str) -> None:
    page.locator(".st-key-parts").get_by_role("radio", name=part).click()


@pytest.mark.parametrize(("width", "height", "dark"), [(1280, 800, False), (1280, 800, True), (390, 844, False)])
def test_every_part_of_the_network_is_seen(visit: Visit, width: int, height: int, dark: bool) -> None:
    visitor = visit(width, height, dark=dark)
    name, page = f"inside-{width}-{'dark' if dark else 'light'}", visitor.page
    write(visitor, 4)
    visitor.expect_guess("4")
    go_to(page, "Look inside")
    expect(page.locator(".key")).to_contain_text("spoke for a 4")
    visitor.expect_guess("4")
    visitor.screenshot(f"{name}-why")
    look_at(page, "2")
    expect(page.get_by_text("Layer 2 of 6")).to_be_visible()
    page.get_by_text("More", exact=True).click()
    tiles = page.locator(".tiles button")
    expect(tiles).to_have_count(64)
    expect(tiles.last).to_have_css("background-image", re.compile("^url"))
    assert "url" not in (tiles.last.get_attribute("style") or "")  # all share one picture, which is written once
    assert sideways(page) == 0
    visitor.screenshot(f"{name}-layer")
    look_at(page, "sums")
    expect(page.get_by_text("The digit with the highest sum wins")).to_contain_text("4 with")
    expect(page.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first).to_be_visible()
    expect(page.locator("[role=graphics-document]")).to_have_accessible_name(re.compile("^How far each digit"))
    expect(page.get_by_role("region", name="How far each digit is pulled")).to_be_visible()  # the table
    visitor.screenshot(f"{name}-sums")
    assert sideways(page) == 0
    go_to(page, "Draw")
    visitor.expect_guess("4")  # the drawing is still there
    visitor.expect_strokes(2)
    visitor.expect_inked(500)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080), (390, 844)])
def test_each_picture_its_sentence_and_next_are_in_sight(visit: Visit, width: int, height: int) -> None:
    page = visit(width, height).page
    go_to(page, "Look inside")
    for step in ("why", *"123456", "sums"):
        look_at(page, step)
        expect(page.locator(".st-key-parts button[aria-checked=true]")).to_have_text(step)
        picture = page.locator(".st-key-picture :is(img, .stVegaLiteChart :is(canvas, svg))")
        expect(picture).to_have_count(1)
        sentence = page.locator(".st-key-panel .stMarkdown").first
        for part in (page.get_by_role("button", name="Next"), picture, sentence):
            expect(part).to_be_in_viewport(ratio=1)


def square_within_picture(page: Page) -> bool:
    return bool(
        page.locator(".sample i").evaluate(
            """square => {
                const mark = square.getBoundingClientRect(), picture = square.parentElement.getBoundingClientRect();
                return mark.width > 0 && mark.left >= picture.left - 1 && mark.right <= picture.right + 1
                    && mark.top >= picture.top - 1 && mark.bottom <= picture.bottom + 1;
            }"""
        )
    )


def test_the_marked_square_is_whole_in_every_layer(visitor: Visitor) -> None:
    page = visitor.page
    go_to(page, "Look inside")
    for layer in range(1, 7):
        look_at(page, str(layer))
        expect(page.get_by_text(f"Layer {layer} of 6")).to_be_visible()
        visitor.wait_for_run()
        assert square_within_picture(page)


def test_a_tile_is_enlarged_by_mouse_and_by_keys(visitor: Visitor) -> None:
    page = visitor.page
    write(visitor, 7)
    visitor.expect_guess("7")
    go_to(page, "Look inside")
    look_at(page, "1")
    page.get_by_text("More", exact=True).click()
    tiles, square = page.locator(".tiles button"), page.locator(".sample i")
    expect(tiles.first).to_have_attribute("aria-pressed", "true")
    tiles.nth(3).click()
    expect(tiles.nth(3)).to_have_attribute("aria-pressed", "true")
    chosen = tiles.nth(3).get_attribute("title")
    expect(page.locator(".enlarged figcaption").first).to_contain_text(f"{chosen}:")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(tiles.nth(4)).to_have_attribute("aria-pressed", "true")
    expect(square).to_be_visible()


def test_an_address_opens_elsewhere_with_drawing_and_layer_or_on_the_pad(
    browser: Browser, server: Server, visitor: Visitor
) -> None:
    write(visitor, 3)
    visitor.expect_guess("3")
    go_to(visitor.page, "Look inside")
    look_at(visitor.page, "3")
    expect(visitor.page).to_have_url(re.compile(r"/inside\?(drawing=.+&layer=3|layer=3&drawing=.+)$"))
    page = browser.new_page()
    page.goto(visitor.page.url)
    expect(page.locator(".guess")).to_have_text("3")
    expect(page.get_by_text("Layer 3 of 6")).to_be_visible()
    go_to(page, "Draw")
    expect(page.locator(".guess")).to_have_text("3")
    page.goto(f"{server.url}/?drawing={address.to_text(hand.strokes(5))}")
    expect(page.locator(".guess")).to_have_text("5")
    page.close()
