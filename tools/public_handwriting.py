"""`python -m tools.public_handwriting SOURCE INPUT OUTPUT`: bring a public collection into the form for training.

docs/handwriting.md says where each collection is to be had and what the input is.
"""

import argparse
import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from mnist.data.drawings import Drawing, as_json_lines

BOX = 500  # tablet's units: the side of the box that a digit of pendigits was written in
HEADER_LINES = 21  # of optdigits' files
DOODLES = 9000  # taken of all categories together


def pendigits(path: Path) -> bytes:
    """Convert `pendigits-orig.tra`, UNIPEN's format; y points upwards there. A .COMMENT is digit, writer, number."""
    drawings: list[Drawing] = []
    lines = path.read_text("ascii").splitlines()
    for segment in _between(lines, ".SEGMENT DIGIT"):
        label, writer = segment[0].split('"')[1], ""
        strokes: list[list[tuple[float, float]]] = []
        for line in segment[1:]:
            if line.startswith(".COMMENT"):
                writer = f"tr{int(line.split()[2]):02}"
            elif line.startswith(".PEN_DOWN"):
                strokes.append([])
            elif line.strip() and not line.startswith("."):
                x, y = map(float, line.split())
                strokes[-1].append((x, BOX - y))
        drawings.append(Drawing(label, writer, tuple(np.array(stroke) for stroke in strokes if stroke)))
    return as_json_lines(drawings)


def _between(lines: list[str], start: str) -> Iterator[list[str]]:
    """Yield the lines of each part that begins with `start`."""
    starts = [number for number, line in enumerate(lines) if line.startswith(start)]
    yield from (lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True))


def optdigits(path: Path) -> bytes:
    """Convert `optdigits-orig.tra` or `.windep`: after a header, each digit is 32 rows of 0 and 1, then its label."""
    lines = path.read_text("ascii").splitlines()[HEADER_LINES:]
    digits = [lines[start : start + 33] for start in range(0, len(lines) - 32, 33)]
    images = [[[255 * int(pixel) for pixel in row.strip()] for row in digit[:32]] for digit in digits]
    return _as_npz(images, [digit[32].strip() for digit in digits])


def semeion(path: Path) -> bytes:
    """Convert `semeion.data`: each row is 16×16 pixels, 0 or 1, then ten columns, of which the label's is 1."""
    rows = np.loadtxt(path, ndmin=2)
    return _as_npz(255 * rows[:, :256].reshape(-1, 16, 16), rows[:, 256:266].argmax(axis=1))


def hwd1000(folder: Path) -> bytes:
    """Convert the repository: `dataset.csv` names each picture, black on white, and its label."""
    with (folder / "dataset.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return _as_npz([255 - _pixels(folder / row["image"]) for row in rows], [row["label"] for row in rows])


def letters_sse(folder: Path) -> bytes:
    """Convert `dataset-64`: a folder of pictures, white on black, for each letter."""
    paths = sorted(folder.glob("*/*.png"))
    return _as_npz([_pixels(path) for path in paths], [path.parent.name for path in paths])


def doodles(folder: Path) -> bytes:
    """Convert Quick, Draw!'s bitmaps, a file for each category (n, 784): of each as many, the first ones."""
    paths = sorted(folder.glob("*.npy"))
    few = [np.load(path, mmap_mode="r")[: DOODLES // len(paths)] for path in paths]
    labels = np.repeat([path.stem for path in paths], [len(images) for images in few])
    return _as_npz(np.concatenate(few).reshape(-1, 28, 28), labels)


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def _as_npz(images: ArrayLike, labels: ArrayLike) -> bytes:
    """Write images (n, h, w), ink bright on dark, and their labels as text."""
    file = io.BytesIO()
    np.savez_compressed(file, images=np.asarray(images, np.uint8), labels=np.asarray(labels).astype(str))
    return file.getvalue()


SOURCES: dict[str, Callable[[Path], bytes]] = {
    convert.__name__: convert for convert in (pendigits, optdigits, semeion, hwd1000, letters_sse, doodles)
}


def main(arguments: list[str] | None = None) -> None:
    """Convert one collection."""
    parser = argparse.ArgumentParser(prog="python -m tools.public_handwriting", description=__doc__)
    parser.add_argument("source", choices=tuple(SOURCES))
    parser.add_argument("input", type=Path, help="the file or folder that docs/handwriting.md names")
    parser.add_argument("output", type=Path, help="the file to write, as docs/handwriting.md names it")
    options = parser.parse_args(arguments)
    content = SOURCES[options.source](options.input)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(content)


if __name__ == "__main__":
    main()
