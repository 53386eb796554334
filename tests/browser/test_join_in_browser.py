"""The way in for a class, in Chromium: the code that is seen leads where the address under it says."""

import io
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tools.harness.running import Server
from tools.harness.visitor import go_to

PUBLIC = "https://digits.school.example"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(environment={"PUBLIC_URL": PUBLIC}) as server:
        yield server


@pytest.mark.parametrize(("width", "height", "dark"), [(1280, 800, False), (390, 844, True)])
def test_the_code_on_the_screen_is_the_address_under_it(visit: Visit, width: int, height: int, dark: bool) -> None:
    visitor = visit(width, height, dark=dark)
    page = visitor.page
    go_to(page, "Look inside")
    expect(page.locator(".key")).to_be_visible()
    page.get_by_role("button", name="Join").click()
    code = page.locator(".join img")
    expect(code).to_be_visible()
    page.wait_for_timeout(500)  # until the dialogue has come to rest
    visitor.screenshot(f"join-{width}")
    picture = Image.open(io.BytesIO(code.screenshot())).convert("L")
    read, *_ = cv2.QRCodeDetector().detectAndDecode(np.asarray(picture))
    assert read == f"{PUBLIC}/inside" == page.locator(".join p").inner_text()
    page.keyboard.press("Escape")
    expect(code).not_to_be_visible()
