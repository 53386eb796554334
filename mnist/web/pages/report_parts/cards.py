"""The cards of the shipped networks, and pictures of the examples in them: digits read correctly, and digits not."""

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from mnist.data import mnist_dataset, people
from mnist.evaluation.sets import PEOPLES_DIGITS, SETS
from mnist.reading.card import read_card
from mnist.reading.drawings import address, strokes
from mnist.reading.drawings.strokes import Strokes
from mnist.training.networks import SHIPPED, NetworkSpec
from mnist.web import palette, pictures

MADE_UP = "drawings_loose"  # the set of this program's own digits that a card has examples of
ABOUT_MNIST = (
    "MNIST is the best known collection of handwritten digits: 70,000, by pupils and office workers in the USA."
)
SOURCES = {measured.key: measured.source for measured in SETS if measured.source and measured.key in PEOPLES_DIGITS}


@functools.cache
def card(network: NetworkSpec) -> dict[str, Any]:
    """Return the card of a network. Raises UserError if it is missing or damaged."""
    return read_card(network.model)


def peoples_digits() -> list[str]:
    """Return the keys of the sets of people's digits that the shipped network's card has figures of."""
    return [key for key in SOURCES if key in card(SHIPPED)["figures"]]


def example_url(key: str, example: dict[str, Any]) -> str | None:
    """Return an example of the set with that key as a data URL; None if what people wrote is not at hand."""
    if key == MADE_UP:
        return _drawing_url(address.from_text(example["name"]))
    found, number = collection(key), int(example["name"])
    if found is None or number >= len(found):
        return None
    shown = found[number]
    return pictures.png_url(shown) if isinstance(shown, np.ndarray) else _drawing_url(shown)


def _drawing_url(drawn: Strokes) -> str:
    return pictures.strokes_url(drawn, strokes.bounds(drawn), palette.CHALK)


@functools.cache
def collection(key: str) -> Sequence[np.ndarray | Strokes] | None:
    """Return the images, 0 to 1, or the drawings of a set of people's digits, by number; None if they are not at hand.

    Raises UserError if MNIST_DATA or HANDWRITING_DATA names something else.
    """
    if key == "mnist_test":
        images = mnist_dataset.local_test_images()
        return None if images is None else list(images.astype(np.float16) / 255)
    written = people.read_source(SOURCES[key])
    if written is None:
        return None
    return [each.strokes for each in written.drawn] or list(written.images.samples)


def why_not_shown(key: str) -> str:
    """Return why the digits of that set are not shown, and what to do."""
    if key == "mnist_test":
        variable, what = mnist_dataset.PATH_VARIABLE, "MNIST's file"
    else:
        variable, what = people.PATH_VARIABLE, "the folder of the collections"
    return (
        "People's handwriting is not part of this program. "
        f"To see it here, set {variable} to the path of {what} before the server starts."
    )
