"""The cards of the shipped networks, and pictures of the examples in them: digits read correctly, and digits not."""

import functools
from typing import Any

import numpy as np

from mnist.data import mnist_dataset
from mnist.reading import address, strokes
from mnist.reading.classifier import read_card
from mnist.training.networks import NetworkSpec
from mnist.web import palette, pictures


@functools.cache
def card(network: NetworkSpec) -> dict[str, Any]:
    """Return the card of a network. Raises UserError if it is missing or damaged."""
    return read_card(network.model)


def example_url(example: dict[str, Any]) -> str | None:
    """Return an example as a data URL; None for an MNIST image if MNIST's file is not at hand."""
    if not example["name"].isdecimal():
        drawn = address.from_text(example["name"])
        return pictures.strokes_url(drawn, strokes.bounds(drawn), palette.CHALK)
    images, number = mnist_images(), int(example["name"])
    return None if images is None or number >= len(images) else pictures.png_url(images[number] / 255)


@functools.cache
def mnist_images() -> np.ndarray | None:
    """Return MNIST's test images (n, 28, 28) uint8, or None if no file is named. Raises UserError for a bad file."""
    return mnist_dataset.local_test_images()
