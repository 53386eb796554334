"""People's drawings as JSON lines, read and written: one object a line, gzipped or not.

`{"label": "7", "writer": "tr03", "strokes": [[[x, y], ...], ...]}`: y downwards, in any unit, points in the order in
which the pen went.
"""

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mnist.errors import TooLargeError, UserError
from mnist.reading.drawings.strokes import MAX_POINTS

MAX_UNPACKED_BYTES = 200_000_000  # of a file: a hundred thousand drawings as tablets sample them
MAX_COORDINATE = 1e6  # either way, in the source's own unit
GZIP_SIGNATURE = b"\x1f\x8b"
NO_POINTS = "a stroke should be a list of points [x, y]"


@dataclass(frozen=True)
class Drawing:
    """A drawing by somebody: its label as text, its writer's name, its strokes, each points (n, 2) float64, (x, y)."""

    label: str
    writer: str
    strokes: tuple[np.ndarray, ...]


def read(path: Path) -> list[Drawing]:
    """Read all drawings of a file. Raises UserError if it cannot be opened, is too large, or a line is no drawing."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP_SIGNATURE
        with gzip.open(path) if packed else path.open("rb") as file:
            content = file.read(MAX_UNPACKED_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{path}: damaged ({error})") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be opened: {error.strerror or error}") from error
    if len(content) > MAX_UNPACKED_BYTES:
        raise TooLargeError(f"{path}: unpacked it is larger than {MAX_UNPACKED_BYTES // 1_000_000} MB")
    if b"\0" in content:  # a picture, an IDX file: anything but text
        remedy = "images should be in an .npz, or in a .zip as the Challenge page saves it"
        raise UserError(f"{path}: no drawings as JSON lines; {remedy}")
    drawings = list(_drawings(content, path))
    if not drawings:
        raise UserError(f"{path}: it holds no drawing")
    return drawings


def as_json_lines(drawings: Iterable[Drawing]) -> bytes:
    """Write the drawings, their points to two places, gzipped; the same drawings always make the same file."""
    lines = []
    for drawing in drawings:
        strokes = [stroke.round(2).tolist() for stroke in drawing.strokes]
        lines.append(json.dumps({"label": drawing.label, "writer": drawing.writer, "strokes": strokes}))
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)


def _drawings(content: bytes, path: Path) -> Iterator[Drawing]:
    for number, line in enumerate(io.BytesIO(content), 1):
        if not line.strip():
            continue
        try:
            yield _drawing(json.loads(line))
        except (ValueError, TypeError, LookupError, OverflowError, RecursionError) as error:
            raise UserError(f"{path}, line {number}: not a drawing with label, writer and strokes ({error})") from error


def _drawing(entry: Any) -> Drawing:
    label, writer = entry["label"], entry["writer"]
    if not isinstance(label, str) or not isinstance(writer, str):
        raise TypeError("label and writer should be text")
    try:
        strokes = tuple(np.array(stroke, np.float64) for stroke in entry["strokes"] if stroke)
    except ValueError as error:  # NumPy's words about shapes help nobody
        raise ValueError(NO_POINTS) from error
    _check(strokes)
    return Drawing(label, writer, strokes)


def _check(strokes: Sequence[np.ndarray]) -> None:
    if not strokes:
        raise ValueError("it has no stroke")
    if any(stroke.ndim != 2 or stroke.shape[1] != 2 for stroke in strokes):
        raise ValueError(NO_POINTS)
    if sum(map(len, strokes)) > MAX_POINTS:
        raise ValueError(f"it has more than {MAX_POINTS} points")
    if not all((np.abs(stroke) <= MAX_COORDINATE).all() for stroke in strokes):  # false for nan, too
        raise ValueError(f"a coordinate is no number from -{MAX_COORDINATE:.0f} to {MAX_COORDINATE:.0f}")
