"""A photograph by the camera of the device: a stand-in that holds a sheet before it, as Chromium offers for tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit, sideways
from tests.browser.test_photos_in_browser import ONE_LINE, PHOTOGRAPHS, TEXT, open_photos, settled, texts
from tools.harness.running import chromium_options


@pytest.fixture
def browser(browser: Browser, tmp_path: Path) -> Iterator[Browser]:
    """A Chromium before whose camera a photograph is held: as YUV4MPEG2, which it shows over and over."""
    light, *colours = Image.open(PHOTOGRAPHS / ONE_LINE).convert("RGB").resize((640, 480)).convert("YCbCr").split()
    frame = light.tobytes() + b"".join(colour.resize((320, 240)).tobytes() for colour in colours)
    video = tmp_path / "film.y4m"
    video.write_bytes(b"YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C420jpeg\n" + 2 * (b"FRAME\n" + frame))
    options = chromium_options()
    options["args"] += [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",  # the camera is allowed without a question
        f"--use-file-for-fake-video-capture={video}",
    ]
    with browser.browser_type.launch(**options) as with_camera:
        yield with_camera


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_what_the_camera_sees_is_read(visit: Visit, width: int, height: int) -> None:
    visitor = visit(width, height)
    page = visitor.page
    open_photos(visitor)
    page.get_by_text("Use the camera of this device").click()
    take = page.get_by_role("button", name="Take Photo")
    expect(take).to_be_enabled()
    settled(page.locator("[data-testid=stCameraInput] video"))
    visitor.screenshot(f"camera-{width}")
    take.click()
    expect(texts(visitor)).to_have_text([TEXT])  # a mirrored one would be read otherwise
    picture = page.locator("[class*=st-key-photo_] img").first
    expect(picture).to_have_js_property("complete", True)  # taken away before, it would not be found
    assert sideways(page) == 0
    visitor.screenshot(f"camera-taken-{width}")
    visitor.wait_for_run()
    page.get_by_text("Use the camera of this device").click()
    expect(take).not_to_be_visible()
    visitor.wait_for_run()
    expect(texts(visitor)).to_have_text([TEXT])
    page.get_by_text("Use the camera of this device").click()
    clear = page.get_by_role("button", name="Clear photo")
    settled(clear)  # pressed while it is put anew, it would not be pressed
    clear.click()
    expect(texts(visitor)).to_have_count(0)
    expect(take).to_be_enabled()
