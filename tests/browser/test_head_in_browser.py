"""What is above and around every page: the head, the whole screen, and what is said when the server is away."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import Visit, write
from tools.harness.running import Server
from tools.harness.visitor import Visitor, go_to

NAMES = ("Draw", "Look inside", "Break it", "Train it yourself", "How good is it?", "Challenge", "Read photos")
NAVIGATION = "[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]"


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_every_page_has_the_same_head_that_marks_the_page(visit: Visit, width: int, height: int) -> None:
    page = visit(width, height).page
    place = page.locator("h1").evaluate("h1 => h1.getBoundingClientRect().top")
    for name in NAMES[1:] + NAMES[:1]:
        go_to(page, name)
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(NAVIGATION).filter(has_text=name)).to_have_attribute("aria-current", "page")
        page.wait_for_function("at => document.querySelector('h1').getBoundingClientRect().top === at", arg=place)
        expect(page.locator(".st-key-join")).to_be_in_viewport(ratio=1)


def test_the_menu_of_a_phone_keeps_its_name(visit: Visit) -> None:
    page = visit(390, 844).page
    for _ in range(2):
        page.get_by_role("button", name="Menu", exact=True).click()
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", ["inside", "photos"])
def test_an_address_below_the_root_asks_for_nothing_that_is_not_there(
    browser: Browser, server: Server, path: str
) -> None:
    page = browser.new_page()
    missing = []
    page.on("response", lambda response: missing.append(response.url) if response.status >= 400 else None)
    page.goto(f"{server.url}/{path}")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".st-key-join")).to_be_visible()
    assert missing == []
    page.close()


@pytest.mark.parametrize("width", [768, 800, 844, 897, 1024, 1280])
def test_what_is_in_the_head_lies_beside_each_other(visit: Visit, width: int) -> None:
    page = visit(width, 1024).page
    expect(page.locator("[data-testid=stTopNavLink]")).to_have_count(len(NAMES))
    parts = page.locator("[data-testid=stTopNavLink], .st-key-projector:visible, .st-key-join")
    boxes = [part.bounding_box() for part in parts.all()]
    edges = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
    assert len(edges) >= len(NAMES) + 1
    assert all(right <= left for (_, right), (left, _) in pairwise(sorted(edges)))


def test_the_name_leads_home(visitor: Visitor) -> None:
    go_to(visitor.page, "Challenge")
    expect(visitor.page.locator("h1")).to_have_text("Challenge")
    visitor.page.get_by_test_id("stHeaderLogo").click()
    expect(visitor.page.locator("h1")).to_have_text("Draw a digit. A network reads it.")


def test_on_the_whole_screen_there_is_the_pad_and_a_guess_for_the_last_row(visit: Visit) -> None:
    visitor = visit(1920, 1080)
    page = visitor.page
    write(visitor, 7)
    visitor.expect_guess("7")
    visitor.press("projector")
    expect(page.locator("h1")).to_be_hidden()
    expect(page.locator(".st-key-undo")).to_be_in_viewport(ratio=1)
    expect(page.locator(".guess")).to_be_in_viewport(ratio=1)
    expect(page.locator(".sentence")).to_be_in_viewport(ratio=1)
    size = page.locator(".guess").evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
    assert size >= 1080 / 3
    visitor.screenshot("projector")
    page.evaluate("document.exitFullscreen()")  # what Escape does; the browser of a test has no window for it
    expect(page.locator("h1")).to_be_visible()


def test_the_whole_screen_costs_no_run_of_the_page(visitor: Visitor) -> None:
    """Every run is asked for by a message; whether one shows in the page is no measure, a quick one may not."""
    page = visitor.page
    messages: list[str | bytes] = []

    def note(message: str | bytes) -> None:
        messages.append(message)

    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.reload()
    visitor.wait_for_pad()
    sent_before = -1
    while sent_before < len(messages):  # the page asks for more as long as it opens
        sent_before = len(messages)
        page.wait_for_timeout(1000)
    visitor.press("projector")
    expect(page.locator("h1")).to_be_hidden()
    page.wait_for_timeout(500)
    assert len(messages) == sent_before
    page.evaluate("document.exitFullscreen()")
    expect(page.locator("h1")).to_be_visible()
    go_to(page, "Challenge")  # which asks for one
    assert len(messages) > sent_before


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that a test may stop."""
    with Server() as server:
        yield server


def test_a_lost_connection_is_a_strip_and_no_dialog(browser: Browser, own_server: Server) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    visitor = Visitor(context, own_server.url)
    write(visitor, 3)
    visitor.expect_guess("3")
    inked = visitor.inked()
    own_server.stop()
    strip = visitor.page.locator("[role=alert].lost")
    expect(strip).to_have_text("Connection lost. Your drawing is kept. Trying again.")
    visitor.page.wait_for_timeout(6000)  # Streamlit's dialog comes after some seconds
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    visitor.screenshot("connection-lost")
    with visitor.page.expect_websocket():
        own_server.start()
    expect(strip).to_have_count(0)
    visitor.expect_guess("3")
    visitor.expect_inked(inked, inked)
    go_to(visitor.page, "Train it yourself")
    own_server.stop()
    expect(strip).to_have_text("Connection lost. Trying again.")
    context.close()


def test_a_script_that_does_not_arrive_is_said_and_asked_for_again(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    failed: list[str] = []

    def refuse_once(route: Route) -> None:
        if failed:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.abort()

    page.route("**/static/js/index.*.js", refuse_once)
    page.goto(server.url)
    expect(page.get_by_text("A part of this page did not arrive. Trying again.")).to_be_visible()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    page.close()
