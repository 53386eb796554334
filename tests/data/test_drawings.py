"""Drawings as JSON lines: what is written is read back, and all else is refused in a sentence with its line."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist.data import drawings
from mnist.data.drawings import MAX_COORDINATE, Drawing, as_json_lines, read
from mnist.errors import TooLargeError, UserError

COORDINATES = st.floats(-MAX_COORDINATE, MAX_COORDINATE)
STROKES = st.integers(1, 6).flatmap(lambda n: arrays(np.float64, (n, 2), elements=COORDINATES))
DRAWINGS = st.builds(Drawing, st.text(), st.text(), st.lists(STROKES, min_size=1, max_size=3).map(tuple))
SEVEN = {"label": "7", "writer": "tr03", "strokes": [[[0, 1], [2.5, 3]]]}


def read_bytes(content: bytes) -> list[Drawing]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mine.jsonl"
        path.write_bytes(content)
        return read(path)


def lines(*entries: Any) -> bytes:
    return "".join(f"{json.dumps(entry)}\n" for entry in entries).encode()


def seven(**changes: Any) -> dict[str, Any]:
    return {**SEVEN, **changes}


@given(st.lists(DRAWINGS, min_size=1, max_size=4))
def test_what_is_written_is_read_back_gzipped_or_not(drawn: list[Drawing]) -> None:
    content = as_json_lines(drawn)
    for found in (read_bytes(content), read_bytes(gzip.decompress(content))):
        assert [(each.label, each.writer) for each in found] == [(each.label, each.writer) for each in drawn]
        for a, b in zip(found, drawn, strict=True):
            assert_alike(a.strokes, b.strokes)


def assert_alike(found: Sequence[np.ndarray], drawn: Sequence[np.ndarray]) -> None:
    for stroke, original in zip(found, drawn, strict=True):
        assert stroke.dtype == np.float64
        assert np.allclose(stroke, original, rtol=0, atol=0.0051)


def test_a_line_is_an_object_as_the_documents_show_it() -> None:
    stroke = np.array([[0.123, 4.0], [1e6, -2.0]])
    content = gzip.decompress(as_json_lines([Drawing("7", "tr03", (stroke,)), Drawing("8", "tr03", (stroke,))]))
    first, second = content.decode().splitlines()
    assert json.loads(first) == {"label": "7", "writer": "tr03", "strokes": [[[0.12, 4.0], [1e6, -2.0]]]}
    assert json.loads(second)["label"] == "8"


def test_a_file_does_not_say_when_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [Drawing("7", "tr03", (np.zeros((1, 2)),))]
    before = as_json_lines(drawn)
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert as_json_lines(drawn) == before


def test_empty_lines_and_empty_strokes_are_passed_over() -> None:
    (found,) = read_bytes(b"\n" + lines(seven(strokes=[[], [[1, 2]]])) + b" \n")
    assert [stroke.tolist() for stroke in found.strokes] == [[[1, 2]]]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{", "Expecting property name"),
        ([], "list indices must be integers"),
        ({"label": "7", "writer": "a"}, "'strokes'"),
        (seven(label=7), "label and writer should be text"),
        (seven(writer=None), "label and writer should be text"),
        (seven(strokes=[]), "it has no stroke"),
        (seven(strokes=[[]]), "it has no stroke"),
        (seven(strokes=[[1, 2]]), r"a stroke should be a list of points \[x, y\]"),
        (seven(strokes=[[[1, 2], [3]]]), r"a stroke should be a list of points \[x, y\]"),
        (seven(strokes=[[[1, 2, 3]]]), r"a stroke should be a list of points \[x, y\]"),
        (seven(strokes=[[["a", "b"]]]), r"a stroke should be a list of points \[x, y\]"),
        (seven(strokes=[[[1, 2]] * 50_001, [[1, 2]] * 50_000]), "it has more than 100000 points"),
        (seven(strokes=[[[0, 1_000_001]]]), "a coordinate is no number from -1000000 to 1000000"),
        (seven(strokes=[[[0, float("nan")]]]), "a coordinate is no number"),
        (seven(strokes=[[[0, 10**400]]]), "int too large to convert to float"),
    ],
)
def test_a_line_that_is_no_drawing_is_named(entry: Any, message: str) -> None:
    line = entry.encode() if isinstance(entry, str) else lines(entry)
    wanted = rf"mine.jsonl, line 2: not a drawing with label, writer and strokes \(.*{message}"
    with pytest.raises(UserError, match=wanted):
        read_bytes(lines(SEVEN) + line)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "mine.jsonl: it holds no drawing"),
        (b"\n\n", "mine.jsonl: it holds no drawing"),
        (gzip.compress(lines(SEVEN), mtime=0)[:-9], r"mine.jsonl: damaged \(Compressed file ended"),
        (gzip.compress(b"", mtime=0)[:4], r"mine.jsonl: damaged \("),
        (b"\x1f\x8b\x08\x00" + bytes(6) + b"\xff" * 20, r"mine.jsonl: damaged \("),
    ],
)
def test_a_damaged_or_empty_file_ends_in_a_sentence(content: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_bytes(content)


@pytest.mark.parametrize("packed", [False, True])
def test_no_more_is_unpacked_than_allowed(packed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings, "MAX_UNPACKED_BYTES", 2_000_000)
    content = b" " * 2_000_001
    with pytest.raises(TooLargeError, match=r"mine.jsonl: unpacked it is larger than 2 MB"):
        read_bytes(gzip.compress(content) if packed else content)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none.jsonl: cannot be opened: No such file"):
        read(tmp_path / "none.jsonl")


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_read_or_end_in_a_sentence(content: bytes) -> None:
    line = lines(SEVEN)
    for damaged in (content, line[:40] + content + line[40:], gzip.compress(line)[:10] + content):
        try:
            read_bytes(damaged)
        except UserError:
            continue
