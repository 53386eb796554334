"""What a tab remembers: after a reload, after another server, and not after “Forget everything”."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from mnist.files import ROOT
from tests.browser.conftest import write
from tests.browser.test_photos_in_browser import open_photos, wait_for_photos
from tools.harness.running import Server
from tools.harness.visitor import NO_GUESS, Visitor, go_to

SEVEN, TWO = ROOT / "data" / "seven.png", ROOT / "data" / "two.png"
KEPT = "JSON.stringify(sessionStorage)"
DENIED = """Object.defineProperty(window, "sessionStorage", {
    get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
});"""


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that a test may stop."""
    with Server() as server:
        yield server


@pytest.fixture
def visitor(browser: Browser, own_server: Server) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield Visitor(context, own_server.url)
    context.close()


def restart(server: Server, page: Page) -> None:
    server.stop()
    with page.expect_websocket():
        server.start()


def until_kept(page: Page, strokes: int) -> None:
    """Wait until the tab keeps so many strokes: the guess comes before, while the pen still moves."""
    page.wait_for_function(
        """wanted => {
            const { numbers } = JSON.parse(sessionStorage.getItem("mnist-draw drawing")) ?? { numbers: [] };
            let strokes = 0;
            for (let at = 0; at < numbers.length; at += 2 + 2 * numbers[at]) strokes += 1;
            return strokes === wanted;
        }""",
        arg=strokes,
    )


def test_a_drawing_is_there_after_a_reload_and_a_restart_and_gone_once_it_is_cleared(
    visitor: Visitor, own_server: Server
) -> None:
    write(visitor, 3)
    visitor.expect_guess("3")
    until_kept(visitor.page, 1)
    visitor.page.reload()
    visitor.expect_guess("3")
    visitor.expect_strokes(1)
    own_server.stop()
    own_server.start()
    visitor.page.reload()
    visitor.expect_guess("3")
    visitor.press("clear")
    visitor.expect_guess(NO_GUESS)
    until_kept(visitor.page, 0)
    visitor.page.reload()
    visitor.wait_for_pad()
    visitor.page.wait_for_timeout(1000)
    visitor.expect_guess(NO_GUESS)


def test_a_number_comes_back_as_one(visitor: Visitor) -> None:
    visitor.draw([(20, 60), (20, 220)])
    visitor.draw([(220, 60), (220, 220)])
    visitor.expect_guess("11")
    until_kept(visitor.page, 2)
    visitor.page.reload()
    visitor.expect_guess("11")


def test_undo_brings_back_what_clear_took_and_redo_what_undo_took(visitor: Visitor) -> None:
    write(visitor, 5)
    visitor.expect_guess("5")
    visitor.press("clear")
    visitor.expect_guess(NO_GUESS)
    visitor.expect_inked(0, 0)
    visitor.press("undo")
    visitor.expect_guess("5")
    visitor.expect_strokes(2)
    visitor.press("undo")
    visitor.expect_strokes(1)
    visitor.press("redo")
    visitor.expect_strokes(2)
    visitor.expect_guess("5")
    visitor.page.keyboard.press("Control+z")
    visitor.expect_strokes(1)
    visitor.page.keyboard.press("Control+Shift+Z")
    visitor.expect_strokes(2)
    assert visitor.problems == []


def test_a_challenge_goes_on_after_a_reload_and_after_a_restart(visitor: Visitor, own_server: Server) -> None:
    go_to(visitor.page, "Challenge")
    asked, score = visitor.page.locator(".st-key-asked"), visitor.page.locator(".st-key-score")
    expect(asked).to_contain_text("Draw a")
    visitor.wait_for_pad()
    for done in (1, 2):
        digit = int(asked.inner_text().strip()[-1])
        write(visitor, digit)
        visitor.expect_guess(str(digit))
        visitor.press("done")
        expect(score).to_have_text(f"It got {done} of {done} right.")
    next_one = asked.inner_text()
    visitor.page.wait_for_function(
        "() => JSON.parse(sessionStorage.getItem('mnist-draw challenge'))?.entries.length === 2"
    )
    visitor.page.reload()
    expect(score).to_have_text("It got 2 of 2 right.")
    expect(asked).to_have_text(next_one)
    expect(visitor.page.locator(".tiles button")).to_have_count(2)
    restart(own_server, visitor.page)
    visitor.wait_for_run()
    digit = int(next_one.strip()[-1])
    write(visitor, digit)
    visitor.expect_guess(str(digit))
    expect(asked).to_have_text(next_one)  # the new session asks for another until the tab has answered
    visitor.press("done")
    expect(score).to_have_text("It got 3 of 3 right.")


def test_pictures_that_are_gone_are_named(visitor: Visitor, own_server: Server) -> None:
    open_photos(visitor)
    page = visitor.page
    page.locator(".st-key-files input[type=file]").set_input_files([SEVEN, TWO])
    expect(page.locator("[class*=st-key-text_]")).to_have_text(["7", "2"])
    page.wait_for_function("() => JSON.parse(sessionStorage.getItem('mnist-draw photos'))?.length === 2")
    restart(own_server, page)
    gone = page.get_by_text("These pictures are gone, because the server has begun anew")
    expect(gone).to_contain_text("seven.png, two.png")
    page.reload()
    expect(gone).to_contain_text("seven.png, two.png")
    wait_for_photos(page)
    page.locator(".st-key-files input[type=file]").set_input_files([SEVEN])
    expect(page.locator("[class*=st-key-text_]")).to_have_text(["7"])
    expect(gone).to_have_count(0)


