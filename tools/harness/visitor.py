"""A visitor in a real browser, who draws with mouse or finger, presses and reads, and notes all that goes wrong."""

import os
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, FrameLocator, Locator, Page, Request, expect

Points = Sequence[tuple[float, float]]
NO_GUESS = "–"
MAX_WAIT_SECONDS = 20  # for anything on the page
expect.set_options(timeout=MAX_WAIT_SECONDS * 1000)
NETWORK_REST_MILLISECONDS = 1000  # between one change of the network's addresses and the next
LASTING_GUESS = ".guess:not([hidden]):not(.passing)"  # a copy of it follows the pen
INK = "canvas.dc-canvas.lower-canvas"  # the canvas that holds what has been drawn


def go_to(page: Page | FrameLocator, name: str) -> None:
    """Open the page of the program with that name, by the head of the page, where a phone has a menu.

    Wait until it is there: its heading begins with its name, and until its run has begun the page before is shown.
    """
    menu = page.get_by_test_id("stExpandSidebarButton")
    links = page.locator("a:is([data-testid=stTopNavLink], [data-testid=stSidebarNavLink])")
    if menu.is_visible():
        menu.click()
        links.filter(has_text=name).click()
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()  # Streamlit does, on a real phone
    else:
        links.filter(has_text=name).click()
    expect(page.locator("h1")).to_have_text(re.compile(f"^{re.escape(name)}"))
    wait_for_run(page)


def wait_for_run(page: Page | FrameLocator) -> None:
    """Wait until the run of the page has ended: a press while elements are replaced would be lost."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


class Visitor:
    """One open page.

    Points are in the pad's own pixels, from the top left of the square in its middle: 280 from top to bottom, whatever
    size it is shown at.
    """

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.problems: list[str] = []
        self.page = context.new_page()
        self._url = url
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"error in the page: {error}"))
        self.page.on("request", self._note_request)
        self._open()
        self.wait_for_pad()
        expect(self.guess).to_have_text(NO_GUESS)

    @property
    def canvas(self) -> Locator:
        """The canvas that the pen draws on: the upper one of the component."""
        return self.page.locator(".st-key-pad canvas.upper-canvas")

    @property
    def guess(self) -> Locator:
        """The guess that is seen, once none follows the pen any more: the server has the whole drawing."""
        return self.page.locator(LASTING_GUESS).first

    @property
    def sentence(self) -> Locator:
        """The sentence under it."""
        return self.page.locator(".sentence:not([hidden])").first

    def _open(self) -> None:
        """Open the page, and anew for as long as the machine's network changes, as it does where containers start.

        Chromium gives up all that it is loading then; a page without one of its scripts stays white.
        """
        changed: list[Request] = []
        self.page.on("requestfailed", lambda request: changed.append(request) if _network_changed(request) else None)
        deadline = time.monotonic() + MAX_WAIT_SECONDS
        self.page.goto(self._url)
        while not self.canvas.count() and time.monotonic() < deadline:
            if changed:
                self.page.wait_for_timeout(NETWORK_REST_MILLISECONDS)
                changed.clear()
                self.problems.clear()
                self.page.goto(self._url)
            self.page.wait_for_timeout(20)

    def wait_for_run(self) -> None:
        """Wait until the run of the page has ended."""
        wait_for_run(self.page)

    def wait_for_pad(self) -> None:
        """Wait until the pad is there and has come to rest."""
        self.canvas.click(trial=True)

    def press(self, key: str) -> None:
        """Press the button with this key."""
        self.page.locator(f".st-key-{key} button").first.click()

    def choose(self, key: str, name: str) -> None:
        """Choose a name in the row of choices with this key."""
        self.page.locator(f".st-key-{key}").get_by_text(name, exact=True).click()

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the pad lies in the window."""
        box = self.canvas.bounding_box()
        assert box is not None
        scale = box["height"] / 280
        return box["x"] + (box["width"] - box["height"]) / 2 + x * scale, box["y"] + y * scale

    def draw(self, points: Points, steps: int = 4) -> None:
        """Draw one stroke by mouse."""
        mouse = self.page.mouse
        mouse.move(*self.at(*points[0]))
        mouse.down()
        for point in points[1:]:
            mouse.move(*self.at(*point), steps=steps)
        mouse.up()

    def touch(self, points: Points) -> None:
        """Draw one stroke by finger, with touch events that the browser itself makes."""
        session = self.context.new_cdp_session(self.page)

        def send(kind: str, places: list[dict[str, float]]) -> None:
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

        for number, point in enumerate(points):
            x, y = self.at(*point)
            send("touchMove" if number else "touchStart", [{"x": x, "y": y}])
        send("touchEnd", [])

    def expect_guess(self, text: str) -> None:
        """Wait until this is the guess."""
        expect(self.guess).to_have_text(text)

    def expect_strokes(self, count: int) -> None:
        """Wait until the server has this many strokes: the first stage draws each as a line."""
        pictures = self.page.locator(".stages img")
        source = "pictures => pictures.length ? pictures[0].src : ''"
        self._expect(lambda: pictures.evaluate_all(source).count("polyline points"), count, count)

    def inked(self) -> int:
        """Count the inked pixels of the canvas, as a person sees it."""
        script = """canvas => {
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            let count = 0;
            for (let i = 0; i < pixels.length; i += 4) count += pixels[i] > 200;
            return count;
        }"""
        return int(self.page.locator(INK).evaluate(script))

    def expect_inked(self, at_least: int, at_most: int = 280 * 280) -> None:
        """Wait until the number of inked pixels is between the two."""
        self._expect(self.inked, at_least, at_most)

    def _expect(self, count: Callable[[], int], at_least: int, at_most: int) -> None:
        deadline = time.monotonic() + MAX_WAIT_SECONDS
        while not at_least <= (counted := count()) <= at_most:
            assert time.monotonic() < deadline, f"{counted}, not {at_least} to {at_most}"
            self.page.wait_for_timeout(20)

    def download(self, key: str) -> bytes:
        """Return what the button with this key in the file menu saves."""
        self.page.locator(".st-key-file button").first.click()
        with self.page.expect_download() as started:
            self.page.locator(f".st-key-{key} button").first.click()
        self.page.keyboard.press("Escape")
        return Path(started.value.path()).read_bytes()

    def screenshot(self, name: str) -> None:
        """Save a screenshot in the folder that $SCREENSHOTS names, if it is set."""
        if folder := os.environ.get("SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not re.match(rf"{self._url}/|{self._url.replace('http', 'ws')}/|data:|blob:", request.url):
            self.problems.append(f"request to {request.url}")


def _network_changed(request: Request) -> bool:
    return request.failure == "net::ERR_NETWORK_CHANGED"
