"""Markings beside, around and below numbers: a #, a plus, a ring or a box, a line, a filled dot or a punched hole."""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from mnist.reading.framing import Box

MAX_HASH_IN_HEIGHTS = 1.2  # its width
HASH_MIDDLE = 0.2  # of its width or height: as near to the middle of a # lies that of its hole
MIN_HASH_ENDS = 6  # of a # there are eight; a 4 has three
MIN_HASH_HOLE_PENS = 0.3  # width and height
HASH_LINE_PENS = 1.0  # width of the lines about its hole, in widths of the pen
MAX_HASH_GAP_IN_HEIGHTS = 1.2  # its own: to the number
MAX_PLUS_IN_SIDES = 1.6  # its longer side, in shorter ones
MAX_PLUS_PEN = 0.4  # of its shorter side: broader, it is a blob
PLUS_CORNER = 0.25  # of its width and height: the four corners of a plus are empty, or nearly so
MAX_INK_OF_CORNER = 0.06
PLUS_LINE_PENS = 1.7  # width of a line, in widths of the pen, as it may lean
MAX_INK_BESIDE_PLUS = 0.02  # share of its ink beside both lines: a small 4 has a slanting one
MIN_PLUS_ARM = 0.9  # of its width and height: each of its lines runs through so much of it,
PLUS_MIDDLE = 0.2  # crossing as near to the middle, of its width or height
MIN_PLUS_GAP_IN_HEIGHTS = 0.5  # its own: to the number; what is nearer may be a 4
MIN_SOLIDITY_OF_FRAME = 0.95  # share of its convex hull: a ring or a box has no dents, the outline of an 8 does
MIN_SOLIDITY_OF_DOT = 0.95  # share of its convex hull that is ink: a digit has dents or a hole
MAX_DOT_IN_SIDES = 1.3  # its longer side
MIN_DOT_PENS = 1.5  # its shorter side: a smaller one may be a small digit whose hole the pen has filled
MAX_SLASH_WIDTH_IN_LENGTHS = 0.2  # deviations across and along it
MIN_SLASH_LEAN = 0.27  # to the side, in its height, as a line at 15 degrees to the upright
MAX_UNDERLINE_IN_WIDTHS = 0.3  # its height
UNDERLINE_GAPS_IN_HEIGHTS = (-0.1, 0.3)  # from the foot of what stands above it, in its heights; a minus is lower


def is_hash(pixels: np.ndarray, pen: float) -> bool:
    """Return whether a patch (h, w) bool is a #: one hole in the middle, loose ends around."""
    ground = np.pad(~pixels, 1, constant_values=True).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ground, connectivity=4)
    holes = [i for i in range(1, count) if i != labels[0, 0] and min(stats[i, 2:4]) >= MIN_HASH_HOLE_PENS * pen]
    if len(holes) != 1:
        return False
    x, y, width, height, _ = stats[holes[0]]
    across, down = (x + width / 2) / ground.shape[1], (y + height / 2) / ground.shape[0]
    if pixels.shape[1] > MAX_HASH_IN_HEIGHTS * pixels.shape[0] or max(abs(across - 0.5), abs(down - 0.5)) > HASH_MIDDLE:
        return False  # it may be one that touches a digit
    rest = 1 - ground
    own_pen = 2 * float(cv2.distanceTransform(rest, cv2.DIST_L2, 3).max())  # a broad ring has rough edges, no ends
    about = round(max(pen, own_pen) * HASH_LINE_PENS)
    rest[max(0, y - about) : y + height + about, max(0, x - about) : x + width + about] = 0
    _, _, ends, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    return bool(np.count_nonzero(ends[1:, 2:4].max(axis=1) >= pen / 2) >= MIN_HASH_ENDS)


