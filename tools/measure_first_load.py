"""`python -m tools.measure_first_load`: what a phone downloads until one can draw, on a fast and on a slow network.

A new Chromium opens the page of a new server; it prints a table in Markdown for docs/performance.md.
"""

import statistics
import time
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tools.harness.running import Server, chromium_options

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}  # ms, bytes/s
LOADS = 3
MAX_LOAD_MS = 120_000
SETTLE_MS = 3_000  # what is still loaded once one can draw counts, too


def load(browser: Browser, url: str, network: dict[str, Any] | None) -> tuple[int, int, float]:
    """Open the page; return how many requests it made, their bytes, and seconds until one can draw."""
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
        page.locator("canvas.upper-canvas").wait_for(timeout=MAX_LOAD_MS)
        seconds = time.perf_counter() - began
        page.wait_for_timeout(SETTLE_MS)
        return sum(size > 0 for size in sizes), sum(sizes), seconds


def main() -> None:
    """Print the table."""
    print("| network | requests | kB | s until one can draw |")
    print("| --- | ---: | ---: | ---: |")
    with Server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        load(browser, server.url, None)  # the server has compressed its files once
        for name, network in (("of this machine", None), ("1.6 Mbit/s, 150 ms", SLOW)):
            loads = [load(browser, server.url, network) for _ in range(LOADS)]
            requests, sizes, seconds = (statistics.median(values) for values in zip(*loads, strict=True))
            print(f"| {name} | {requests} | {sizes / 1000:.0f} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
