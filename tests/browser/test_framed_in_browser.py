"""The page in a frame of another one, as learning platforms show it; and what a script that slipped in could do."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_photos_in_browser import ONE_LINE, PHOTOGRAPHS, TEXT, wait_for_photos
from tools.harness import hand
from tools.harness.running import Server
from tools.harness.visitor import INK, LASTING_GUESS, NO_GUESS, Visitor, go_to

BY_HTTPS = {"x-forwarded-proto": "https"}  # as a proxy with a certificate says; cookies of frames need it


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    """A learning platform: a server of the files in a folder, under a name that is another site's to a browser."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as platform:
        threading.Thread(target=platform.serve_forever, daemon=True).start()
        yield platform
        platform.shutdown()


def lesson(platform: ThreadingHTTPServer, folder: Path, framed: str) -> str:
    """The address of a page of the platform that shows another one in a frame."""
    (folder / "lesson.html").write_text(f"<iframe src='{framed}' width='1200' height='1500'></iframe>")
    return f"http://localhost:{platform.server_port}/lesson.html"


def test_pages_of_others_may_not_frame_it(
    browser: Browser, server: Server, platform: ThreadingHTTPServer, tmp_path: Path
) -> None:
    page = browser.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(lesson(platform, tmp_path, server.url))
    expect(page.frame_locator("iframe").locator(".st-key-pad")).to_have_count(0)
    page.wait_for_timeout(500)
    assert any("frame-ancestors 'self'" in text for text in told), told
    page.close()


def test_the_pages_that_are_named_may(browser: Browser, platform: ThreadingHTTPServer, tmp_path: Path) -> None:
    server = Server(environment={"FRAME_ANCESTORS": f"http://localhost:{platform.server_port}"})
    server.start()
    page = browser.new_page(extra_http_headers=BY_HTTPS, viewport={"width": 1280, "height": 1600})
    page.goto(lesson(platform, tmp_path, f"{server.url}/photos"))
    frame = page.frame_locator("iframe")
    wait_for_photos(frame)
    frame.locator(".st-key-files input[type=file]").set_input_files(PHOTOGRAPHS / ONE_LINE)
    expect(frame.locator("[class*=st-key-text_]")).to_have_text([TEXT])
    go_to(frame, "Draw")
    frame.locator(".st-key-pad canvas.upper-canvas").click(trial=True)  # it has come to rest
    expect(frame.locator(LASTING_GUESS)).to_have_text(NO_GUESS)
    box = frame.locator(INK).bounding_box()
    assert box is not None
    for line in hand.DIGITS[7]:
        (x, y), *others = ((box["x"] + x, box["y"] + y) for x, y in line)
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in others:
            page.mouse.move(x, y, steps=4)
        page.mouse.up()
    expect(frame.locator(LASTING_GUESS)).to_have_text("7")
    page.close()
    server.stop()


@pytest.mark.parametrize(
    "injected",
    [
        "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }))",
        "document.body.insertAdjacentHTML('beforeend', '<img src=nowhere onerror=\"window.ran = true\">')",
        "document.body.insertAdjacentHTML('beforeend', '<iframe src=\"javascript:parent.ran = true\"></iframe>')",
    ],
    ids=["script", "handler", "address"],
)
def test_a_script_that_slipped_into_the_page_does_not_run(browser: Browser, server: Server, injected: str) -> None:
    visitor = Visitor(browser.new_context(), server.url)
    visitor.page.evaluate(injected)
    visitor.page.wait_for_timeout(300)
    assert visitor.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in problem for problem in visitor.problems), visitor.problems
    visitor.context.close()
