"""Ink that was found already, a mask, as a lattice: turned, inside a box, or all of it as one digit."""

import math
from dataclasses import replace

import numpy as np

from mnist.reading.framing import Box, crop, frame_ink, ink_box, scaled
from mnist.reading.lattice import Lattice
from mnist.reading.pictures import ink_pieces


def turned(pixels: np.ndarray, degrees: int) -> np.ndarray:
    """Return a mask or lightness (h, w) turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(pixels, -degrees // 90))


def lattice_of(mask: np.ndarray, factor: int, degrees: int = 0, margin_in_sides: float = 0.0) -> Lattice:
    """Return the lattice of a picture's ink that was turned upright by so many degrees, with boxes where it is now."""
    return replace(ink_pieces.lattice_of(mask, margin_in_sides).scaled(factor), turned=degrees)


def in_box(mask: np.ndarray, factor: int, box: Box) -> Lattice:
    """Return all ink of a picture's mask inside a box, in the file's own pixels, as one digit."""
    left, top = (max(0, int(side / factor)) for side in box[:2])
    right, bottom = (max(0, math.ceil((box[i] + box[i + 2]) / factor)) for i in (0, 1))
    inside = np.zeros_like(mask)
    inside[top:bottom, left:right] = mask[top:bottom, left:right]
    return as_one_digit(inside, factor)


def as_one_digit(mask: np.ndarray, factor: int) -> Lattice:
    """Return all ink of a picture's mask as one digit; an empty lattice if there is none."""
    ink = mask.astype(np.float32)
    inked = ink_box(ink)
    return Lattice.one_digit(frame_ink(crop(ink, inked), scaled(inked, factor))) if inked else Lattice()
