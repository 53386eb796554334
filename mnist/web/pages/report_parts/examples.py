"""The examples that a card keeps of what was read right and wrong, as pictures."""

import functools
from typing import Any

import numpy as np

from mnist.data import mnist_dataset
from mnist.reading import address, strokes
from mnist.web import pictures
from mnist.web.state import board


def picture(example: dict[str, Any]) -> str | None:
    """An example as a data URL: a drawing, or an MNIST image where MNIST's file is at hand; else None."""
    if not example["name"].isdecimal():
        drawn = address.from_text(example["name"])
        return pictures.strokes_url(drawn, strokes.bounds(drawn), board.CHALK)
    images, number = mnist_images(), int(example["name"])
    return None if images is None or number >= len(images) else pictures.png_url(images[number] / 255)


@functools.cache
def mnist_images() -> np.ndarray | None:
    """MNIST's test images (n, 28, 28) uint8, or None where no file of them is named. Raises UserError for a bad one."""
    return mnist_dataset.local_test_images()
