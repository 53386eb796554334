"""What a person may do with a picture that was read: see, put right, take away."""

import csv
import io
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from unittest.mock import Mock

import cv2
import numpy as np
import pytest
from PIL import Image

from mnist.errors import UserError
from mnist.files import ROOT
from mnist.reading.drawings import strokes
from mnist.reading.judgement import NOT_A_DIGIT
from mnist.reading.pictures import images, masks
from mnist.reading.pictures.find_markings import DOT, FRAME, HASH, PLUS, UNDERLINE
from mnist.reading.pictures.second_looks import SMALL_MARK
from mnist.reading.pictures.small_pictures import RULE
from mnist.reading.pictures.tables import BESIDE
from mnist.reading.pictures.writing import AT_EDGE, TOO_SMALL
from mnist.reading.readings import Reading
from mnist.web.components.boxed_picture import PictureBox
from mnist.web.parts import photo_picture
from mnist.web.state import photo
from mnist.web.state.photo import Photo
from mnist.web.state.photo_tables import COLUMNS, as_csv, as_grid, as_json
from mnist.web.state.reader import Reader
from tools.harness import hand
from tools.harness.image_files import file
from tools.made_tables import Table, begun_sudoku

SIZE = (1600, 1200)


def written(*labels: int, dirt: bool = False) -> bytes:
    """A sheet with digits in a row, as a PNG file."""
    light = np.full(SIZE[::-1], 0.9)
    for place, label in enumerate(labels):
        light[400:680, 100 + 300 * place : 380 + 300 * place] -= 0.7 * strokes.ink(hand.strokes(label), (280, 280))
    if dirt:
        light[900:910, 800:900] -= 0.7
        light[20:28, 20:27] -= 0.7
    return file(Image.fromarray((light * 255).astype(np.uint8)))


@pytest.fixture
def sheet(loaded: Reader) -> Photo:
    return Photo("numbers.png", written(7, 2, 4), loaded)


def test_the_digits_are_read_with_their_boxes(sheet: Photo) -> None:
    assert sheet.reading.text == "724"
    for place, mark in enumerate(sheet.marks):
        x, y, width, height = mark.box
        assert 100 + 300 * place <= x
        assert x + width <= 380 + 300 * place
        assert 400 <= y < y + height <= 680


def test_a_correction_stands_in_all_that_is_taken_away(sheet: Photo) -> None:
    sheet.correct(1, 3)
    assert sheet.reading.text == "734"
    assert [mark.kind for mark in sheet.marks] == ["sure", "by-hand", "sure"]
    (answer,) = json.loads(as_json([sheet]))
    assert answer["text"] == "734"
    assert [digit["by_hand"] for digit in answer["digits"]] == [False, True, False]
    rows = list(csv.DictReader(io.StringIO(as_csv([sheet]))))
    (row,) = rows
    assert tuple(row) == COLUMNS
    assert (row["file"], row["row"], row["column"], row["number"]) == (sheet.name, "1", "1", "734")
    assert float(row["confidence"]) == pytest.approx(answer["confidence"])


def test_numbers_are_taken_away_where_they_stand(loaded: Reader, sheet: Photo) -> None:
    apart = Photo("apart.png", written(7, 2), loaded)
    first, second = apart.lines[0]
    apart.lines = [[first, second], [second, second]]
    apart._read = replace(apart._read, walls=((x := first.box[0] + first.box[2] + 5, 0.0, x, 2000.0),))
    assert [(n.text, n.row, n.column) for n in apart.reading.numbers] == [("7", 0, 0), ("2", 0, 1), ("22", 1, 1)]
    assert as_grid([apart, sheet]).splitlines() == ["7,2", ",22", "", "724"]


def test_numbers_in_one_cell_are_all_taken_away(sheet: Photo) -> None:
    sheet.remove(1)
    sheet._read = replace(sheet._read, walls=((50.0, 0.0, 50.0, 2000.0),))  # both stand right of it
    assert sheet.reading.text == "7 4"
    assert as_grid([sheet]).splitlines() == ["7 4"]


@pytest.fixture(scope="module")
def begun() -> Table:
    return begun_sudoku([hand.drawn()], np.random.default_rng(1), askew=True)


