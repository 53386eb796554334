"""A drawing as strokes, read from the canvas's JSON, measured, moved, drawn and framed."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnist.errors import TooLargeError, UserError
from mnist.reading.drawings import fabric_paths
from mnist.reading.drawings.pen_width import PEN, with_pen
from mnist.reading.drawings.rendering import render, steps
from mnist.reading.framing import Box, Framed, between, centre

MAX_DRAWING_BYTES = 5_000_000  # of a saved drawing: one of 20,000 commands, as the canvas writes them, has 2 million
MAX_JSON_VALUES = 500_000  # of any kind, counted before they are unpacked: such a drawing has 200,000
MAX_STROKES = 2_000
MAX_PATH_COMMANDS = 20_000  # of a drawing; a minute's scribble has 3,000
MAX_POINTS = 100_000  # of the lines that the commands become
MAX_LENGTH_IN_SIDES = 2_000  # of all lines, in longer sides of their box; a minute's scribble has 200
PATH_TYPES = ("Path", "path")


@dataclass(frozen=True)
class Stroke:
    """The line that one move of the pen drew: its points (n, 2) float64, (x, y), and its width, in canvas pixels."""

    points: np.ndarray
    width: float


Strokes = Sequence[Stroke]


def parse(content: bytes | str) -> list[Stroke]:
    """Return the strokes of a saved drawing. Raises UserError if it is no drawing, or too large to be one."""
    if len(content) > MAX_DRAWING_BYTES:
        raise TooLargeError(
            f"a drawing of {len(content) / 1e6:.0f} MB; at most {MAX_DRAWING_BYTES / 1e6:.0f} MB are read"
        )
    values = content.count(",") if isinstance(content, str) else content.count(b",")
    if values > MAX_JSON_VALUES:
        raise TooLargeError(f"a drawing of {values} values; at most {MAX_JSON_VALUES} are read")
    try:
        drawing = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UserError("not a saved drawing: it is not JSON") from error
    return from_drawing(drawing)


def from_drawing(drawing: Any) -> list[Stroke]:
    """Return the strokes of a drawing (the canvas's `json_data`), in the order they were made.

    Raises UserError if something in it is no stroke, a number is not finite, or there is too much of it.
    """
    objects = drawing.get("objects") if isinstance(drawing, dict) else None
    if not isinstance(objects, list):
        raise UserError('not a saved drawing: it has no list of "objects"')
    _check_count(objects)
    strokes: list[Stroke] = []
    budget, room = MAX_PATH_COMMANDS, MAX_POINTS
    for number, item in enumerate(objects, 1):
        path = item.get("path") if isinstance(item, dict) else None
        if not isinstance(path, list) or item.get("type") not in PATH_TYPES:
            raise UserError(f"object {number} of the drawing is not a pen stroke (a Fabric Path)")
        budget -= len(path)
        if budget < 0:
            raise UserError(f"a drawing of more than {MAX_PATH_COMMANDS} path commands; nobody draws that many")
        try:
            found = [Stroke(line, width) for line, width in fabric_paths.lines_of(item)]
        except (TypeError, ValueError, ArithmeticError) as error:
            raise UserError(f"object {number} of the drawing is damaged: {error}") from error
        strokes += found
        _check_count(strokes)
        room -= sum(len(stroke.points) for stroke in found)
        if room < 0:
            raise UserError(f"a drawing of more than {MAX_POINTS} points; nobody draws that many")
    return checked(strokes)


def checked(strokes: Strokes) -> list[Stroke]:
    """Return the strokes, their numbers as floats.

    Raises UserError if something is no stroke, or there are more strokes, or longer ones, than anybody draws.
    """
    _check_count(strokes)
    for number, stroke in enumerate(strokes, 1):
        if not _is_stroke(stroke):
            points = f"points (n, 2), each within {fabric_paths.MAX_COORDINATE_PIXELS:,.0f} pixels"
            raise UserError(f"stroke {number} should be a Stroke of {points}, and a width")
    strokes = [Stroke(stroke.points.astype(np.float64), float(stroke.width)) for stroke in strokes]
    length = sum(steps(stroke.points).sum() for stroke in strokes)
    if strokes and length > MAX_LENGTH_IN_SIDES * max(bounds(strokes)[2:]):
        raise UserError(
            f"a drawing that goes more than {MAX_LENGTH_IN_SIDES} times from side to side; nobody draws that much"
        )
    return strokes


def _is_stroke(item: object) -> bool:
    if not isinstance(item, Stroke) or not isinstance(item.points, np.ndarray) or item.points.dtype.kind not in "fiu":
        return False
    if item.points.ndim != 2 or item.points.shape[1] != 2 or len(item.points) == 0:
        return False
    within = (np.abs(item.points) <= fabric_paths.MAX_COORDINATE_PIXELS).all()  # false for nan, too
    return (
        bool(within) and isinstance(item.width, int | float | np.integer | np.floating) and 0 <= item.width < math.inf
    )


def _check_count(strokes: Sequence[object]) -> None:
    if len(strokes) > MAX_STROKES:
        raise UserError(f"a drawing of {len(strokes)} strokes; at most {MAX_STROKES} are read")


def to_drawing(strokes: Iterable[Stroke], colour: str) -> dict[str, Any]:
    """Return the strokes as a drawing that the canvas loads, in that colour."""
    return {"objects": [_to_object(stroke, colour) for stroke in strokes]}


def bounds(strokes: Strokes) -> Box:
    """Return the box of the strokes' ink, pen width included, canvas pixels."""
    low = np.min([stroke.points.min(axis=0) - stroke.width / 2 for stroke in strokes], axis=0)
    high = np.max([stroke.points.max(axis=0) + stroke.width / 2 for stroke in strokes], axis=0)
    return between(low, high)


def fit(strokes: Strokes, pad: tuple[float, float]) -> list[Stroke]:
    """Return the strokes, moved and scaled onto a pad of that width and height unless they lie on it already."""
    if not strokes:
        return []
    x, y, width, height = bounds(strokes)
    if x >= 0 and y >= 0 and x + width <= pad[0] and y + height <= pad[1]:
        return list(strokes)
    scale = min(1.0, 0.9 * pad[0] / max(width, 1e-9), 0.9 * pad[1] / max(height, 1e-9))
    offset = np.array(pad) / 2 - scale * np.array([x + width / 2, y + height / 2])
    return [Stroke(stroke.points * scale + offset, stroke.width * scale) for stroke in strokes]


def moved(strokes: Strokes, right: float) -> list[Stroke]:
    """Return the strokes, so many pixels further to the right."""
    return [Stroke(stroke.points + np.array([right, 0.0]), stroke.width) for stroke in strokes]


def smooth(points: np.ndarray, pieces: int = 8) -> np.ndarray:
    """Return a curve (m, 2) through points (n, 2), Catmull and Rom's spline (1974); a point twice is a sharp corner."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    a, b, c, d = (padded[i : len(padded) - 3 + i, None] for i in range(4))  # each (n - 1, 1, 2)
    t = (np.arange(pieces) / pieces)[None, :, None]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.concatenate([curve.reshape(-1, 2), points[-1:]])


def ink(strokes: Strokes, shape: tuple[int, int]) -> np.ndarray:
    """Return the ink (h, w) float32 in [0, 1] of the strokes as the canvas draws them on a pad of that shape."""
    return render([stroke.points for stroke in strokes], [stroke.width for stroke in strokes], shape)


def frame(strokes: Strokes) -> Framed:
    """Return all of the strokes, at least one, as one digit in MNIST's framing."""
    return Framed(centre(redraw(strokes)), bounds(strokes))


def middle_line_boxes(strokes: Strokes) -> list[Box]:
    """Return the box of each stroke's middle line, canvas pixels; the pen's width has no part in it."""
    return [between(stroke.points.min(axis=0), stroke.points.max(axis=0)) for stroke in strokes]


def redraw(strokes: Strokes, pen: float = PEN) -> np.ndarray:
    """Return the strokes as ink (h, w) float32 in [0, 1], `pen` pixels wide, the longer side 20 pixels."""
    return with_pen([stroke.points for stroke in strokes], max(stroke.width for stroke in strokes), pen)


def _to_object(stroke: Stroke, colour: str) -> dict[str, Any]:
    points = stroke.points.round(2).tolist()
    low, high = stroke.points.min(axis=0), stroke.points.max(axis=0)
    left, top = ((low + high) / 2).round(4).tolist()
    return {
        "type": "Path",
        "originX": "center",
        "originY": "center",
        "left": left,
        "top": top,
        "fill": None,
        "stroke": colour,
        "strokeWidth": round(stroke.width, 2),
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
        "path": [["M", *points[0]], *(["L", *point] for point in (points[1:] or points))],
    }
