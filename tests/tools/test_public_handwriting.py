"""Public collections are brought into the forms that training reads, from tiny files in each one's own format."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist.data import drawings, people
from mnist.data.labelled import Labelled
from mnist.files import ROOT
from mnist.reading.pictures import images as pictures
from tools.public_handwriting import SOURCES, main

PENDIGITS = """.INCLUDE dene.doc
.LEXICON "0" "1" "2" "3" "4" "5" "6" "7" "8" "9"
.HIERARCHY DIGIT
.SEGMENT DIGIT 0 ? "8"
.COMMENT  8  4  6
.PEN_DOWN
  100   300
  110   310
.PEN_UP
.DT 100
.SEGMENT DIGIT 1-2 ? "4"
.COMMENT  4  12  7
.PEN_DOWN
  200   500
.PEN_UP
.DT 100
.PEN_DOWN
    0     0
   10    20
.PEN_UP
.DT 100
"""


def bar(height: int, width: int, column: int) -> np.ndarray:
    """An upright bar, 1 on 0."""
    pixels = np.zeros((height, width), np.uint8)
    pixels[height // 4 : -(height // 4), column] = 1
    return pixels


def converted(source: str, path: Path, tmp_path: Path) -> Labelled:
    main([source, str(path), str(tmp_path / "made.npz")])
    with np.load(tmp_path / "made.npz") as made:
        images, labels = made["images"], made["labels"]
        assert (images.dtype, images.ndim, labels.dtype.kind) == (np.uint8, 3, "U")
        assert images[:, 0, 0].max() < images.max()  # ink is bright
    found = people.read([tmp_path / "made.npz"], non_digits=source in ("letters_sse", "doodles")).images
    expected = pictures.from_array(images[0]).frame()
    assert expected is not None
    assert np.array_equal(found.samples[0], expected.sample)
    return found


def test_pendigits_strokes_are_turned_upright_and_have_their_writers(tmp_path: Path) -> None:
    (tmp_path / "pendigits-orig.tra").write_text(PENDIGITS)
    made = tmp_path / "handwriting" / "train" / "pendigits.jsonl.gz"
    main(["pendigits", str(tmp_path / "pendigits-orig.tra"), str(made)])
    eight, four = drawings.read(made)
    assert (eight.label, eight.writer, four.label, four.writer) == ("8", "tr04", "4", "tr12")
    assert [stroke.tolist() for stroke in eight.strokes] == [[[100, 200], [110, 190]]]
    assert [stroke.tolist() for stroke in four.strokes] == [[[200, 0]], [[0, 500], [10, 480]]]


def test_optdigits_rows_of_zeros_and_ones(tmp_path: Path) -> None:
    lines = ["header"] * 21
    for label, column in (("1", 14), ("7", 20)):
        lines += ["".join(map(str, row)) for row in bar(32, 32, column).tolist()] + [f" {label}"]
    (tmp_path / "optdigits-orig.tra").write_text("\n".join(lines) + "\n")
    assert converted("optdigits", tmp_path / "optdigits-orig.tra", tmp_path).labels.tolist() == [1, 7]


def test_semeions_columns(tmp_path: Path) -> None:
    rows = [[*bar(16, 16, 5).ravel(), *np.eye(10, dtype=int)[label]] for label in (0, 9)]
    lines = [" ".join([*(f"{pixel:.4f}" for pixel in row[:256]), *map(str, row[256:])]) for row in rows]
    (tmp_path / "semeion.data").write_text(" \n".join(lines) + " \n")
    assert converted("semeion", tmp_path / "semeion.data", tmp_path).labels.tolist() == [0, 9]


def test_hwd1000s_pictures_are_inverted(tmp_path: Path) -> None:
    (tmp_path / "img").mkdir()
    (tmp_path / "dataset.csv").write_text("image,label\nimg/0-001.png,0\nimg/7-001.png,7\n")
    for name in ("0-001", "7-001"):
        Image.fromarray(255 - 255 * bar(28, 28, 9)).convert("RGB").save(tmp_path / "img" / f"{name}.png")
    assert converted("hwd1000", tmp_path, tmp_path).labels.tolist() == [0, 7]


def test_letters_lie_in_folders_of_their_names(tmp_path: Path) -> None:
    for letter in "AO":
        (tmp_path / letter).mkdir()
        Image.fromarray(255 * bar(64, 64, 30)).save(tmp_path / letter / f"2024-{letter}_0.png")
    assert converted("letters_sse", tmp_path, tmp_path).labels.tolist() == [10]  # an O might be a 0


def test_of_each_kind_of_doodle_as_many_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.public_handwriting.DOODLES", 6)
    for kind, count in (("apple", 5), ("tree", 2)):
        np.save(tmp_path / f"{kind}.npy", np.repeat(255 * bar(28, 28, 9).reshape(1, -1), count, axis=0))
    assert len(converted("doodles", tmp_path, tmp_path)) == 3 + 2
    with np.load(tmp_path / "made.npz") as made:
        assert made["labels"].tolist() == ["apple"] * 3 + ["tree"] * 2


def test_the_documents_say_how_each_source_is_converted() -> None:
    text = (ROOT / "docs" / "handwriting.md").read_text("utf-8")
    command = r'^\.venv/bin/python -m tools\.public_handwriting (\w+) \S+ "\$HANDWRITING_DATA"/(\S+)$'
    commands = re.findall(command, text, re.MULTILINE)
    assert {source for source, _ in commands} == set(SOURCES)
    by_hand = ("chars74k", "lipitk", "skahl")
    files = {source.file for source in (*people.TO_LEARN_FROM, *people.TO_DEVELOP_ON)}
    assert {file for _, file in commands} == {file for file in files if not any(name in file for name in by_hand)}
