"""Training in the page, as a teacher shows it: for real, but stopped before it has learned all."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mnist.files import ROOT
from tests.browser.conftest import Visit, sideways, write
from tools.harness.visitor import NO_GUESS, Visitor, go_to

SEVEN = ROOT / "data" / "seven.png"
LEARNING = 90_000  # milliseconds until its first figures, at lowest priority


def place(page: Page) -> list[int]:
    box = None
    while box is None:  # for an instant it is replaced by its like
        page.locator(".training").wait_for()
        box = page.locator(".training").bounding_box()
    return [round(box[side]) for side in ("x", "y", "width", "height")]


@pytest.mark.parametrize(("width", "height", "dark"), [(1280, 800, False), (390, 844, True)])
def test_a_net_is_trained_stopped_and_drawn_with(visit: Visit, width: int, height: int, dark: bool) -> None:
    visitor = visit(width, height, dark=dark, touch=dark)
    page = visitor.page
    go_to(page, "Train it yourself")
    lesson = page.locator(".st-key-lesson")
    expect(lesson).to_contain_text("A new net knows nothing")
    visitor.wait_for_run()
    expect(page.get_by_test_id("stProgress")).to_be_visible()  # before, a higher place is held for it
    before = place(page)
    page.locator(".st-key-train button").focus()
    page.keyboard.press("Enter")
    expect(lesson).to_contain_text(re.compile(r"has seen [\d,]+ drawings and reads \d+ of 100"), timeout=LEARNING)
    assert place(page) == pytest.approx(before, abs=1)  # nothing has jumped; half a pixel is rounded either way
    expect(page.locator(".tested b").first).to_have_text(re.compile("[✓✗] [0-9]"))
    visitor.screenshot(f"train-{width}")
    visitor.press("stop")
    expect(lesson).to_contain_text("Now draw with it.")
    visitor.press("draw")
    visitor.wait_for_pad()
    write(visitor, 4, finger=dark)
    expect(page.locator(".st-key-shipped .guess")).to_have_text("4")
    expect(visitor.guess).to_have_text(re.compile(f"[0-9{NO_GUESS}]"))
    said = page.locator(".st-key-announcement").get_by_role("status")
    expect(said).to_have_text(re.compile("My net: .+ The page's own net: It's a 4"))
    visitor.screenshot(f"train-draw-{width}")
    assert sideways(page) == 0


def test_a_net_is_taken_home_lost_and_opened_again(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    go_to(page, "Train it yourself")
    lesson = page.locator(".st-key-lesson")
    visitor.press("train")
    expect(lesson).to_contain_text("has seen", timeout=LEARNING)
    visitor.press("stop")
    expect(lesson).to_contain_text("Now draw with it.")
    visitor.press("file")
    with page.expect_download() as saved:
        visitor.press("save_net")
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    page.reload()
    expect(lesson).to_contain_text("The net that you trained is gone")
    visitor.press("file")
    (tmp_path / "other.zip").write_bytes(b"no net")
    page.locator(".st-key-open_net input[type=file]").set_input_files([tmp_path / "other.zip"])
    expect(page.get_by_text("This file is no net saved here.")).to_be_visible()
    page.locator(".st-key-open_net input[type=file]").set_input_files([file])
    visitor.wait_for_pad()
    page.keyboard.press("Escape")
    write(visitor, 4)
    expect(page.locator(".st-key-shipped .guess")).to_have_text("4")
    expect(page.locator(".st-key-mine .bars li")).to_have_count(10)
    visitor.screenshot("train-opened")
    with zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-m", "mnist", "predict", "--model", str(tmp_path / "my-net.keras"), str(SEVEN)]
    read = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "seven.png" in read.stdout
