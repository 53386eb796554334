"""The share sheet, of which a browser for tests has none: what it would be given, and what is said where it fails."""

import base64
import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.conftest import write
from tools.harness.running import Server
from tools.harness.visitor import Visitor

SHARE_SHEET = """
navigator.canShare = ({ files }) => files.length === 1;
navigator.share = async ({ files, text }) => {
    if (window.tooLate) throw new DOMException("", window.tooLate);
    const bytes = new Uint8Array(await files[0].arrayBuffer());
    window.shared = { name: files[0].name, text, content: btoa(String.fromCharCode(...bytes)) };
};
"""


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.add_init_script(SHARE_SHEET)
    visitor = Visitor(context, server.url)
    yield visitor
    assert visitor.problems == []
    context.close()


def test_a_picture_with_the_guess_and_a_link_that_opens_the_drawing_are_shared(phone: Visitor) -> None:
    page = phone.page
    write(phone, 7, finger=True)
    phone.expect_guess("7")
    phone.press("file")
    phone.screenshot("share")
    phone.press("share")
    page.wait_for_function("() => window.shared")
    shared = page.evaluate("window.shared")
    assert shared["name"] == "drawing.png"
    assert Image.open(io.BytesIO(base64.b64decode(shared["content"]))).size == (560, 680)
    sentence, _, link = shared["text"].rpartition(" ")
    assert sentence == "It's a 7."
    page.evaluate("window.shared = null")
    page.keyboard.press("Escape")
    phone.press("clear")
    phone.wait_for_run()
    phone.press("file")
    phone.press("share")  # with an empty pad
    expect(page.get_by_text("Draw something first.")).to_be_visible()
    assert page.evaluate("window.shared") is None
    other = page.context.new_page()
    other.goto(link)
    expect(other.locator(".guess")).to_have_text("7")
    expect(other).to_have_url(re.compile("drawing="))  # it can be copied on


@pytest.mark.parametrize(("name", "times"), [("NotAllowedError", 1), ("AbortError", 0)])
def test_a_sheet_that_does_not_open_is_told_and_one_that_is_closed_is_not(
    phone: Visitor, name: str, times: int
) -> None:
    write(phone, 7, finger=True)
    phone.page.evaluate("name => { window.tooLate = name }", name)
    phone.press("file")
    phone.press("share")
    phone.wait_for_run()
    expect(phone.page.get_by_text("Press Share once more")).to_have_count(times)


def test_without_a_share_sheet_there_is_no_button(visitor: Visitor) -> None:
    visitor.press("file")
    expect(visitor.page.locator(".st-key-save_png")).to_be_visible()
    expect(visitor.page.locator(".st-key-share")).to_be_hidden()
