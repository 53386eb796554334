"""Ready drawings to load into the pad: for people without a mouse, for demonstrations, for other ways to write.

Each stroke is a few points x,y of a 100×100 square that the pen passes through. A slash parts strokes; a corner is a
point written twice.
"""

import numpy as np

from mnist.reading.drawings.strokes import Stroke, Strokes, smooth
from mnist.web.state.pad import MARGIN, PAD_SIDE

READY_BOX = (
    float(MARGIN),
    0.0,
    float(PAD_SIDE),
    float(PAD_SIDE),
)  # x, y, width, height of their place on the pad
PEN_WIDTH = 16.0  # pixels on the pad
_POINTS = {
    "0": "52,16 36,24 29,48 36,76 52,84 67,72 71,48 64,24 50,16",
    "1": "38,34 54,16 54,16 53,84",
    "2": "31,32 42,18 60,19 67,34 56,54 30,82 30,82 72,82",
    "3": "32,24 48,16 65,24 62,41 47,48 47,48 66,56 68,74 50,85 30,77",
    "4": "56,16 28,60 28,60 74,60 / 60,38 60,38 58,86",
    "5": "66,17 38,17 38,17 34,46 34,46 52,41 67,52 66,72 50,84 30,78",
    "6": "62,15 44,30 33,54 35,76 50,85 66,76 66,59 52,51 36,62",
    "7": "29,18 29,18 70,18 70,18 54,48 44,84",
    "8": "66,28 54,16 38,22 37,37 52,48 67,62 64,80 48,85 34,76 38,58 55,46 66,30",
    "9": "66,34 54,17 37,22 35,42 50,51 64,42 66,30 66,30 64,60 56,85",
    "crossed 7": "29,18 29,18 70,18 70,18 54,50 44,84 / 34,51 67,49",
    "open 4": "34,18 31,54 31,54 72,53 / 65,20 65,20 60,86",
    "house": "20,50 20,50 50,18 50,18 80,50 / 26,50 26,85 26,85 74,85 74,85 74,50 "
    "/ 44,85 44,62 44,62 57,62 57,62 57,85",
}


def _strokes(points: str) -> Strokes:
    """Return the strokes in canvas pixels, in the middle of the pad."""
    lines = [[point.split(",") for point in line.split()] for line in points.split("/")]
    return [Stroke(smooth(np.array(line, float)) * PAD_SIDE / 100 + (MARGIN, 0), PEN_WIDTH) for line in lines]


READY_DRAWINGS = {name: _strokes(points) for name, points in _POINTS.items()}  # by a name to say aloud
