"""Which patches are markings, no writing: a frame around numbers, a line below, a # or plus beside, a filled dot."""

from collections.abc import Sequence

import numpy as np

from mnist.reading.lattice import LeftOut
from mnist.reading.pictures import markings
from mnist.reading.pictures.patches import Patch, usual_height

MAX_PATCHES_TO_COMPARE = 600  # among more no frames, lines, # and pluses are sought
MIN_WRITING_PENS = 4.0  # height of what a frame is around, or a line below, in widths of the pen: a point is less
MAX_PLUS_IN_HEIGHTS = 0.75  # of digits: one as high as they are may be a 4
FRAME, UNDERLINE, HASH, PLUS = "a frame around writing", "a line below writing", "a #", "a plus"  # why it was left out
DOT = "a filled dot"


def without_markings(whole: Sequence[Patch], pen: float) -> tuple[list[Patch], list[LeftOut]]:
    """Return the patches that are no frames, lines, # or pluses, and those that are; `pen`: its width, pixels."""
    rest, left_out = list(whole), []
    if len(whole) <= MAX_PATCHES_TO_COMPARE:
        for why, find in {FRAME: _frames, UNDERLINE: _underlines, HASH: _hashes, PLUS: _pluses}.items():
            found = find(rest, pen)
            rest = [patch for patch in rest if patch not in found]
            left_out += [(patch.home, why) for patch in found]
    return rest, left_out


def without_dots(whole: Sequence[Patch], pen: float) -> tuple[list[Patch], list[LeftOut]]:
    """Return the patches that are no filled dots, and those that are, unless nothing else is there."""
    dots = [patch for patch in whole if markings.is_dot(patch.pixels, pen)]
    rest = [patch for patch in whole if patch not in dots]
    return (rest, [(patch.home, DOT) for patch in dots]) if rest else (list(whole), [])


def _frames(whole: Sequence[Patch], pen: float) -> list[Patch]:
    """Return the rings and boxes drawn around writing."""
    boxes = np.array([patch.box for patch in whole]).reshape(-1, 4)
    start, end = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    is_tall = boxes[:, 3] >= MIN_WRITING_PENS * pen
    frames = []
    for i, patch in enumerate(whole):
        inside = is_tall & (start > start[i]).all(axis=1) & (end < end[i]).all(axis=1)
        if inside.any() and _is_around(patch, [whole[j] for j in np.flatnonzero(inside).tolist()]):
            frames.append(patch)
    return frames


def _is_around(patch: Patch, inside: Sequence[Patch]) -> bool:
    """Return whether a patch is drawn around others, and no 0 around its slash."""
    if len(inside) == 1 and markings.is_slash(inside[0].pixels):
        return False
    tops = [(other.x + int(other.pixels[0].argmax()) - patch.x, other.y - patch.y) for other in inside]
    return markings.is_around(patch.pixels, tops)


def _underlines(whole: Sequence[Patch], pen: float) -> list[Patch]:
    """Return the lines drawn below numbers: longer than what is above them."""
    tall = np.array([patch.box for patch in whole if patch.box[3] >= MIN_WRITING_PENS * pen]).reshape(-1, 4)
    return [patch for patch in whole if markings.is_underline(patch.box, tall)]


def _hashes(whole: Sequence[Patch], pen: float) -> list[Patch]:
    """Return each # as it stands before an amount or after it."""
    hashes = [patch for patch in whole if markings.is_hash(patch.pixels, pen)]
    others = [patch.box for patch in whole if patch not in hashes]
    return [patch for patch in hashes if markings.is_beside_number(patch.box, others)]


def _pluses(whole: Sequence[Patch], _: float) -> list[Patch]:
    """Return each plus as it stands before the last summand or after a number; one between two numbers parts them."""
    most = MAX_PLUS_IN_HEIGHTS * usual_height(whole)
    pluses = [patch for patch in whole if patch.pixels.shape[0] <= most and markings.is_plus(patch.pixels)]
    others = [patch.box for patch in whole if patch not in pluses]
    return [patch for patch in pluses if markings.is_at_end(patch.box, others)]
