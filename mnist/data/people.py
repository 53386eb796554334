"""People's handwriting, for training and for choices: drawings and images, digits and things that are no digit.

$HANDWRITING_DATA names a folder of the public collections in SOURCES, each brought into one of two forms
(docs/handwriting.md): drawings as JSON lines (`drawings`), or images (`labelled_images`).
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from mnist.data import drawings, labelled_images
from mnist.data.labelled import NO_SAMPLES, Labelled, concatenated, labels_of_text
from mnist.errors import UserError
from mnist.reading.drawings import strokes
from mnist.reading.drawings.strokes import Stroke

PATH_VARIABLE = "HANDWRITING_DATA"  # the environment variable that names the folder
DRAWING_SIDE, PEN = 150.0, 12.0  # pixels: a drawing's longer side on the pad, and the pen it is drawn with there
Kind = Literal["drawings", "images", "non-digits"]


@dataclass(frozen=True)
class Source:
    """A public collection: its file in the folder, what it holds, whose it is, under which terms."""

    file: str
    kind: Kind
    title: str
    whose: str
    where: str  # the country that its writers were found in
    writers: int | None
    terms: str

    @property
    def key(self) -> str:
        """Its name in cards: the file's, without folder and ending."""
        return Path(self.file).name.split(".")[0]


PENDIGITS = "UCI Pen-Based Recognition of Handwritten Digits (Alpaydin, Alimoglu, 1998)"
OPTDIGITS = "UCI Optical Recognition of Handwritten Digits (Alpaydin, Kaynak, 1998)"
CHARS74K = "Chars74K (de Campos, Babu, Varma, 2009)"
SSE = "SSE-letters, VU Amsterdam"
BIELEFELD = "handwritten-digits-corpus, Bielefeld"
CC_BY = "CC BY 4.0"
# fmt: off
TO_LEARN_FROM = (
    Source("train/pendigits.jsonl.gz", "drawings", "digits on a tablet", PENDIGITS, "Turkey", 30, CC_BY),
    Source("train/chars74k_digits.jsonl.gz", "drawings", "digits on a tablet PC", CHARS74K, "UK", 55, "cite"),
    Source("train/lipitk.jsonl.gz", "drawings", "digits on a tablet PC", "Lipi Toolkit, HP Labs", "India", 8, "MIT"),
    Source("train/optdigits.npz", "images", "scanned digits, stretched", OPTDIGITS, "Turkey", 30, CC_BY),
    Source("train/hwd1000.npz", "images", "digits drawn on a screen", "hwd-1000-dataset", "", 1, "MIT"),
    Source("train/chars74k_letters.jsonl.gz", "non-digits", "letters on a tablet PC", CHARS74K, "UK", 55, "cite"),
    Source("train/letters_sse.npz", "non-digits", "scanned capitals", SSE, "Netherlands", 190, "MIT"),
    Source("train/doodles.npz", "non-digits", "doodles", "Quick, Draw! (Google)", "", None, CC_BY),
)
TO_DEVELOP_ON = (
    Source(
        "development/skahl.jsonl.gz", "drawings", "digits on a tablet, stretched",
        BIELEFELD, "Germany", 5, "Apache-2.0",
    ),
    Source("development/semeion.npz", "images", "scanned digits, stretched", "Semeion (UCI)", "Italy", 80, CC_BY),
    Source("development/optdigits.npz", "images", "scanned digits, stretched", OPTDIGITS, "Turkey", 13, CC_BY),
    Source("development/doodles.npz", "non-digits", "doodles", "Quick, Draw! (Google)", "", None, CC_BY),
)
# fmt: on


@dataclass(frozen=True)
class Drawn:
    """A drawing to learn from or to measure on: its strokes, about the size of the pad, its label, its writer."""

    strokes: tuple[Stroke, ...]
    label: int
    writer: str


@dataclass(frozen=True)
class Written:
    """People's handwriting: drawings by their strokes, and images as samples."""

    drawn: tuple[Drawn, ...] = ()
    images: Labelled = NO_SAMPLES

    def first(self, count: int) -> "Written":
        """Return the first `count` drawings and as many images."""
        return Written(self.drawn[:count], self.images[:count])


