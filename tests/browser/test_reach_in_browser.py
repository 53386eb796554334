"""The pages for those who use them by ear, by keyboard, with strong contrast, large letters or a small phone."""

import itertools
import json
import re
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, sideways, write
from tests.browser.test_photos_in_browser import box_of, choose, send, wait_for_photos, with_large_digits
from tests.browser.test_report_in_browser import PARTS
from tools.harness.running import Server
from tools.harness.visitor import Visitor, go_to

LESSON_PAGES = tuple(f"report?lesson={lesson}" for lesson in PARTS)
ADDRESSES = (
    "", "?number", "?file", "?join", "photos", "photos?box", "inside", "inside?layer=2", "inside?layer=sums", "break",
    "break?fool", "train", "train?running", "challenge", *LESSON_PAGES,
)  # fmt: skip
# not the dialog's second way out, which is never seen
INTERACTIVE = (
    "button:not([aria-label=Dismiss]), a[href], input, select, textarea, summary, [role=slider], [tabindex='0']"
)
FOUND = """interactive => {
    const within = (part) => [part, ...(part.shadowRoot ? all(part.shadowRoot) : [])];
    const all = (root) => [...root.querySelectorAll("*")].flatMap(within);
    const seen = (part) => part.checkVisibility({ visibilityProperty: true }) && part.getBoundingClientRect().width > 1;
    return all(document).filter((part) => part.matches(interactive) && seen(part) && !part.disabled);
}"""

# what the pages are made to be pressed for; not in a matrix, whose cells are as small as it is large, nor what stands
# beside a file, a chart or the camera
MAIN = (
    ":is(button, a[href], [role=radio]):not([role=grid] *, [data-testid=stElementToolbar] *,"
    " [data-testid=stSelectbox] *, [aria-label^='Remove '], [aria-label^='Help'], [aria-label='Add files'],"
    " .st-key-taken a, [aria-label=Dismiss])"
)
MOVING = (
    "document.getAnimations().some((one) => one.playState === 'running' && one.effect.getTiming().iterations === 1)"
)

INKS = """() => [...document.querySelectorAll(".stVegaLiteChart :is(.role-axis-label, .role-axis-title) text")].map(
    (text) => { const style = getComputedStyle(text); return [style.fill, style.opacity,
        getComputedStyle(document.querySelector(".stApp")).backgroundColor]; })"""

PRESSED = (
    "", "?number", "photos", "photos?box", "inside", "inside?layer=2", "break", "break?fool", "train", "challenge",
    "report?lesson=confusions",
)  # fmt: skip
COUNT_OBSERVERS = """
    const { observe, disconnect } = MutationObserver.prototype;
    const observing = new Set(); // the body, or the connection's state
    Object.assign(MutationObserver.prototype, {
        observe(target, options) {
            if (target === document.body || target.dataset?.testid === "stApp") observing.add(this);
            return observe.call(this, target, options);
        },
        disconnect() {
            observing.delete(this);
            return disconnect.call(this);
        },
    });
    window.observers = () => observing.size;
"""
NOTE_FOCUS = """() => {
    let part = document.activeElement;
    while (part.shadowRoot?.activeElement) part = part.shadowRoot.activeElement;
    if (part === document.body) return false;
    if (reached.has(part)) return true;
    if (getComputedStyle(part).outlineStyle === "none") unmarked.push(part.outerHTML.slice(0, 200));
    reached.add(part);
    return false;
}"""  # whether the focus has been everywhere
TARGET = """(part) => {
    const target = part.matches("input") ? part.closest("label, [data-testid=stFileUploader]") ?? part : part;
    const { width, height } = target.getBoundingClientRect();
    return { side: Math.min(width, height), what: part.outerHTML.slice(0, 200) };
}"""


