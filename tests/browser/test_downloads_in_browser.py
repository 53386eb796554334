"""Every file that can be taken home, pressed after whatever else its page has to press; the pad has its own tests."""

import pytest
from playwright.sync_api import Page, expect

from mnist.files import ROOT
from tests.browser.conftest import write
from tools.harness.visitor import Visitor, go_to

CHALLENGE = ("As pen strokes (JSON lines)", "For Keras (NPZ)", "As MNIST's own files (idx)", "As pictures (PNG)")
SEVEN, TWO = ROOT / "data" / "seven.png", ROOT / "data" / "two.png"


def press_all(page: Page, *names: str) -> None:
    """Press these buttons; each has to bring a file that is not empty."""
    for name in names:
        with page.expect_download() as started:
            page.get_by_role("button", name=name).first.click()
        assert started.value.path().stat().st_size > 0, name


def test_a_challenge_can_be_taken_home_after_each_press(visitor: Visitor) -> None:
    page = visitor.page
    go_to(page, "Challenge")
    asked = page.locator(".st-key-asked")
    expect(asked).to_contain_text("Draw a")
    visitor.wait_for_pad()
    for done in (1, 2):
        write(visitor, int(asked.inner_text().strip()[-1]))
        page.wait_for_timeout(300)
        visitor.press("done")
        expect(page.locator(".tiles button")).to_have_count(done)
    press_all(page, *CHALLENGE)
    write(visitor, 1)
    press_all(page, CHALLENGE[0])
    for key in ("undo", "redo", "clear", "undo"):
        visitor.press(key)
        visitor.wait_for_run()
        press_all(page, CHALLENGE[1])
    page.locator(".tiles button").first.click()
    page.locator(".st-key-teaching").get_by_text("9", exact=True).click()
    visitor.wait_for_run()
    press_all(page, *CHALLENGE)
    page.get_by_role("button", name="Throw it away").click()
    expect(page.locator(".tiles button")).to_have_count(1)
    press_all(page, *CHALLENGE)
    page.reload()
    expect(page.locator(".tiles button")).to_have_count(1)
    press_all(page, *CHALLENGE)


@pytest.mark.parametrize("again", [False, True])
def test_what_was_read_in_pictures_can_be_taken_home_after_each_press(visitor: Visitor, again: bool) -> None:
    page, all_files = visitor.page, ("All as table (CSV)", "All as JSON", "Picture with boxes")
    go_to(page, "Read photos")
    page.get_by_text("Use the camera of this device").wait_for()
    page.locator(".st-key-files input[type=file]").set_input_files([SEVEN, TWO])
    texts = page.locator("[class*=st-key-text_]")
    expect(texts).to_have_text(["7", "2"])
    if again:
        page.reload()
        expect(texts).to_have_text(["7", "2"])
    press_all(page, *all_files)
    page.get_by_role("button", name="Turn").first.click()
    expect(page.get_by_role("button", name="Undo").first).to_be_enabled()
    press_all(page, *all_files)
    page.get_by_role("button", name="Undo").first.click()
    expect(texts.first).to_have_text("7")
    press_all(page, *all_files)
    page.get_by_role("radio", name="No. 1: ").first.click()
    page.locator("[class*=st-key-correct_]").get_by_text("4", exact=True).click()
    expect(texts.first).to_have_text("4")
    press_all(page, *all_files)
    page.get_by_text("Add a box").first.click()
    visitor.wait_for_run()
    press_all(page, *all_files)
