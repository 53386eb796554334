"""Photographs on their page, as a person sends them, puts them right and takes them away."""

import base64
import csv
import functools
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FloatRect, FrameLocator, Locator, Page, expect

from mnist.files import ROOT
from mnist.reading.classifier import Classifier
from mnist.reading.find_digits import in_file
from mnist.reading.framing import Box
from tests.browser.conftest import Visit, sideways
from tools.harness.visitor import MAX_WAIT_SECONDS, Visitor, go_to, wait_for_run

PHOTOGRAPHS = ROOT / "tests" / "photographs"
_TEXTS = json.loads((PHOTOGRAPHS / "texts.json").read_text("utf-8"))
TEXTS = {name: said for name, said in _TEXTS.items() if name.endswith(".jpg")}  # photographs
# the surest of them come last
ONE_LINE = next(name for name, said in reversed(TEXTS.items()) if said["read"] and len(said["text"]) == 5)
TEXT = TEXTS[ONE_LINE]["text"]
OTHER = next(name for name, said in reversed(TEXTS.items()) if said["read"] and name != ONE_LINE)
SHOWN_WIDE = """(wide) => {
    const find = (root) => root.querySelector(".picture img")
        ?? [...root.querySelectorAll("*")].map((part) => part.shadowRoot && find(part.shadowRoot)).find(Boolean);
    const picture = find(document);
    return picture?.complete && picture.naturalWidth > picture.naturalHeight === wide;
}"""
HEAR = """region => {
    window.heard = [];
    new MutationObserver(() => heard.push(region.textContent)).observe(region, { childList: true });
}"""
PASTE = """([name, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, { type: "image/jpeg" }));
    window.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def open_photos(visitor: Visitor) -> None:
    go_to(visitor.page, "Read photos")
    wait_for_photos(visitor.page)


def wait_for_photos(page: Page | FrameLocator) -> None:
    """Wait until the page of photos knows what it asks the browser: the run that follows loses a file sent before."""
    page.get_by_text("Use the camera of this device").wait_for()  # the last thing that it learns
    wait_for_run(page)


def send(visitor: Visitor, *names: str) -> None:
    visitor.page.locator(".st-key-files input[type=file]").set_input_files([PHOTOGRAPHS / name for name in names])


def texts(visitor: Visitor) -> Locator:
    return visitor.page.locator("[class*=st-key-text_]")


def settled(part: Locator) -> FloatRect:
    """Where it lies in the window, once it has not moved for a second: pictures above it arrive one by one."""
    before = None
    for _ in range(MAX_WAIT_SECONDS):
        part.evaluate("part => part.scrollIntoView({ block: 'nearest' })")  # it may be replaced by its like meanwhile
        box = part.bounding_box()
        if box is not None and box == before:
            return box
        before = box
        part.page.wait_for_timeout(1000)
    raise AssertionError(f"still moving: {before}")


def box_of(visitor: Visitor, number: int) -> Locator:
    """The box on the first picture's digit with that number, from 1."""
    return visitor.page.get_by_role("radio", name=re.compile(f"^No. {number}: ")).first


def choose(visitor: Visitor, number: int) -> None:
    box_of(visitor, number).click()
    expect(visitor.page.get_by_role("button", name="take the box away")).to_be_visible()


@pytest.fixture
def sent(visitor: Visitor) -> Visitor:
    open_photos(visitor)
    send(visitor, ONE_LINE)
    expect(texts(visitor)).to_have_text([TEXT])
    return visitor


@functools.cache
def with_large_digits() -> str:
    """The photograph of five digits whose smallest is the largest, as a finger can hit them on a small phone."""
    classifier = Classifier.load()

    def smallest(name: str) -> float:
        digits = classifier.read(in_file((PHOTOGRAPHS / name).read_bytes())).digits
        return min(min(digit.framed.box[2:]) for digit in digits)

    return max((name for name, said in TEXTS.items() if said["read"] and len(said["text"]) == 5), key=smallest)


@pytest.fixture
def last_box(sent: Visitor, classifier: Classifier) -> Box:
    """The box of the photograph's last digit, which the visitor has taken away."""
    choose(sent, len(TEXT))
    sent.page.get_by_role("button", name="take the box away").press("Enter")
    expect(texts(sent)).to_have_text([TEXT[:-1]])
    return classifier.read(in_file((PHOTOGRAPHS / ONE_LINE).read_bytes())).digits[-1].framed.box


