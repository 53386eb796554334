"""`from mnist import read`: every kind of source, its errors, and how little an import loads."""

import doctest
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import mnist.library
from mnist import UserError, read
from mnist.files import MODEL, ROOT
from tools.harness import hand

pytestmark = pytest.mark.network
SEVEN = ROOT / "data" / "seven.png"


def pixels(mode: str) -> np.ndarray:
    with Image.open(SEVEN) as image:
        return np.asarray(image.convert(mode))


SOURCES: dict[str, Callable[[], Any]] = {
    "path": lambda: SEVEN,
    "name": lambda: str(SEVEN),
    "bytes": SEVEN.read_bytes,
    "grey": lambda: pixels("L"),
    "RGB": lambda: pixels("RGB"),
    "RGBA": lambda: pixels("RGBA"),
    "strokes": lambda: hand.strokes(7),
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
    ],
)
def test_what_cannot_be_read_is_refused_by_a_sentence(source: Any, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        read(source)


def test_another_model_is_read_with_and_a_missing_file_or_model_is_said(tmp_path: Path) -> None:
    assert read(SEVEN, MODEL).text == "7"
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "gone.png")
    with pytest.raises(UserError, match="the model's card is missing"):
        read(SEVEN, tmp_path / "gone.keras")


def test_an_import_loads_nothing_heavy() -> None:
    program = "import sys, mnist; mnist.read; print(*{'tensorflow', 'keras', 'cv2', 'PIL', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""
