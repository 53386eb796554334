"""The ink of a picture as pieces that digits are made of: patches, upright, cut where digits may touch."""

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from mnist.reading import signs
from mnist.reading.framing import Box, around
from mnist.reading.grouping import Cut, Pieces, build_lattice
from mnist.reading.lattice import Lattice, LeftOut
from mnist.reading.pictures import find_markings, patch_cuts, patches, tilt, writing
from mnist.reading.pictures.patches import Patch
from mnist.reading.signs import Sign

COST_PER_CROSSED_PEN = 0.7  # of a cut
MAX_PARTS = 6000  # tried: a page of five hundred digits may have 4,200
MAX_FRAMED_PIXELS = 1e8  # of the fields of all parts: five large digits have 4 million, five hundred small ones 2
MAX_PATCHES_TO_CUT = 100  # of a page of digits: the widest, as each takes some milliseconds, and what is cut far more
MAX_PATCHES_TO_TURN = 60  # as many tell which way is up
MIN_USUAL_OF_OWN_HEIGHT = 0.8  # of a patch that is cut: the digits in it are taken for at least so tall


def lattice_of(mask: np.ndarray, margin: float = 0.0) -> Lattice:
    """Return the lattice of the writing in a mask of ink (h, w) uint8, 0 or 1.

    Ink nearer to the edge than `margin`, a share of the shorter side, does not count, unless all ink comes that near;
    without a margin only what is thick at the edge does not count. Raises UserError if there are too many patches.
    """
    pieces, found, left_out = of(mask, margin)
    lattice = build_lattice(pieces, in_picture=True, max_parts=MAX_PARTS, max_effort=MAX_FRAMED_PIXELS)
    return replace(lattice, left_out=left_out, signs=found, patches=pieces.patches)


def of(
    mask: np.ndarray, margin: float = 0.0, is_level: bool = False, are_alone: bool = False
) -> tuple[Pieces, tuple[Sign, ...], tuple[LeftOut, ...]]:
    """Return the pieces of the writing in a mask of ink, its signs, and what is left out, as `lattice_of` has them.

    If it `is_level`, its lines are not tilted. If digits `are_alone`, none is cut, and there are no signs.
    """
    ink, pen, left_out = writing.of(mask, margin)
    upright, back = tilt.turned(ink, 0 if is_level else tilt.of(ink))
    whole, marked = find_markings.without_markings(list(patches.of(upright, back)), pen)
    left_out = (*left_out, *marked)
    found: tuple[Sign, ...] = ()
    if not are_alone:
        whole, found, left_out = _without_signs(whole, pen, left_out, back)
    whole, dots = find_markings.without_dots(whole, pen)
    parts, cuts = (whole, []) if are_alone else _cut_apart(whole, pen, back)
    boxes = [part.box for part in parts]
    pieces = Pieces(
        boxes,
        lambda members: patches.frame([parts[i] for i in members]),
        cuts,
        effort=lambda members: math.prod(around([boxes[i] for i in members])[2:]),  # pixels of their field
        patches=tuple(patches.frame([patch]).sample for patch in patches.usual_first(whole)[:MAX_PATCHES_TO_TURN]),
    )
    return pieces, found, (*left_out, *dots)


def _without_signs(
    whole: Sequence[Patch], pen: float, left_out: tuple[LeftOut, ...], back: np.ndarray
) -> tuple[list[Patch], tuple[Sign, ...], tuple[LeftOut, ...]]:
    """Return the patches that are no signs, the signs, and what stays left out: a point may be as small as dirt."""
    specks = [box for box, why in left_out if why == writing.TOO_SMALL]
    there = cv2.invertAffineTransform(back)
    boxes = [*(patch.box for patch in whole), *(_moved(box, there) for box in specks)]
    homes = [*(patch.home for patch in whole), *specks]
    found = signs.find(boxes, pen, patches.usual_height(whole))
    taken = {i for members in found for i in members}
    taken_homes = {homes[i] for i in taken}
    return (
        [patch for i, patch in enumerate(whole) if i not in taken],
        tuple(replace(sign, box=around([homes[i] for i in members])) for members, sign in found.items()),
        tuple((box, why) for box, why in left_out if why != writing.TOO_SMALL or box not in taken_homes),
    )


def _moved(box: Box, matrix: np.ndarray) -> Box:
    """Return the box with its middle where a matrix (2, 3) moves it."""
    x, y, width, height = box
    middle = matrix[:, :2] @ (x + width / 2, y + height / 2) + matrix[:, 2]
    return float(middle[0] - width / 2), float(middle[1] - height / 2), width, height


def _cut_apart(whole: Sequence[Patch], pen: float, back: np.ndarray) -> tuple[list[Patch], list[Cut]]:
    """Return the patches, cut where digits may touch, and the cuts; of many patches only the widest are cut."""
    usual_height = patches.usual_height(whole)
    widths = sorted((patch.pixels.shape[1] for patch in whole), reverse=True)
    least_width = widths[MAX_PATCHES_TO_CUT] + 1 if len(widths) > MAX_PATCHES_TO_CUT else 0
    parts: list[Patch] = []
    cuts: list[Cut] = []
    for patch in whole:
        if patch.pixels.shape[1] < least_width:
            parts.append(patch)
            continue
        height = max(usual_height, MIN_USUAL_OF_OWN_HEIGHT * patch.pixels.shape[0])  # among small words too
        fields, crossed = patch_cuts.cut(patch.pixels, pen, height, len(whole) > 1)
        first = len(parts)
        cuts += [(first + i, first + i + 1, COST_PER_CROSSED_PEN * pens) for i, pens in enumerate(crossed)]
        parts += [patches.patch_at(patch.x, patch.y, field, back) for field in fields] if crossed else [patch]
    return parts, cuts
