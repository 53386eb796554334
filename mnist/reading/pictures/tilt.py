"""How the lines of writing lie, and the ink turned so that they are level."""

import cv2
import numpy as np

MAX_TILT_DEGREES = 18  # either way
TILT_ROW_PIXELS = 6
MAX_ROWS_OF_FEWEST = 1.02  # a tilt nearly as good as the best, but smaller, is preferred
TILT_SAMPLE_PIXELS = 4000  # of the ink, that the tilt is sought with
MAX_TURNED_IN_PICTURES = 5.0  # size of a turned picture; a strip that would take more is left as it lies


def of(mask: np.ndarray) -> int:
    """Return the tilt of the lines of writing, degrees: turned back by it they take up the fewest rows."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    if np.count_nonzero(heights > 0.5 * heights.max(initial=0)) < 2:  # one digit has no line
        return 0
    ys, xs = np.nonzero(mask)
    every = max(1, len(ys) // TILT_SAMPLE_PIXELS)
    ys, xs = ys[::every], xs[::every]
    taken = {}
    for tilt in range(-MAX_TILT_DEGREES, MAX_TILT_DEGREES + 1):
        across = ys * np.cos(np.deg2rad(tilt)) - xs * np.sin(np.deg2rad(tilt))
        taken[tilt] = len(np.unique(across // TILT_ROW_PIXELS))
    fewest = min(taken.values())
    return min((tilt for tilt, rows in taken.items() if rows <= MAX_ROWS_OF_FEWEST * fewest), key=abs)


def turned(mask: np.ndarray, tilt: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the mask turned by `tilt` degrees about its middle, with room for its corners; the matrix (2, 3) back."""
    if tilt == 0:
        return mask, np.eye(2, 3)
    height, width = mask.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    room = int(height * sin + width * cos), int(height * cos + width * sin)
    if room[0] * room[1] > MAX_TURNED_IN_PICTURES * mask.size:
        return mask, np.eye(2, 3)
    matrix[:, 2] += (room[0] - width) / 2, (room[1] - height) / 2
    turned = (cv2.warpAffine(mask * 255, matrix, room) > 127).astype(np.uint8)
    return turned, cv2.invertAffineTransform(matrix)
