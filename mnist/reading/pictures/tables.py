"""Ruled tables in photographs, from a table of marks to a sudoku: found by their mesh of rules, and read laid flat.

A table has a closed frame of four corners around several cells. Laid flat, all of its rules are straight, so that its
faint ones, too, show in what lies along them. What is written is the ink between them.
"""

import math
from collections import defaultdict
from dataclasses import replace

import cv2
import numpy as np

from mnist.reading.framing import Box
from mnist.reading.grouping import Pieces, build_lattice
from mnist.reading.lattice import Lattice, Line
from mnist.reading.mesh import Mesh
from mnist.reading.pictures import ink, ink_pieces, paper, pen_rules, table_frames, table_rules
from mnist.reading.pictures.ink_pieces import MAX_FRAMED_PIXELS, MAX_PARTS

MIN_PIXELS = 300  # longer side of a picture with a table: the pad has 280
MIN_SIDE_PIXELS = 640  # likewise: smaller pictures are enlarged
MARGIN_IN_SIDES = 0.04  # longer sides of the frame: room around it when it is laid flat
MIN_ROOM_IN_SIDES = 0.01  # longer sides of the picture, between its edge and a frame that is no sudoku's
MIN_LETTERS = 3  # of a word in a cell: fewer may be a number that is hard to read
BESIDE = "beside the table"  # why it was left out


def lattice_of(light: np.ndarray) -> Lattice | None:
    """Return the lattice of the largest table in lightness (h, w) float32, with boxes where it is; None without any."""
    longer = max(light.shape)
    if longer < MIN_PIXELS:
        return None
    times = math.ceil(MIN_SIDE_PIXELS / longer)
    if times > 1:  # rules a pixel wide are broken
        light = cv2.resize(light, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    found = _in_large(light)
    return None if found is None else found.scaled(1 / times)


def _in_large(light: np.ndarray) -> Lattice | None:
    on_sheet = paper.sheet(light)
    if on_sheet is not None:
        light = paper.alone(light, on_sheet)
    found = table_frames.find(light, 1.0 if on_sheet is None else float(on_sheet.mean()))
    if found is None:
        return None
    frame, beside = found
    margin = round(MARGIN_IN_SIDES * max(frame.size))
    flat = _laid_flat(light, frame, margin)
    if flat is None:
        return None
    mesh, written = flat
    wide, high = mesh.size

    def back(box: Box) -> Box:
        x, y, width, height = box
        return mesh.box_in_picture(((x - margin) / wide, (y - margin) / high, width / wide, height / high))

    pieces, signs, left_out = ink_pieces.of(written, is_level=True, are_alone=mesh.is_sudoku)
    if not pieces.boxes and beside:
        return ink_pieces.lattice_of(_beside(light, frame))
    if any(box[3] > high * float(np.median(np.diff(mesh.floors))) for box in pieces.boxes):
        return None  # on squared paper digits are written over the squares
    lattice = replace(_by_cells(pieces, mesh, margin), signs=signs, left_out=left_out, patches=pieces.patches).moved(
        back
    )
    return replace(lattice, mesh=mesh, left_out=(*lattice.left_out, *((box, BESIDE) for box in beside)))


def _laid_flat(light: np.ndarray, frame: Mesh, margin: int) -> tuple[Mesh, np.ndarray] | None:
    """Return the mesh of the table in a frame, and the mask of what is written there; None if it is no table.

    The mask is laid flat, with so many pixels of margin around the frame.
    """
    strength, grain = ink.strength_of(frame.flat(light, margin), is_dense=True)
    mesh = table_rules.find(frame, strength, grain, margin)
    if math.prod(mesh.shape) < table_frames.MIN_CELLS or (_runs_out(frame, light.shape) and not mesh.is_sudoku):
        return None
    whole = ink.mask_of(strength, grain, ink.FAINT)
    table_rules.take_away(strength, mesh, margin)
    unruled = pen_rules.without(ink.mask_of(strength, grain), whole)  # drawn by a pen they are not quite straight
    mesh = table_rules.with_more(mesh, unruled.upright, unruled.level, margin)
    return mesh, table_rules.without_scraps(unruled.mask, mesh, margin)


def _runs_out(frame: Mesh, shape: tuple[int, ...]) -> bool:
    """Return whether a frame may be where squared paper runs out of a picture (h, w)."""
    room = np.minimum(frame.corners, np.array(shape[::-1]) - 1 - frame.corners).min()
    return bool(room < MIN_ROOM_IN_SIDES * max(shape))


def _beside(light: np.ndarray, frame: Mesh) -> np.ndarray:
    """Return the mask (h, w) of the ink beside a table that is empty."""
    mask = ink.find(light).mask
    edge = max(3, round(MARGIN_IN_SIDES * max(frame.size) / 2))
    cv2.fillPoly(mask, [frame.corners.round().astype(np.int32)], 0)
    return np.asarray(cv2.polylines(mask, [frame.corners.round().astype(np.int32)], True, 0, edge))


def _by_cells(pieces: Pieces, mesh: Mesh, margin: int) -> Lattice:
    """Return the lattice of a table laid flat: each of its cells has lines of its own, from left to right."""
    middles = np.array([(x + width / 2, y + height / 2) for x, y, width, height in pieces.boxes]).reshape(-1, 2)
    cells = defaultdict(list)
    for piece, place in enumerate(((middles - margin) / mesh.size).tolist()):
        cells[mesh.cell_at(place)].append(piece)
    lines: list[Line] = []
    tried = untried = first = 0
    framed = 0.0  # pixels
    for _, own in sorted(cells.items()):
        some = pieces.some(own)
        found = build_lattice(some, True, max(1, MAX_PARTS - tried), max(0.0, MAX_FRAMED_PIXELS - framed))
        lines += [_in_cell(line, first) for line in found.lines]
        tried += len(found.parts)
        framed += sum(math.prod(part.framed.box[2:]) for part in found.parts)
        untried += found.untried
        first += max(line.after for line in found.lines)
    return Lattice(tuple(lines), untried=untried)


def _in_cell(line: Line, first: int) -> Line:
    """Return a line of a cell's, as the cell's pieces follow `first` others: what is in a cell is not left out."""
    return replace(
        line,
        first=line.first + first,
        after=line.after + first,
        strays=tuple(run for run in line.strays if run != (0, line.after - line.first)),
        letters=MIN_LETTERS,
    )
