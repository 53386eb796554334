"""The ink of a picture as pieces that digits are made of: connected patches, upright, cut where digits may touch.

What is no writing is left out, with the reason: specks, and in a photograph what reaches in from its edge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from mnist.errors import UserError
from mnist.reading.framing import Framed, centre, shrink
from mnist.reading.grouping import Box, Cut, LeftOut, Pieces, Ways, ways

SPECK = 0.12  # longer side, of the largest patch's: less is dirt, unless it is as long as three pens are wide
THICK = 2.0  # pens: what is thicker at the edge of a drawing is a thumb all the same
LEAST_PIXELS = 4  # longer side of what may be part of a digit
TILT = 18  # degrees, either way
ROW = 6  # pixels
NEARLY = 1.02  # a tilt nearly as good, but smaller, is preferred
SAMPLED = 4000  # pixels that the tilt is sought with
WIDE = 0.5  # heights: a patch as wide as this may hold two digits
WIDEST = 12.0  # of its own heights: what is wider is a rule, not as many digits
WIDE_ALONE = 1.1  # and as wide as this where it is the only one: it may also be a letter
SMALL = 100  # height at which cuts are sought, pixels
NARROW = 0.12  # heights: cuts lie further apart
LEAST = 0.12  # share of a patch's ink on either side of a cut
LOW = 0.45  # heights: what is cut off is at least as tall
CROSSING = 4.0  # pens: what a cut may cross of ink
PARTING = 2.0  # what a cut costs for each pen that it crosses
MOST_PARTS = 6000  # tried: a page of five hundred digits may have 4,200
MOST_PIXELS = 1e8  # of the fields of all parts: five large digits have 4 million, five hundred small ones 2
MOST_PATCHES = 5_000  # of a picture; a page of writing has some hundreds, with dirt
MOST_FIELDS = 12.0  # times the picture's size is what the fields of its patches take up together
MOST_CUTS = 8
MOST_TO_CUT = 600  # patches: among more none is cut, which takes some milliseconds for each
MOST_ROOM = 5.0  # times its size is what a turned picture takes; a strip that would take more is left as it lies
REACH = 0.1  # heights: how far a cut may wander from its column
ASIDE = 0.02  # what a step aside costs a cut, of what crossing a pixel of ink costs


SPECKS, EDGE = "too small for a digit", "at the picture's edge"  # why something was left out


@dataclass(frozen=True)
class Piece:
    """Some of the ink: which pixels (h, w) bool of a field whose corner lies at (x, y) in the mask turned upright.

    `home` is its box in the mask as it was, x, y, width, height.
    """

    x: int
    y: int
    pixels: np.ndarray
    home: Box

    @property
    def box(self) -> Box:
        """x, y, width, height of its ink."""
        height, width = self.pixels.shape
        return float(self.x), float(self.y), float(width), float(height)


def ways_in(mask: np.ndarray, margin: float = 0.0) -> Ways:
    """The digits in ink (h, w) uint8, 0 or 1, of which nothing counts that comes nearer to the edge than `margin`.

    The margin is a share of the longer side; without one only what is thick at the edge does not count. Where all ink
    comes that near, it counts.
    """
    kept, pen, left_out = _kept(mask, margin)
    tilt = _tilt(kept)
    upright, back = _turned(kept, tilt)
    patches = list(_patches(upright, back))
    heights = sorted(patch.pixels.shape[0] for patch in patches)
    usual = float(np.median(heights[len(heights) // 2 :])) if heights else 0.0
    pieces: list[Piece] = []
    cuts: list[Cut] = []
    for patch in patches:
        parts, crossed = [patch], list[float]()
        if len(patches) <= MOST_TO_CUT:
            parts, crossed = _cut(patch, pen, usual, back, len(patches) > 1)
        cuts += [(len(pieces) + i, len(pieces) + i + 1, PARTING * pens) for i, pens in enumerate(crossed)]
        pieces += parts
    boxes = [piece.box for piece in pieces]
    found = Pieces(
        boxes, lambda some: _frame([pieces[i] for i in some]), cuts, effort=lambda some: _area([boxes[i] for i in some])
    )
    return replace(ways(found, strays=True, most=MOST_PARTS, most_effort=MOST_PIXELS), left_out=left_out)


def _kept(mask: np.ndarray, margin: float) -> tuple[np.ndarray, float, tuple[LeftOut, ...]]:
    """The mask without what is no writing, half the pen's width in pixels, and what was left out."""
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    if count == 1:
        return closed, 1.0, ()
    _check(stats[1:], mask.size)
    depth = cv2.distanceTransform(closed, cv2.DIST_L2, 3)
    depths = np.zeros(count, np.float32)
    np.maximum.at(depths, labels.ravel().astype(np.intp), depth.ravel())
    x, y, width, height, _ = stats.T
    longer = np.maximum(width, height)
    far = max(1.0, margin * max(mask.shape))
    at_edge = (np.minimum(x, y) < far) | (x + width > mask.shape[1] - far) | (y + height > mask.shape[0] - far)
    ink = np.arange(count) > 0
    inside = ink & ~at_edge & (longer > max(far, LEAST_PIXELS))
    if inside.any():
        ink &= ~(at_edge if margin else at_edge & (depths > THICK * np.median(depths[inside])))
    largest = longer[ink].max()
    pen = float(np.median(depths[ink & (longer >= SPECK * largest)]))
    speck = ink & (longer < SPECK * largest) & (longer < 3 * pen)
    reasons = {SPECKS: speck, EDGE: ~ink & (longer > 2 * pen) & (np.arange(count) > 0)}
    left_out = [(_box(stats[i]), why) for why, some in reasons.items() for i in np.flatnonzero(some)]
    return (ink & ~speck)[labels].astype(np.uint8), pen, tuple(left_out)


