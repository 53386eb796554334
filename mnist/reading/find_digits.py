"""The one door for everything from outside: file bytes, strokes or a picture become a lattice of framed digits."""

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

import cv2
import numpy as np

from mnist.reading import cells, images, ink, patches, second_looks, signs, stroke_cuts, strokes, tables
from mnist.reading.framing import Box, Framed, crop, frame_ink, ink_box, scaled
from mnist.reading.grouping import Pieces, build_lattice
from mnist.reading.lattice import Lattice
from mnist.reading.picture import MAX_CELL_PIXELS, Picture
from mnist.reading.signs import Sign
from mnist.reading.strokes import Strokes

BLANKS = b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"  # white space and byte order marks that may stand before JSON
MAX_POINTS_IN_PARTS = 80_000  # of all parts tried of a drawing: twelve digits have 13,000; one with more is no number
MAX_STROKES_WITH_SIGNS = 60  # a drawing of more is no number; each is compared with each
MAX_ONE_DIGIT_PIXELS = 100  # longer side: a picture as small as this holds one digit, as MNIST's do
ENLARGED_PIXELS = 120  # shorter side of a small picture, at least: digits of a strip of forty pixels are small
MIN_TABLE_PIXELS = 300  # longer side of a picture with a table: the pad has 280
MAX_ENLARGEMENT = 4  # what is a few pixels high shows nothing more however large it is
LONG_STRIP_IN_HEIGHTS = 2.0  # width of a picture that is a strip, however many pixels it has,
MAX_STRIP_REDUCTION = 4  # unless they are more than so many times those of a small one along each side
RULE, SMALL_MARK = "a line of the cell", "a small mark beside the writing"  # why it was left out
MIN_TALL_AT_EDGE_IN_HEIGHTS = 0.5  # of a small picture: what is left out is no mere rule
MAX_SCRAP_GAP_IN_SIDES = 0.08  # shorter sides of a picture: a sign as near to a rule may be a scrap of it
MAX_TURNED_PIXELS = 1500  # longer side of a picture that is turned to look at it again; a larger one is halved,
MAX_HALVED_PIXELS = 3000  # and one that is longer still is a strip, no page, and is not turned
EDGE_MARGIN_IN_SIDES = 0.02  # shorter sides: ink as near to a photograph's edge is a thumb, a shadow, the table


def in_file(content: bytes) -> Lattice:
    """Return the lattice of a file's bytes, a saved drawing (JSON) or a picture; both may hold lines of numbers.

    To look at a picture again it is decoded again: many may wait for it, and their pixels would take much memory.
    Raises UserError if it is neither.
    """
    if _is_json(content):
        return of_strokes(strokes.parse(content))
    return replace(in_picture(images.decode(content)), again=partial(look_again, content))


def look_again(content: bytes) -> Iterator[Lattice]:
    """Yield other ways to look at a file that `in_file` has read; none if it is a drawing."""
    if not _is_json(content):
        yield from _again(images.decode(content))


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
    table = tables.lattice_of(picture.lightness) if max(picture.lightness.shape) >= MIN_TABLE_PIXELS else None
    if table is not None:
        return replace(table.scaled(picture.factor), again=partial(_again, picture))
    picture = small_strip(picture)
    longer = max(picture.lightness.shape)
    in_cell = picture.in_cell if longer <= MAX_CELL_PIXELS else None
    if longer <= MAX_ONE_DIGIT_PIXELS:
        framed = picture.frame() if in_cell is None else picture.frame_in_cell()
        lattice = Lattice() if framed is None else Lattice.one_digit(framed)
    elif longer <= MAX_CELL_PIXELS:
        lattice = next(_in_small(picture))
    else:
        found = replace(patches.lattice_of(picture.ink.mask, edge_margin(picture)), walls=picture.ink.walls)
        lattice = found.scaled(picture.factor)
    if in_cell is not None:
        lattice = _beside_rules(lattice, picture)
    return replace(lattice, again=partial(_again, picture))


def _beside_rules(lattice: Lattice, picture: Picture) -> Lattice:
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


def small_strip(picture: Picture) -> Picture:
    """Return a strip cut out of a form as small as others are, if it was scanned finely; other pictures as they are.

    One with a plain ground is read as well as it is, unless rules are in view.
    """
    height, width = picture.lightness.shape
    times = math.ceil(width / MAX_CELL_PIXELS)
    if not 1 < times <= MAX_STRIP_REDUCTION or width < LONG_STRIP_IN_HEIGHTS * height:
        return picture
    small = _reduced(picture, times)
    return small if small.rules.any() or not picture.has_plain_ground else picture


