"""Pictures of a digit or a number that people cut out of a photograph of a sheet of paper; made here.

They are small, the pen is often a thin pencil, its line hardly a pixel wide and soft; light falls off, and now and then
a shadow's edge runs through. What is written is others' (`tools.made_photographs`).
"""

import io

import cv2
import numpy as np
from PIL import Image

from mnist.handwriting.numbers import DIGIT_HEIGHT
from tools.harness.image_files import file
from tools.made_photographs import Write, shadow

HEIGHTS = (24, 260)  # of a digit, pixels
DIGITS = (2, 5)
PENS = (0.015, 0.11)  # width, digit heights, for those who write
FINER = 4  # times as many pixels along each side, as it is drawn
ROOM = (0.08, 0.7)  # beside the writing, digit heights
MAX_TILT_DEGREES = 8.0
INK = (0.3, 0.9)  # how much darker than the paper
MIN_LINE_INK = 0.15  # likewise, of a thin line that is blurred: fainter ones are hard for people, too
SHARE_IN_SHADOW = 0.3


def crop(write: Write, rng: np.random.Generator, alone: bool = False) -> tuple[np.ndarray, str]:
    """Return a picture (h, w) uint8 of a number, or of a digit `alone`, and what it is."""
    labels = rng.integers(0, 10, 1 if alone else rng.integers(DIGITS[0], DIGITS[1] + 1)).tolist()
    writing = write([labels], rng)
    angle = np.deg2rad(rng.uniform(-MAX_TILT_DEGREES, MAX_TILT_DEGREES))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = writing.points @ turn.T
    scale = float(np.exp(rng.uniform(*np.log(HEIGHTS)))) / DIGIT_HEIGHT
    room = rng.uniform(*ROOM, 4) * scale * DIGIT_HEIGHT
    width, height = (int(side) for side in np.ceil(scale * np.ptp(turned, axis=0) + room[:2] + room[2:]))
    fine = (FINER * width, FINER * height)
    written = writing.placed(FINER * scale, turn, FINER * (room[:2] - scale * turned.min(axis=0)), fine)
    ink = cv2.resize(written, (width, height), interpolation=cv2.INTER_AREA)
    ink = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.3, 1.2))
    line = float(np.quantile(ink[ink > 0.1], 0.7))
    ink = ink * max(rng.uniform(*INK), min(INK[1], MIN_LINE_INK / line))
    corners = rng.uniform(0.7, 1.0, (2, 2)).astype(np.float32)
    light = rng.uniform(0.6, 0.95) * cv2.resize(corners, (width, height)) * (1 - ink)
    if rng.random() < SHARE_IN_SHADOW:
        light = light * shadow((width, height), rng)
    light = light + rng.normal(0, rng.uniform(0.003, 0.02), light.shape)
    picture = Image.fromarray((light.clip(0, 1) * 255).round().astype(np.uint8))
    content = file(picture, "JPEG", quality=int(rng.integers(60, 95)))
    return np.asarray(Image.open(io.BytesIO(content))), "".join(map(str, labels))
