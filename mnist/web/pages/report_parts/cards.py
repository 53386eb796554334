"""What the cards in models/ say, with the words for it: the networks by kind, the sets that they were measured on."""

import functools
from typing import Any

from mnist.files import BASELINES, MODEL
from mnist.reading.classifier import read_card

SHIPPED = MODEL.stem
NETWORKS = (*BASELINES, SHIPPED)  # the simplest first
KINDS = {
    "softmax": "Softmax regression",
    "perceptron": "Multilayer perceptron",
    "textbook": "Textbook convolutional net",
    "keras_example": "Keras's example",
    SHIPPED: "This program's net",
}
SETS = {
    "mnist_test": "MNIST's test digits",
    "drawings": "drawn on a pad",
    "drawings_loose": "drawn by loose hands",
    "pixels_pen_8": "as pixels, pen 8",
    "pixels_pen_14": "as pixels, pen 14",
    "pixels_pen_20": "as pixels, pen 20",
    "pixels_pen_28": "as pixels, pen 28",
    "mnist_shifted": "MNIST, shifted",
    "mnist_scaled": "MNIST, larger or smaller",
    "mnist_turned": "MNIST, turned",
    "mnist_blurred": "MNIST, blurred",
    "mnist_noisy": "MNIST, noisy",
    "mnist_foggy": "MNIST, in uneven light",
    "mnist_striped": "MNIST, on stripes",
    "scans_16x16": "MNIST, small scans",
    "scans_8x8": "scikit-learn's tiny scans",
    "font_digits": "fonts of single strokes",
    "mnist_validation": "MNIST's, kept aside",
    "drawn_validation": "drawn, kept aside",
}


@functools.cache
def card(network: str) -> dict[str, Any]:
    """The card of one of NETWORKS. Raises UserError where it is missing or is none."""
    return read_card(MODEL.with_name(f"{network}.keras"))


def percent(share: float, digits: int) -> str:
    """A share as one reads it aloud: 99.6 %."""
    return f"{100 * share:.{digits}f} %"
