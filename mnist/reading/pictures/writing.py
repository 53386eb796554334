"""The ink of a picture that is writing: no specks, no grid of dots, nothing that reaches in from the edge."""

import cv2
import numpy as np

from mnist.reading.framing import between
from mnist.reading.lattice import LeftOut
from mnist.reading.pictures import dot_grid, patches
from mnist.reading.pictures.cells import room
from mnist.reading.pictures.patches import MIN_PATCH_PIXELS

MIN_PATCH_OF_LARGEST = 0.12  # longer side: a shorter patch is dirt, unless it is long for the pen
MIN_PATCH_PENS = 1.5  # longer side, in widths of the pen: as long as this it is no dirt
MAX_EDGE_THICKNESS = 2.0  # of the other ink's: thicker ink at the edge of a drawing is a thumb all the same
MIN_NEAR_EDGE_IN_HEIGHTS = 0.5  # of the tallest patch farther inside: lower ink near the edge is no digit,
MAX_NEAR_EDGE_IN_LENGTHS = 1.3  # of the longest one: longer ink is the table's edge, or a rule
MIN_NEAR_EDGE_PENS = 2.5  # width, in widths of its own pen: a wall is as broad as its pen, a little more if it leans
MIN_NAMED_PENS = 1.0  # longer side, in widths of the pen: shorter ink at the edge is left out without a word
TOO_SMALL, AT_EDGE = "too small to be a digit", "at the edge of the picture"  # why it was left out


def of(mask: np.ndarray, margin: float) -> tuple[np.ndarray, float, tuple[LeftOut, ...]]:
    """Return the mask with nothing but writing, the pen's width in pixels, and the boxes left out.

    What is as near as `margin`, in shorter sides, to the edge is taken for a thumb or a shadow, unless it is a digit.
    """
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    if closed.all():
        closed = mask  # without any ground nothing has a width
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    if count == 1:
        return closed, 2.0, ()
    patches.check(stats[1:], mask.size)
    pens = _pens(closed, labels, count)
    longer = np.maximum(stats[:, 2], stats[:, 3])
    is_ink = np.concatenate([[False], ~dot_grid.of(stats[1:])])
    at_edge = is_ink & _are_at_edge(stats, pens, is_ink, mask.shape, margin)
    ink = is_ink & ~at_edge
    least = MIN_PATCH_OF_LARGEST * longer[ink].max()
    pen = float(np.median(pens[ink & (longer >= least)]))
    speck = ink & (longer < least) & (longer < MIN_PATCH_PENS * pen)
    reasons = {TOO_SMALL: speck, AT_EDGE: at_edge & (longer > MIN_NAMED_PENS * pen)}
    left_out = [
        (between(stats[i, :2], stats[i, :2] + stats[i, 2:4]), why)
        for why, chosen in reasons.items()
        for i in np.flatnonzero(chosen)
    ]
    return (ink & ~speck)[labels].astype(np.uint8), pen, tuple(left_out)


def _pens(mask: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    """Return the width of the pen, pixels, in each of a mask's patches (n,), given the label of each pixel (h, w)."""
    depth = cv2.distanceTransform(mask, cv2.DIST_L2, 3)  # from the ground: half the pen's width in a line's middle
    half_pens = np.zeros(count, np.float32)
    np.maximum.at(half_pens, labels.ravel().astype(np.intp), depth.ravel())
    return 2 * half_pens


def _are_at_edge(
    stats: np.ndarray, pens: np.ndarray, is_ink: np.ndarray, shape: tuple[int, ...], margin: float
) -> np.ndarray:
    """Return which patches (n,) bool reach in from the edge; none if there is no other ink.

    Without a margin, as in drawings, only those do that are far thicker than the rest.
    """
    far = max(1.0, margin * min(shape))
    at_edge = room(stats, shape) < far
    is_large = is_ink & (np.maximum(stats[:, 2], stats[:, 3]) > max(far, MIN_PATCH_PIXELS))
    inside = is_large & ~at_edge
    if inside.any():
        at_edge &= ~_are_digits_near_edge(stats, pens, inside, shape)
        inside = is_large & ~at_edge
    if not inside.any():
        return np.zeros(len(stats), bool)
    return at_edge if margin else at_edge & (pens > MAX_EDGE_THICKNESS * np.median(pens[inside]))


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
