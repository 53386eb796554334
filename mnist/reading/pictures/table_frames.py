"""The frame of a ruled table in a picture: closed, with four corners and several cells, however the phone stood.

It is the largest ink that hangs together. Its sides may bulge as the paper does.
"""

import cv2
import numpy as np

from mnist.reading.framing import Box, between, reduced
from mnist.reading.mesh import FRAME, Mesh
from mnist.reading.pictures import ink
from mnist.reading.pictures.outlines import corners_of

SEARCH_SIDE_PIXELS = 1000  # longer side of the reduced picture in which a frame is sought
RULE_STRENGTHS = ((0.15, 0.06, 4.0), (0.06, 0.025, 2.5))  # at least: of the strongest ink, of black to white, and in
# sigmas of the grain; paler rules are looked for if there is no table otherwise
MAX_THICK_IN_SIDES = 0.025  # longer sides of the picture: no rule is as thick
MIN_FRAME_OF_SHEET = 0.15  # share of the area of the sheet that it is on, or of the picture
MIN_CELLS = 4  # closed ones, each of them
MIN_CELL_OF_FRAME = 0.002  # at least so large a share of the frame's area: a sudoku's has 0.012
MAX_BULGE = 0.06  # of a side, in frames
BULGE_PLACES = 100  # along a side,
BULGE_DEGREE = 4  # of the polynomial that it is smoothed to,
MAX_KINK = 0.01  # of a side, in frames, where folded paper leaves the polynomial
KINK_PLACES = 9  # of which the median is taken: what is written across the frame is shorter
MIN_SIDE = 0.9  # and the share of them at which it has to be found
BESIDE_IN_SIDES = 0.02  # longer sides of the picture: what lies beside the table and as near to each other is one


def find(light: np.ndarray, sheet_of_picture: float = 1.0) -> tuple[Mesh, list[Box]] | None:
    """Return the frame of the largest table in lightness (h, w), and boxes of what lies beside it; None without any.

    The sheet that it is on covers so large a share of the picture.
    """
    small = reduced(light, SEARCH_SIDE_PIXELS)
    factor = max(light.shape) / max(small.shape)
    strength, grain = ink.strength_of(small, is_dense=True)
    for share, least, sigmas in RULE_STRENGTHS:
        faintest = max(share * float(strength.max()), least, sigmas * grain)
        mask = cv2.morphologyEx((strength > faintest).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        frame = _frame(mask & ~_thick(mask), MIN_FRAME_OF_SHEET * sheet_of_picture * mask.size)
        if frame is not None:
            beside = [between(box[:2] * factor, (box[:2] + box[2:]) * factor) for box in _beside(mask, frame)]
            return frame.scaled(factor), beside
    return None


def _thick(mask: np.ndarray) -> np.ndarray:
    """Return what is too thick for rules in a mask (h, w) uint8: a thumb on the frame."""
    side = round(MAX_THICK_IN_SIDES * max(mask.shape)) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return cv2.dilate(cv2.morphologyEx(mask, cv2.MORPH_OPEN, disc), np.ones((3, 3), np.uint8))


def _frame(mask: np.ndarray, least: float) -> Mesh | None:
    """Return the frame of the largest table in a mask of ink (h, w); None without any of so many pixels at least."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sizes = stats[1:, cv2.CC_STAT_WIDTH].astype(np.int64) * stats[1:, cv2.CC_STAT_HEIGHT]
    if sizes.max(initial=0) < least:
        return None
    ruled = (labels == 1 + int(sizes.argmax())).astype(np.uint8)
    outline = cv2.findContours(ruled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0][0]
    corners = _corners(outline, least)
    bulges = None if corners is None or _cells(ruled) < MIN_CELLS else _bulges(outline, corners)
    return None if corners is None or bulges is None else Mesh(corners, bulges)


def _corners(outline: np.ndarray, least: float) -> np.ndarray | None:
    """Return the corners (4, 2) float32 of a frame with that outline, clockwise from the upper left; None if none.

    A frame has so many pixels at least.
    """
    corners = corners_of(outline)
    if corners is None or len(corners) != 4:
        return None
    if cv2.contourArea(cv2.convexHull(outline)) < least:
        return None
    x, y = (corners - corners.mean(axis=0)).T
    clockwise = corners.astype(np.float32)[np.argsort(np.arctan2(y, x))]
    return np.roll(clockwise, -int(clockwise.sum(axis=1).argmin()), axis=0)


def _cells(frame: np.ndarray) -> int:
    """Return how many closed cells a frame's mask (h, w) has."""
    contours, tree = cv2.findContours(frame, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    least = MIN_CELL_OF_FRAME * max(cv2.contourArea(contour) for contour in contours)
    inner = (contour for contour, (*_, above) in zip(contours, tree[0].tolist(), strict=True) if above >= 0)
    return sum(cv2.contourArea(contour) > least for contour in inner)


def _bulges(outline: np.ndarray, corners: np.ndarray) -> np.ndarray | None:
    """Return the bulges of a frame's sides, as a mesh has them; None if a side is missing."""
    matrix = cv2.getPerspectiveTransform(corners, FRAME)
    across, down = cv2.perspectiveTransform(outline.astype(np.float32), matrix)[:, 0].T
    bulges = []
    for along, inside in ((across, down), (across, 1 - down), (down, across), (down, 1 - across)):
        place = np.floor(along * BULGE_PLACES).astype(int)
        near = (np.abs(inside) < MAX_BULGE) & (place >= 0) & (place < BULGE_PLACES)
        outermost = np.full(BULGE_PLACES, np.inf)
        np.minimum.at(outermost, place[near], inside[near])
        seen = np.flatnonzero(np.isfinite(outermost))
        if len(seen) < MIN_SIDE * BULGE_PLACES:
            return None
        bulges.append(_smooth(np.interp(np.arange(BULGE_PLACES), seen, outermost[seen])))
    return np.array(bulges)


def _smooth(bulge: np.ndarray) -> np.ndarray:
    """Return a side's bulge (n,) as a polynomial, but for kinks: paper is folded, too, and digits cross the side."""
    places = np.arange(len(bulge))
    smooth = np.polynomial.Polynomial.fit(places, bulge, BULGE_DEGREE)(places)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(bulge, KINK_PLACES // 2, "edge"), KINK_PLACES)
    return np.asarray(smooth + (np.median(around, axis=1) - smooth).clip(-MAX_KINK, MAX_KINK))


def _beside(mask: np.ndarray, frame: Mesh) -> np.ndarray:
    """Return boxes (n, 4) of ink in a mask (h, w) that stands together, beside the frame; none of what is small."""
    reach = max(1, round(BESIDE_IN_SIDES * max(mask.shape) / 2))
    widely = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    inside = cv2.dilate(cv2.fillPoly(np.zeros_like(mask), [frame.corners.round().astype(np.int32)], 1), widely)
    together = cv2.dilate(np.pad(mask * (1 - inside), reach), widely)  # with room at the picture's edge
    boxes = cv2.connectedComponentsWithStats(together)[2][1:, :4] - np.array([0, 0, 2, 2]) * reach
    middles = boxes[:, :2] + boxes[:, 2:] / 2
    low, high = frame.corners.min(axis=0), frame.corners.max(axis=0)
    is_around = ((middles > low) & (middles < high)).all(axis=1)  # the paper's edge, a shadow
    return np.asarray(boxes[~is_around & (boxes[:, 2:].max(axis=1, initial=0) > 2 * reach)])
