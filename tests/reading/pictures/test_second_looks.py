"""A rejected picture is looked at again: as outlines, and without small words."""

import cv2
import numpy as np
import pytest

from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from mnist.reading.pictures import changed_ink
from mnist.reading.pictures.picture import Picture
from mnist.reading.pictures.second_looks import SMALL_MARK
from tests.reading.pictures.test_cells import BOTTOM, LEFT, RIGHT, TOP, digit, ruled

WORD = [(30, 30), (50, 30), (70, 30)]  # of three letters: their corners


@pytest.mark.parametrize("label", [0, 2, 5, 8])
@pytest.mark.parametrize("side", [240, 600])
def test_the_outline_of_a_digit_is_read(classifier: Classifier, label: int, side: int) -> None:
    solid = cv2.dilate(digit(label, side), np.ones((1 + side // 40, 1 + side // 40), np.uint8))
    outline = solid - cv2.erode(solid, np.ones((3, 3), np.uint8))
    reading = classifier.read(find_digits.in_picture(Picture(1.0 - outline.astype(np.float32))))
    assert (reading.text, reading.verdict) == (str(label), "digit")


def test_what_outlines_enclose_is_no_wider_than_a_pen() -> None:
    ring = ruled(300, {LEFT, RIGHT, TOP, BOTTOM}, 3, inset=60)
    for mask in (ring, digit(4, 300), np.zeros((300, 300), np.uint8)):
        assert changed_ink.filled(mask) is None


def figure(*letters: tuple[int, int]) -> np.ndarray:
    """A high frame, 200 by 200 pixels in its middle, and letters, 12 pixels high, at these corners."""
    mask = cv2.rectangle(np.zeros((400, 400), np.uint8), (100, 100), (300, 300), 1, 3)
    for x, y in letters:
        mask[y : y + 12, x : x + 8] = 1
    return mask


@pytest.mark.parametrize("moved", [(0, 0), (0, 330), (150, 0), (310, 150)], ids=["corner", "below", "above", "right"])
def test_words_beside_larger_writing_are_left_out(moved: tuple[int, int]) -> None:
    found = changed_ink.without_words(figure(*((x + moved[0], y + moved[1]) for x, y in WORD)))
    assert found is not None
    assert np.array_equal(found, figure())


@pytest.mark.parametrize(
    "mask",
    [figure(), figure(*WORD[:2]), figure(*WORD, (200, 200)), np.zeros((300, 300), np.uint8)],
    ids=["no letters", "two", "one within the writing", "nothing"],
)
def test_there_are_no_words_to_leave_out(mask: np.ndarray) -> None:
    assert changed_ink.without_words(mask) is None


def test_what_was_left_out_is_named(classifier: Classifier) -> None:
    mask = digit(4, 600)
    mask[20:40, 20:32] = mask[20:40, 60:72] = mask[20:40, 100:112] = 1
    *_, look = [
        look for look in find_digits.in_picture(Picture(1.0 - mask.astype(np.float32))).again(()) if not look.turned
    ]
    assert [box for box, why in look.left_out if why == SMALL_MARK] == [
        (20.0, 20.0, 12.0, 20.0), (60.0, 20.0, 12.0, 20.0), (100.0, 20.0, 12.0, 20.0),
    ]  # fmt: skip
    assert classifier.read(look).text == "4"