def test_a_sudoku_is_taken_away_as_nine_rows_of_nine(loaded: Reader, begun: Table) -> None:
    sudoku = Photo("sudoku.jpg", begun.content, loaded)
    rows = list(csv.reader(io.StringIO(as_grid([sudoku]))))
    text = [list(line.replace(".", " ")) for line in (sudoku.reading.text or "").splitlines()]
    assert len(text) == 9
    assert [[cell or " " for cell in row] for row in rows] == text


def test_a_box_in_a_table_can_be_removed_and_added_and_the_table_turned(loaded: Reader, begun: Table) -> None:
    sudoku = Photo("sudoku.jpg", begun.content, loaded)
    text = sudoku.reading.text
    for index in (0, 20, 40):
        x, y, width, height = sudoku.marks[index].box
        sudoku.remove(index)
        assert sudoku.reading.text != text
        assert sudoku.add((x - 5, y - 5, width + 10, height + 10), loaded)
        assert sudoku.reading.text == text
    for _ in range(4):
        sudoku.turn(loaded)
    assert (sudoku.reading.turned, sudoku.reading.text) == (0, text)


def test_a_box_can_be_removed_and_added(sheet: Photo, loaded: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "decode", None)  # the picture is not decoded again
    x, y, width, height = sheet.marks[1].box
    sheet.remove(1)
    assert sheet.reading.text == "7 4"  # there is room for a number between
    assert sheet.add((x - 10, y - 10, width + 20, height + 20), loaded)
    assert sheet.reading.text == "724"  # in its place
    assert sheet.marks[1].box == pytest.approx((x, y, width, height), abs=2)
    assert not sheet.add((100.0, 900.0, 200.0, 200.0), loaded)  # there is nothing
    for _ in range(3):
        sheet.remove(0)
    assert sheet.reading == Reading("empty")


def test_each_change_can_be_undone(sheet: Photo, loaded: Reader) -> None:
    x, y, width, height = sheet.marks[1].box
    texts = [sheet.reading.text]
    for change in (
        lambda: sheet.correct(1, 3),
        lambda: sheet.remove(1),
        lambda: sheet.add((x - 10, y - 10, width + 20, height + 20), loaded),
        lambda: sheet.turn(loaded),
    ):
        change()
        texts.append(sheet.reading.text)
    assert texts[:4] == ["724", "734", "7 4", "724"]
    assert (sheet.reading.turned, sheet.picture.size) == (90, (960, 1280))
    for before in texts[-2::-1]:
        sheet.undo()
        assert sheet.reading.text == before
        assert sheet.picture.size == (1280, 960)
    assert not sheet.is_changed
    sheet.undo()  # a second click, too early seen
    assert [mark.kind for mark in sheet.marks] == ["sure"] * 3


def test_a_picture_is_turned_and_read_and_boxes_lie_on_what_is_shown(loaded: Reader) -> None:
    upright = Image.open(io.BytesIO(written(7, 2, 4)))
    photo = Photo("lying.png", file(upright.rotate(90, expand=True)), loaded)  # counter-clockwise
    for turned in (90, 180, 270, 0, 90):
        if photo.reading.turned != turned:  # the first time it is found by the program itself
            photo.turn(loaded)
        assert photo.reading.turned == turned
    assert photo.reading.text == "724"
    for place, mark in enumerate(photo.marks):
        assert 100 + 300 * place <= mark.box[0] <= mark.box[0] + mark.box[2] <= 380 + 300 * place
    x, y, width, height = photo.marks[1].box
    photo.remove(1)
    assert photo.add((x - 10, y - 10, width + 20, height + 20), loaded)
    assert photo.reading.text == "724"
    dark = np.asarray(photo.picture.convert("L")) < 128
    rows, columns = np.nonzero(dark)
    assert columns.min() == pytest.approx(photo.marks[0].box[0] * photo.scale, abs=3)
    assert rows.min() == pytest.approx(min(mark.box[1] for mark in photo.marks) * photo.scale, abs=3)


