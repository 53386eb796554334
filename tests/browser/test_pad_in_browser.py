"""The pad in Chromium: what only a real browser shows."""

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, WebSocketRoute, expect

from mnist.reading.drawings.rendering import render
from mnist.reading.drawings.strokes import from_drawing
from tests.browser.conftest import Visit, sideways, write
from tools.harness import hand
from tools.harness.running import Server
from tools.harness.visitor import INK, NO_GUESS, Visitor

DOWN = [(140.0, 40.0), (140.0, 240.0)]
LEFT_RIGHT = [(60.0, 140.0), (220.0, 140.0)]


@pytest.mark.parametrize("finger", [False, True], ids=["mouse", "finger on a phone"])
def test_ten_digits(visit: Visit, finger: bool) -> None:
    visitor = visit(390, 844, touch=True) if finger else visit()
    right = 0
    for digit in range(10):
        write(visitor, digit, finger)
        visitor.expect_strokes(len(hand.DIGITS[digit]))
        visitor.page.wait_for_timeout(300)
        right += visitor.guess.inner_text() == str(digit)
        visitor.press("clear")
        visitor.expect_guess(NO_GUESS)
    assert right >= 9
    assert visitor.page.evaluate("scrollY") == 0


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_at_every_width_in_both_themes(visit: Visit, width: int, dark: bool) -> None:
    height = {320: 568, 390: 844, 768: 1024}.get(width, 800)
    visitor = visit(width, height, dark=dark)
    visitor.screenshot(f"{width}-{'dark' if dark else 'light'}-empty")
    write(visitor, 7)
    visitor.expect_guess("7")
    visitor.page.wait_for_timeout(300)  # until the bars have grown
    visitor.screenshot(f"{width}-{'dark' if dark else 'light'}")
    assert sideways(visitor.page) == 0
    box = visitor.page.locator(".st-key-slate").bounding_box()
    assert box is not None
    assert box["width"] >= 280
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    expect(visitor.page.locator("[data-testid=stAppDeployButton], [data-testid=stMainMenu], footer")).to_have_count(0)
    if width == 390:
        for part in (".st-key-undo", ".st-key-clear", ".st-key-pen", ".guess"):
            expect(visitor.page.locator(part)).to_be_in_viewport(ratio=1)


def test_nothing_jumps(visit: Visit) -> None:
    visitor = visit(390, 2000)
    keys = ("pad", "undo", "pen", "samples")
    parts = (*(f".st-key-{key}" for key in keys), ".guess", ".sentence", ".bars", ".stages")

    def places() -> list[Any]:
        return [visitor.page.locator(part).bounding_box() for part in parts]

    before = places()
    write(visitor, 7)
    visitor.expect_guess("7")
    assert places() == before
    visitor.press("clear")
    visitor.expect_guess(NO_GUESS)
    assert places() == before


CORNERS = {
    "top left": [(4.0, 4.0), (90.0, 90.0)],
    "top right": [(276.0, 4.0), (190.0, 90.0)],
    "under the toolbar": [(215.0, 12.0), (190.0, 90.0)],
    "bottom left": [(4.0, 276.0), (90.0, 190.0)],
    "bottom right": [(276.0, 276.0), (190.0, 190.0)],
}


@pytest.mark.parametrize("finger", [False, True], ids=["mouse", "finger"])
def test_a_stroke_from_every_corner_also_at_once_after_clear(visit: Visit, finger: bool) -> None:
    visitor = visit(390, 844, touch=finger)
    for stroke in CORNERS.values():
        (visitor.touch if finger else visitor.draw)(stroke)
        visitor.expect_inked(800)
        visitor.expect_strokes(1)
        visitor.press("clear")
        (visitor.touch if finger else visitor.draw)(stroke)  # no waiting for the server
        visitor.page.wait_for_timeout(600)
        visitor.expect_strokes(1)
        visitor.expect_inked(800)
        visitor.press("clear")
        visitor.expect_strokes(0)
        visitor.expect_inked(0, 0)


def test_a_tap_on_the_hidden_toolbar_wipes_nothing(visit: Visit) -> None:
    visitor = visit(390, 844, touch=True)
    write(visitor, 7, finger=True)
    visitor.expect_guess("7")
    taps = [(x, y) for x in range(130, 281, 12) for y in (-24, -12, 4, 16, 28)]
    for number, (x, y) in enumerate(taps):
        visitor.page.mouse.move(*visitor.at(x, y))
        if y >= 0 and number % 9 == 0:
            visitor.page.touchscreen.tap(*visitor.at(x, y))
    visitor.page.wait_for_timeout(500)
    visitor.press("undo")
    visitor.expect_inked(2000)  # the 7 is still there
    expect(visitor.page.locator(".dc-toolbar").first).to_be_hidden()


