"""`python -m tools.hard_photographs`: make `tests/photographs/`, pictures that are only just read.

Many pictures are made as phones take them, with numbers by made-up writers. Those are kept that the classifier reads
correctly and is least sure of, and a few that it misreads. `texts.json` has the text and the ground of each, and
whether it is read.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist.files import ROOT
from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from tools.made_photographs import by_made_up_writer, photo

FOLDER = ROOT / "tests" / "photographs"
TEXTS = "texts.json"
SEED = 2031
SIZE = (800, 600)  # pixels
TRIED = 400  # pictures
READ, MISREAD = 36, 6  # pictures that are kept


@dataclass(frozen=True)
class Fixture:
    """A file's name, the text in it, and whether the shipped model reads it."""

    name: str
    text: str
    read: bool


def fixtures(folder: Path = FOLDER) -> list[Fixture]:
    """Return the pictures in the folder."""
    texts = json.loads((folder / TEXTS).read_text())
    return [Fixture(name, entry["text"], entry["read"]) for name, entry in texts.items()]


def main(folder: Path = FOLDER) -> None:
    """Make all of them anew."""
    rng, classifier = np.random.default_rng(SEED), Classifier.load()
    pictures = [photo(rng, by_made_up_writer, SIZE) for _ in range(TRIED)]
    tried = [(picture, classifier.read(find_digits.in_file(picture.content))) for picture in pictures]
    right = sorted((pair for pair in tried if pair[1].text == pair[0].text), key=lambda pair: pair[1].confidence or 0.0)
    wrong = [taken for taken, reading in tried if reading.text != taken.text]
    print(f"{len(right)} of {len(tried)} pictures are read")
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.jpg"):
        old.unlink()
    texts = {}
    kept = [(taken, True) for taken, _ in right[:READ]] + [(taken, False) for taken in wrong[:MISREAD]]
    for number, (taken, read) in enumerate(kept, 1):
        name = f"{number:02}_{taken.ground}.jpg"
        (folder / name).write_bytes(taken.content)
        texts[name] = {"text": taken.text, "ground": taken.ground, "read": read}
    (folder / TEXTS).write_text(json.dumps(texts, indent=1) + "\n")


if __name__ == "__main__":
    main()