def test_a_small_picture_is_read_as_before_when_it_is_upright_again(loaded: Reader) -> None:
    light = np.full((60, 60), 0.9)
    light[:, :2] = 0.3  # a cell's rule: by its ink alone it would be a 1
    light[12:48, 14:50] -= 0.7 * cv2.resize(
        strokes.ink(hand.strokes(7), (280, 280)), (36, 36), interpolation=cv2.INTER_AREA
    )
    photo = Photo("cell.png", file(Image.fromarray((light * 255).clip(0, 255).astype(np.uint8))), loaded)
    assert photo.reading.text == "7"
    box = photo.marks[0].box
    for _ in range(4):
        photo.turn(loaded)
    assert photo.reading.text == "7"
    assert photo.marks[0].box == box


def test_a_strip_is_read_as_before_when_it_is_upright_again(loaded: Reader) -> None:
    light = np.full((150, 900), 0.9) * np.linspace(1.0, 0.8, 900)
    light[:, :8] = light[:6] = 0.3  # the rules of its box
    for place, label in enumerate((3, 5, 7)):
        ink = cv2.resize(strokes.ink(hand.strokes(label), (280, 280)), (110, 110), interpolation=cv2.INTER_AREA)
        light[24:134, 200 + 150 * place : 310 + 150 * place] -= 0.6 * ink
    photo = Photo("strip.png", file(Image.fromarray((light * 255).clip(0, 255).astype(np.uint8))), loaded)
    assert photo.reading.text == "357"
    for _ in range(4):
        photo.turn(loaded)
    assert photo.reading.text == "357"


def test_what_cannot_be_turned_stays_as_it_was(sheet: Photo, loaded: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masks, "lattice_of", Mock(side_effect=UserError("too many shapes")))
    with pytest.raises(UserError, match="too many shapes"):
        sheet.turn(loaded)
    assert sheet.reading.text == "724"
    assert not sheet.is_changed


def test_what_a_box_is_put_around_was_left_out_no_longer(loaded: Reader) -> None:
    sheet = Photo("dirty.png", written(7, 2, dirt=True), loaded)
    spot = next(box for box, why in sheet.left_out if why == NOT_A_DIGIT)
    assert sheet.add((spot[0] - 4, spot[1] - 4, spot[2] + 8, spot[3] + 8), loaded)
    assert [why for _, why in sheet.left_out] == [TOO_SMALL]
    sheet.undo()
    assert len(sheet.left_out) == 2


def test_an_added_box_around_no_digit_is_refused(sheet: Photo, loaded: Reader) -> None:
    x, y, *_ = sheet.marks[0].box
    far = sheet.marks[2].box
    assert sheet.add((x - 5, y - 5, far[0] + far[2] - x + 10, far[3] + 60), loaded)
    assert sheet.reading.verdict == "not_a_digit"
    assert "rejected" in [mark.kind for mark in sheet.marks]


def test_what_is_left_out_is_said(loaded: Reader) -> None:
    sheet = Photo("dirty.png", written(7, 2, dirt=True), loaded)
    assert sheet.reading.text == "72"
    assert photo_picture.why_left_out(sheet) == [
        "one spot that is too small to be a digit",
        "one shape that is not a digit",
    ]


def test_every_reason_has_a_phrase(sheet: Photo) -> None:
    reasons = [TOO_SMALL, AT_EDGE, NOT_A_DIGIT, RULE, HASH, BESIDE, SMALL_MARK, FRAME, UNDERLINE, DOT, PLUS]
    left_out = tuple(((0.0, 0.0, 9.0, 9.0), why) for why in (*reasons, RULE))
    sheet._read = replace(sheet._read, left_out=left_out)
    assert photo_picture.why_left_out(sheet)[1:] == [
        "one shape at the edge of the picture", "one shape that is not a digit", "2 lines of the cell",
        "a # beside a number", "one thing beside the table", "one small mark beside the writing",
        "a frame around writing", "a line below writing", "a filled dot", "a plus beside a number",
    ]  # fmt: skip


