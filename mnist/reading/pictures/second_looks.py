"""Other ways to look at a picture that was rejected: as one digit, on a sheet, without small words, turned."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import cv2
import numpy as np

from mnist.reading.framing import scaled
from mnist.reading.lattice import Lattice
from mnist.reading.pictures import cells, changed_ink, masks, small_pictures, surfaces, tables
from mnist.reading.pictures.picture import MAX_CELL_PIXELS, MAX_ONE_DIGIT_PIXELS, Picture

MAX_TURNED_PIXELS = 1500  # longer side of a picture that is turned to look at it again; a larger one is halved,
MAX_HALVED_PIXELS = 3000  # and one that is longer still is a strip, no page, and is not turned
SMALL_MARK = "a small mark beside the writing"  # why it was left out


def at(picture: Picture, turns: Sequence[int]) -> Iterator[Lattice]:
    """Yield other ways to look at a picture, first turned clockwise by each of these degrees.

    A small one is looked at as one digit, in a cell or filled by it, a larger one as writing in a frame; both as a
    digit's outlines, and without small words; a table only turned.
    """
    longer = max(picture.lightness.shape)
    for degrees in turns if longer <= MAX_HALVED_PIXELS else ():
        table = tables.lattice_of(masks.turned(picture.lightness, degrees))
        if table is not None:
            yield replace(table.scaled(picture.factor), turned=degrees)
        elif longer > MAX_CELL_PIXELS:
            yield _turned(picture, degrees)
    if tables.lattice_of(picture.lightness) is None:
        yield from _otherwise(picture)


def _otherwise(picture: Picture) -> Iterator[Lattice]:
    """Yield other ways to look at a picture that shows no table, as it lies."""
    picture = small_pictures.small_strip(picture)
    longer = max(picture.lightness.shape)
    if longer <= MAX_CELL_PIXELS:
        yield from _at_small(picture)
    if MAX_ONE_DIGIT_PIXELS < longer <= MAX_CELL_PIXELS:
        on_surface = surfaces.ink_on(picture.lightness, picture.in_colour)
        if on_surface is not None:
            yield masks.lattice_of(on_surface.mask, picture.factor)
    if picture.has_plain_ground and longer <= MAX_HALVED_PIXELS:
        writing = changed_ink.without_words(picture.ink.mask)
        if writing is not None:
            marks = cells.boxes_of((picture.ink.mask > writing).astype(np.uint8))
            left_out = tuple((scaled(box, picture.factor), SMALL_MARK) for box in marks)
            alone = masks.lattice_of(writing, picture.factor)
            yield replace(alone, left_out=(*alone.left_out, *left_out))
        filled = changed_ink.filled(picture.ink.mask)
        if filled is not None:
            yield masks.as_one_digit(filled, picture.factor)
    if MAX_CELL_PIXELS < longer <= MAX_HALVED_PIXELS:
        small = small_pictures.reduced(picture, math.ceil(longer / MAX_CELL_PIXELS))
        if small.in_cell is not None:
            yield small_pictures.beside_rules(next(small_pictures.ways_of(small)), small)


def _at_small(picture: Picture) -> Iterator[Lattice]:
    """Yield other ways to look at a small picture: as one digit, in a cell or filled by it, and as a number."""
    found = (picture.frame_in_cell(), picture.frame())
    yield from (Lattice.one_digit(framed) for framed in found if framed is not None)
    if cells.is_strip(picture.lightness.shape):
        was_number = max(picture.lightness.shape) > MAX_ONE_DIGIT_PIXELS
        for number in islice(small_pictures.ways_of(picture), int(was_number), None):
            yield number if picture.in_cell is None else small_pictures.beside_rules(number, picture)


def _turned(picture: Picture, degrees: int) -> Lattice:
    mask, reduction = picture.ink.mask, 1
    if max(mask.shape) > MAX_TURNED_PIXELS:  # it is likely no picture of digits at all: look cheaply
        mask, reduction = cv2.resize(mask, (-(-mask.shape[1] // 2), -(-mask.shape[0] // 2))), 2
    return masks.lattice_of(masks.turned(mask, degrees), picture.factor * reduction, degrees, picture.edge_margin)
