"""`python -m tools.hard_photographs`: make `tests/photographs/`, pictures that are only just read.

Many pictures of numbers by made-up writers are made: photographs as phones take them, strips cut out of forms, numbers
cut out of photographs, digits in cells. Of each kind those are kept that the classifier reads correctly and is least
sure of, and a few that it misreads. `texts.json` has the text of each, and whether it is read.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from mnist.files import ROOT
from mnist.handwriting.samples import draw_digits
from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from tools.harness.image_files import file
from tools.made_cells import cell
from tools.made_crops import PENS, crop
from tools.made_photographs import by_made_up_writer, photo
from tools.made_strips import spoiled, strip

FOLDER = ROOT / "tests" / "photographs"
TEXTS = "texts.json"
SEED = 2031
SIZE = (800, 600)  # pixels, of a photograph
TRIED = 400  # pictures of each kind
DIGITS = 2000  # to be put into cells


@dataclass(frozen=True)
class Fixture:
    """A file's name, the text in it, and whether the shipped model reads it."""

    name: str
    text: str
    read: bool


@dataclass(frozen=True)
class Made:
    """A picture file's bytes, the text in it, and the end of its name."""

    content: bytes
    text: str
    name: str


@dataclass(frozen=True)
class Kind:
    """A kind of pictures: its name, how one is made, and how many are kept that are read and that are misread."""

    name: str
    make: Callable[[np.random.Generator], Made]
    read: int
    misread: int


def kinds(rng: np.random.Generator) -> tuple[Kind, ...]:
    """Return the kinds of pictures, given a generator for what they have in common."""
    digits = draw_digits(DIGITS, rng)
    return (
        Kind("photographs", _photo, 36, 6),
        Kind("strips", partial(_small, partial(strip, by_made_up_writer), "strip"), 18, 4),
        Kind("spoiled strips", partial(_small, partial(spoiled, by_made_up_writer), "spoiled_strip"), 12, 4),
        Kind("cells", partial(_small, partial(cell, digits), "cell"), 12, 4),
        Kind("numbers cut out", partial(_small, partial(crop, partial(by_made_up_writer, pens=PENS)), "crop"), 12, 0),
    )


def _photo(rng: np.random.Generator) -> Made:
    taken = photo(rng, by_made_up_writer, SIZE)
    return Made(taken.content, taken.text, f"{taken.ground}.jpg")


def _small(make: Callable[[np.random.Generator], tuple[np.ndarray, str]], name: str, rng: np.random.Generator) -> Made:
    pixels, text = make(rng)
    return Made(file(Image.fromarray(pixels)), text, f"{name}.png")


def fixtures(folder: Path = FOLDER) -> list[Fixture]:
    """Return the pictures in the folder."""
    texts = json.loads((folder / TEXTS).read_text())
    return [Fixture(name, entry["text"], entry["read"]) for name, entry in texts.items()]


def hardest(kind: Kind, rng: np.random.Generator, classifier: Classifier) -> list[tuple[Made, bool]]:
    """Make TRIED pictures; return the hardest that are read, the least sure first, and the first that are misread."""
    made = [kind.make(rng) for _ in range(TRIED)]
    tried = [(picture, classifier.read(find_digits.in_file(picture.content))) for picture in made]
    right = sorted((pair for pair in tried if pair[1].text == pair[0].text), key=lambda pair: pair[1].confidence or 0.0)
    wrong = [picture for picture, reading in tried if reading.text != picture.text]
    print(f"{kind.name}: {len(right)} of {TRIED} are read", flush=True)
    kept = [(picture, True) for picture, _ in right[: kind.read]]
    return kept + [(picture, False) for picture in wrong[: kind.misread]]


def main(folder: Path = FOLDER) -> None:
    """Make all of them anew."""
    classifier = Classifier.load()
    rng = np.random.default_rng(SEED)
    kept = [pair for kind in kinds(np.random.default_rng(SEED)) for pair in hardest(kind, rng, classifier)]
    folder.mkdir(exist_ok=True)
    for old in (*folder.glob("*.jpg"), *folder.glob("*.png")):
        old.unlink()
    texts = {}
    for number, (made, read) in enumerate(kept, 1):
        name = f"{number:02}_{made.name}"
        (folder / name).write_bytes(made.content)
        texts[name] = {"text": made.text, "read": read}
    (folder / TEXTS).write_text(json.dumps(texts, indent=1) + "\n")


if __name__ == "__main__":
    main()
