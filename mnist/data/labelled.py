"""Labelled samples: what networks learn from and are measured on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist.errors import UserError
from mnist.reading.outputs import NO_DIGIT

LABEL_TEXTS = (*"0123456789", "no-digit")  # by label, in alphabetical order
LOOK_ALIKES = frozenset("OoIlZzSsBbqgijDyt")  # letters that are a digit to any eye, in somebody's hand


@dataclass(frozen=True)
class Labelled:
    """Samples (n, 28, 28) float32 in [0, 1] and their labels (n,) int64: 0 … 9, or NO_DIGIT (10)."""

    samples: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: slice | np.ndarray) -> "Labelled":
        return Labelled(self.samples[index], self.labels[index])

    def __add__(self, other: "Labelled") -> "Labelled":
        return concatenated([self, other])


NO_SAMPLES = Labelled(np.zeros((0, 28, 28), np.float32), np.zeros(0, np.int64))


def concatenated(parts: Sequence[Labelled]) -> Labelled:
    """Join one or more parts into one, in their order."""
    samples, labels = ([getattr(part, name) for part in parts] for name in ("samples", "labels"))
    return Labelled(np.concatenate(samples), np.concatenate(labels))


def no_digits(samples: Sequence[np.ndarray] | np.ndarray) -> Labelled:
    """Label every one of these samples (n, 28, 28) NO_DIGIT."""
    return Labelled(np.asarray(samples), np.full(len(samples), NO_DIGIT))


def from_arrays(images: np.ndarray, labels: np.ndarray, whose: str, max_label: int = 9) -> Labelled:
    """Convert images (n, 28, 28) uint8 and labels (n,), 0 to `max_label`, as a file holds them.

    Raises UserError as `check_arrays`.
    """
    check_arrays(images, labels, whose, max_label)
    return Labelled(images.astype(np.float32) / 255.0, labels.astype(np.int64))


def check_arrays(images: np.ndarray, labels: np.ndarray, whose: str, max_label: int = 9) -> None:
    """Check images and labels as a file holds them.

    Raises UserError, with a message that begins with `whose`, if there are none or their shape, type or range is wrong.
    """
    if images.ndim != 3 or images.shape[1:] != (28, 28) or images.dtype != np.uint8:
        raise UserError(f"{whose} images should be (n, 28, 28) uint8, not {images.shape} {images.dtype}.")
    valid = labels.shape == images.shape[:1] and labels.dtype.kind in "iu" and len(labels) > 0
    if not valid or labels.min() < 0 or labels.max() > max_label:
        raise UserError(f"{whose} labels should be {len(images)} whole numbers from 0 to {max_label}.")


def labels_of_text(labels: Sequence[str], whose: str, non_digits: bool) -> list[int | None]:
    """Return the label of each text of LABEL_TEXTS.

    With `non_digits` any text is NO_DIGIT, but None for a letter that looks like a digit. Without it, raises UserError,
    with a message that begins with `whose`, for any other text.
    """
    if non_digits:
        return [None if label in LOOK_ALIKES else NO_DIGIT for label in labels]
    if unknown := set(labels) - set(LABEL_TEXTS):
        remedy = "Give files of things that are no digit with --non-digits."
        raise UserError(f"{whose}: the label {min(unknown)!r} is no digit. {remedy}")
    return [LABEL_TEXTS.index(label) for label in labels]
