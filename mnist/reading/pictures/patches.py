"""Patches: connected ink of a picture, upright, each knowing where it lay in the picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mnist.errors import UserError
from mnist.reading.framing import Box, Framed, around, between, frame_ink

MIN_PATCH_PIXELS = 4  # longer side: anything smaller is no part of a digit
MAX_PATCHES = 4_000  # of a picture; a page of writing has some hundreds, with dirt
MAX_FIELDS_IN_PICTURES = 12.0  # the fields of all patches together, in sizes of the picture


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


def of(mask: np.ndarray, back: np.ndarray) -> Iterator[Patch]:
    """Yield the patches of an upright mask (h, w) uint8; `back`: the matrix (2, 3) to the mask as it was.

    Raises UserError if there are too many.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    check(stats[1:], mask.size)
    for label in range(1, count):
        x, y, width, height, _ = stats[label]
        if max(width, height) >= MIN_PATCH_PIXELS:
            yield patch_at(int(x), int(y), labels[y : y + height, x : x + width] == label, back)


def patch_at(x: int, y: int, pixels: np.ndarray, back: np.ndarray) -> Patch:
    """Return the ink (h, w) bool of a field at (x, y) as a patch."""
    ys, xs = np.nonzero(pixels)
    places = back[:, :2] @ np.stack([xs + x, ys + y]) + back[:, 2:]
    low, high = places.min(axis=1), places.max(axis=1) + 1
    own = pixels[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1].copy()  # not the whole field's memory
    return Patch(x + int(xs.min()), y + int(ys.min()), own, between(low, high))


def frame(patches: Sequence[Patch]) -> Framed:
    """Return the patches as one digit in MNIST's framing."""
    left, top, wide, high = (int(side) for side in around([patch.box for patch in patches]))
    ink = np.zeros((high, wide), np.float32)
    for patch in patches:
        height, width = patch.pixels.shape
        field = ink[patch.y - top : patch.y - top + height, patch.x - left : patch.x - left + width]
        np.maximum(field, patch.pixels, out=field)
    return frame_ink(ink, around([patch.home for patch in patches]))


def usual_height(whole: Sequence[Patch]) -> float:
    """Return the median height, pixels, of the taller half of the patches."""
    heights = sorted(patch.pixels.shape[0] for patch in whole)
    return float(np.median(heights[len(heights) // 2 :])) if heights else 0.0


def usual_first(whole: Sequence[Patch]) -> list[Patch]:
    """Return the patches, those first that are as long as most of the longer half."""
    longer = np.array([max(patch.pixels.shape) for patch in whole])
    usual = float(np.median(longer[longer >= np.median(longer)])) if len(longer) else 1.0
    return [whole[i] for i in np.argsort(np.abs(np.log(longer / usual)), kind="stable").tolist()]


def check(stats: np.ndarray, size: int) -> None:
    """Raise UserError if patches with these boxes (n, 5) are too many for writing; `size`: the picture's pixels."""
    if len(stats) > MAX_PATCHES:
        raise UserError(
            f"{len(stats):,} separate spots of ink, where a page of writing has some hundreds; take it from nearer"
        )
    if (stats[:, 2] * stats[:, 3].astype(np.int64)).sum() > MAX_FIELDS_IN_PICTURES * size:
        raise UserError("too many shapes lie within one another; this is no writing")
