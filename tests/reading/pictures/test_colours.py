"""Ink that differs from its ground in colour alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from mnist.reading.pictures import colours, image_limits, images
from tests.reading.pictures.test_images import DARK, REFERENCE, coloured, sample
from tools import measure_memory
from tools.harness.image_files import file

Colour = tuple[int, int, int]


@pytest.mark.parametrize(
    ("ground", "ink"),
    [
        ((0, 0, 0), (0, 0, 255)),
        ((255, 255, 255), (255, 255, 0)),
        ((255, 0, 0), (0, 130, 0)),
        ((0, 130, 0), (255, 0, 0)),
    ],
    ids=["blue on black", "yellow on white", "green on red", "red on green"],
)
@pytest.mark.parametrize(("kind", "difference"), [("PNG", 0.01), ("JPEG", 0.05)])
def test_ink_may_differ_from_its_ground_in_colour_alone(
    ground: Colour, ink: Colour, kind: str, difference: float
) -> None:
    assert np.abs(sample(file(coloured(ground, ink), kind)) - REFERENCE).mean() < difference


def test_arrays_have_colours_too() -> None:
    framed = images.from_array(np.asarray(coloured((0, 0, 0), (0, 0, 255)))).frame()
    assert framed is not None
    assert np.abs(framed.sample - REFERENCE).mean() < 0.01


@pytest.mark.parametrize(
    "image",
    [DARK, coloured((255, 255, 255), (255, 0, 0)), coloured((0, 0, 0), (0, 255, 0)), Image.new("RGB", (1, 1), "red")],
    ids=["grey", "red on white", "green on black", "one pixel"],
)
def test_where_lightness_shows_as_much_colours_are_not_looked_at(image: Image.Image) -> None:
    assert colours.mixed(np.asarray(image.convert("RGB"), np.float32) / 255) is None


def test_it_is_read_where_lightness_shows_nothing_and_has_its_place_in_the_file(classifier: Classifier) -> None:
    wide = Image.new("RGB", (2000, 1500), (255, 0, 0))
    wide.paste(coloured((255, 0, 0), (0, 130, 0)), (900, 700))
    reading = classifier.read(find_digits.in_file(file(wide)))
    assert reading.text == "5"
    x, y, width, height = reading.digits[0].framed.box
    assert 900 < x < x + width < 1180
    assert 700 < y < y + height < 980
    assert max(width, height) > 150


def test_what_its_colours_show_to_be_no_digit_is_not_an_empty_picture(classifier: Classifier) -> None:
    star = Image.new("RGB", (280, 280), (255, 0, 0))
    for end in ((40, 40), (40, 240), (140, 30), (240, 140)):
        ImageDraw.Draw(star).line([end, (280 - end[0], 280 - end[1])], (0, 130, 0), 9)
    assert classifier.read(find_digits.in_file(file(star))).verdict == "not_a_digit"


@pytest.mark.parametrize(
    ("kind", "size", "options"),
    [("PNG", (5800, 4500), {"compress_level": 1}), ("JPEG", (5000, 3750), {"progressive": True, "subsampling": 0})],
    ids=["PNG", "progressive JPEG"],
)
def test_a_large_faint_picture_takes_no_more_than_others(
    tmp_path: Path, kind: str, size: tuple[int, int], options: dict[str, Any]
) -> None:
    path = tmp_path / "blank"
    Image.new("RGB", size, (200, 200, 190)).save(path, kind, **options)
    assert measure_memory.taken(path)[0] < image_limits.MAX_DECODING_BYTES
