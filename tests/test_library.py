"""`from mnist import read`: every kind of source, its errors, and how little an import loads."""

import doctest
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import mnist.library
from mnist import UserError, read
from mnist.files import MODEL, ROOT
from mnist.reading.drawings.strokes import Stroke
from mnist.reading.pictures.image_limits import MAX_FILE_BYTES
from tools.harness import hand

pytestmark = pytest.mark.network
SEVEN = ROOT / "data" / "seven.png"


def pixels(mode: str) -> np.ndarray:
    with Image.open(SEVEN) as image:
        return np.asarray(image.convert(mode))


def whole_numbered(strokes: Sequence[Stroke]) -> list[Stroke]:
    return [Stroke((stroke.points - 50).round().astype(np.int8), np.int64(6)) for stroke in strokes]  # type: ignore[arg-type]


SOURCES: dict[str, Callable[[], Any]] = {
    "path": lambda: SEVEN,
    "name": lambda: str(SEVEN),
    "bytes": SEVEN.read_bytes,
    "bytearray": lambda: bytearray(SEVEN.read_bytes()),
    "memoryview": lambda: memoryview(SEVEN.read_bytes()),
    "grey": lambda: pixels("L"),
    "RGB": lambda: pixels("RGB"),
    "RGBA": lambda: pixels("RGBA"),
    "strokes": lambda: hand.strokes(7),
    "strokes of whole numbers": lambda: whole_numbered(hand.strokes(7, 0.4)),
    "canvas": lambda: hand.canvas_drawing(hand.strokes(7)),
    "saved drawing": lambda: json.dumps(hand.canvas_drawing(hand.strokes(7))).encode(),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_source_is_read(kind: str) -> None:
    assert read(SOURCES[kind]()).text == "7"


def test_the_example_in_the_docstring_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(mnist.library) == (0, 3)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"hello", "neither a picture that can be read"),
        (np.zeros((5, 5)), "an array of shape .5, 5. and type float64; give"),
        (np.zeros((5, 5, 2), np.uint8), "an array of shape"),
        (np.zeros((0, 5), np.uint8), "has no pixels"),
        ({"objects": 3}, "not a saved drawing"),
        (hand.strokes(1) * 3000, "a drawing of 3000 strokes"),
        ([[1, 2], [3, 4]], "stroke 1 should be a Stroke of points .n, 2., each within 1,000,000 pixels, and a width"),
        ([*hand.strokes(1), Stroke(np.array([[np.nan, 0.0]]), 3.0)], "stroke 2 should be a Stroke"),
        ([Stroke(np.array([[1e9, 0.0]]), 3.0)], "stroke 1 should be a Stroke"),
        ([Stroke(np.zeros((0, 2)), 3.0)], "stroke 1 should be a Stroke"),
        ([Stroke(np.zeros((2, 3)), 3.0)], "stroke 1 should be a Stroke"),
        ([Stroke(np.zeros((2, 2)), np.inf)], "stroke 1 should be a Stroke"),
        (Image.new("L", (28, 28)), "Image is no picture or drawing; give a path, a file's bytes, an array"),
        (None, "NoneType is no picture or drawing"),
    ],
)
def test_what_cannot_be_read_is_refused_by_a_sentence(source: Any, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        read(source)


def test_of_a_file_without_end_only_so_much_is_read_as_shows_that(tmp_path: Path) -> None:
    endless = tmp_path / "endless.png"
    with endless.open("wb") as file:
        file.truncate(10 * MAX_FILE_BYTES)
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match="larger than 30 MB"):
            read(endless)
        assert tracemalloc.get_traced_memory()[1] < 3 * MAX_FILE_BYTES
    finally:
        tracemalloc.stop()


def test_another_model_is_read_with_and_a_missing_file_or_model_is_said(tmp_path: Path) -> None:
    for model in (MODEL, str(MODEL)):
        assert read(SEVEN, model).text == "7"
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "gone.png")
    with pytest.raises(UserError, match="the model's card is missing"):
        read(SEVEN, str(tmp_path / "gone.keras"))


def test_an_import_loads_nothing_heavy() -> None:
    program = "import sys, mnist; mnist.read; print(*{'tensorflow', 'keras', 'cv2', 'PIL', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""
