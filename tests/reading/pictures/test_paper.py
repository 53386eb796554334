"""A sheet that does not fill its picture: it is told from what lies around it, and from all that is no sheet."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist.reading.pictures import paper

SIZE = (1200, 900)  # width and height, pixels
SHEET = [(250, 120), (980, 160), (950, 800), (230, 760)]


def picture(ground: float, shape: list[tuple[int, int]], light: float) -> np.ndarray:
    image = Image.new("L", SIZE, round(ground * 255))
    ImageDraw.Draw(image).polygon(shape, fill=round(light * 255))
    return np.asarray(image, np.float32) / 255


def covered(shape: list[tuple[int, int]]) -> np.ndarray:
    return picture(0.0, shape, 1.0) > 0.5


@pytest.mark.parametrize("table", [0.1, 0.4, 0.65])
def test_a_sheet_on_a_table_is_found(table: float) -> None:
    found = paper.sheet(picture(table, SHEET, 0.9))
    assert found is not None
    assert not (found & ~covered(SHEET)).any()
    assert found.sum() > 0.8 * covered(SHEET).sum()  # but for its edge


def test_a_sheet_that_the_edge_cuts_off_is_found() -> None:
    low = [(300, 250), (900, 230), (930, 950), (280, 950)]
    found = paper.sheet(picture(0.2, low, 0.9))
    assert found is not None
    assert found.sum() > 0.8 * covered(low).sum()
    assert found[-1].any()


def test_a_sheet_of_which_few_corners_are_in_sight_is_not_certain() -> None:
    low = [(300, 250), (1250, 230), (1250, 950), (280, 950)]
    light = picture(0.2, low, 0.9)
    assert paper.sheet(light) is None
    found = next(paper.sheets(light))
    assert not found.is_certain
    assert not (found.pixels & ~covered(low)).any()
    assert not (found.beside & covered(low)).any()
    assert found.pixels.mean() + found.beside.mean() > 0.9  # all but its edge is the one or the other


def test_a_frame_along_the_pictures_edge_is_no_table_beside_a_sheet() -> None:
    assert not list(paper.sheets(picture(0.0, [(18, 18), (1182, 18), (1182, 882), (18, 882)], 0.9)))


@pytest.mark.parametrize("seed", range(5))
def test_a_torn_scrap_is_a_sheet(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corners = np.array([*SHEET, SHEET[0]], float)
    around = [
        start + share * (end - start) + rng.normal(0, 12, 2)
        for start, end in pairwise(corners)
        for share in np.arange(0, 1, 0.06)
    ]
    torn = [(round(x), round(y)) for x, y in around]
    found = paper.sheet(picture(0.2, torn, 0.9))
    assert found is not None
    assert not (found & ~covered(torn)).any()
    assert found.sum() > 0.8 * covered(torn).sum()


def test_a_scrap_that_is_all_edge_is_no_sheet() -> None:
    light = np.full((60, 900), 0.16, np.float32)
    light[15:50, 300:370] = 0.9
    assert paper.sheet(light) is None


@pytest.mark.parametrize(("high", "is_sheet"), [(60, False), (300, True)])
def test_a_pen_that_lies_there_is_no_sheet(high: int, is_sheet: bool) -> None:
    long = [(200, 300), (900, 300), (900, 300 + high), (200, 300 + high)]
    assert (paper.sheet(picture(0.3, long, 0.9)) is not None) == is_sheet


def test_a_note_in_the_middle_of_a_table_is_a_sheet() -> None:
    note = [(500, 300), (720, 310), (710, 520), (490, 510)]  # 4 % of the picture
    found = paper.sheet(picture(0.3, note, 0.9))
    assert found is not None
    assert not (found & ~covered(note)).any()


Y, X = np.mgrid[-1:1:900j, -1:1:1200j]
NO_SHEETS = {
    "an even sheet": np.full((900, 1200), 0.9),
    "a sheet lit from its middle": 0.9 - 0.4 * np.hypot(X, Y),
    "a sharp shadow": np.where(X + 0.3 * Y > 0.1, 0.9, 0.5),
    "a soft shadow": 0.5 + 0.4 / (1 + np.exp(-(X + 0.3 * Y) * 30)),
    "a broad white ring on black": ((np.hypot(X, 0.75 * Y) < 0.6) & (np.hypot(X, 0.75 * Y) > 0.3)).astype(float),
    "a white disc on black": (np.hypot(X, 0.75 * Y) < 0.5).astype(float),
    "a small label": picture(0.2, [(500, 400), (700, 400), (700, 500), (500, 500)], 0.9),
    "a dark card on a light table": picture(0.9, SHEET, 0.1),
}


@pytest.mark.parametrize("name", NO_SHEETS)
def test_what_is_no_sheet_is_none(name: str) -> None:
    assert paper.sheet(NO_SHEETS[name].astype(np.float32)) is None


def test_around_a_sheet_its_light_goes_on() -> None:
    light = picture(0.1, SHEET, 0.9)
    alone = paper.alone(light, covered(SHEET))
    assert np.array_equal(alone[covered(SHEET)], light[covered(SHEET)])
    assert np.abs(alone - 0.9).max() < 0.02
