"""A picture once it is decoded: its lightness and its ink.

Ink may be dark on light or light on dark. A plain ground is what the picture's edge shows, and ink is what differs from
it. Where the ground is not plain, as in photographs, `ink.py` finds the ink.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnist.reading import ink
from mnist.reading.framing import Framed, crop, frame_ink, ink_box, scaled

MAX_GROUND_DEVIATION = 0.006  # of black to white: a drawn ground varies by less, a photographed one by more
MIN_GROUND_OF_EDGE = 0.6  # share of the edge that is plain ground; the rest may be ink that touches it
MIN_CLEAR_GROUND_OF_EDGE = 0.7  # share of one tone, light or dark: less does not tell which of them is ground
MAX_PLACES_AT_EDGE = 4  # where ink touches it
MIN_CONTRAST = 0.12  # of black to white: less is an empty sheet
MAX_SOFT_DIGIT_PIXELS = 60  # longer side: a larger digit's edge is sharp, and fainter ink than MIN_SHARP_INK is JPEG's
MIN_SHARP_INK = 0.3


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture, upright: lightness (h, w) float32, 0 black to 1 white.

    One of its pixels stands for `factor` pixels of the file along each side.
    """

    lightness: np.ndarray
    factor: int = 1

    @cached_property
    def has_plain_ground(self) -> bool:
        """True if lightness is the same along most of the edge, as in drawings and screenshots, and crossed little.

        Ruled paper's lines cross the edge many times; a digit that touches it does so in few places.
        """
        edge = edge_of(self.lightness)
        ground = np.abs(edge - np.median(edge)) < MAX_GROUND_DEVIATION
        plain = ground.mean() >= MIN_GROUND_OF_EDGE
        return bool(plain and np.count_nonzero(np.diff(ground)) <= 2 * MAX_PLACES_AT_EDGE)

    @cached_property
    def mask(self) -> np.ndarray:
        """Its ink (h, w) uint8, 0 or 1, found when it is first asked for and then kept."""
        if self.has_plain_ground:
            return (self._plain_ink() > 0.5).astype(np.uint8)
        return ink.mask(self.lightness)

    def frame(self) -> Framed | None:
        """Return all ink on a plain ground as one digit in MNIST's framing; None if there is none."""
        strength = self._plain_ink()
        box = ink_box(strength)
        if box is None:
            return None
        if max(box[2:]) > MAX_SOFT_DIGIT_PIXELS:
            box = ink_box(strength, MIN_SHARP_INK) or box
        return frame_ink(crop(strength, box), scaled(box, self.factor))

    def _plain_ink(self) -> np.ndarray:
        """Return how much each pixel differs from a plain ground: (h, w) float32, 0 to 1 for the strongest ink."""
        edge = edge_of(self.lightness)
        ground = float(np.median(edge[self._is_ground(edge)]))
        difference = self.lightness - ground
        if difference.max() < -difference.min():
            difference = -difference
        peak = float(difference.max())
        if peak < MIN_CONTRAST:
            return np.zeros_like(self.lightness)
        # the edge's own unevenness (paper, JPEG) is not ink; 3 × 1.48 × median deviation covers three sigma of it
        noise = min(0.5, 4.4 * float(np.median(np.abs(edge - ground))) / peak)
        return ((difference / peak - noise) / (1 - noise)).clip(0.0, 1.0)

    def _is_ground(self, edge: np.ndarray) -> np.ndarray:
        """Return which pixels (n,) of the edge may be ground: all, or where ink covers much of it, those of one tone.

        A digit scanned or cropped tightly may ink most of the edge; it leaves the corners free.
        """
        middle = (float(self.lightness.min()) + float(self.lightness.max())) / 2
        light = edge > middle
        if max(light.mean(), 1 - light.mean()) >= MIN_CLEAR_GROUND_OF_EDGE:
            return np.ones(edge.shape, bool)
        corners = np.count_nonzero(self.lightness[np.ix_((0, -1), (0, -1))] > middle)
        ground_is_light = corners > 2 if corners != 2 else np.mean(self.lightness > middle) > 0.5
        return light == ground_is_light


def edge_of(pixels: np.ndarray) -> np.ndarray:
    """Return the outermost pixels of (h, w), in one row."""
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