def _reduced(picture: Picture, times: int) -> Picture:
    height, width = picture.lightness.shape
    pixels = cv2.resize(picture.lightness, (width // times, -(-height // times)), interpolation=cv2.INTER_AREA)
    return Picture(pixels, picture.factor * times)


def _in_small(picture: Picture) -> Iterator[Lattice]:
    """Yield the ways to find the ink of a small picture; last those that leave out what is tall and lies at its edge.

    That may be a rule and the writing that touches it.
    """
    tall = MIN_TALL_AT_EDGE_IN_HEIGHTS * len(picture.lightness) * picture.factor
    late = []
    for lattice in _ways_in_small(picture):
        if any(why == patches.AT_EDGE and box[3] > tall for box, why in lattice.left_out):
            late.append(lattice)
        else:
            yield lattice
    yield from late


def _ways_in_small(picture: Picture) -> Iterator[Lattice]:
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
        yield patches.lattice_of(mask).scaled(picture.factor / factor)
        strength = picture.strength_in_even_light
    if strength is not None:
        for share in (ink.INK_OF_LINES, ink.INK_OF_THIN_LINES):
            mask = (enlarged(strength) > ink.least_of_lines(strength, share)).astype(np.uint8)
            yield patches.lattice_of(mask).scaled(picture.factor / factor)


def _again(picture: Picture) -> Iterator[Lattice]:
    """Yield other ways to look at a picture: a small one as one digit, in a cell or filled by it.

    A larger one is looked at as writing in a frame, and turned; both as a digit's outlines, and without small words.
    One that shows a table when it is turned is not looked at otherwise.
    """
    longer = max(picture.lightness.shape)
    may_turn = MIN_TABLE_PIXELS <= longer <= MAX_HALVED_PIXELS
    on_side = tables.lattice_of(turned(picture.lightness, 90)) if may_turn else None
    if on_side is not None:
        yield from _turned_tables(picture, on_side)
        return
    picture = small_strip(picture)
    longer = max(picture.lightness.shape)
    if longer <= MAX_CELL_PIXELS:
        yield from _again_in_small(picture)
    on_surface = picture.ink_on_surface() if MAX_ONE_DIGIT_PIXELS < longer <= MAX_CELL_PIXELS else None
    if on_surface is not None:
        yield in_mask(on_surface.mask, picture.factor, 0, 0.0)
    if picture.has_plain_ground and longer <= MAX_HALVED_PIXELS:
        writing = second_looks.without_words(picture.ink.mask)
        if writing is not None:
            marks = cells.boxes_of((picture.ink.mask > writing).astype(np.uint8))
            left_out = tuple((scaled(box, picture.factor), SMALL_MARK) for box in marks)
            alone = in_mask(writing, picture.factor, 0, 0.0)
            yield replace(alone, left_out=(*alone.left_out, *left_out))
        filled = second_looks.filled(picture.ink.mask)
        if filled is not None:
            yield _all_as_one(filled, picture.factor)
    if MAX_CELL_PIXELS < longer <= MAX_HALVED_PIXELS:
        small = _reduced(picture, math.ceil(longer / MAX_CELL_PIXELS))
        if small.in_cell is not None:
            yield _beside_rules(next(_in_small(small)), small)
        yield from (_turned(picture, degrees) for degrees in (90, 270, 180))


def _again_in_small(picture: Picture) -> Iterator[Lattice]:
    """Yield other ways to look at a small picture: as one digit, in a cell or filled by it, and as a number."""
    found = (picture.frame_in_cell(), picture.frame())
    yield from (Lattice.one_digit(framed) for framed in found if framed is not None)
    if cells.is_strip(picture.lightness.shape):
        was_number = max(picture.lightness.shape) > MAX_ONE_DIGIT_PIXELS
        for number in islice(_in_small(picture), int(was_number), None):
            yield number if picture.in_cell is None else _beside_rules(number, picture)


def _turned_tables(picture: Picture, on_side: Lattice) -> Iterator[Lattice]:
    """Yield a table turned so that what stands in its cells is higher than wide, given the one turned by 90 degrees."""
    shapes = [part.framed.box[3] / part.framed.box[2] for part in on_side.parts if not part.cut]
    for degrees in (90, 270) if shapes and np.median(shapes) > 1 else (180,):
        table = on_side if degrees == 90 else tables.lattice_of(turned(picture.lightness, degrees)) or Lattice()
        yield replace(table.scaled(picture.factor), turned=degrees)


def _turned(picture: Picture, degrees: int) -> Lattice:
    mask, reduction = picture.ink.mask, 1
    if max(mask.shape) > MAX_TURNED_PIXELS:  # it is likely no picture of digits at all: look cheaply
        mask, reduction = cv2.resize(mask, (-(-mask.shape[1] // 2), -(-mask.shape[0] // 2))), 2
    return in_mask(turned(mask, degrees), picture.factor * reduction, degrees, edge_margin(picture))


def edge_margin(picture: Picture) -> float:
    """Return how near to its edge a picture's ink does not count, in shorter sides."""
    return 0.0 if picture.has_plain_ground else EDGE_MARGIN_IN_SIDES


def turned(pixels: np.ndarray, degrees: int) -> np.ndarray:
    """Return a mask or lightness (h, w) turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(pixels, -degrees // 90))


def in_mask(mask: np.ndarray, factor: int, degrees: int, margin_in_sides: float) -> Lattice:
    """Return the lattice of a picture's ink that was turned upright by so many degrees, with boxes where it is now."""
    return replace(patches.lattice_of(mask, margin_in_sides).scaled(factor), turned=degrees)


def in_box(mask: np.ndarray, factor: int, box: Box) -> Lattice:
    """Return all ink of a picture's mask inside a box, in the file's own pixels, as one digit."""
    left, top = (max(0, int(side / factor)) for side in box[:2])
    right, bottom = (max(0, math.ceil((box[i] + box[i + 2]) / factor)) for i in (0, 1))
    inside = np.zeros_like(mask)
    inside[top:bottom, left:right] = mask[top:bottom, left:right]
    return _all_as_one(inside, factor)


def _all_as_one(mask: np.ndarray, factor: int) -> Lattice:
    ink = mask.astype(np.float32)
    inked = ink_box(ink)
    return Lattice.one_digit(frame_ink(crop(ink, inked), scaled(inked, factor))) if inked else Lattice()


def one_digit(content: bytes) -> Framed | None:
    """Return all ink in a file's bytes as one digit, or None if there is none. Raises UserError as `in_file`."""
    if _is_json(content):
        drawn = strokes.parse(content)
        return strokes.frame(drawn) if drawn else None
    return images.decode(content).frame()


def _is_json(content: bytes) -> bool:
    return content.lstrip(BLANKS)[:1] in (b"{", b"[")
