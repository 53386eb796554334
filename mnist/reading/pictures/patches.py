"""The ink of a picture as pieces that digits are made of: connected patches, upright, cut where digits may touch.

Specks are left out, and in a photograph what reaches in from its edge, each with the reason.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from mnist.errors import UserError
from mnist.reading import signs
from mnist.reading.framing import Box, Framed, around, between, frame_ink
from mnist.reading.grouping import Cut, Pieces, build_lattice
from mnist.reading.lattice import Lattice, LeftOut
from mnist.reading.pictures import dot_grid, markings, patch_cuts
from mnist.reading.pictures.cells import room
from mnist.reading.signs import Sign

MIN_PATCH_OF_LARGEST = 0.12  # longer side: a shorter patch is dirt, unless it is long for the pen
MIN_PATCH_PENS = 1.5  # longer side, in widths of the pen: as long as this it is no dirt
MIN_PATCH_PIXELS = 4  # longer side: anything smaller is no part of a digit
MAX_EDGE_THICKNESS = 2.0  # of the other ink's: thicker ink at the edge of a drawing is a thumb all the same
MIN_NEAR_EDGE_IN_HEIGHTS = 0.5  # of the tallest patch farther inside: lower ink near the edge is no digit,
MAX_NEAR_EDGE_IN_LENGTHS = 1.3  # of the longest one: longer ink is the table's edge, or a rule
MIN_NEAR_EDGE_PENS = 2.5  # width, in widths of its own pen: a wall is as broad as its pen, a little more if it leans
MIN_NAMED_PENS = 1.0  # longer side, in widths of the pen: shorter ink at the edge is left out without a word
MAX_TILT_DEGREES = 18  # either way
TILT_ROW_PIXELS = 6
MAX_ROWS_OF_FEWEST = 1.02  # a tilt nearly as good as the best, but smaller, is preferred
TILT_SAMPLE_PIXELS = 4000  # of the ink, that the tilt is sought with
COST_PER_CROSSED_PEN = 0.7  # of a cut
MAX_PARTS = 6000  # tried: a page of five hundred digits may have 4,200
MAX_FRAMED_PIXELS = 1e8  # of the fields of all parts: five large digits have 4 million, five hundred small ones 2
MAX_PATCHES = 4_000  # of a picture; a page of writing has some hundreds, with dirt
MAX_FIELDS_IN_PICTURES = 12.0  # the fields of all patches together, in sizes of the picture
MAX_PATCHES_TO_COMPARE = 600  # among more no frames, lines, # and pluses are sought
MAX_PATCHES_TO_CUT = 100  # of a page of digits: the widest, as each takes some milliseconds, and what is cut far more
MAX_PATCHES_TO_TURN = 60  # as many tell which way is up
MAX_TURNED_IN_PICTURES = 5.0  # size of a turned picture; a strip that would take more is left as it lies

MAX_PLUS_IN_HEIGHTS = 0.75  # of digits: one as high as they are may be a 4
MIN_USUAL_OF_OWN_HEIGHT = 0.8  # of a patch that is cut: the digits in it are taken for at least so tall
MIN_WRITING_PENS = 4.0  # height of what a frame is around, or a line below, in widths of the pen: a point is less
TOO_SMALL, AT_EDGE, HASH = "too small to be a digit", "at the edge of the picture", "a #"  # why it was left out
FRAME, UNDERLINE, DOT, PLUS = "a frame around writing", "a line below writing", "a filled dot", "a plus"


@dataclass(frozen=True, eq=False)
class Patch:
    """Connected ink, or what a cut left of it: pixels (h, w) bool of a field whose corner lies at (x, y).

    The field is that of the mask turned upright; `home` is the box in the mask as it was.
    """

    x: int
    y: int
    pixels: np.ndarray
    home: Box

    @property
    def box(self) -> Box:
        """The box of its ink in the upright mask."""
        height, width = self.pixels.shape
        return float(self.x), float(self.y), float(width), float(height)


def lattice_of(mask: np.ndarray, margin: float = 0.0) -> Lattice:
    """Return the lattice of the writing in a mask of ink (h, w) uint8, 0 or 1.

    Ink nearer to the edge than `margin`, a share of the shorter side, does not count, unless all ink comes that near;
    without a margin only what is thick at the edge does not count. Raises UserError if there are too many patches.
    """
    pieces, found, left_out = pieces_of(mask, margin)
    lattice = build_lattice(pieces, in_picture=True, max_parts=MAX_PARTS, max_effort=MAX_FRAMED_PIXELS)
    return replace(lattice, left_out=left_out, signs=found, patches=pieces.patches)


def pieces_of(
    mask: np.ndarray, margin: float = 0.0, is_level: bool = False, are_alone: bool = False
) -> tuple[Pieces, tuple[Sign, ...], tuple[LeftOut, ...]]:
    """Return the pieces of the writing in a mask of ink, its signs, and what is left out, as `lattice_of` has them.

    If it `is_level`, its lines are not tilted. If digits `are_alone`, none is cut, and there are no signs.
    """
    writing, pen, left_out = _writing(mask, margin)
    upright, back = _turned(writing, 0 if is_level else _tilt(writing))
    whole, frames = _without_frames(list(_patches(upright, back)), pen)
    whole, underlines = _without_underlines(whole, pen)
    whole, hashes = _without_hashes(whole, pen)
    whole, pluses = _without_pluses(whole)
    left_out = (*left_out, *frames, *underlines, *hashes, *pluses)
    found: tuple[Sign, ...] = ()
    if not are_alone:
        whole, found, left_out = _without_signs(whole, pen, left_out, back)
    whole, dots = _without_dots(whole, pen)
    patches, cuts = (whole, []) if are_alone else _cut_apart(whole, pen, back)
    boxes = [patch.box for patch in patches]
    pieces = Pieces(
        boxes,
        lambda members: _frame([patches[i] for i in members]),
        cuts,
        effort=lambda members: math.prod(around([boxes[i] for i in members])[2:]),  # pixels of their field
        patches=tuple(_frame([patch]).sample for patch in _usual(whole)[:MAX_PATCHES_TO_TURN]),
    )
    return pieces, found, (*left_out, *dots)


def _without_signs(
    whole: Sequence[Patch], pen: float, left_out: tuple[LeftOut, ...], back: np.ndarray
) -> tuple[list[Patch], tuple[Sign, ...], tuple[LeftOut, ...]]:
    """Return the patches that are no signs, the signs, and what stays left out: a point may be as small as dirt."""
    specks = [box for box, why in left_out if why == TOO_SMALL]
    there = cv2.invertAffineTransform(back)
    boxes = [*(patch.box for patch in whole), *(_moved(box, there) for box in specks)]
    homes = [*(patch.home for patch in whole), *specks]
    found = signs.find(boxes, pen, _usual_height(whole))
    taken = {i for members in found for i in members}
    taken_homes = {homes[i] for i in taken}
    return (
        [patch for i, patch in enumerate(whole) if i not in taken],
        tuple(replace(sign, box=around([homes[i] for i in members])) for members, sign in found.items()),
        tuple((box, why) for box, why in left_out if why != TOO_SMALL or box not in taken_homes),
    )


def _without_frames(whole: Sequence[Patch], pen: float) -> tuple[list[Patch], list[LeftOut]]:
    """Return the patches that are no ring or box drawn around writing, and those that are."""
    boxes = np.array([patch.box for patch in whole]).reshape(-1, 4)
    start, end = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    is_tall = boxes[:, 3] >= MIN_WRITING_PENS * pen
    frames = []
    few = whole if len(whole) <= MAX_PATCHES_TO_COMPARE else ()
    for i, patch in enumerate(few):
        inside = is_tall & (start > start[i]).all(axis=1) & (end < end[i]).all(axis=1)
        if inside.any() and _is_around(patch, [whole[j] for j in np.flatnonzero(inside).tolist()]):
            frames.append(patch)
    return [patch for patch in whole if patch not in frames], [(patch.home, FRAME) for patch in frames]


def _is_around(patch: Patch, inside: Sequence[Patch]) -> bool:
    """Return whether a patch is drawn around others, and no 0 around its slash."""
    if len(inside) == 1 and markings.is_slash(inside[0].pixels):
        return False
    tops = [(other.x + int(other.pixels[0].argmax()) - patch.x, other.y - patch.y) for other in inside]
    return markings.is_around(patch.pixels, tops)


def _without_underlines(whole: Sequence[Patch], pen: float) -> tuple[list[Patch], list[LeftOut]]:
    """Return the patches that are no lines drawn below numbers, and those that are: longer than what is above them."""
    few = whole if len(whole) <= MAX_PATCHES_TO_COMPARE else ()
    tall = np.array([patch.box for patch in few if patch.box[3] >= MIN_WRITING_PENS * pen]).reshape(-1, 4)
    found = [patch for patch in few if markings.is_underline(patch.box, tall)]
    return [patch for patch in whole if patch not in found], [(patch.home, UNDERLINE) for patch in found]


def _without_hashes(whole: Sequence[Patch], pen: float) -> tuple[list[Patch], list[LeftOut]]:
    """Return the patches that are no #, as it stands before an amount or after it, and those that are."""
    few = len(whole) <= MAX_PATCHES_TO_COMPARE
    hashes = [patch for patch in whole if few and markings.is_hash(patch.pixels, pen)]
    others = [patch.box for patch in whole if patch not in hashes]
    beside = [patch for patch in hashes if markings.is_beside_number(patch.box, others)]
    return [patch for patch in whole if patch not in beside], [(patch.home, HASH) for patch in beside]


