"""MNIST's framing of a digit, the same for drawings and for pictures.

Every MNIST digit is scaled so that its longer side is 20 pixels, then moved by whole pixels in a 28×28 field until its
centre of mass is the field's centre. LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document
recognition", 1998. Measured on MNIST's test set the centre of mass lies within half a pixel of index 14.0, not 13.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

Box = tuple[float, float, float, float]  # x, y, width, height

SIZE = 28  # side of a sample, pixels
DIGIT_SIDE = 20  # longer side of the digit's ink, pixels
CENTRE = 14.0  # index at which the centre of mass comes to lie, in both directions
MIN_VISIBLE_INK = 0.02  # fainter ink does not count in the digit's box; 0 to 0.02 give MNIST's own boxes


@dataclass(frozen=True, eq=False)
class Framed:
    """A digit in MNIST's framing: its sample (28, 28) float32 in [0, 1], and the box where it was found.

    `box` is (x, y, width, height) of its ink in the pixels of the drawing or picture it comes from.
    """

    sample: np.ndarray
    box: Box


def ink_box(ink: np.ndarray, visible: float = MIN_VISIBLE_INK) -> tuple[int, int, int, int] | None:
    """Return the box, in whole pixels, of the ink (h, w) in [0, 1] above `visible`; None if there is none."""
    x, y, width, height = cv2.boundingRect((ink > visible).astype(np.uint8))
    return (x, y, width, height) if width else None


def crop(ink: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """Return the part (height, width) of the ink (h, w) that lies in a box of whole pixels."""
    x, y, width, height = box
    return ink[y : y + height, x : x + width]


def between(low: np.ndarray, high: np.ndarray) -> Box:
    """Return the box between two corners (2,), upper left and lower right."""
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


def scaled(box: Box, factor: float) -> Box:
    """Return the box in the pixels of a picture `factor` times as large."""
    x, y, width, height = box
    return x * factor, y * factor, width * factor, height * factor


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around all of these, at least one."""
    each = np.array(boxes)
    return between(each[:, :2].min(axis=0), (each[:, :2] + each[:, 2:]).max(axis=0))


def reduced(picture: np.ndarray, longer: int) -> np.ndarray:
    """Return the picture with a longer side of at most `longer` pixels."""
    scale = min(1.0, longer / max(picture.shape))
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def shrink(ink: np.ndarray) -> np.ndarray:
    """Scale cropped `ink` (h, w) float32 in [0, 1], up or down, so that its longer side is DIGIT_SIDE pixels."""
    height, width = ink.shape
    scale = DIGIT_SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if size == (width, height):
        return ink
    scaled = Image.fromarray(ink.astype(np.float32)).resize(
        size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    )
    return np.asarray(scaled).clip(0.0, 1.0)


def frame_ink(ink: np.ndarray, box: Box) -> Framed:
    """Return cropped `ink` (h, w) float32 in [0, 1] that was found in `box` as one digit, its strongest ink 1."""
    digit = shrink(ink)
    return Framed(centre(digit / digit.max()), box)


def centre(ink: np.ndarray) -> np.ndarray:
    """Place `ink` (h, w), sides of at most SIZE, in a sample so that its centre of mass lies at CENTRE.

    The move is by whole pixels, and shortened where it would push ink over the edge. Returns (28, 28) float32.
    """
    height, width = ink.shape
    total = float(ink.sum())
    if total == 0:
        return np.zeros((SIZE, SIZE), np.float32)
    mass_y = float(ink.sum(axis=1) @ np.arange(height)) / total
    mass_x = float(ink.sum(axis=0) @ np.arange(width)) / total
    top = min(max(round(CENTRE - mass_y), 0), SIZE - height)
    left = min(max(round(CENTRE - mass_x), 0), SIZE - width)
    sample = np.zeros((SIZE, SIZE), np.float32)
    sample[top : top + height, left : left + width] = ink
    return sample
