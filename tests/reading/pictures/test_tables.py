"""Ruled tables and sudokus, photographed askew on paper that bulges: every number in its row and column."""

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from mnist.reading.framing import around
from mnist.reading.pictures import images, table_frames, tables
from mnist.reading.pictures.tables import BESIDE
from mnist.reading.readings import Reading
from tools.harness import hand
from tools.harness.image_files import file
from tools.made_tables import (
    BY_HAND,
    COLUMNS_BY_HAND,
    NO_FRAME_BY_HAND,
    NO_RULES,
    Ruling,
    Table,
    begun_sudoku,
    in_cells,
    sudoku,
    table,
)

HANDS = [hand.drawn()]
SEEDS = range(4)


def read(classifier: Classifier, content: bytes) -> Reading:
    return classifier.read(find_digits.in_file(content))


def lines_of(made: Table) -> str:
    return "\n".join("".join(text or "." for text in row) for row in made.texts)


def missed(text: str | None, other: str) -> int:
    """Return how many characters of two texts of the same length differ."""
    assert text is not None
    assert len(text) == len(other)
    return sum(one != another for one, another in zip(text, other, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sudoku_is_nine_lines_of_nine_with_points_for_empty_cells(classifier: Classifier, seed: int) -> None:
    made = begun_sudoku(HANDS, np.random.default_rng(seed), askew=True)
    assert missed(read(classifier, made.content).text, lines_of(made)) <= 1


def test_a_filled_sudoku_is_nine_lines_of_nine(classifier: Classifier) -> None:
    made = sudoku(HANDS, np.random.default_rng(5), askew=True)
    assert missed(read(classifier, made.content).text, lines_of(made)) <= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_of_a_table_have_their_row_and_column(classifier: Classifier, seed: int) -> None:
    made = table(HANDS, np.random.default_rng(seed), askew=True)
    numbers = read(classifier, made.content).numbers
    assert [(n.row, n.column) for n in numbers] == [
        (row, column) for row, line in enumerate(made.texts) for column, text in enumerate(line) if text
    ]
    for number in numbers:  # its box lies where it was written
        x, y, width, height = number.box
        assert np.hypot(*(made.middles[number.row, number.column] - (x + width / 2, y + height / 2))) < 0.6 * 150


@pytest.mark.parametrize("ruling", [NO_RULES, BY_HAND, NO_FRAME_BY_HAND, COLUMNS_BY_HAND])
@pytest.mark.parametrize("seed", SEEDS)
def test_tables_need_no_printed_rules(classifier: Classifier, ruling: Ruling, seed: int) -> None:
    made = table(HANDS, np.random.default_rng(seed), ruling=ruling)
    numbers = read(classifier, made.content).numbers
    found = in_cells([(number.text, number.box) for number in numbers], made)
    assert (np.array(found) == np.array(made.texts)).mean() >= 0.85
    firsts = [(number.row, number.column) for number in numbers if number.text == made.texts[number.row][number.column]]
    assert len(firsts) >= 0.85 * np.count_nonzero(np.array(made.texts) != "")


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_table_on_its_side_or_head_is_read_turned(classifier: Classifier, degrees: int) -> None:
    made = begun_sudoku(HANDS, np.random.default_rng(1), askew=True)
    light = np.asarray(Image.fromarray((images.decode(made.content).lightness * 255).astype(np.uint8)))
    upright = read(classifier, made.content)
    turned = read(classifier, file(Image.fromarray(np.rot90(light, degrees // 90)), "PNG"))
    assert turned.turned == degrees
    assert upright.text is not None
    assert missed(turned.text, upright.text) <= 1


def test_a_small_picture_of_a_sudoku_is_read(classifier: Classifier) -> None:
    made = begun_sudoku(HANDS, np.random.default_rng(2), askew=True)
    small = Image.fromarray((images.decode(made.content).lightness * 255).astype(np.uint8)).crop((150, 0, 1050, 900))
    text = read(classifier, file(small.resize((380, 380), Image.Resampling.BOX), "PNG")).text
    assert missed(text, lines_of(made)) <= 3


def filled(  # noqa: PLR0913 - each is one way in which tables differ
    texts: list[list[str]],
    widths: Sequence[int] = (),
    *,
    high: int = 100,
    rule: int = 4,
    height: float = 0.6,
    foot: float = 0.85,
    size: tuple[int, int] | None = None,
) -> Image.Image:
    """Return a picture of a table; digits are so high, and their feet so low, in heights of a cell; words are type."""
    widths = widths or [120] * len(texts[0])
    wide, deep = sum(widths), high * len(texts)
    picture = Image.new("L", size or (wide + 200, deep + 200), 225)
    draw = ImageDraw.Draw(picture)
    walls: list[float] = [100, *(100 + sum(widths[: i + 1]) for i in range(len(widths)))]
    for x in walls:
        draw.line([(x, 100), (x, 100 + deep)], 60, rule)
    for row in range(len(texts) + 1):
        draw.line([(100, 100 + row * high), (100 + wide, 100 + row * high)], 60, rule)
    tall = height * high
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            x, y = (walls[column] + walls[column + 1]) / 2, 100 + (row + foot) * high
            if text.replace(".", "").isdigit():
                _write(draw, text, x - 0.35 * tall * len(text), y, tall)
            else:
                draw.text((x, y), text, 40, font_size=tall, anchor="ms")
    return picture


def _write(draw: ImageDraw.ImageDraw, text: str, x: float, foot: float, tall: float) -> None:
    """Write digits as a hand does, each 0.7 heights further right; a point takes half of that."""
    pen = max(3, round(0.09 * tall))
    for character in text:
        if character == ".":
            draw.ellipse((x + 0.1 * tall, foot - 1.3 * pen, x + 0.1 * tall + 1.3 * pen, foot), 40)
            x += 0.35 * tall
            continue
        for stroke in hand.strokes(int(character), tall / 190, (0, 0)):
            left = 80 * tall / 190
            points = [(px - left + x, py - 236 * tall / 190 + foot) for px, py in stroke.points.tolist()]
            draw.line(points, 40, pen, joint="curve")
        x += 0.7 * tall


def text_of(classifier: Classifier, picture: Image.Image) -> str | None:
    return read(classifier, file(picture, "PNG")).text


@pytest.mark.parametrize("height", [0.6, 0.7])
def test_a_column_of_ones_is_no_rule(classifier: Classifier, height: float) -> None:
    texts = [["7", "1", "4", "2"] for _ in range(5)]
    reading = read(classifier, file(filled(texts, height=height), "PNG"))
    assert reading.text == "\n".join(" ".join(line) for line in texts)
    assert reading.mesh is not None
    assert reading.mesh.shape == (5, 4)


@pytest.mark.parametrize("wide", [240, 360])
def test_a_column_that_is_wider_is_one(classifier: Classifier, wide: int) -> None:
    texts = [["1", "7", "4", "2", "3"] for _ in range(4)]
    reading = read(classifier, file(filled(texts, [wide, 120, 120, 120, 120]), "PNG"))
    assert [(number.text, number.column) for number in reading.numbers] == [
        (text, column) for line in texts for column, text in enumerate(line)
    ]


@pytest.mark.parametrize("degrees", [-17, 17])
def test_a_wide_table_may_be_tilted(classifier: Classifier, degrees: int) -> None:
    texts = [["7", "4", "2", "3", "8", "6", "5", "4"], ["2", "3", "7", "4", "4", "2", "3", "8"], list("44223388")]
    picture = filled(texts, size=(1300, 900)).rotate(degrees, Image.Resampling.BICUBIC, True, fillcolor=225)
    assert text_of(classifier, picture) == "\n".join(" ".join(line) for line in texts)


def test_a_flat_table_may_have_thick_rules(classifier: Classifier) -> None:
    texts = [list("742386543"), list("238744238")]
    assert text_of(classifier, filled(texts, high=110, rule=9)) == "\n".join(" ".join(line) for line in texts)


@pytest.mark.parametrize("foot", [0.85, 0.96])
def test_a_decimal_point_stays_in_its_cell_also_at_the_rule_below(classifier: Classifier, foot: float) -> None:
    texts = [["5.4", "6.2"], ["8.3", "3.5"], ["2.4", "7.8"]]
    picture = filled(texts, [160, 160], foot=foot)
    assert text_of(classifier, picture) == "\n".join(" ".join(line) for line in texts)


def test_numbers_beside_an_empty_table_are_read(classifier: Classifier) -> None:
    picture = filled([["", "", ""] for _ in range(4)], size=(1000, 600))
    draw = ImageDraw.Draw(picture)
    for row, text in enumerate(("742", "386")):
        _write(draw, text, 600.0, 250.0 + 150 * row, 80.0)
    assert text_of(classifier, picture) == "742\n386"


def test_headings_are_left_out(classifier: Classifier) -> None:
    texts = [["Nr", "Mo", "Di", "Mi"], ["Bo", "7", "4", "2"], ["Al", "3", "8", "6"], ["Jan", "5", "4", "3"]]
    reading = read(classifier, file(filled(texts), "PNG"))
    assert reading.text == "7 4 2\n3 8 6\n5 4 3"
    assert [(number.row, number.column) for number in reading.numbers][:2] == [(1, 1), (1, 2)]
    assert reading.verdict == "digit"


def test_a_table_on_a_sheet_on_a_dark_table_photographed_askew_is_read(classifier: Classifier) -> None:
    texts = [["Name", "Mo", "Di", "Mi"], ["Anna", "17", "4", "22"], ["Bo", "3.5", "18", "6"], ["Jan", "5", "44", "31"]]
    sheet = filled(texts, [220, 160, 160, 160], high=110, height=0.5, foot=0.8)
    picture = Image.new("L", (sheet.width + 500, sheet.height + 300), 60)
    picture.paste(sheet, (230, 150))
    askew = (1.05, 0.12, -60, 0.03, 1.1, -60, 0.00005, 0.0001)
    picture = picture.transform(
        picture.size, Image.Transform.PERSPECTIVE, askew, Image.Resampling.BICUBIC, fillcolor=60
    )
    grainy = Image.fromarray((light_of(picture) * 255).astype(np.uint8))
    reading = read(classifier, file(grainy, "JPEG", quality=85))
    assert (reading.text, reading.verdict) == ("17 4 22\n3.5 18 6\n5 44 31", "digit")


def test_what_lies_at_the_picture_s_edge_beside_a_table_has_its_box_there(classifier: Classifier) -> None:
    picture = filled([["7", "4", "2"], ["3", "8", "6"], ["5", "4", "3"]])
    ImageDraw.Draw(picture).rectangle((0, 120, 5, 380), 60)
    ((x, y, width, height),) = (box for box, why in read(classifier, file(picture, "PNG")).left_out if why == BESIDE)
    assert x == 0
    assert abs(width - 6) <= 3
    assert abs(y - 120) <= 4
    assert abs(y + height - 380) <= 4


def test_where_there_is_too_much_to_try_each_cell_is_one_thing(
    classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_PARTS", 4)
    texts = [["742", "4", "2"], ["3", "86", "6"], ["5", "4", "3"]]
    lattice = find_digits.in_file(file(filled(texts, [200, 200, 200]), "PNG"))
    assert lattice.untried > 0
    assert [number.text for number in classifier.read(lattice).numbers][-4:] == ["6", "5", "4", "3"]


def test_a_wide_table_cropped_tightly_is_found(classifier: Classifier) -> None:
    picture = filled([list("742386543"), list("238744238")]).crop((85, 85, 1195, 315)).resize((560, 116))
    assert text_of(classifier, picture) == "7 4 2 3 8 6 5 4 3\n2 3 8 7 4 4 2 3 8"


def ruled(rules: int = 4, paleness: int = 90, missing: tuple[int, ...] = (), inset: int = 100) -> Image.Image:
    """Return a picture of an empty table of that many rules each way; inner ones are paler, and some are missing."""
    picture = Image.new("L", (900, 900), 225)
    draw = ImageDraw.Draw(picture)
    places = np.linspace(inset, 900 - inset, rules).round().astype(int).tolist()
    for number, place in enumerate(places):
        colour = 60 if number in (0, rules - 1) else paleness
        if number not in missing:
            draw.line([(place, places[0]), (place, places[-1])], colour, 4)
        draw.line([(places[0], place), (places[-1], place)], colour, 4)
    return picture


def light_of(picture: Image.Image) -> np.ndarray:
    grain = np.random.default_rng(0).normal(0, 1.5, (picture.height, picture.width))
    return ((np.asarray(picture) + grain) / 255).clip(0, 1).astype(np.float32)


def shape_of(picture: Image.Image) -> tuple[int, int] | None:
    mesh = None if (lattice := tables.lattice_of(light_of(picture))) is None else lattice.mesh
    return None if mesh is None else mesh.shape


def test_pale_rules_within_a_dark_frame_count() -> None:
    picture = ruled(10, paleness=215)
    ImageDraw.Draw(picture).line([(333, 100), (333, 800)], 60, 4)
    ImageDraw.Draw(picture).line([(100, 567), (800, 567)], 60, 4)
    assert shape_of(picture) == (9, 9)


def test_a_rule_that_cannot_be_seen_lies_between_others_that_are_evenly_spaced() -> None:
    picture = ruled(7, missing=(3,))
    assert shape_of(picture) == (6, 5)  # nothing of it is there
    ImageDraw.Draw(picture).line([(450, 100), (450, 350)], 90, 4)
    assert shape_of(picture) == (6, 6)
    uneven = ruled(4)
    ImageDraw.Draw(uneven).line([(150, 100), (150, 800)], 60, 4)
    assert shape_of(uneven) == (3, 4)


def test_an_empty_table_is_empty(classifier: Classifier) -> None:
    assert read(classifier, file(ruled(), "PNG")).verdict == "empty"


def test_words_beside_a_table_are_left_out_and_named(classifier: Classifier) -> None:
    picture = ruled()
    draw = ImageDraw.Draw(picture)
    draw.text((150, 20), "Sudoku 1234", 30, font_size=50)
    for stroke in hand.strokes(7, 0.6, (135.0, 135.0), 8.0):
        draw.line([tuple(point) for point in stroke.points.tolist()], 30, 12, joint="curve")
    reading = read(classifier, file(picture, "PNG"))
    assert (reading.text, reading.numbers[0].row, reading.numbers[0].column) == ("7", 0, 0)
    x, y, width, height = around([box for box, why in reading.left_out if why == BESIDE])
    assert (round(x, -2), round(x + width, -2), round(y, -2), round(y + height, -2)) == (200, 500, 0, 100)


def test_on_squared_paper_with_a_margin_numbers_are_read_as_elsewhere(classifier: Classifier) -> None:
    picture = ruled(13, paleness=190)
    _write(ImageDraw.Draw(picture), "742", 220.0, 440.0, 130.0)
    assert text_of(classifier, Image.fromarray((light_of(picture) * 255).astype(np.uint8))) == "742"


def strips(picture: Image.Image, pitch: int, squared: bool) -> Image.Image:
    draw = ImageDraw.Draw(picture)
    for place in range(pitch, 900, pitch):
        draw.line([(0, place), (899, place)], 120, 3)
        if squared:
            draw.line([(place, 0), (place, 899)], 120, 3)
    return picture


@pytest.mark.parametrize(
    "picture",
    [
        strips(Image.new("L", (900, 900), 225), 90, squared=False),
        strips(Image.new("L", (900, 900), 225), 90, squared=True),  # it runs out of the picture
        ruled(2),  # a frame alone
        ruled(4, inset=400),  # too small to be what was photographed
        Image.new("L", (900, 900), 225),
    ],
    ids=["ruled paper", "squared paper", "a frame", "a small table", "nothing"],
)
def test_other_lines_are_no_table(picture: Image.Image) -> None:
    assert table_frames.find(light_of(picture)) is None


def test_a_triangle_and_open_sides_are_no_frame() -> None:
    open_at_the_right = ruled()
    ImageDraw.Draw(open_at_the_right).rectangle((700, 0, 899, 899), 225)
    assert table_frames.find(light_of(open_at_the_right)) is None
    triangle = Image.new("L", (900, 900), 225)
    for share in (0.0, 0.3, 0.6):
        ImageDraw.Draw(triangle).polygon(
            [(100 + 300 * share, 800 - 100 * share), (800 - 300 * share, 800 - 100 * share), (450, 100 + 400 * share)],
            outline=60, width=5,
        )  # fmt: skip
    ImageDraw.Draw(triangle).line([(450, 100), (450, 800)], 60, 5)
    assert table_frames.find(light_of(triangle)) is None
