"""Every file that can be taken home, pressed after whatever else its page has to press; the pad has its own tests."""

import pytest
from playwright.sync_api import Page, expect

from mnist.files import ROOT
from tests.browser.conftest import write
from tests.browser.test_photos_in_browser import open_photos
from tools.harness.visitor import NO_GUESS, Visitor, go_to, wait_for_run

CHALLENGE = ("As pen strokes (JSON lines)", "For Keras (NPZ)", "As MNIST's own files (idx)", "As pictures (PNG)")
SEVEN, TWO = ROOT / "data" / "seven.png", ROOT / "data" / "two.png"


def press_all(page: Page, *names: str) -> None:
    """Press these buttons, once the run has ended, which is to have begun; each has to bring a file with something."""
    wait_for_run(page)
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
        digit = int(asked.inner_text().strip()[-1])
        write(visitor, digit)
        visitor.expect_guess(str(digit))
        visitor.wait_for_run()
        visitor.press("done")
        expect(page.locator(".tiles button")).to_have_count(done)
    press_all(page, *CHALLENGE)
    visitor.wait_for_pad()  # and is in sight again
    write(visitor, 1)
    visitor.expect_guess("1")
    press_all(page, CHALLENGE[0])
    for key, guess in (("undo", NO_GUESS), ("redo", "1"), ("clear", NO_GUESS), ("undo", "1")):
        visitor.press(key)
        visitor.expect_guess(guess)
        press_all(page, CHALLENGE[1])
    page.locator(".tiles button").first.click()
    page.locator(".st-key-teaching").get_by_text("9", exact=True).click()
    expect(page.get_by_role("button", name="a 9, read as ").first).to_be_visible()
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
    open_photos(visitor)
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
    expect(page.get_by_role("button", name="Undo").first).to_be_disabled()
    expect(texts.first).to_have_text("7")
    press_all(page, *all_files)
    page.get_by_role("radio", name="No. 1: ").first.click()
    page.locator("[class*=st-key-correct_]").get_by_text("4", exact=True).click()
    expect(texts.first).to_have_text("4")
    press_all(page, *all_files)
    page.get_by_text("Add a box").first.click()
    expect(page.locator("[class*=st-key-boxing_] canvas.upper-canvas")).to_be_visible()
    press_all(page, *all_files)