def _without_pluses(whole: Sequence[Patch]) -> tuple[list[Patch], list[LeftOut]]:
    """Return the patches that are no plus, as it stands before the last summand or after a number, and those that are.

    One between two numbers parts them, and stays.
    """
    few = whole if len(whole) <= MAX_PATCHES_TO_COMPARE else ()
    most = MAX_PLUS_IN_HEIGHTS * _usual_height(whole)
    pluses = [patch for patch in few if patch.pixels.shape[0] <= most and markings.is_plus(patch.pixels)]
    others = [patch.box for patch in whole if patch not in pluses]
    outside = [patch for patch in pluses if markings.is_at_end(patch.box, others)]
    return [patch for patch in whole if patch not in outside], [(patch.home, PLUS) for patch in outside]


def _without_dots(whole: Sequence[Patch], pen: float) -> tuple[list[Patch], list[LeftOut]]:
    """Return the patches that are no filled dots, and those that are, unless nothing else is there."""
    dots = [patch for patch in whole if markings.is_dot(patch.pixels, pen)]
    rest = [patch for patch in whole if patch not in dots]
    return (rest, [(patch.home, DOT) for patch in dots]) if rest else (list(whole), [])


def _moved(box: Box, matrix: np.ndarray) -> Box:
    """Return the box with its middle where a matrix (2, 3) moves it."""
    x, y, width, height = box
    middle = matrix[:, :2] @ (x + width / 2, y + height / 2) + matrix[:, 2]
    return float(middle[0] - width / 2), float(middle[1] - height / 2), width, height