def test_the_picture_shows_the_boxes(sheet: Photo) -> None:
    shown = photo_picture.annotated(sheet)
    assert max(shown.size) == 1280
    changed = np.abs(np.asarray(shown, np.int16) - np.asarray(sheet.picture, np.int16)).sum(axis=2) > 60
    x, y, width, height = (side * sheet.scale for side in sheet.marks[0].box)
    assert changed[round(y - 4), round(x + width / 2)]  # the box's upper side
    assert not changed[round(y + height + 40) :].any()


@pytest.mark.parametrize(("kind", "inked"), [("sure", 1.0), ("doubtful", 0.6), ("rejected", 0.38), ("by-hand", 1.0)])
def test_the_line_of_a_box_says_without_colour_how_sure_its_digit_is(
    sheet: Photo, monkeypatch: pytest.MonkeyPatch, kind: str, inked: float
) -> None:
    monkeypatch.setattr(photo_picture, "picture_boxes", lambda _: [PictureBox((200.0, 100.0, 400.0, 300.0), kind)])
    shown = np.asarray(photo_picture.annotated(sheet), np.int16)
    changed = np.abs(shown - np.asarray(sheet.picture, np.int16)).sum(axis=2) > 60
    for side in (changed[101, 206:595], changed[399, 206:595], changed[106:395, 201], changed[106:395, 599]):
        assert side.mean() == pytest.approx(inked, abs=0.05)


def test_a_file_name_is_no_formula(loaded: Reader) -> None:
    rows = as_csv([Photo("=1+1.png", written(7), loaded)]).splitlines()
    assert rows[1].startswith("'=1+1.png,")


@pytest.mark.parametrize(
    ("text", "cell"), [("-5", "-5"), ("-2,5", "-2,5"), ("-2-3", "'-2-3"), ("=5", "'=5"), ("12:30", "12:30"), ("", "")]
)
def test_no_number_is_a_formula(text: str, cell: str) -> None:
    number = Mock(row=0, column=0, text=text)
    assert list(csv.reader(as_grid([Mock(reading=Mock(numbers=[number], mesh=None))]).splitlines())) == [[cell]]


def test_what_all_hold_together_is_bounded(loaded: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "_photos", set())  # those of other tests are let go of at any time
    first = Photo("first.png", written(7), loaded)
    assert photo.held() == first.held > 0
    assert first.held < 100_000  # ten times less than its pixels
    monkeypatch.setattr(photo, "MAX_HELD_BYTES", 0)
    with pytest.raises(UserError, match="the server holds too many pictures now"):
        Photo("second.png", written(7), loaded)
    del first  # its visitor has left
    Photo("third.png", written(7), loaded)


def test_photos_are_counted_while_others_are_read(loaded: Reader) -> None:
    cell = file(Image.new("L", (12, 12), 255))
    kept = [Photo("cell.png", cell, loaded) for _ in range(40)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(1) as pool:
            others = pool.submit(lambda: [Photo("cell.png", cell, loaded) for _ in range(100)])
            while not others.done():
                photo.held()
            assert len(others.result()) > len(kept)
    finally:
        sys.setswitchinterval(interval)


def test_where_too_much_is_held_nothing_is_changed(
    sheet: Photo, loaded: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo, "MAX_HELD_BYTES", 0)
    for change in (
        lambda: sheet.turn(loaded),
        lambda: sheet.correct(1, 3),
        lambda: sheet.remove(1),
        lambda: sheet.add(sheet.marks[1].box, loaded),
    ):
        with pytest.raises(UserError, match="the server holds too many pictures now"):
            change()
    assert (sheet.reading.text, sheet.is_changed) == ("724", False)


def test_of_its_changes_a_photo_holds_the_last(loaded: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "MAX_CHANGES", 2)
    sheet = Photo("sheet.png", written(7), loaded)
    for digit in (1, 2, 3, 4):
        sheet.correct(0, digit)
    texts = []
    while sheet.is_changed:
        sheet.undo()
        texts.append(sheet.reading.text)
    assert texts == ["3", "2"]


def test_what_is_no_picture_is_told(loaded: Reader) -> None:
    with pytest.raises(UserError, match="neither a picture"):
        Photo("words.txt", b"hello", loaded)
    sample = ROOT / "data" / "letter.png"
    assert Photo("letter.png", sample.read_bytes(), loaded).reading.verdict == "not_a_digit"
