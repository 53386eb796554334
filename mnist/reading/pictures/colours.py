"""The colours of a picture, for ink that differs from its ground in colour alone: blue on black, green on red."""

import numpy as np

from mnist.reading.framing import reduced

LIGHTNESS = np.array((0.299, 0.587, 0.114), np.float32)  # of red, green and blue, as Pillow mixes it (ITU-R BT.601)
MAX_FAINT = 0.2  # of black to white: lightness that varies by more shows the ink by itself
MIN_GAIN = 2.0  # times what lightness changes by: green on black has 1.7
REDUCED_SIDE_PIXELS = 400  # longer side of the reduced picture that is looked at, so that grain counts for little


def is_faint(lightness: np.ndarray) -> bool:
    """Return whether lightness (h, w) float32, 0 to 1, varies so little that the ink may lie in the colours."""
    return bool(np.ptp(reduced(lightness, REDUCED_SIDE_PIXELS)) <= MAX_FAINT)


def mixed(colours: np.ndarray) -> np.ndarray | None:
    """Return that mixture (h, w) of a picture's colours (h, w, 3) that shows its edges best; all are float32, 0 to 1.

    It is the first principal component of how red, green and blue change from each pixel to the next; uneven light
    changes slowly. None if lightness shows as much.
    """
    small = reduced(colours, REDUCED_SIDE_PIXELS)
    changes = np.concatenate([np.diff(small, axis=axis).reshape(-1, 3) for axis in (0, 1)])
    weights = np.linalg.eigh(changes.T @ changes)[1][:, -1]
    weights /= np.abs(weights).sum()
    if np.square(changes @ weights).sum() <= MIN_GAIN**2 * np.square(changes @ LIGHTNESS).sum():
        return None
    return np.asarray(colours @ weights - weights.clip(max=0).sum(), np.float32)