def _usual_height(whole: Sequence[Patch]) -> float:
    """Return the median height, pixels, of the taller half of the patches."""
    heights = sorted(patch.pixels.shape[0] for patch in whole)
    return float(np.median(heights[len(heights) // 2 :])) if heights else 0.0


def _usual(whole: Sequence[Patch]) -> list[Patch]:
    """Return the patches, those first that are as long as most of the longer half."""
    longer = np.array([max(patch.pixels.shape) for patch in whole])
    usual = float(np.median(longer[longer >= np.median(longer)])) if len(longer) else 1.0
    return [whole[i] for i in np.argsort(np.abs(np.log(longer / usual)), kind="stable").tolist()]


def _cut_apart(whole: Sequence[Patch], pen: float, back: np.ndarray) -> tuple[list[Patch], list[Cut]]:
    """Return the patches, cut where digits may touch, and the cuts; of many patches only the widest are cut."""
    usual_height = _usual_height(whole)
    widths = sorted((patch.pixels.shape[1] for patch in whole), reverse=True)
    least_width = widths[MAX_PATCHES_TO_CUT] + 1 if len(widths) > MAX_PATCHES_TO_CUT else 0
    patches: list[Patch] = []
    cuts: list[Cut] = []
    for patch in whole:
        if patch.pixels.shape[1] < least_width:
            patches.append(patch)
            continue
        height = max(usual_height, MIN_USUAL_OF_OWN_HEIGHT * patch.pixels.shape[0])  # among small words too
        parts, crossed = patch_cuts.cut(patch.pixels, pen, height, len(whole) > 1)
        first = len(patches)
        cuts += [(first + i, first + i + 1, COST_PER_CROSSED_PEN * pens) for i, pens in enumerate(crossed)]
        patches += [_patch(patch.x, patch.y, part, back) for part in parts] if crossed else [patch]
    return patches, cuts


def _writing(mask: np.ndarray, margin: float) -> tuple[np.ndarray, float, tuple[LeftOut, ...]]:
    """Return the mask with nothing but writing, the pen's width in pixels, and the boxes left out."""
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    if closed.all():
        closed = mask  # without any ground nothing has a width
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    if count == 1:
        return closed, 2.0, ()
    _check(stats[1:], mask.size)
    depth = cv2.distanceTransform(closed, cv2.DIST_L2, 3)  # from the ground: half the pen's width in a line's middle
    half_pens = np.zeros(count, np.float32)
    np.maximum.at(half_pens, labels.ravel().astype(np.intp), depth.ravel())
    pens = 2 * half_pens
    longer = np.maximum(stats[:, 2], stats[:, 3])
    is_ink = np.concatenate([[False], ~dot_grid.of(stats[1:])])
    far = max(1.0, margin * min(mask.shape))
    at_edge = room(stats, mask.shape) < far
    is_large = is_ink & (longer > max(far, MIN_PATCH_PIXELS))
    inside = is_large & ~at_edge
    if inside.any():
        at_edge &= ~_are_digits_near_edge(stats, pens, inside, mask.shape)
        inside = is_large & ~at_edge
    ink = is_ink
    if inside.any():
        ink = ink & ~(at_edge if margin else at_edge & (pens > MAX_EDGE_THICKNESS * np.median(pens[inside])))
    least = MIN_PATCH_OF_LARGEST * longer[ink].max()
    pen = float(np.median(pens[ink & (longer >= least)]))
    speck = ink & (longer < least) & (longer < MIN_PATCH_PENS * pen)
    reasons = {TOO_SMALL: speck, AT_EDGE: is_ink & ~ink & (longer > MIN_NAMED_PENS * pen)}
    left_out = [
        (between(stats[i, :2], stats[i, :2] + stats[i, 2:4]), why)
        for why, chosen in reasons.items()
        for i in np.flatnonzero(chosen)
    ]
    return (ink & ~speck)[labels].astype(np.uint8), pen, tuple(left_out)


def _are_digits_near_edge(
    stats: np.ndarray, pens: np.ndarray, inside: np.ndarray, shape: tuple[int, ...]
) -> np.ndarray:
    """Return which patches (n,) bool may be digits however near to the edge they are: those that do not touch it.

    They look like the patches `inside` (n,) bool: no thicker than two such pens, half as tall at least, hardly longer.
    What is narrow may be a 1, but also a box's wall.
    """
    _, _, width, height, _ = stats.T
    longer = np.maximum(width, height)
    is_like = (
        (height >= MIN_NEAR_EDGE_IN_HEIGHTS * height[inside].max())
        & (longer <= MAX_NEAR_EDGE_IN_LENGTHS * longer[inside].max())
        & (width >= MIN_NEAR_EDGE_PENS * pens)
    )
    return np.asarray(is_like & (room(stats, shape) > 1) & (pens <= MAX_EDGE_THICKNESS * np.median(pens[inside])))


def _check(stats: np.ndarray, size: int) -> None:
    """Raise UserError if patches with these boxes (n, 5) are too many for writing; `size`: the picture's pixels."""
    if len(stats) > MAX_PATCHES:
        raise UserError(
            f"{len(stats):,} separate spots of ink, where a page of writing has some hundreds; take it from nearer"
        )
    if (stats[:, 2] * stats[:, 3].astype(np.int64)).sum() > MAX_FIELDS_IN_PICTURES * size:
        raise UserError("too many shapes lie within one another; this is no writing")


def _tilt(mask: np.ndarray) -> int:
    """Return the tilt of the lines of writing, degrees: turned back by it they take up the fewest rows."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    if np.count_nonzero(heights > 0.5 * heights.max(initial=0)) < 2:  # one digit has no line
        return 0
    ys, xs = np.nonzero(mask)
    every = max(1, len(ys) // TILT_SAMPLE_PIXELS)
    ys, xs = ys[::every], xs[::every]
    taken = {}
    for tilt in range(-MAX_TILT_DEGREES, MAX_TILT_DEGREES + 1):
        across = ys * np.cos(np.deg2rad(tilt)) - xs * np.sin(np.deg2rad(tilt))
        taken[tilt] = len(np.unique(across // TILT_ROW_PIXELS))
    fewest = min(taken.values())
    return min((tilt for tilt, rows in taken.items() if rows <= MAX_ROWS_OF_FEWEST * fewest), key=abs)


def _turned(mask: np.ndarray, tilt: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the mask turned by `tilt` degrees about its middle, with room for its corners; the matrix (2, 3) back."""
    if tilt == 0:
        return mask, np.eye(2, 3)
    height, width = mask.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    room = int(height * sin + width * cos), int(height * cos + width * sin)
    if room[0] * room[1] > MAX_TURNED_IN_PICTURES * mask.size:
        return mask, np.eye(2, 3)
    matrix[:, 2] += (room[0] - width) / 2, (room[1] - height) / 2
    turned = (cv2.warpAffine(mask * 255, matrix, room) > 127).astype(np.uint8)
    return turned, cv2.invertAffineTransform(matrix)


def _patches(mask: np.ndarray, back: np.ndarray) -> Iterator[Patch]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    _check(stats[1:], mask.size)
    for label in range(1, count):
        x, y, width, height, _ = stats[label]
        if max(width, height) >= MIN_PATCH_PIXELS:
            yield _patch(int(x), int(y), labels[y : y + height, x : x + width] == label, back)


def _patch(x: int, y: int, pixels: np.ndarray, back: np.ndarray) -> Patch:
    ys, xs = np.nonzero(pixels)
    places = back[:, :2] @ np.stack([xs + x, ys + y]) + back[:, 2:]
    low, high = places.min(axis=1), places.max(axis=1) + 1
    own = pixels[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1].copy()  # not the whole field's memory
    return Patch(x + int(xs.min()), y + int(ys.min()), own, between(low, high))


def _frame(patches: Sequence[Patch]) -> Framed:
    """Return the patches as one digit in MNIST's framing."""
    left, top, wide, high = (int(side) for side in around([patch.box for patch in patches]))
    ink = np.zeros((high, wide), np.float32)
    for patch in patches:
        height, width = patch.pixels.shape
        field = ink[patch.y - top : patch.y - top + height, patch.x - left : patch.x - left + width]
        np.maximum(field, patch.pixels, out=field)
    return frame_ink(ink, around([patch.home for patch in patches]))
