"""The one door for everything from outside: file bytes, strokes or a picture become a lattice of framed digits."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from mnist.reading import signs
from mnist.reading.drawings import stroke_cuts, strokes
from mnist.reading.drawings.strokes import Strokes
from mnist.reading.framing import Framed
from mnist.reading.grouping import Pieces, build_lattice
from mnist.reading.lattice import Lattice
from mnist.reading.pictures import images, ink_pieces, second_looks, small_pictures, tables
from mnist.reading.pictures.picture import MAX_CELL_PIXELS, MAX_ONE_DIGIT_PIXELS, Picture
from mnist.reading.signs import Sign

BLANKS = b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"  # white space and byte order marks that may stand before JSON
MAX_POINTS_IN_PARTS = 80_000  # of all parts tried of a drawing: twelve digits have 13,000; one with more is no number
MAX_STROKES_WITH_SIGNS = 60  # a drawing of more is no number; each is compared with each


def in_file(content: bytes) -> Lattice:
    """Return the lattice of a file's bytes, a saved drawing (JSON) or a picture; both may hold lines of numbers.

    To look at a picture again it is decoded again: many may wait for it, and their pixels would take much memory.
    Raises UserError if it is neither.
    """
    if _is_json(content):
        return of_strokes(strokes.parse(content))
    return replace(in_picture(images.decode(content)), again=partial(look_again, content))


def look_again(content: bytes, turns: Sequence[int]) -> Iterator[Lattice]:
    """Yield other ways to look at a file that `in_file` has read, as `second_looks.at`; none if it is a drawing."""
    if not _is_json(content):
        yield from second_looks.at(images.decode(content), turns)


def of_strokes(drawn: Strokes) -> Lattice:
    """Return the lattice of a drawing, which may hold numbers and their signs."""
    found = _signs(drawn)
    taken = {i for members in found for i in members}
    pieces, cuts, joins = stroke_cuts.cut([stroke for i, stroke in enumerate(drawn) if i not in taken])
    lattice = build_lattice(
        Pieces(
            strokes.middle_line_boxes(pieces),
            lambda members: strokes.frame([pieces[i] for i in members]),
            cuts,
            joins,
            effort=lambda members: sum(len(pieces[i].points) for i in members),
        ),
        max_effort=MAX_POINTS_IN_PARTS,
    )
    return replace(lattice, signs=tuple(found.values()))


def _signs(drawn: Strokes) -> dict[tuple[int, ...], Sign]:
    """Return the signs of a drawing, by the indices of their strokes."""
    if not 1 < len(drawn) <= MAX_STROKES_WITH_SIGNS:
        return {}
    boxes = [strokes.bounds([stroke]) for stroke in drawn]
    usual_height = float(np.median(sorted(box[3] for box in boxes)[len(boxes) // 2 :]))
    return signs.find(boxes, max(stroke.width for stroke in drawn), usual_height, as_strokes=True)


def in_picture(picture: Picture) -> Lattice:
    """Return the lattice of a picture, with boxes in the file's own pixels, also around what was left out.

    The lattice keeps the picture, to look at it again.
    """
    table = tables.lattice_of(picture.lightness)
    if table is not None:
        return replace(table.scaled(picture.factor), again=partial(second_looks.at, picture))
    return replace(_without_table(small_pictures.small_strip(picture)), again=partial(second_looks.at, picture))


def _without_table(picture: Picture) -> Lattice:
    """Return the lattice of a picture that shows no table."""
    longer = max(picture.lightness.shape)
    in_cell = picture.in_cell if longer <= MAX_CELL_PIXELS else None
    if longer <= MAX_ONE_DIGIT_PIXELS:
        framed = picture.frame() if in_cell is None else picture.frame_in_cell()
        lattice = Lattice() if framed is None else Lattice.one_digit(framed)
    elif longer <= MAX_CELL_PIXELS:
        lattice = next(small_pictures.ways_of(picture))
    else:
        found = replace(ink_pieces.lattice_of(picture.ink.mask, picture.edge_margin), walls=picture.ink.walls)
        lattice = found.scaled(picture.factor)
    return lattice if in_cell is None else small_pictures.beside_rules(lattice, picture)


def one_digit(content: bytes) -> Framed | None:
    """Return all ink in a file's bytes as one digit, or None if there is none. Raises UserError as `in_file`."""
    if _is_json(content):
        drawn = strokes.parse(content)
        return strokes.frame(drawn) if drawn else None
    return images.decode(content).frame()


def _is_json(content: bytes) -> bool:
    return content.lstrip(BLANKS)[:1] in (b"{", b"[")
