"""Distortions of a drawing on its way to the network: turned, moved, blurred, rubbed out, and framed or not.

Ink is (h, w) float32 in [0, 1] as `rendering.render` draws it; its shape stays. The same random generator gives the
same grains and holes.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from mnist.reading.framing import SIZE, ink_box
from mnist.reading.pictures import images

GRAINS_PER_SIDE = 28  # of noise, and of places to rub out: as coarse as a sample, or framing averages them out


@dataclass(frozen=True)
class Distortion:
    """Settings of a distortion; the defaults change nothing. Thickness is applied first, then the fields in order.

    `turn` is in degrees, clockwise; `size` is a factor; both are about the middle of the ink's own box. `right` and
    `down` are fractions of the picture's width and height. `thicker` is how far the pen's edge moves outwards, pixels.
    `blur` is the standard deviation of the spread, pixels, by Klingemann's stack blur, 2004, which is as quick for a
    large one. `noise` is the standard deviation of each grain, in ink; `erase` is the fraction of the area rubbed out.
    """

    turn: float = 0.0
    right: float = 0.0
    down: float = 0.0
    size: float = 1.0
    thicker: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    erase: float = 0.0

    def apply(self, ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the ink distorted: (h, w) float32 in [0, 1]."""
        distorted = self._placed(_thickened(ink, self.thicker))
        radius = round((1 + 6 * self.blur**2) ** 0.5 - 1)  # of a triangular kernel with that standard deviation
        distorted = cv2.stackBlur(distorted, (2 * radius + 1, 2 * radius + 1))
        grains = rng.normal(0, self.noise, (GRAINS_PER_SIDE, GRAINS_PER_SIDE)).astype(np.float32)
        kept = (rng.random((GRAINS_PER_SIDE, GRAINS_PER_SIDE)) >= self.erase).astype(np.float32)
        return ((distorted + _enlarged(grains, ink.shape)) * _enlarged(kept, ink.shape)).clip(0.0, 1.0)

    def _placed(self, ink: np.ndarray) -> np.ndarray:
        box = ink_box(ink)
        if box is None:
            return ink
        (x, y, width, height), (ink_height, ink_width) = box, ink.shape
        matrix = cv2.getRotationMatrix2D((x + (width - 1) / 2, y + (height - 1) / 2), -self.turn, self.size)
        matrix[:, 2] += self.right * ink_width, self.down * ink_height
        return cv2.warpAffine(ink, matrix, (ink_width, ink_height), flags=cv2.INTER_LINEAR)


def sample_of(ink: np.ndarray, framed: bool = True) -> np.ndarray:
    """Make a sample (28, 28) of ink (h, w): framed like any picture, or only reduced, wherever its digit lies."""
    pixels = (ink * 255).round().astype(np.uint8)
    if framed:
        digit = images.from_array(pixels).frame()
        return np.zeros((SIZE, SIZE), np.float32) if digit is None else digit.sample
    return np.asarray(Image.fromarray(pixels).resize((SIZE, SIZE), Image.Resampling.BOX), np.float32) / 255


def _thickened(ink: np.ndarray, pixels: float) -> np.ndarray:
    side = 2 * round(abs(pixels)) + 1
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return cv2.dilate(ink, pen) if pixels > 0 else cv2.erode(ink, pen)


def _enlarged(grains: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return cv2.resize(grains, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST)
