"""A picture once it is decoded: its lightness and its ink.

Ink may be dark on light or light on dark. A plain ground is what the picture's edge shows, and ink is what differs from
it. Where the ground is not plain, as in photographs, `ink.py` finds the ink.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from PIL import Image

from mnist.reading.framing import Framed, crop, frame_ink, ink_box, scaled
from mnist.reading.pictures import cells, ink, pen_rules, surfaces
from mnist.reading.pictures.ink import Ink

MAX_GROUND_DEVIATION = 0.006  # of black to white: a drawn ground varies by less, a photographed one by more
MAX_ONE_DIGIT_PIXELS = 100  # longer side: a picture as small as this holds one digit, as MNIST's do
MAX_CELL_PIXELS = 400  # longer side: a picture as small as this may be a cell, cut out of a table
MAX_GROUND_OF_CONTRAST = 0.12  # of the picture's lightest to darkest: what the ground of such a one may vary by
MAX_PATCHES_OF_STRIP = 60  # of ink on uneven ground: more are grain
MIN_GROUND_OF_EDGE = 0.6  # share of the edge that is plain ground; the rest may be ink that touches it
MIN_EVEN_GROUND_OF_EDGE = 0.9  # likewise, in even light
MIN_CLEAR_GROUND_OF_EDGE = 0.7  # share of one tone, light or dark: less does not tell which of them is ground
MAX_PLACES_AT_EDGE = 4  # where ink touches it,
MAX_PLACES_AT_TWO_SIDES = 2  # or two sides, in no strip: rules come in from two, a digit's ragged ink lies along one
MAX_PLACE_GAP_IN_SIDES = 0.04  # shorter sides: nearer to each other they are one
MIN_CONTRAST = 0.12  # of black to white: less is an empty sheet
MAX_SOFT_DIGIT_PIXELS = 60  # longer side: a larger digit's edge is sharp, and fainter ink than MIN_SHARP_INK is JPEG's
MIN_SHARP_INK = 0.3


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture, upright: lightness (h, w) float32, 0 black to 1 white.

    One of its pixels stands for `factor` pixels of the file along each side. `in_colour` returns it in colour, with so
    many pixels along its longer side; None where that takes long.
    """

    lightness: np.ndarray
    factor: int = 1
    in_colour: Callable[[int], Image.Image] | None = None

    @cached_property
    def has_plain_ground(self) -> bool:
        """True if lightness is the same along most of the edge, as in drawings and screenshots, and crossed little.

        Ruled paper's lines cross the edge many times; a digit that touches it does so in few places.
        """
        ground = float(np.median(edge_of(self.lightness)))
        inked = [np.abs(side - ground) >= self._max_ground_deviation for side in _sides_of(self.lightness)]
        if cells.is_strip(self.lightness.shape):
            edge = np.concatenate(inked)
            return bool(1 - edge.mean() >= MIN_GROUND_OF_EDGE and np.diff(edge).sum() <= 2 * MAX_PLACES_AT_EDGE)
        gap = np.ones((1, 1 + round(MAX_PLACE_GAP_IN_SIDES * min(self.lightness.shape))), np.uint8)
        closed = [cv2.morphologyEx(side[None].astype(np.uint8), cv2.MORPH_CLOSE, gap)[0] for side in inked]
        places = sorted(np.count_nonzero(np.diff(side, prepend=0, append=0)) // 2 for side in closed)
        few = sum(places) <= MAX_PLACES_AT_EDGE or places[-2] <= MAX_PLACES_AT_TWO_SIDES
        return bool(few and 1 - np.concatenate(closed).mean() >= MIN_GROUND_OF_EDGE)

    @property
    def _max_ground_deviation(self) -> float:
        """Largest deviation of an even ground; a small picture's may be grainy, as its ink takes up much of it."""
        if max(self.lightness.shape) > MAX_CELL_PIXELS:
            return MAX_GROUND_DEVIATION
        return max(MAX_GROUND_DEVIATION, MAX_GROUND_OF_CONTRAST * float(np.ptp(self.lightness)))

    @property
    def edge_margin(self) -> float:
        """How near to its edge ink does not count, in shorter sides."""
        return 0.0 if self.has_plain_ground else surfaces.EDGE_MARGIN_IN_SIDES

    @cached_property
    def ink(self) -> Ink:
        """Its ink, found when it is first asked for and then kept."""
        found = surfaces.ink_on(self.lightness, self.in_colour) if max(self.lightness.shape) > MAX_CELL_PIXELS else None
        if found is not None:
            return found
        if self.has_plain_ground:
            strength = self._beside_ground
            mask = (strength > ink.least_of_lines(strength)).astype(np.uint8)
            unruled = pen_rules.without(mask, mask)
            return Ink(unruled.mask, unruled.upright)
        return ink.find(self.lightness)

    def frame(self) -> Framed | None:
        """Return all ink as one digit in MNIST's framing; None if there is none."""
        return self._framed(self._beside_ground)

    def frame_in_cell(self) -> Framed | None:
        """Return the ink within a cell's rules as one digit likewise; None if there are no rules, or no ink."""
        return None if self.in_cell is None else self._framed(self.in_cell)

    @cached_property
    def rules(self) -> np.ndarray:
        """Which of its pixels (h, w) bool are the rules of a cell that it was cut out of."""
        difference, noise = _faintest_ink(self._light)
        return cells.rules_of((difference > noise).astype(np.uint8))

    @cached_property
    def in_cell(self) -> np.ndarray | None:
        """Strength of the ink in a cell, (h, w) float32, 0 to 1; None if the picture shows no rules, or no ink."""
        if not self.rules.any():
            return None
        return self._uneven_ink(self._light)

    @property
    def _light(self) -> np.ndarray:
        """Its lightness, that of a strip on an uneven ground in even light."""
        uneven = cells.is_strip(self.lightness.shape) and not self.has_plain_ground
        return self._even_light if uneven else self.lightness

    @cached_property
    def _even_light(self) -> np.ndarray:
        return ink.flattened(self.lightness)

    def _uneven_ink(self, light: np.ndarray) -> np.ndarray | None:
        """Return the strength of what differs from the ground in lightness (h, w), less rules; None if too little."""
        difference, noise = _faintest_ink(light)
        difference[cv2.dilate(self.rules.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 0.0
        peak = float(difference.max())
        if peak < MIN_CONTRAST:
            return None
        least = min(0.5, noise / peak)
        return np.asarray(((difference / peak - least) / (1 - least)).clip(0.0, 1.0))

    @cached_property
    def strength(self) -> np.ndarray | None:
        """Strength of the ink in a cell, or on a ground that is plain, at least in even light; None if it is neither.

        It is (h, w) float32, 0 to 1.
        """
        if self.in_cell is not None:
            return self.in_cell
        return self._beside_ground if self.has_plain_ground or self._is_plain_in_even_light else None

    @cached_property
    def strength_in_even_light(self) -> np.ndarray | None:
        """Strength of the ink of a strip on an uneven ground, likewise; None if there is none, or if it is grain."""
        found = self._uneven_ink(self._light)
        patches = 0 if found is None else cv2.connectedComponents((found > 0.5).astype(np.uint8))[0]
        return found if patches <= MAX_PATCHES_OF_STRIP else None

    def _framed(self, strength: np.ndarray) -> Framed | None:
        box = ink_box(strength)
        if box is None:
            return None
        if max(box[2:]) > MAX_SOFT_DIGIT_PIXELS:
            box = ink_box(strength, MIN_SHARP_INK) or box
        return frame_ink(crop(strength, box), scaled(box, self.factor))

    @cached_property
    def _beside_ground(self) -> np.ndarray:
        """How much each pixel differs from the ground at the edge: (h, w) float32, 0 to 1 for the strongest ink.

        It is looked at in even light if its ground is plain there and not as it is, and if no rules cover it.
        """
        edge = edge_of(self.lightness)
        is_even = np.mean(np.abs(edge - np.median(edge)) < MAX_GROUND_DEVIATION) >= MIN_GROUND_OF_EDGE
        uneven = not is_even and not self.rules.any() and self._is_plain_in_even_light
        return _plain_ink(self._even_light if uneven else self.lightness)

    @cached_property
    def _is_plain_in_even_light(self) -> bool:
        """Whether its edge is nearly all ground in even light; a tight crop's ink is fitted as if it were light."""
        edge = edge_of(self._even_light)
        is_ground = np.abs(edge - np.median(edge)) < Picture(self._even_light)._max_ground_deviation
        return bool(is_ground.mean() >= MIN_EVEN_GROUND_OF_EDGE)


def _plain_ink(light: np.ndarray) -> np.ndarray:
    """Return how much lightness (h, w) differs from its edge: (h, w) float32, 0 to 1 for the strongest ink."""
    edge = edge_of(light)
    ground = float(np.median(edge[_is_ground(edge, light)]))
    difference = _towards_ink(light - ground)
    peak = float(difference.max())
    if peak < MIN_CONTRAST:
        return np.zeros_like(light)
    # the edge's own unevenness (paper, JPEG) is not ink; 3 × 1.48 × median deviation covers three sigma of it
    noise = min(0.5, 4.4 * float(np.median(np.abs(edge - ground))) / peak)
    return np.asarray(((difference / peak - noise) / (1 - noise)).clip(0.0, 1.0))


def _is_ground(edge: np.ndarray, light: np.ndarray) -> np.ndarray:
    """Return which pixels (n,) of the edge may be ground: all, or where ink covers much of it, those of one tone.

    A digit scanned or cropped tightly may ink most of the edge; it leaves the corners free.
    """
    middle = (float(light.min()) + float(light.max())) / 2
    is_light = edge > middle
    if max(is_light.mean(), 1 - is_light.mean()) >= MIN_CLEAR_GROUND_OF_EDGE:
        return np.ones(edge.shape, bool)
    corners = np.count_nonzero(light[np.ix_((0, -1), (0, -1))] > middle)
    ground_is_light = corners > 2 if corners != 2 else np.mean(light > middle) > 0.5
    return is_light == ground_is_light


def _faintest_ink(light: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the difference (h, w) from what most of the lightness (h, w) shows, and how much of it is noise.

    Rules may take up the picture's whole edge, and writing may be far fainter than they are.
    """
    difference = _towards_ink(light - float(np.median(light)))
    return difference, max(MIN_CONTRAST / 2, 4.4 * float(np.median(np.abs(difference))))


def _towards_ink(difference: np.ndarray) -> np.ndarray:
    """Return differences (h, w) from the ground with the sign that the ink's, the largest, is positive."""
    return -difference if difference.max() < -difference.min() else difference


def edge_of(pixels: np.ndarray) -> np.ndarray:
    """Return the outermost pixels of (h, w), in one row."""
    return np.concatenate(_sides_of(pixels))


def _sides_of(pixels: np.ndarray) -> list[np.ndarray]:
    return [pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]