def test_undo_and_clear_at_once_after_a_stroke(visitor: Visitor) -> None:
    """The canvas would wait 200 ms before it tells of a stroke; Undo takes just that stroke all the same."""
    visitor.draw(DOWN)
    visitor.expect_strokes(1)
    visitor.draw(LEFT_RIGHT)
    visitor.press("undo")
    visitor.page.wait_for_timeout(600)
    visitor.expect_strokes(1)
    visitor.expect_inked(1000, 5000)
    visitor.draw(LEFT_RIGHT)
    visitor.press("clear")
    visitor.page.wait_for_timeout(600)
    visitor.expect_strokes(0)
    visitor.expect_inked(0, 0)


def test_quick_undos_each_take_a_stroke(visitor: Visitor) -> None:
    for x in range(40, 240, 40):
        visitor.draw([(x, 40), (280 - x, 200)])
    visitor.expect_strokes(5)
    undo = visitor.page.locator(".st-key-undo button")
    for _ in range(3):
        undo.click(no_wait_after=True)
    visitor.expect_strokes(2)
    visitor.page.wait_for_timeout(600)
    visitor.expect_strokes(2)
    visitor.expect_inked(3000, 7000)


def test_shortcuts(visitor: Visitor) -> None:
    visitor.draw(DOWN)
    visitor.draw(LEFT_RIGHT)
    visitor.expect_strokes(2)
    visitor.page.keyboard.press("Control+z")
    visitor.expect_strokes(1)
    visitor.page.keyboard.press("Delete")
    visitor.expect_strokes(0)
    visitor.expect_inked(0, 0)


def test_a_ready_drawing_is_drawn_on(visitor: Visitor) -> None:
    visitor.press("sample_1")
    visitor.expect_guess("1")
    visitor.draw([(80, 44), (150, 44), (152, 46)])
    visitor.expect_strokes(2)
    visitor.expect_inked(3000)
    visitor.press("undo")
    visitor.expect_guess("1")
    visitor.press("sample_10")
    visitor.expect_guess("7")
    visitor.press("undo")
    visitor.expect_strokes(1)


def test_ready_drawings_by_keyboard(visitor: Visitor) -> None:
    for _ in range(40):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.closest('.st-key-sample_5') !== null"):
            break
    visitor.page.keyboard.press("Enter")
    visitor.expect_guess("5")


def test_three_pens_draw_three_widths_and_keep_the_drawing(visitor: Visitor) -> None:
    ink = []
    for pen in ("Thin", "Medium", "Broad"):
        visitor.page.get_by_role("radio", name=pen).or_(visitor.page.get_by_role("button", name=pen)).first.click()
        visitor.page.wait_for_timeout(400)
        visitor.draw(DOWN)
        visitor.expect_strokes(1)
        ink.append(visitor.inked())
        visitor.press("clear")
        visitor.expect_strokes(0)
        visitor.expect_inked(0, 0)
    assert ink[0] * 1.5 < ink[1] < ink[2] / 1.2
    visitor.draw(DOWN)
    visitor.page.get_by_text("Thin", exact=True).click()
    visitor.page.wait_for_timeout(400)
    visitor.expect_strokes(1)
    visitor.expect_inked(ink[2] - 100, ink[2] + 100)


def test_the_drawing_survives_theme_and_window(visitor: Visitor) -> None:
    write(visitor, 4)
    visitor.expect_guess("4")
    inked = visitor.inked()
    corner = "canvas => [...canvas.getContext('2d').getImageData(2, 2, 1, 1).data]"
    paper = visitor.page.locator(INK).evaluate(corner)
    visitor.page.emulate_media(color_scheme="dark")
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.page.wait_for_timeout(500)
    assert visitor.inked() == inked
    visitor.expect_guess("4")
    assert visitor.page.locator(INK).evaluate(corner) == paper
    visitor.draw([(20, 20), (40, 20)])
    visitor.expect_strokes(3)


def test_the_drawing_survives_a_lost_connection(visitor: Visitor) -> None:
    connected: list[WebSocketRoute] = []

    def keep(route: WebSocketRoute) -> None:
        route.connect_to_server()
        connected.append(route)

    visitor.page.route_web_socket(re.compile("_stcore/stream"), keep)
    visitor.page.reload()
    visitor.expect_guess(NO_GUESS)
    visitor.press("sample_1")  # so that the pad has been loaded once, too
    visitor.draw(LEFT_RIGHT)
    visitor.expect_strokes(2)
    connected[-1].close(code=1001)
    visitor.draw([(40, 250), (240, 250)])  # while nobody listens
    visitor.page.wait_for_timeout(3000)
    visitor.expect_strokes(3)
    visitor.expect_inked(5000)
    assert len(connected) > 1
    visitor.press("undo")
    visitor.expect_strokes(2)
    visitor.problems = [problem for problem in visitor.problems if "when disconnected from server" not in problem]


