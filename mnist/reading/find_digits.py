"""What a file holds, drawing or picture, framed as MNIST's digits are: the one door for all that comes from outside."""

import math

import numpy as np
from PIL import Image

from mnist.reading import grouping, images, ink, patches, stroke_cuts, strokes
from mnist.reading.framing import Framed, centre, ink_box, shrink
from mnist.reading.grouping import Box, Pieces, Ways
from mnist.reading.strokes import Strokes

SMALL = 100  # pixels: a picture whose longer side has no more holds one digit, as MNIST's do
MOST_POINTS = 80_000  # of all parts of a drawing that are tried: twelve digits have 13,000. What has more is no number
MARGIN = 0.015  # longer sides: what comes as near to a photograph's edge is a thumb, a shadow, the table

BLANKS = b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"  # what may stand before JSON: white space and byte order marks


def in_file(content: bytes) -> Ways:
    """The digits in a file's bytes, a saved drawing (JSON) or a picture. Raises UserError where it is neither.

    Both may hold numbers, in lines.
    """
    if _is_json(content):
        return of_strokes(strokes.parse(content))
    return in_picture(images.decode(content))


def in_picture(image: Image.Image) -> Ways:
    """The digits in a picture that `images.decode` made, and what was left out; boxes in the file's own pixels."""
    light = images.lightness(image)
    if max(light.shape) <= SMALL:
        framed = images.frame(image)
        return Ways() if framed is None else grouping.one_digit(framed)
    found = patches.ways_in(_mask(light), 0.0 if images.has_plain_ground(light) else MARGIN)
    return found.times(image.info.get("factor", 1))


def in_box(image: Image.Image, box: Box) -> Ways:
    """All ink in a box (x, y, width, height, in the file's own pixels) of a picture, as one digit."""
    factor = image.info.get("factor", 1)
    left, top = (max(0, int(side / factor)) for side in box[:2])
    right, bottom = (max(0, math.ceil((box[i] + box[i + 2]) / factor)) for i in (0, 1))
    mask = _mask(images.lightness(image))[top:bottom, left:right].astype(np.float32)
    found = ink_box(mask)
    if found is None:
        return Ways()
    x, y, width, height = found
    digit = shrink(mask[y : y + height, x : x + width])
    place = (left + x) * factor, (top + y) * factor, width * factor, height * factor
    return grouping.one_digit(Framed(centre(digit / digit.max()), place))


def _mask(light: np.ndarray) -> np.ndarray:
    """The ink (h, w) uint8, 0 or 1, of lightness (h, w) float32 in [0, 1]."""
    if images.has_plain_ground(light):
        return (images.ink_of(light) > 0.5).astype(np.uint8)
    return ink.mask(light)


def of_strokes(drawn: Strokes) -> Ways:
    """The digits in a drawing, which may hold numbers."""
    pieces, cuts, mere_joins = stroke_cuts.cut(drawn)
    found = Pieces(
        strokes.middle_lines(pieces),
        lambda some: strokes.frame([pieces[i] for i in some]),
        cuts,
        mere_joins,
        effort=lambda some: sum(len(pieces[i].points) for i in some),
    )
    return grouping.ways(found, most_effort=MOST_POINTS)


def one_digit(content: bytes) -> Framed | None:
    """All ink in a file's bytes as one digit, or None where there is none. Raises UserError as `in_file` does."""
    if _is_json(content):
        drawn = strokes.parse(content)
        return strokes.frame(drawn) if drawn else None
    return images.frame(images.decode(content))


def _is_json(content: bytes) -> bool:
    return content.lstrip(BLANKS)[:1] in (b"{", b"[")