def is_plus(pixels: np.ndarray) -> bool:
    """Return whether a patch (h, w) bool is a plus: two lines, level and upright, that cross in its middle."""
    sides, ink = sum(pixels.shape), np.count_nonzero(pixels)
    if max(pixels.shape) > MAX_PLUS_IN_SIDES * min(pixels.shape) or 4 * ink > sides**2:
        return False
    pen = (sides - math.sqrt(sides**2 - 4 * ink)) / 2  # for a plus has pen × sides − pen² pixels
    high, wide = (round(PLUS_CORNER * side) for side in pixels.shape)
    corners = [half[:, own] for half in (pixels[:high], pixels[-high:]) for own in (slice(wide), slice(-wide, None))]
    if pen > MAX_PLUS_PEN * min(pixels.shape) or max(corner.mean() for corner in corners) > MAX_INK_OF_CORNER:
        return False
    beside = []
    for lines in (pixels, pixels.T):
        along = cv2.dilate(lines.astype(np.uint8), np.ones((round(pen) | 1, 1), np.uint8)).mean(axis=1)
        middle = float(np.flatnonzero(along == along.max()).mean())
        if along.max() < MIN_PLUS_ARM or abs((middle + 0.5) / len(along) - 0.5) > PLUS_MIDDLE:
            return False
        beside.append(np.abs(np.arange(len(along)) - middle) > PLUS_LINE_PENS * pen / 2)
    return bool(np.count_nonzero(pixels[np.ix_(*beside)]) <= MAX_INK_BESIDE_PLUS * ink)


def is_at_end(mark: Box, others: Sequence[Box]) -> bool:
    """Return whether a mark has something at its height on one side only, and not close to it."""
    x, y, width, height = mark
    level = [box for box in others if box[1] < y + height and y < box[1] + box[3]]
    gaps = [max(box[0] - x - width, x - box[0] - box[2]) for box in level]
    one_sided = len({box[0] + box[2] / 2 < x + width / 2 for box in level}) == 1
    return one_sided and min(gaps) >= MIN_PLUS_GAP_IN_HEIGHTS * height


def is_beside_number(mark: Box, others: Sequence[Box]) -> bool:
    """Return whether a # has something at its height on one side, and nothing so near on the other."""
    x, y, width, height = mark
    level = [box for box in others if box[1] < y + height and y < box[1] + box[3]]
    near = (
        any(-width < x - box[0] - box[2] <= MAX_HASH_GAP_IN_HEIGHTS * height for box in level),
        any(-width < box[0] - x - width <= MAX_HASH_GAP_IN_HEIGHTS * height for box in level),
    )
    return near[0] != near[1]


def is_around(pixels: np.ndarray, points: Sequence[tuple[int, int]]) -> bool:
    """Return whether a patch (h, w) bool is a closed ring or box around all of these points (x, y) in its field."""
    (contour, *_), _ = cv2.findContours(pixels.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if cv2.contourArea(contour) < MIN_SOLIDITY_OF_FRAME * cv2.contourArea(cv2.convexHull(contour)):
        return False
    return all(cv2.pointPolygonTest(contour, (float(x), float(y)), measureDist=False) > 0 for x, y in points)


def is_dot(pixels: np.ndarray, pen: float) -> bool:
    """Return whether a patch (h, w) bool is filled, about as wide as high, and broader than the pen's lines."""
    if min(pixels.shape) < MIN_DOT_PENS * pen or max(pixels.shape) > MAX_DOT_IN_SIDES * min(pixels.shape):
        return False
    hull = np.zeros(pixels.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(np.argwhere(pixels)[:, ::-1].astype(np.int32)), 1)
    return bool(np.count_nonzero(pixels) >= MIN_SOLIDITY_OF_DOT * np.count_nonzero(hull))


def is_slash(pixels: np.ndarray) -> bool:
    """Return whether a patch (h, w) bool is a straight line that leans."""
    if np.count_nonzero(pixels) < 2:
        return False  # a dot leans nowhere
    spread, directions = np.linalg.eigh(np.cov(np.argwhere(pixels).T.astype(np.float64)))
    down, right = np.abs(directions[:, 1])
    return bool(spread[0] <= MAX_SLASH_WIDTH_IN_LENGTHS**2 * spread[1] and right >= MIN_SLASH_LEAN * down)


def is_underline(line: Box, tall: np.ndarray) -> bool:
    """Return whether a line lies close below some of these boxes (n, 4), and reaches further on both sides."""
    if line[3] > MAX_UNDERLINE_IN_WIDTHS * line[2]:
        return False
    start, end = line[0], line[0] + line[2]
    x, y, width, height = tall.T
    gaps = (line[1] - y - height) / np.maximum(height, 1.0)
    least, most = UNDERLINE_GAPS_IN_HEIGHTS
    above = (x < end) & (start < x + width) & (least <= gaps) & (gaps <= most)
    return bool(above.any() and start < x[above].min() and (x + width)[above].max() < end)