def test_one_back_takes_one_step_back(visitor: Visitor) -> None:
    page, heading = visitor.page, visitor.page.locator("h1")
    write(visitor, 3)
    visitor.expect_guess("3")
    steps = page.evaluate("history.length")
    go_to(visitor.page, "Look inside")
    page.get_by_role("button", name="Next").click()
    expect(page).to_have_url(re.compile(r"inside\?drawing=.*&layer=1"))
    go_to(visitor.page, "Break it")
    expect(page).to_have_url(re.compile(r"break\?drawing="))
    assert page.evaluate("history.length") == steps + 3
    page.go_back()
    expect(page).to_have_url(re.compile("layer=1"))
    page.go_back()
    expect(page).not_to_have_url(re.compile("layer=1"))
    expect(heading).to_have_text("Look inside")
    page.go_back()
    expect(heading).to_have_text("Draw a digit. A network reads it.")
    visitor.expect_guess("3")
    page.go_forward()
    expect(heading).to_have_text("Look inside")


def test_a_drawing_outlives_the_address_of_an_older_one(visitor: Visitor) -> None:
    write(visitor, 3)
    visitor.expect_guess("3")
    go_to(visitor.page, "Look inside")
    expect(visitor.page).to_have_url(re.compile("drawing="))
    expect(visitor.page.locator(".st-key-picture img")).to_be_visible()
    visitor.page.go_back()
    expect(visitor.page.locator("h1")).to_have_text("Draw a digit. A network reads it.")
    visitor.wait_for_pad()
    visitor.expect_guess("3")
    visitor.press("clear")
    visitor.expect_guess(NO_GUESS)
    expect(visitor.page).not_to_have_url(re.compile("drawing="))
    write(visitor, 5)
    visitor.expect_guess("5")
    until_kept(visitor.page, 2)
    visitor.page.reload()
    visitor.expect_guess("5")


def test_forget_everything_forgets_everything(visitor: Visitor) -> None:
    page = visitor.page
    open_photos(visitor)
    page.locator(".st-key-files input[type=file]").set_input_files([SEVEN])
    expect(page.locator("[class*=st-key-text_]")).to_have_text(["7"])
    go_to(visitor.page, "Draw")
    visitor.wait_for_pad()
    write(visitor, 3)
    visitor.expect_guess("3")
    page.wait_for_function("() => sessionStorage.getItem('mnist-draw drawing')")
    assert json.loads(page.evaluate(KEPT)).keys() >= {"mnist-draw drawing", "mnist-draw photos", "mnist-draw tab"}
    visitor.press("file")
    with page.expect_event("load"):
        visitor.press("forget")
    visitor.wait_for_pad()
    visitor.expect_guess(NO_GUESS)
    assert json.loads(page.evaluate(KEPT)) == {}
    open_photos(visitor)
    page.wait_for_timeout(1000)
    expect(page.locator("[class*=st-key-text_]")).to_have_count(0)
    expect(page.get_by_text("These pictures are gone")).to_have_count(0)


def test_what_was_forgotten_is_in_no_address_before_or_ahead(visitor: Visitor) -> None:
    page = visitor.page
    write(visitor, 3)
    visitor.expect_guess("3")
    for name, address in (("Look inside", r"inside\?drawing="), ("Draw", r"/$"), ("Break it", r"break\?drawing=")):
        go_to(visitor.page, name)
        expect(page).to_have_url(re.compile(address))
    page.go_back()
    expect(page.locator("h1")).to_have_text("Draw a digit. A network reads it.")
    visitor.wait_for_run()
    visitor.press("file")
    with page.expect_event("load"):
        visitor.press("forget")
    visitor.wait_for_pad()
    visitor.expect_guess(NO_GUESS)
    assert page.go_forward() is None
    while page.evaluate("navigation.canGoBack"):  # the steps are three, or four where a run has added an address
        page.go_back()
        assert "drawing=" not in page.url
        expect(page.locator("h1")).to_contain_text("Look inside" if "inside" in page.url else "Draw")
        visitor.wait_for_run()  # a run that ends later would add an address, too
        assert "drawing=" not in page.url
    visitor.wait_for_pad()
    visitor.expect_guess(NO_GUESS)


def test_where_nothing_may_be_kept_everything_is_forgotten_too(visitor: Visitor) -> None:
    """As in a frame of a browser that blocks what other sites would keep."""
    visitor.page.add_init_script(DENIED)
    visitor.page.reload()
    visitor.wait_for_pad()
    write(visitor, 3)
    visitor.expect_guess("3")
    visitor.press("file")
    with visitor.page.expect_event("load"):
        visitor.press("forget")
    visitor.wait_for_pad()
    visitor.expect_guess(NO_GUESS)
    assert visitor.problems == []