def _check(stats: np.ndarray, size: int) -> None:
    """Raise UserError where patches of these boxes (n, 5), of a picture of that size, are too many for writing."""
    if len(stats) > MOST_PATCHES:
        raise UserError(
            f"{len(stats):,} separate spots of ink, and a page of writing has some hundreds; take it nearer"
        )
    if (stats[:, 2] * stats[:, 3].astype(np.int64)).sum() > MOST_FIELDS * size:
        raise UserError("too many things that lie within one another; this is no writing")


def _box(stats: np.ndarray) -> Box:
    x, y, width, height = stats[:4].tolist()
    return float(x), float(y), float(width), float(height)


def _tilt(mask: np.ndarray) -> int:
    """How far the lines of writing are turned, degrees: so that, turned back, they take up the fewest rows."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    if np.count_nonzero(heights > 0.5 * heights.max(initial=0)) < 2:  # one digit has no line
        return 0
    ys, xs = np.nonzero(mask)
    some = slice(None, None, max(1, len(ys) // SAMPLED))
    ys, xs = ys[some], xs[some]
    taken = {}
    for tilt in range(-TILT, TILT + 1):
        across = ys * np.cos(np.deg2rad(tilt)) - xs * np.sin(np.deg2rad(tilt))
        taken[tilt] = len(np.unique(across // ROW))
    fewest = min(taken.values())
    return min((tilt for tilt, rows in taken.items() if rows <= NEARLY * fewest), key=abs)


def _turned(mask: np.ndarray, tilt: float) -> tuple[np.ndarray, np.ndarray]:
    """The mask turned by so many degrees about its middle, with room for its corners; and the way back, (2, 3)."""
    if tilt == 0:
        return mask, np.eye(2, 3)
    height, width = mask.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    room = int(height * sin + width * cos), int(height * cos + width * sin)
    if room[0] * room[1] > MOST_ROOM * mask.size:
        return mask, np.eye(2, 3)
    matrix[:, 2] += (room[0] - width) / 2, (room[1] - height) / 2
    turned = (cv2.warpAffine(mask * 255, matrix, room) > 127).astype(np.uint8)
    return turned, cv2.invertAffineTransform(matrix)


def _patches(mask: np.ndarray, back: np.ndarray) -> Iterator[Piece]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    _check(stats[1:], mask.size)
    for label in range(1, count):
        x, y, width, height, _ = stats[label]
        if max(width, height) >= LEAST_PIXELS:
            yield _piece(int(x), int(y), labels[y : y + height, x : x + width] == label, back)


def _piece(x: int, y: int, pixels: np.ndarray, back: np.ndarray) -> Piece:
    ys, xs = np.nonzero(pixels)
    places = back[:, :2] @ np.stack([xs + x, ys + y]) + back[:, 2:]
    low, high = places.min(axis=1), places.max(axis=1) + 1
    own = pixels[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1].copy()  # not the whole field's memory
    return Piece(
        x + int(xs.min()),
        y + int(ys.min()),
        own,
        (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])),
    )


def _cut(
    patch: Piece, pen: float, usual: float, back: np.ndarray, among_others: bool
) -> tuple[list[Piece], list[float]]:
    """The patch, or where it is wide enough for two digits what cuts from top to bottom through little ink leave.

    Left to right; then how many pens each cut between two of them crosses.
    """
    height, width = patch.pixels.shape
    wide = (WIDE if among_others else WIDE_ALONE) * usual <= width <= WIDEST * height
    if not wide or height < 0.5 * usual:
        return [patch], []
    scale = max(1.0, height / SMALL)
    size = max(1, round(width / scale)), max(1, round(height / scale))
    small = cv2.resize(patch.pixels.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0
    left_of = np.zeros((height, width), np.int64)  # how many cuts lie left of each pixel
    crossed = []
    for cut, ink in _cuts(small, max(1.0, pen / scale), usual / scale):
        places = np.interp(np.arange(height), (np.arange(len(cut)) + 0.5) * scale, cut * scale)
        left_of += np.arange(width)[None] >= places[:, None]
        crossed.append(ink)
    parts = [patch.pixels & (left_of == number) for number in range(len(crossed) + 1)]
    crossed = [ink for ink, part in zip(crossed, parts[:-1], strict=True) if part.any()]
    return [_piece(patch.x, patch.y, part, back) for part in parts if part.any()], crossed


def _cuts(ink: np.ndarray, pen: float, usual: float) -> list[tuple[np.ndarray, float]]:
    """Cuts through ink (h, w) bool, left to right: for each row the column (h,) that is the first on the right side.

    With each how many pens of ink it crosses.

    Of the cheapest ways near each column those that cross little, leave enough on both sides, and lie far enough from
    better ones.
    """
    paths, crossed = _seams(ink, max(1, round(REACH * usual)))
    enough = _enough(ink, paths, usual)
    chosen: list[tuple[np.ndarray, float]] = []
    for column in np.argsort(crossed, kind="stable"):
        path = paths[:, column]
        if crossed[column] > 2 * CROSSING * pen or len(chosen) == MOST_CUTS:
            break
        if enough[column] and all(np.abs(other - path).mean() >= NARROW * usual for other, _ in chosen):
            chosen.append((path, float(crossed[column]) / (2 * pen)))
    return sorted(chosen, key=lambda cut: float(cut[0].mean()))


def _enough(ink: np.ndarray, paths: np.ndarray, usual: float) -> np.ndarray:
    """Whether each path (h,) of `paths` (h, n) leaves enough of the ink (h, w) on both of its sides: (n,) bool."""
    before = np.pad(ink.cumsum(axis=1), ((0, 0), (1, 0)))  # (h, w + 1): how much stands left of each column
    left = np.take_along_axis(before, paths.clip(0, ink.shape[1]), axis=1)  # (h, n)
    enough = np.ones(paths.shape[1], bool)
    for side in (left, before[:, -1:] - left):
        tall = len(ink) - 1 - (side > 0).argmax(axis=0) - (side[::-1] > 0).argmax(axis=0)
        enough &= (side.sum(axis=0) >= LEAST * ink.sum()) & (tall >= LOW * usual)
    return enough


def _seams(ink: np.ndarray, reach: int) -> tuple[np.ndarray, np.ndarray]:
    """From each column the cheapest way from top to bottom within `reach` of it, (h, w) columns, and what it crosses.

    Ways of eight neighbours, by dynamic programming (seam carving: Avidan, Shamir, 2007), all columns at once.
    """
    height, width = ink.shape
    padded = np.pad(ink.astype(np.float32), ((0, 0), (reach, reach)))
    cost = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=1)  # (h, w, band)
    came = np.zeros(cost.shape, np.int8)
    total = cost[0]
    edge = np.full((width, 1), np.inf, np.float32)
    for row in range(1, height):
        aside = total + ASIDE
        before = np.stack([np.hstack([edge, aside[:, :-1]]), total, np.hstack([aside[:, 1:], edge])])
        step = before.argmin(axis=0)
        came[row] = step - 1
        total = cost[row] + np.take_along_axis(before, step[None], 0)[0]
    at = total.argmin(axis=1)
    paths = np.zeros((height, width), np.int64)
    for row in range(height - 1, -1, -1):
        paths[row] = at
        at = at + came[row, np.arange(width), at]
    paths += np.arange(width) - reach
    return paths, total.min(axis=1)


def _area(boxes: Sequence[Box]) -> float:
    """Pixels of the field that pieces with these boxes take up together."""
    each = np.array(boxes)
    width, height = (each[:, :2] + each[:, 2:]).max(axis=0) - each[:, :2].min(axis=0)
    return float(width * height)


def _frame(pieces: list[Piece]) -> Framed:
    """The pieces as one digit in MNIST's framing."""
    boxes = np.array([piece.box for piece in pieces], np.int64)
    low, high = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    ink = np.zeros((high[1] - low[1], high[0] - low[0]), np.float32)
    for piece, (x, y, width, height) in zip(pieces, boxes, strict=True):
        field = ink[y - low[1] : y - low[1] + height, x - low[0] : x - low[0] + width]
        np.maximum(field, piece.pixels, out=field)
    digit = shrink(ink)
    homes = np.array([piece.home for piece in pieces])
    corner = homes[:, :2].min(axis=0)
    extent = (homes[:, :2] + homes[:, 2:]).max(axis=0) - corner
    return Framed(centre(digit / digit.max()), (float(corner[0]), float(corner[1]), float(extent[0]), float(extent[1])))
