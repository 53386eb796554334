"""What may happen to a drawing on its way to the network: turned, moved, blurred, rubbed out, and framed or not.

Ink is (h, w) float32 in [0, 1] as `rendering.render` draws it. What is done keeps its shape; grains and holes are drawn
from the generator that is given, so that the same one gives the same.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from mnist.reading import images
from mnist.reading.framing import SIZE, ink_box

CELLS = 28  # grains of noise and places to be rubbed out, along either side: as coarse as a sample, or they average out


@dataclass(frozen=True)
class Distortion:
    """How ink is spoiled; as it stands, not at all. Thickness comes first, then the order is that of the fields.

    `turn` is in degrees, clockwise; `right` and `down` are shares of the ink's side; `size` is a factor; the ink is
    turned and scaled about the middle of its own box. `thicker` is how far the pen's edge moves outwards, pixels.
    `blur` is how far ink spreads (standard deviation, pixels), by Klingemann's stack blur, 2004: a large one is as
    quick. `noise` is the standard deviation of each grain, in ink; `erase` the share of the area that is rubbed out.
    """

    turn: float = 0.0
    right: float = 0.0
    down: float = 0.0
    size: float = 1.0
    thicker: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    erase: float = 0.0

    def of(self, ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The ink spoiled: (h, w) float32 in [0, 1]."""
        spoiled = self._placed(_thickened(ink, self.thicker))
        radius = round((1 + 6 * self.blur**2) ** 0.5 - 1)  # of a triangle with that standard deviation
        spoiled = cv2.stackBlur(spoiled, (2 * radius + 1, 2 * radius + 1))
        grains = rng.normal(0, self.noise, (CELLS, CELLS)).astype(np.float32)
        kept = (rng.random((CELLS, CELLS)) >= self.erase).astype(np.float32)
        return ((spoiled + _enlarged(grains, ink.shape)) * _enlarged(kept, ink.shape)).clip(0.0, 1.0)

    def _placed(self, ink: np.ndarray) -> np.ndarray:
        box = ink_box(ink)
        if box is None:
            return ink
        (x, y, width, height), (high, wide) = box, ink.shape
        matrix = cv2.getRotationMatrix2D((x + (width - 1) / 2, y + (height - 1) / 2), -self.turn, self.size)
        matrix[:, 2] += self.right * wide, self.down * high
        return cv2.warpAffine(ink, matrix, (wide, high), flags=cv2.INTER_LINEAR)


def sample_of(ink: np.ndarray, framed: bool = True) -> np.ndarray:
    """Ink (h, w) as a sample (28, 28): as every picture is framed, or merely made smaller, wherever its digit lies."""
    pixels = (ink * 255).round().astype(np.uint8)
    if framed:
        digit = images.from_array(pixels).frame()
        return np.zeros((SIZE, SIZE), np.float32) if digit is None else digit.sample
    return np.asarray(Image.fromarray(pixels).resize((SIZE, SIZE), Image.Resampling.BOX), np.float32) / 255


def _thickened(ink: np.ndarray, by: float) -> np.ndarray:
    side = 2 * round(abs(by)) + 1
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return cv2.dilate(ink, pen) if by > 0 else cv2.erode(ink, pen)


def _enlarged(cells: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return cv2.resize(cells, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST)