@dataclass(frozen=True)
class Handwriting:
    """People's handwriting to learn from: digits, and things that are no digit."""

    digits: Written = Written()
    non_digits: Written = Written()


NO_HANDWRITING = Handwriting()


def by_writer(drawn: Iterable[Drawn]) -> list[list[Drawn]]:
    """Return drawings by who drew them, each person's together."""
    hands: dict[str, list[Drawn]] = {}
    for each in drawn:
        hands.setdefault(each.writer, []).append(each)
    return list(hands.values())


def folder() -> Path | None:
    """Return the folder that $HANDWRITING_DATA names, or None if it is not set. Raises UserError if there is none."""
    named = os.environ.get(PATH_VARIABLE)
    if not named:
        return None
    if not Path(named).is_dir():
        raise UserError(f"{named}: no such folder. {PATH_VARIABLE} should name one like that in docs/handwriting.md.")
    return Path(named)


def files(sources: Sequence[Source]) -> dict[str, list[Path]]:
    """Return those of the sources' files that are in the folder, by kind; none if no folder is named."""
    root = folder()
    found: dict[str, list[Path]] = {"drawings": [], "images": [], "non-digits": []}
    for source in sources:
        if root is not None and (root / source.file).exists():
            found[source.kind].append(root / source.file)
    return found


def whose(path: Path) -> str:
    """Return whose the file is and under which terms, if it is one of the collections in the folder; else nothing."""
    root, known = folder(), (*TO_LEARN_FROM, *TO_DEVELOP_ON)
    found = [each for each in known if root is not None and (root / each.file).resolve() == path.resolve()]
    return "".join(f"{source.whose}; {source.terms}" for source in found)


def read(paths: Iterable[Path], *, non_digits: bool = False) -> Written:
    """Read files of drawings and of images, by their first bytes; with `non_digits` nothing in them is a digit.

    Raises UserError if a file cannot be read, or has labels that are no digits.
    """
    drawn: list[Drawn] = []
    images = [NO_SAMPLES]
    for path in paths:
        if _is_archive(path):
            images.append(labelled_images.read(path, non_digits=non_digits))
        else:
            drawn += _drawn(drawings.read(path), path, non_digits)
    return Written(tuple(drawn), concatenated(images))


def _is_archive(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError as error:
        raise UserError(f"{path}: cannot be opened: {error.strerror}") from error


def _drawn(found: Sequence[drawings.Drawing], path: Path, non_digits: bool) -> list[Drawn]:
    labels = labels_of_text([drawing.label for drawing in found], str(path), non_digits)
    return [
        Drawn(_on_pad(drawing.strokes), label, f"{path.name} {drawing.writer}")
        for drawing, label in zip(found, labels, strict=True)
        if label is not None
    ]


def _on_pad(lines: Sequence[np.ndarray]) -> tuple[Stroke, ...]:
    """Scale lines in any unit so that they are as long as a digit on the pad, about the origin."""
    points = np.concatenate(lines)
    scale = DRAWING_SIDE / max(float(np.ptp(points, axis=0).max()), 1e-9)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return tuple(Stroke((line - middle) * scale, PEN) for line in lines)


def read_source(source: Source) -> Written | None:
    """Read what a source holds, or return None if its file is not at hand. Raises UserError as `read`."""
    paths = files([source])[source.kind]
    return read(paths, non_digits=source.kind == "non-digits") if paths else None


def development() -> dict[str, Labelled]:
    """Return the samples of each source to develop on that is at hand, by its key."""
    found = ((source.key, read_source(source)) for source in TO_DEVELOP_ON)
    return {key: samples(written) for key, written in found if written is not None}


def samples(written: Written) -> Labelled:
    """Return what people wrote as samples: drawings as they are framed, then the images."""
    framed = [strokes.frame(each.strokes).sample for each in written.drawn]
    labels = np.array([each.label for each in written.drawn], np.int64)
    return (Labelled(np.stack(framed), labels) if framed else NO_SAMPLES) + written.images
