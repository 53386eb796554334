"""Pictures of lone digits in cells, as people cut them out of forms, sudokus and tables of marks; made here.

The digits are others' (MNIST's test digits, or people's). The cell's rules are in the picture at one to four sides, at
its edge or a little inside, straight or slightly turned, touched by the digit now and then; the digit may be faint.
"""

import numpy as np
from PIL import Image, ImageFilter

from mnist.data.labelled import Labelled
from mnist.reading.framing import crop, ink_box

SIDES = (28, 300)  # longer side of a picture, pixels
DIGIT_OF_CELL = (0.35, 0.8)  # longer side of the digit, in sides of the cell
RULE_OF_CELL = (0.015, 0.07)  # width of a rule
INSET_OF_CELL = 0.06  # a rule lies as far inside the picture at most
MAX_TURN_DEGREES = 3.0  # of the rules, either way
FAINT = (0.18, 0.5)  # how dark faint ink is, of black to white
EDGE_CONTRAST = 3.0  # the digits come as 28 × 28 pixels, with soft edges


def cell(digits: Labelled, rng: np.random.Generator, faint: bool = False) -> tuple[np.ndarray, str]:
    """Return a picture (h, w) uint8 of one of the digits in a cell, and the digit."""
    number = rng.integers(len(digits))
    side = round(float(np.exp(rng.uniform(*np.log(SIDES)))))
    shape = side, max(20, round(side * float(np.exp(rng.normal(0, 0.12)))))
    with_rules = rng.permutation(4)[: rng.integers(1, 5)]
    ink = rng.uniform(*FAINT) if faint else rng.uniform(0.6, 1.0)
    drawn = rules(shape, with_rules.tolist(), rng) * rng.uniform(0.3, 1.0)
    written = np.maximum(_placed(digits.samples[number], shape, rng) * ink, drawn)
    paper = rng.uniform(0.75, 1.0)
    light = paper - paper * 0.95 * written
    if rng.random() < 0.5:
        light = light + rng.normal(0, rng.uniform(0.0, 0.025), shape)
    picture = Image.fromarray((light.clip(0, 1) * 255).round().astype(np.uint8))
    if rng.random() < 0.5:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.0, 0.012) * side))
    return np.asarray(picture), str(digits.labels[number])


def _placed(sample: np.ndarray, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return the ink (h, w) of a digit about the middle of a cell, now and then touching a side."""
    digit = crop(sample, ink_box(sample) or (0, 0, 1, 1))
    factor = rng.uniform(*DIGIT_OF_CELL) * min(shape) / max(digit.shape)
    height, width = (max(4, round(length * factor)) for length in digit.shape)
    large = np.asarray(Image.fromarray(digit).resize((width, height), Image.Resampling.BICUBIC))
    large = ((large - 0.5) * EDGE_CONTRAST + 0.5).clip(0.0, 1.0) if factor > 1 else large.clip(0.0, 1.0)
    page = np.zeros(shape, np.float32)
    room = np.array(shape) - (height, width)
    top, left = (room * rng.normal(0.5, 0.12, 2)).round().astype(int).clip(0, room)
    page[top : top + height, left : left + width] = large
    return page


def rules(shape: tuple[int, int], sides: list[int], rng: np.random.Generator) -> np.ndarray:
    """Return the ink (h, w) of the cell's rules: 0 left, 1 right, 2 top, 3 bottom."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    width = max(1.0, rng.uniform(*RULE_OF_CELL) * min(shape))
    ink = np.zeros(shape, np.float32)
    for side in sides:
        turn = np.tan(np.deg2rad(rng.uniform(-MAX_TURN_DEGREES, MAX_TURN_DEGREES)))
        inset = rng.uniform(0, INSET_OF_CELL) * min(shape) if rng.random() < 0.6 else 0.0
        away = [x, shape[1] - 1 - x, y, shape[0] - 1 - y][side] - inset
        along = (y - shape[0] / 2) if side < 2 else (x - shape[1] / 2)
        ink = np.maximum(ink, (width / 2 + 0.5 - np.abs(away - width / 2 + 0.5 + turn * along)).clip(0, 1))
    return ink
