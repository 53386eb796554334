"""`python -m tools.measure_first_load`: what a phone downloads until one can draw, and until the page is all there.

A new Chromium opens the page of a new server, on a fast and on a slow network; it prints a table in Markdown for
docs/performance.md.
"""

import re
import statistics
import time
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tools.harness import hand
from tools.harness.running import Server, chromium_options

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}  # ms, bytes/s
LOADS = 3
STEP_MS = 80  # between two points of what is drawn
MAX_LOAD_MS = 120_000
SETTLE_MS = 3_000  # what is still loaded after that counts, too


def load(browser: Browser, url: str, network: dict[str, Any] | None) -> tuple[float, ...]:
    """Open the page and draw a 7 as soon as one can; return how many requests it made, and their kB.

    And seconds: until one can draw, from the lifted pen to what the front page says of it, and until the page's own
    pad is there.
    """
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True) as context:
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        sizes = list[int]()
        devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        devtools.send("Network.enable")
        if network:
            devtools.send("Network.emulateNetworkConditions", network)
        began = time.perf_counter()
        page.goto(url, wait_until="commit")
        pad = page.locator(".outline.pad canvas")
        pad.wait_for(timeout=MAX_LOAD_MS)
        can_draw = time.perf_counter()
        _draw(page, pad)
        lifted = time.perf_counter()
        page.locator("p:visible", has_text=re.compile("(Looks like|It's) a 7.")).first.wait_for(timeout=MAX_LOAD_MS)
        read = time.perf_counter()
        page.locator("canvas.upper-canvas").wait_for(timeout=MAX_LOAD_MS)
        there = time.perf_counter()
        page.wait_for_timeout(SETTLE_MS)
        requests = sum(size > 0 for size in sizes)
        return requests, sum(sizes) / 1000, can_draw - began, read - lifted, there - began


def _draw(page: Page, pad: Locator) -> None:
    """Draw a 7 in the pad's middle, about as long as a person takes."""
    box = pad.bounding_box()
    assert box is not None
    scale = box["height"] / 280
    for number, (x, y) in enumerate(hand.DIGITS[7][0]):
        page.mouse.move(box["x"] + x * scale, box["y"] + y * scale, steps=3)
        page.wait_for_timeout(STEP_MS)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def main() -> None:
    """Print the table."""
    print(
        "| network | requests | kB | s until one can draw | s until what one drew is read | s until the page is there |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with Server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        load(browser, server.url, None)  # the server has compressed its files once, and loaded the network
        for name, network in (("of this machine", None), ("1.6 Mbit/s, 150 ms", SLOW)):
            loads = [load(browser, server.url, network) for _ in range(LOADS)]
            requests, *medians = (statistics.median(values) for values in zip(*loads, strict=True))
            kilobytes, can_draw, read, there = medians
            print(f"| {name} | {requests} | {kilobytes:.0f} | {can_draw:.1f} | {read:.1f} | {there:.1f} |", flush=True)


if __name__ == "__main__":
    main()
