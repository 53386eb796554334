"""Small pictures, as cut out of forms, tables and photographs: a digit in a cell, or a strip.

What is a few dozen pixels high is enlarged, and its ink is found in the light of its own ground; rules are those of the
cell, and are left out.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from mnist.reading.framing import Box, scaled
from mnist.reading.lattice import Lattice
from mnist.reading.pictures import cells, ink, ink_pieces, writing
from mnist.reading.pictures.picture import MAX_CELL_PIXELS, Picture

ENLARGED_PIXELS = 120  # shorter side of a small picture, at least: digits of a strip of forty pixels are small
MAX_ENLARGEMENT = 4  # what is a few pixels high shows nothing more however large it is
LONG_STRIP_IN_HEIGHTS = 2.0  # width of a picture that is a strip, however many pixels it has,
MAX_STRIP_REDUCTION = 4  # unless they are more than so many times those of a small one along each side
RULE = "a line of the cell"  # why it was left out
MIN_TALL_AT_EDGE_IN_HEIGHTS = 0.5  # of a small picture: what is left out is no mere rule
MAX_SCRAP_GAP_IN_SIDES = 0.08  # shorter sides of a picture: a sign as near to a rule may be a scrap of it


def small_strip(picture: Picture) -> Picture:
    """Return a strip cut out of a form as small as others are, if it was scanned finely; other pictures as they are.

    One with a plain ground is read as well as it is, unless rules are in view.
    """
    height, width = picture.lightness.shape
    times = math.ceil(width / MAX_CELL_PIXELS)
    if not 1 < times <= MAX_STRIP_REDUCTION or width < LONG_STRIP_IN_HEIGHTS * height:
        return picture
    small = reduced(picture, times)
    return small if small.rules.any() or not picture.has_plain_ground else picture


def reduced(picture: Picture, times: int) -> Picture:
    """Return the picture with so many times fewer pixels along each side."""
    height, width = picture.lightness.shape
    pixels = cv2.resize(picture.lightness, (max(1, width // times), -(-height // times)), interpolation=cv2.INTER_AREA)
    return Picture(pixels, picture.factor * times)


def ways_of(picture: Picture) -> Iterator[Lattice]:
    """Yield the ways to find the ink of a small picture; last those that leave out what is tall and lies at its edge.

    That may be a rule and the writing that touches it.
    """
    tall = MIN_TALL_AT_EDGE_IN_HEIGHTS * len(picture.lightness) * picture.factor
    late = []
    for lattice in _unsorted_ways_of(picture):
        if any(why == writing.AT_EDGE and box[3] > tall for box, why in lattice.left_out):
            late.append(lattice)
        else:
            yield lattice
    yield from late


def _unsorted_ways_of(picture: Picture) -> Iterator[Lattice]:
    """Yield the lattices of a small picture's ink, the likeliest first, enlarged so that edges of digits stay smooth.

    On an uneven ground ink is what differs from the ground nearby, or else in even light.
    """
    factor = min(MAX_ENLARGEMENT, math.ceil(ENLARGED_PIXELS / min(picture.lightness.shape)))

    def enlarged(pixels: np.ndarray) -> np.ndarray:
        return cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC) if factor > 1 else pixels

    strength = picture.strength
    if strength is None:
        light = enlarged(picture.lightness)
        # in a strip upright strokes are as long as rules are elsewhere
        mask = ink.mask_of(*ink.strength_of(light)) if cells.is_strip(light.shape) else ink.find(light).mask
        yield ink_pieces.lattice_of(mask).scaled(picture.factor / factor)
        strength = picture.strength_in_even_light
    if strength is not None:
        for share in (ink.INK_OF_LINES, ink.INK_OF_THIN_LINES):
            mask = (enlarged(strength) > ink.least_of_lines(strength, share)).astype(np.uint8)
            yield ink_pieces.lattice_of(mask).scaled(picture.factor / factor)


def beside_rules(lattice: Lattice, picture: Picture) -> Lattice:
    """Return the lattice of a picture whose rules were left out, and whose signs are doubtful if they touch one.

    They may be scraps of it.
    """
    rules = [(scaled(box, picture.factor), RULE) for box in cells.boxes_of(picture.rules)]
    signs = tuple(
        replace(sign, doubtful=sign.doubtful or _is_near(picture.rules, sign.box, picture.factor))
        for sign in lattice.signs
    )
    return replace(lattice, left_out=(*lattice.left_out, *rules), signs=signs)


def _is_near(rules: np.ndarray, box: Box, factor: int) -> bool:
    """Return whether what lies in that box, in the file's pixels, nearly touches rules (h, w) bool."""
    gap = MAX_SCRAP_GAP_IN_SIDES * min(rules.shape)
    left, top, width, height = scaled(box, 1 / factor)
    near = (
        slice(max(0, int(top - gap)), math.ceil(top + height + gap)),
        slice(max(0, int(left - gap)), math.ceil(left + width + gap)),
    )
    return bool(rules[near].any())