def open_page(visitor: Visitor, server: Server, address: str) -> Page:
    """The page at that address, once all of it is there, a 7 is drawn where there is a pad, and what opens is open."""
    page = visitor.page
    if address:
        page.goto(f"{server.url}/{address}")
    expect(page.locator(".st-key-join")).to_be_visible()
    visitor.wait_for_run()
    if not address.startswith(("photos", "inside", "break", "train", "report")):
        visitor.wait_for_pad()
        write(visitor, 7)
        visitor.expect_guess("7")
    prepare(visitor, address)
    closed = page.locator("details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    for _ in range(20):  # until what moves has come to rest
        page.wait_for_timeout(500)
        if not page.evaluate(MOVING):
            break
    return page


def prepare(visitor: Visitor, address: str) -> None:
    """Do what the address names after its ?, of which the page makes nothing itself, and what is to be done there."""
    page = visitor.page
    match address:
        case "?file" | "?join":
            visitor.press(address[1:])
        case "?number":
            visitor.draw([(256, 60), (256, 220)])
            expect(page.locator(".bars.digits")).to_be_attached()
        case "challenge":
            visitor.press("done")
            page.locator(".tiles button").first.click()
            expect(page.locator(".st-key-teaching")).to_contain_text("What was it really?")
        case "break?fool":
            visitor.press("fool")
            expect(page.locator(".st-key-fooled")).to_contain_text(re.compile("7 → [0-689]"))
            expect(page.get_by_test_id("stSpinner")).to_have_count(0)
            visitor.wait_for_run()  # until then what it waits for is faint
        case "train?running":
            visitor.press("train")
            expect(page.locator(".st-key-stop button, .st-key-leave button").first).to_be_visible()
        case "photos" | "photos?box":
            wait_for_photos(page)
            send(visitor, with_large_digits())
            expect(box_of(visitor, 1)).to_be_visible()
        case _:
            visitor.wait_for_run()
    if address == "photos?box":
        choose(visitor, 1)
        page.get_by_text("Add a box").click()
        expect(page.get_by_role("group", name="The picture: draw a box")).to_be_visible()


def contrast(ink: tuple[str, str, str]) -> float:
    """That of a text's colour, so opaque, on a ground: WCAG 2.2's formula."""
    front, ground = (np.array(re.findall(r"[\d.]+", text)[:3], float) / 255 for text in ink[::2])
    light = [
        float(np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722))
        for colour in (front * float(ink[1]) + ground * (1 - float(ink[1])), ground)
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)