@pytest.mark.parametrize(("width", "height", "dark"), [(1280, 900, False), (390, 844, True)])
def test_photographs_are_read_put_right_and_taken_away(visit: Visit, width: int, height: int, dark: bool) -> None:
    visitor = visit(width, height, dark=dark)
    open_photos(visitor)
    visitor.screenshot(f"photos-empty-{width}")
    send(visitor, ONE_LINE, OTHER)
    expect(texts(visitor)).to_have_text([TEXT, TEXTS[OTHER]["text"].replace("\n", " ")])
    picture = visitor.page.locator("[class*=st-key-photo_] img").first
    expect(picture).to_be_visible()
    assert sideways(visitor.page) == 0
    visitor.screenshot(f"photos-{width}")
    choose(visitor, 1)
    other = str((int(TEXT[0]) + 1) % 10)
    visitor.page.locator("[class*=st-key-correct_]").get_by_role("radio", name=other, exact=True).click()
    expect(texts(visitor).first).to_have_text(other + TEXT[1:])
    choose(visitor, len(TEXT))
    visitor.page.get_by_role("button", name="take the box away").click()
    expect(texts(visitor).first).to_have_text(other + TEXT[1:-1])
    visitor.screenshot(f"photos-corrected-{width}")
    expect(visitor.page.locator(".st-key-announcement").get_by_role("status")).to_contain_text(other)
    with visitor.page.expect_download() as started:
        visitor.page.get_by_role("button", name="All as table").click()
    rows = list(csv.DictReader(io.StringIO(Path(started.value.path()).read_text("utf-8"))))
    assert [row["number"] for row in rows if row["file"] == ONE_LINE] == [other + TEXT[1:-1]]


def test_the_line_of_a_box_says_what_its_name_says(visitor: Visitor) -> None:
    open_photos(visitor)
    hard = [name for name, said in TEXTS.items() if not said["read"]][-3:]
    send(visitor, *hard)
    expect(texts(visitor)).to_have_count(len(hard))
    visitor.wait_for_run()
    boxes = visitor.page.get_by_role("radio", name=re.compile("^No. "))
    lines = set()
    for box in boxes.all():
        name = box.get_attribute("aria-label") or ""
        line = "dotted" if "no digit" in name else "dashed" if "doubtful" in name else "solid"
        expect(box).to_have_css("border-top-style", line)
        lines.add(line)
    assert len(lines) > 1


def test_a_name_that_looks_like_a_piece_of_a_page_is_said_as_it_is(visitor: Visitor) -> None:
    """Streamlit drops attributes of HTML that hold such; what screen readers are told stands in one."""
    open_photos(visitor)
    name = "]> --> </style> it's a seven & so on.png"
    content = (ROOT / "data" / "seven.png").read_bytes()
    files = visitor.page.locator(".st-key-files input[type=file]").first
    files.set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
    expect(visitor.page.locator(".st-key-announcement").get_by_role("status")).to_have_text(f"{name}: 7")


def test_each_picture_is_heard_once_and_so_is_what_is_put_right(visitor: Visitor, tmp_path: Path) -> None:
    open_photos(visitor)
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes((PHOTOGRAPHS / ONE_LINE).read_bytes()[:300])
    status = visitor.page.locator(".st-key-announcement").get_by_role("status")
    status.evaluate(HEAR)
    files = visitor.page.locator(".st-key-files input[type=file]")
    said = []
    for path in (PHOTOGRAPHS / ONE_LINE, damaged, PHOTOGRAPHS / OTHER):
        files.set_input_files(path)
        said.append(path.name)
        expect(status).to_contain_text(f"{path.name}: ")
        visitor.wait_for_run()
    choose(visitor, len(TEXT))
    visitor.page.get_by_role("button", name="take the box away").click()
    said.append(ONE_LINE)
    expect(status).to_contain_text(f"{ONE_LINE}: {TEXT[:-1]}")
    visitor.page.get_by_text("Add a box").first.click()
    expect(visitor.page.locator("[class*=st-key-boxing_] canvas.upper-canvas")).to_be_visible()
    visitor.wait_for_run()
    visitor.page.wait_for_timeout(1000)
    heard = re.findall(r"[\w-]+\.jpg", " ".join(visitor.page.evaluate("heard")))
    assert heard == said


def test_two_pictures_that_say_the_same_are_both_heard(visitor: Visitor, tmp_path: Path) -> None:
    open_photos(visitor)
    visitor.page.locator(".st-key-announcement").get_by_role("status").evaluate(HEAR)
    files = visitor.page.locator(".st-key-files input[type=file]")
    again = shutil.copy(PHOTOGRAPHS / ONE_LINE, tmp_path)  # browsers name every pasted picture alike
    for count, path in enumerate((PHOTOGRAPHS / ONE_LINE, again), 1):
        files.set_input_files(path)
        visitor.page.wait_for_function("count => heard.length >= count", arg=count)
        visitor.wait_for_run()
    assert len(visitor.page.evaluate("heard")) == 2


def test_a_box_that_was_missed_is_drawn(visitor: Visitor, last_box: Box) -> None:
    visitor.page.get_by_text("Add a box").click()
    canvas = visitor.page.locator("[class*=st-key-boxing_] canvas.upper-canvas")
    box = settled(canvas)
    x, y, width, height = last_box
    scale = box["width"] / 800
    mouse = visitor.page.mouse
    mouse.move(box["x"] + (x - 8) * scale, box["y"] + (y - 8) * scale)
    mouse.down()
    mouse.move(box["x"] + (x + width + 8) * scale, box["y"] + (y + height + 8) * scale, steps=5)
    mouse.up()
    expect(texts(visitor)).to_have_text([TEXT])