def test_saved_and_opened_again(visitor: Visitor, tmp_path: Path) -> None:
    write(visitor, 5)
    visitor.expect_guess("5")
    drawing = json.loads(visitor.download("save_json"))
    assert len(drawing["objects"]) == 2
    assert {item["type"] for item in drawing["objects"]} == {"Path"}
    assert not {"width", "height", "side", "pad"} & drawing.keys()
    assert Image.open(io.BytesIO(visitor.download("save_png"))).size == (560, 560)
    assert Image.open(io.BytesIO(visitor.download("save_guess"))).size == (560, 680)
    visitor.press("clear")
    visitor.expect_guess(NO_GUESS)
    saved = tmp_path / "drawing.json"
    saved.write_text(json.dumps(drawing))
    open_file(visitor, saved)
    visitor.expect_guess("5")
    visitor.expect_strokes(2)


def test_it_can_be_saved_after_whatever_was_pressed_before(visitor: Visitor) -> None:
    def saved() -> tuple[int, tuple[int, int]]:
        visitor.wait_for_run()
        drawing = json.loads(visitor.download("save_json"))
        return len(drawing["objects"]), Image.open(io.BytesIO(visitor.download("save_png"))).size

    visitor.press("sample_4")
    visitor.expect_guess("4")
    assert saved() == (2, (560, 560))
    visitor.choose("pen", "Broad")
    assert saved() == (2, (560, 560))
    visitor.press("undo")
    visitor.expect_strokes(1)
    assert saved() == (1, (560, 560))
    visitor.press("clear")
    visitor.expect_guess(NO_GUESS)
    assert saved() == (0, (560, 560))


def test_a_file_that_is_no_drawing_is_told_and_changes_nothing(visitor: Visitor, tmp_path: Path) -> None:
    write(visitor, 3)
    visitor.expect_guess("3")
    wrong = tmp_path / "wrong.json"
    wrong.write_text("hello")
    open_file(visitor, wrong)
    expect(visitor.sentence).to_have_text("This file is no drawing saved here.")
    visitor.expect_guess("3")


def open_file(visitor: Visitor, path: Path) -> None:
    visitor.page.locator(".st-key-file button").first.click()
    visitor.page.locator("input[type=file]").set_input_files(path)


TRANSFORMS: list[dict[str, Any]] = [
    {"left": 150, "top": 120, "originX": "center", "originY": "center", "angle": 33, "scaleX": 0.7, "scaleY": 0.9},
    {"left": 70, "top": 60, "originX": "left", "originY": "top", "angle": 10, "scaleX": 0.8, "flipX": True},
    {"left": 140, "top": 140, "originX": "center", "originY": "center", "skewX": 20, "skewY": 5, "scaleY": 0.7},
]


@pytest.mark.parametrize("changes", TRANSFORMS)
def test_moved_scaled_and_turned_as_fabric_shows_them(browser: Browser, changes: dict[str, Any]) -> None:
    """Our own reading of Fabric's transforms against the canvas itself, pixel for pixel."""
    drawing = hand.canvas_drawing([hand.strokes(2, pen=6)[0]], **changes)
    bare = Server("tests/browser/canvas_page.py", {"DRAWING": json.dumps(drawing)})
    bare.start("/_stcore/health")
    page = browser.new_page()
    page.goto(bare.url)
    page.locator(INK).wait_for()
    page.wait_for_timeout(500)
    script = "canvas => [...canvas.getContext('2d').getImageData(0, 0, 280, 280).data].filter((_, i) => i % 4 == 0)"
    theirs = np.array(page.locator(INK).evaluate(script)).reshape(280, 280) > 128
    page.close()
    bare.stop()
    (stroke,) = from_drawing(drawing)
    ours = render([stroke.points], [stroke.width], (280, 280)) > 0.5
    assert theirs.sum() > 500
    # a skewed pen is no longer round; ours stays so
    assert (ours & theirs).sum() > (0.85 if "skewX" in changes else 0.93) * max(ours.sum(), theirs.sum())


def test_the_server_may_be_restarted_under_an_open_page(visitor: Visitor, server: Server) -> None:
    visitor.press("sample_4")
    visitor.expect_guess("4")
    visitor.draw([(30, 250), (60, 250)])
    visitor.expect_strokes(3)
    inked = visitor.inked()
    server.stop()
    with visitor.page.expect_websocket():
        server.start()
    visitor.page.wait_for_timeout(1500)  # the canvas loads its drawing anew: a stroke that is half drawn then is lost
    visitor.wait_for_run()
    visitor.draw([(220, 250), (250, 250)])
    visitor.expect_strokes(4)
    visitor.expect_inked(inked)
    visitor.press("undo")
    visitor.expect_strokes(3)
    visitor.problems.clear()  # the browser's own complaints while the server was away