def faults(page: Page) -> list[str]:
    """What axe-core finds serious or critical: the rule and where."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{violation['id']}: {node['target']} {node['html']}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_serious_in_either_theme(visitor: Visitor, server: Server, address: str) -> None:
    page = open_page(visitor, server, address)
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)
    assert faults(page) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_small_phone_shows_it_all_and_fingers_hit_it(visit: Visit, server: Server, address: str) -> None:
    page = open_page(visit(320, 568, touch=True), server, address)
    assert sideways(page) == 0
    assert page.evaluate(f"({FOUND})({json.dumps(INTERACTIVE)}).map({TARGET}).filter(({{ side }}) => side < 24)") == []
    main = page.evaluate(f"({FOUND})({json.dumps(MAIN)}).map((part) => [part.offsetHeight, part.outerHTML])")
    assert len(main) >= 6  # the ways to the other pages
    assert [part for height, part in main if height < 44] == []
    page.set_viewport_size({"width": 640, "height": 400})  # a window of 1280 by 800 at twice the size
    page.wait_for_timeout(500)
    assert sideways(page) == 0


def test_the_pad_has_a_name_and_the_guess_is_said_by_one_element_that_stays(visitor: Visitor) -> None:
    visitor.wait_for_run()
    expect(visitor.page.get_by_role("img", name=re.compile("^Pad: draw"))).to_be_visible()
    region = visitor.page.locator(".st-key-announcement").get_by_role("status")
    expect(region).to_have_text("Draw a digit or a number.")
    expect(region).to_have_attribute("aria-live", "polite")
    region.evaluate(
        "region => { window.said = []; window.region = region;"
        "new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true }) }"
    )
    visitor.press("sample_7")
    expect(region).to_contain_text("It's a 7.")
    visitor.wait_for_run()
    visitor.choose("pen", "Thin")  # another run, the same guess
    visitor.page.wait_for_timeout(700)
    visitor.wait_for_run()
    visitor.press("sample_12")
    expect(region).to_contain_text("This does not")
    first, second = visitor.page.evaluate("said")
    assert re.fullmatch(r"It's a 7\. \d+% sure\.", first)
    assert second == "This does not look like a digit."
    assert visitor.page.evaluate("region.isConnected")


@pytest.mark.parametrize("address", PRESSED)
def test_keys_reach_all_that_can_be_pressed_and_it_shows(visitor: Visitor, server: Server, address: str) -> None:
    page = open_page(visitor, server, address)
    page.evaluate("() => { window.reached = new Set(); window.unmarked = []; }")
    again = 0
    for _ in range(400):
        page.keyboard.press("Tab")
        again += page.evaluate(NOTE_FOCUS)
        if again == 80:  # in a table Tab first goes from cell to cell
            break
    # of choices and of a matrix's cells Tab reaches one, and the arrow keys lead to the others
    led_to = "(part.closest('[role=radiogroup], [role=grid]') ?? part)"
    missed = (
        "part => (part.tabIndex < 0 && !part.closest('[role=grid]')) || "
        f"[...reached].some((one) => {led_to}.contains(one)) ? [] : [part.outerHTML]"
    )
    assert page.evaluate(f"({FOUND})({json.dumps(INTERACTIVE)}).flatMap({missed})") == []
    assert page.evaluate("unmarked") == []


@pytest.mark.parametrize(("key", "last"), [("file", "Save as drawing"), ("join", "Close")])
def test_what_opens_over_the_page_is_opened_used_and_closed_by_keys(visitor: Visitor, key: str, last: str) -> None:
    visitor.wait_for_run()
    page = visitor.page
    page.locator(f".st-key-{key} button").press("Enter")
    opened = page.get_by_role("dialog")
    expect(opened).to_be_visible()
    focused = opened.locator("button:focus")
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused.count() and last in (focused.text_content() or focused.get_attribute("aria-label") or ""):
            break
    expect(focused).to_have_accessible_name(last)
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)


def test_where_nobody_else_can_come_it_says_what_to_do(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("dialog")).to_contain_text("works on this machine only. For others to join")
    expect(page.locator(".join")).to_have_count(0)


def test_keys_lead_through_a_matrix_and_open_its_numbers(visitor: Visitor, server: Server) -> None:
    page = open_page(visitor, server, "report?lesson=confusions")
    focused = page.locator("[role=grid] button:focus")
    page.locator("[role=grid] button[tabindex='0']").focus()
    expect(focused).to_have_accessible_name(re.compile("^0 read as 0"))
    for key in ("ArrowUp", "ArrowLeft", "ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(focused).to_have_accessible_name(re.compile("^2 read as 1"))
    page.keyboard.press("Enter")
    expect(focused).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[role=grid] button[tabindex='0']")).to_have_count(1)
    page.get_by_role("button", name=re.compile("^5 read as 5: ")).press("Enter")
    expect(page.locator(".st-key-cell")).to_contain_text("were read as a 5")
    expect(page.locator(".st-key-cell img")).to_have_count(3)
    page.get_by_role("button", name=re.compile("^5 read as 5: ")).press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator(".st-key-cell")).to_contain_text("read as a 6")


@pytest.mark.parametrize("address", ["photos", "inside", "break", "train", "challenge", *LESSON_PAGES])
def test_headings_go_down_a_step_at_a_time(visitor: Visitor, server: Server, address: str) -> None:
    page = open_page(visitor, server, address)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(heading => Number(heading.tagName[1]))")
    assert all(below <= above + 1 for above, below in itertools.pairwise([0, *levels]))


def test_what_is_read_is_said_on_other_pages_after_the_theme_has_changed(visitor: Visitor) -> None:
    """Streamlit calls scripts again then, and forgets how to end the first call."""
    page = visitor.page
    visitor.wait_for_run()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)
    go_to(page, "Challenge")
    expect(page.locator(".st-key-asked")).to_contain_text("Draw a")
    visitor.wait_for_pad()
    write(visitor, 7)
    visitor.expect_guess("7")
    expect(page.locator(".st-key-announcement").get_by_role("status")).to_contain_text("7")


@pytest.mark.parametrize("address", ["?number", "photos"])
def test_a_change_of_theme_leaves_no_observers_behind(visitor: Visitor, server: Server, address: str) -> None:
    page = visitor.page
    page.add_init_script(COUNT_OBSERVERS)
    open_page(visitor, server, address)
    page.wait_for_timeout(1000)
    before = page.evaluate("observers()")
    assert before >= 2
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)
    assert page.evaluate("observers()") == before


def test_what_stands_in_a_photograph_is_said(visitor: Visitor, server: Server) -> None:
    page = open_page(visitor, server, "photos")
    said = page.locator(".st-key-announcement").get_by_role("status")
    expect(said).to_have_text(re.compile(r"^\w+\.jpg: [\d?, ]+"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_writing_of_charts_is_dark_enough(visit: Visit, server: Server, dark: bool) -> None:
    """Text of this size needs 4.5 to 1 (WCAG 2.2, 1.4.3); axe-core does not look into charts."""
    page = open_page(visit(dark=dark), server, "report?lesson=accuracy")
    inks = page.evaluate(INKS)
    assert len(inks) > 20
    assert min(map(contrast, inks)) >= 4.5