def test_a_digit_is_put_right_by_keys_alone(sent: Visitor) -> None:
    page = sent.page
    other = str((int(TEXT[1]) + 1) % 10)
    box_of(sent, 1).focus()
    page.keyboard.press("ArrowRight")
    expect(box_of(sent, 2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(box_of(sent, 2)).to_have_attribute("aria-checked", "true")
    page.get_by_role("radio", name=TEXT[1], exact=True).press("ArrowRight" if other != "0" else "ArrowLeft")
    page.keyboard.press("Space")
    expect(texts(sent)).to_have_text([TEXT[0] + other + TEXT[2:]])
    expect(box_of(sent, 2)).to_have_accessible_name(f"No. 2: {other}")


def test_a_second_click_lets_a_digit_go(sent: Visitor) -> None:
    choose(sent, 2)
    box_of(sent, 2).click()
    expect(sent.page.get_by_role("button", name="take the box away")).to_have_count(0)
    expect(sent.page.get_by_text("Is one wrong?")).to_be_visible()


def test_a_box_that_was_missed_is_set_by_keys_alone(visitor: Visitor, last_box: Box) -> None:
    x, y, width, height = last_box
    page = visitor.page
    page.get_by_label("Add a box").press("Space")
    page.locator("[class*=st-key-setting_] summary").press("Enter")
    with Image.open(PHOTOGRAPHS / ONE_LINE) as picture:
        sides = picture.size
    for name, begin, extent, side in zip(("left to", "top to"), (x, y), (width, height), sides, strict=True):
        thumbs = page.locator(f"[class*=st-key-{name.replace(' ', '_')}]").get_by_role("slider")
        for number, share in ((1, (begin + extent) / side), (0, begin / side)):
            thumb, aim = thumbs.nth(number), round(100 * share) + (2 if number else -2)
            steps = aim - int(thumb.input_value())
            for _ in range(abs(steps)):
                thumb.press("ArrowRight" if steps > 0 else "ArrowLeft")
            expect(thumb).to_have_value(str(aim))
    visitor.wait_for_run()
    visitor.screenshot("photos-box-by-sliders")
    page.get_by_role("button", name="Read what is in it").press("Enter")
    expect(texts(visitor)).to_have_text([TEXT])


def test_a_picture_is_turned_and_what_was_done_is_undone(visitor: Visitor) -> None:
    open_photos(visitor)
    send(visitor, ONE_LINE)
    expect(texts(visitor)).to_have_text([TEXT])
    undo = visitor.page.get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()
    for wide in (False, True):
        visitor.page.get_by_role("button", name="Turn").click()
        visitor.wait_for_run()
        expect(visitor.page.get_by_text("The picture is shown turned.").first).to_be_visible()
        visitor.page.wait_for_function(SHOWN_WIDE, arg=wide)
        visitor.screenshot(f"photos-turned-{'head' if wide else 'side'}")
    for _ in range(2):
        undo.click()
        visitor.wait_for_run()
    expect(texts(visitor)).to_have_text([TEXT])
    expect(undo).to_be_disabled()
    visitor.page.wait_for_function(SHOWN_WIDE, arg=True)
    said = visitor.page.locator(".st-key-announcement").get_by_role("status")
    expect(said).to_contain_text(TEXT)  # though the page said the same when the picture came


def test_what_was_put_right_stays_while_another_page_is_looked_at_and_when_it_is_reloaded(sent: Visitor) -> None:
    choose(sent, len(TEXT))
    sent.page.get_by_role("button", name="take the box away").press("Enter")
    expect(texts(sent)).to_have_text([TEXT[:-1]])
    go_to(sent.page, "Draw")
    open_photos(sent)
    expect(texts(sent)).to_have_text([TEXT[:-1]])
    sent.page.reload()
    expect(texts(sent)).to_have_text([TEXT[:-1]])
    sent.wait_for_run()
    send(sent, OTHER)
    expect(texts(sent)).to_have_count(2)
    sent.page.get_by_role("button", name="Remove", exact=True).click()
    expect(texts(sent)).to_have_text([TEXTS[OTHER]["text"].replace("\n", " ")])


def test_a_pasted_picture_is_read(visitor: Visitor) -> None:
    open_photos(visitor)
    content = base64.b64encode((PHOTOGRAPHS / ONE_LINE).read_bytes()).decode()
    visitor.page.wait_for_timeout(1000)  # the page's script is there
    visitor.page.evaluate(PASTE, [ONE_LINE, content])
    expect(texts(visitor)).to_have_text([TEXT])


def test_what_cannot_be_read_is_told_and_the_others_are_read(visitor: Visitor, tmp_path: Path) -> None:
    open_photos(visitor)
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes((PHOTOGRAPHS / ONE_LINE).read_bytes()[:300])
    files = visitor.page.locator(".st-key-files input[type=file]")
    files.set_input_files([damaged, PHOTOGRAPHS / ONE_LINE])
    expect(texts(visitor)).to_have_text([TEXT])
    expect(visitor.page.locator("[data-testid=stAlert]")).to_contain_text("damaged.jpg: the picture is damaged")
