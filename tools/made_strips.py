"""Pictures of numbers cut out of forms and cheques: strips some forty pixels high, a box's rules in view; made here.

What is written in them is others' (`tools.made_photographs`): the digits of one person, side by side.
"""

import numpy as np
from PIL import Image, ImageFilter

from mnist.handwriting.numbers import DIGIT_HEIGHT
from tools.made_cells import rules
from tools.made_photographs import Write

HEIGHTS = (32, 64)  # of a strip, pixels
DIGITS = (2, 6)
DIGIT_OF_STRIP = (0.5, 0.85)  # height of the number, in heights of the strip
MAX_TILT_DEGREES = 4.0
SHARE_IN_BOX = 0.6
SHADED = (0.65, 0.9)  # light at one end of a strip in uneven light, of that at the other
FINER = (2.0, 5.0)  # times as many pixels along each side


def strip(write: Write, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """Return a picture (h, w) uint8 of one number in a strip, and the number."""
    labels = rng.integers(0, 10, rng.integers(DIGITS[0], DIGITS[1] + 1)).tolist()
    writing = write([labels], rng)
    height = int(rng.integers(*HEIGHTS))
    angle = np.deg2rad(rng.uniform(-MAX_TILT_DEGREES, MAX_TILT_DEGREES))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = writing.points @ turn.T
    extent = np.ptp(turned, axis=0)
    scale = rng.uniform(*DIGIT_OF_STRIP) * height / max(float(extent[1]), DIGIT_HEIGHT)
    width = round(scale * float(extent[0]) + height * rng.uniform(0.3, 1.2))
    room = np.array((width, height)) - scale * extent
    written = writing.placed(scale, turn, room * rng.uniform(0.3, 0.7, 2) - turned.min(axis=0) * scale, (width, height))
    ink = written * rng.uniform(0.5, 1.0)
    if rng.random() < SHARE_IN_BOX:
        sides = rng.permutation(4)[: rng.integers(1, 5)].tolist()
        ink = np.maximum(ink, rules((height, width), sides, rng) * rng.uniform(0.3, 1.0))
    paper = rng.uniform(0.7, 1.0)
    light = paper - paper * 0.95 * ink + rng.normal(0, rng.uniform(0.0, 0.03), ink.shape)
    picture = Image.fromarray((light.clip(0, 1) * 255).round().astype(np.uint8))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.0, 0.7)))), "".join(map(str, labels))


def spoiled(write: Write, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """Return a strip in light that falls off along it, or scanned several times as finely, and its number."""
    pixels, text = strip(write, rng)
    height, width = pixels.shape
    if rng.random() < 0.5:
        light = np.linspace(1.0, rng.uniform(*SHADED), width)[:: rng.choice((1, -1))]
        return (pixels * light).round().astype(np.uint8), text
    times = rng.uniform(*FINER)
    size = round(width * times), round(height * times)
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)), text
