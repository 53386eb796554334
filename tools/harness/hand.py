"""Digits written by code for the tests, unlike the ready drawings, as points that the pen passes through."""

from itertools import pairwise
from typing import Any

import numpy as np

from mnist.data.people import Drawn
from mnist.reading.drawings.strokes import Stroke

# on a 280-pixel pad, drawn in straight pieces as a quick hand does
# fmt: off
DIGITS: dict[int, list[list[tuple[float, float]]]] = {
    0: [[
        (140, 50), (105, 65), (85, 105), (82, 150), (95, 205), (135, 230), (175, 215), (196, 170), (196, 120),
        (180, 72), (142, 50),
    ]],
    1: [[(120, 92), (152, 48), (150, 140), (146, 232)]],
    2: [[(92, 92), (112, 56), (155, 48), (186, 78), (176, 122), (132, 176), (84, 228), (140, 226), (202, 228)]],
    3: [[(90, 70), (140, 48), (185, 80), (170, 122), (130, 138), (180, 155), (192, 200), (145, 232), (88, 210)]],
    4: [[(152, 48), (112, 112), (76, 168), (140, 168), (208, 166)], [(172, 108), (168, 170), (162, 236)]],
    5: [
        [(104, 56), (98, 128), (140, 116), (180, 136), (188, 182), (158, 224), (120, 232), (86, 212)],
        [(104, 56), (150, 54), (192, 52)],
    ],
    6: [[
        (172, 50), (128, 82), (96, 140), (90, 192), (116, 230), (160, 226), (184, 192), (168, 156), (126, 152),
        (96, 182),
    ]],
    7: [[(82, 60), (140, 58), (202, 56), (172, 112), (146, 172), (128, 234)]],
    8: [[
        (178, 82), (146, 50), (104, 66), (104, 104), (144, 134), (184, 170), (180, 216), (138, 234), (98, 212),
        (104, 168), (144, 136), (176, 108), (178, 82),
    ]],
    9: [[(184, 88), (152, 54), (110, 66), (96, 108), (122, 138), (162, 128), (184, 90), (180, 150), (168, 234)]],
}
# fmt: on

SCRIBBLE = [Stroke(np.random.default_rng(0).uniform(20, 260, (80, 2)), 12.0)]


def strokes(digit: int, scale: float = 1.0, at: tuple[float, float] = (0.0, 0.0), pen: float = 16.0) -> list[Stroke]:
    """Return the digit's strokes, scaled from the pad's corner and then moved; `at` and `pen` are pixels."""
    return [Stroke(np.array(line, np.float64) * scale + at, pen) for line in DIGITS[digit]]


def drawn() -> list[Drawn]:
    """Return each digit once, as if one person had drawn them."""
    return [Drawn(tuple(strokes(digit)), digit, "one") for digit in DIGITS]


def canvas_drawing(drawn: list[Stroke], **changes: Any) -> dict[str, Any]:
    """Return the strokes as the canvas would report them: smoothed, with the objects' properties changed as given."""
    return {"version": "7.1.0", "objects": [{**_path(stroke), **changes} for stroke in drawn], "background": "#12211c"}


def _path(stroke: Stroke) -> dict[str, Any]:
    points = stroke.points.tolist()
    middles = [[(x + u) / 2, (y + v) / 2] for (x, y), (u, v) in pairwise(points)]
    curves = [["Q", *point, *middle] for point, middle in zip(points, middles, strict=False)]
    return {
        "type": "Path",
        "stroke": "#ffffff",
        "strokeWidth": stroke.width,
        "fill": None,
        "path": [["M", *points[0]], *curves, ["L", *points[-1]]],
    }
