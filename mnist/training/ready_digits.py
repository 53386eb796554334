"""The digits from which a page's small network learns: written by this program once, so that nobody waits for them.

`python -m mnist.training.ready_digits` writes `models/ready_digits.npz` in some ten seconds.
"""

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist.data.labelled import Labelled, concatenated, no_digits
from mnist.errors import UserError
from mnist.files import ROOT, write_whole
from mnist.handwriting.samples import random_styles, write_digit, write_non_digit
from mnist.reading.drawings import strokes

PATH = ROOT / "models" / "ready_digits.npz"
SEED = 1
DIGITS, NON_DIGITS, VALIDATION = 6000, 1000, 500  # samples


@dataclass(frozen=True)
class ReadyDigits:
    """Digits to learn from, what is no digit, and digits to test on, of other writers: as the pad makes samples."""

    digits: Labelled
    non_digits: Labelled
    validation: Labelled

    @property
    def material(self) -> Labelled:
        """All that there is to learn from."""
        return concatenated([self.digits, self.non_digits])


def make(rng: np.random.Generator, digits: int, non_digits: int, validation: int) -> ReadyDigits:
    """Write so many of each; of digits every label equally often, each by a new writer."""
    return ReadyDigits(
        _digits(digits, rng), no_digits(_samples(write_non_digit(rng) for _ in range(non_digits))),
        _digits(validation, rng),
    )  # fmt: skip


def _digits(count: int, rng: np.random.Generator) -> Labelled:
    styles, labels = random_styles(count, rng)
    return Labelled(_samples(write_digit(style, rng) for style in styles), labels)


def _samples(drawings: Iterable[Sequence[strokes.Stroke]]) -> np.ndarray:
    return np.stack([strokes.frame(drawing).sample for drawing in drawings])


def load(path: Path = PATH) -> ReadyDigits:
    """Read what `save` has written. Raises UserError if it is not there."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            samples, labels = stored["samples"].astype(np.float32) / 255, stored["labels"]
            first, second = stored["parts"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise UserError(f"{path}: cannot be read. Write it with: python -m mnist.training.ready_digits") from error
    parts = slice(first), slice(first, second), slice(second, None)
    return ReadyDigits(*(Labelled(samples[part], labels[part]) for part in parts))


def save(ready: ReadyDigits, path: Path) -> None:
    """Write them, in 256 shades, to a file."""
    whole = concatenated([ready.digits, ready.non_digits, ready.validation])
    write_whole(
        path,
        lambda file: np.savez_compressed(
            file,
            samples=(255 * whole.samples).round().astype(np.uint8),
            labels=whole.labels,
            parts=np.cumsum([len(ready.digits), len(ready.non_digits)]),
        ),
    )


if __name__ == "__main__":
    save(make(np.random.default_rng(SEED), DIGITS, NON_DIGITS, VALIDATION), PATH)
