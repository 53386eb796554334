"""A drawing as strokes: read from the canvas's JSON, redrawn at MNIST's pen width.

Only the path of the pen counts, so neither the pen's width nor the place or size on the pad changes the sample. The
JSON is that of Fabric.js 7, which streamlit-drawable-canvas returns as `json_data`: an object's path is turned and
scaled about the middle of its own bounds, then put at left/top (fabricjs.com, `FabricObject.calcOwnMatrix`).
"""

import json
import math
import reprlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from mnist.errors import TooLargeError, UserError
from mnist.reading.framing import BOX, Framed, centre
from mnist.reading.rendering import render, steps

PEN = 2.4  # width of MNIST's strokes in a sample, pixels
MAX_BYTES = 5_000_000  # of a saved drawing: one of 20,000 commands, as the canvas writes them, has 2 million
MAX_VALUES = 500_000  # in it, of any kind, before it is unpacked: such a drawing has 200,000
MAX_OBJECTS = 2_000
MAX_COMMANDS = 20_000  # pieces of path in a drawing; a minute's scribble has 3,000
MAX_POINTS = 100_000  # of the lines that they become
MAX_LENGTH = 2_000  # of all lines, times the longer side of what they cover; a minute's scribble has 200
MAX_COORDINATE = 1e6  # pixels, either way: no screen is wider
FLATNESS = 1e-3  # how far a curve may lie from its chords, relative to the path's extent
SPACING = 0.2  # distance between the points kept of a stroke in a sample, pixels
ORIGINS = {"left": -0.5, "top": -0.5, "center": 0.0, "right": 0.5, "bottom": 0.5}
OPERANDS = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}
KINDS = ("Path", "path")


@dataclass(frozen=True)
class Stroke:
    """What one move of the pen left: its middle line (n, 2) float64, (x, y) in canvas pixels, and its width, pixels."""

    points: np.ndarray
    width: float


Strokes = Sequence[Stroke]


def parse(content: bytes | str) -> list[Stroke]:
    """The strokes of a saved drawing. Raises UserError where it is no drawing, or too large to be one."""
    if len(content) > MAX_BYTES:
        raise TooLargeError(f"a drawing of {len(content) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read")
    values = content.count(",") if isinstance(content, str) else content.count(b",")
    if values > MAX_VALUES:
        raise TooLargeError(f"a drawing of {values} values; at most {MAX_VALUES} are read")
    try:
        drawing = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UserError("not a saved drawing: it is no JSON") from error
    return from_drawing(drawing)


def from_drawing(drawing: Any) -> list[Stroke]:
    """The strokes of a drawing (the canvas's `json_data`), in the order they were made.

    Raises UserError where something in it is no stroke, a number is not finite, or there is too much of it.
    """
    objects = drawing.get("objects") if isinstance(drawing, dict) else None
    if not isinstance(objects, list):
        raise UserError('not a saved drawing: it has no list of "objects"')
    _check_count(objects)
    strokes: list[Stroke] = []
    budget, room = MAX_COMMANDS, MAX_POINTS
    for number, item in enumerate(objects, 1):
        path = item.get("path") if isinstance(item, dict) else None
        if not isinstance(path, list) or item.get("type") not in KINDS:
            raise UserError(f"object {number} of the drawing is no pen stroke (a Fabric Path)")
        budget -= len(path)
        if budget < 0:
            raise UserError(f"a drawing of more than {MAX_COMMANDS} points; nobody draws as many")
        try:
            some = list(_from_object(item))
        except (TypeError, ValueError, ArithmeticError) as error:
            raise UserError(f"object {number} of the drawing is damaged: {error}") from error
        strokes += some
        _check_count(strokes)
        room -= sum(len(stroke.points) for stroke in some)
        if room < 0:
            raise UserError(f"a drawing of more than {MAX_POINTS} points; nobody draws as many")
    check(strokes)
    return strokes


def check(strokes: Strokes) -> None:
    """Raise UserError where there are too many strokes, or too long ones, to be drawn by anybody."""
    _check_count(strokes)
    if strokes and sum(steps(stroke.points).sum() for stroke in strokes) > MAX_LENGTH * max(bounds(strokes)[2:]):
        raise UserError(f"a drawing that goes more than {MAX_LENGTH} times from side to side; nobody draws as much")


def _check_count(strokes: Sequence[object]) -> None:
    if len(strokes) > MAX_OBJECTS:
        raise UserError(f"a drawing of {len(strokes)} strokes; at most {MAX_OBJECTS} are read")


def to_drawing(strokes: Iterable[Stroke], colour: str) -> dict[str, Any]:
    """The strokes as a drawing that the canvas loads, in that colour."""
    return {"objects": [_to_object(stroke, colour) for stroke in strokes]}


def bounds(strokes: Strokes) -> tuple[float, float, float, float]:
    """Box (x, y, width, height) of the strokes' ink, pen width included, canvas pixels."""
    low = np.min([stroke.points.min(axis=0) - stroke.width / 2 for stroke in strokes], axis=0)
    high = np.max([stroke.points.max(axis=0) + stroke.width / 2 for stroke in strokes], axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


def fit(strokes: Strokes, pad: tuple[float, float]) -> list[Stroke]:
    """The strokes as they are where they lie on a pad of that width and height, else moved and scaled onto it."""
    if not strokes:
        return []
    x, y, width, height = bounds(strokes)
    if x >= 0 and y >= 0 and x + width <= pad[0] and y + height <= pad[1]:
        return list(strokes)
    scale = min(1.0, 0.9 * pad[0] / max(width, 1e-9), 0.9 * pad[1] / max(height, 1e-9))
    offset = np.array(pad) / 2 - scale * np.array([x + width / 2, y + height / 2])
    return [Stroke(stroke.points * scale + offset, stroke.width * scale) for stroke in strokes]


def smooth(points: np.ndarray, pieces: int = 8) -> np.ndarray:
    """A curve (m, 2) through the points (n, 2): Catmull and Rom's spline, 1974. Repeat a point for a sharp corner."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    a, b, c, d = (padded[i : len(padded) - 3 + i, None] for i in range(4))  # each (n - 1, 1, 2)
    t = (np.arange(pieces) / pieces)[None, :, None]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.concatenate([curve.reshape(-1, 2), points[-1:]])


def frame(strokes: Strokes) -> Framed:
    """All of the strokes, at least one, as one digit in MNIST's framing."""
    return Framed(centre(redraw(strokes)), bounds(strokes))


def middle_lines(strokes: Strokes) -> list[tuple[float, float, float, float]]:
    """Box (x, y, width, height) of each stroke's middle line, canvas pixels: what the pen's width has no part in."""
    corners = ((stroke.points.min(axis=0), np.ptp(stroke.points, axis=0)) for stroke in strokes)
    return [(float(low[0]), float(low[1]), float(extent[0]), float(extent[1])) for low, extent in corners]


def redraw(strokes: Strokes, pen: float = PEN) -> np.ndarray:
    """The strokes `pen` pixels wide, scaled so that the ink's longer side is 20 pixels: (h, w) float32 in [0, 1].

    What is smaller than the pen that drew it is a dot, and stays one.
    """
    points = np.concatenate([stroke.points for stroke in strokes])
    low = points.min(axis=0)
    widest = max(stroke.width for stroke in strokes)
    extent = np.ptp(points, axis=0)
    scale = (BOX - pen) / max(float(extent.max()), widest, 1e-9)
    lines = [_thin((stroke.points - low) * scale + pen / 2) for stroke in strokes]
    width, height = (math.ceil(side - 1e-6) for side in extent * scale + pen)
    return render(lines, [pen] * len(lines), (height, width))


def _thin(line: np.ndarray) -> np.ndarray:
    """The line without points that lie closer together, along it, than the sample can show."""
    if len(line) < 3:
        return line
    step = np.floor(np.concatenate([[0.0], np.cumsum(steps(line))]) / SPACING)
    keep = np.concatenate([[True], np.diff(step) > 0])
    keep[-1] = True
    return line[keep]


def _from_object(item: dict[str, Any]) -> Iterator[Stroke]:
    width = _number(item, "strokeWidth", 1.0)
    if width < 0:
        raise ValueError(f"strokeWidth is {width}")
    lines = _flatten(item["path"])
    nowhere = [np.zeros((1, 2))]  # a path without points has a place and a size as well, which may be no numbers
    measured = np.concatenate(_flatten([_as_measured(command) for command in item["path"]]) or nowhere)
    matrix, offset = _placement(item, measured.min(axis=0), measured.max(axis=0), width)
    scale = float(np.sqrt(abs(np.linalg.det(matrix))))
    for line in lines:
        placed = line @ matrix.T + offset
        if not np.isfinite(placed).all() or np.abs(placed).max() > MAX_COORDINATE:
            raise ValueError(f"a point lies beyond {MAX_COORDINATE:.0e} pixels")
        yield Stroke(placed, width * scale)


def _flatten(path: list[Any]) -> list[np.ndarray]:
    """The lines (n, 2) of a path; curves become chords no further from them than FLATNESS."""
    for command in path:
        if not isinstance(command, list) or not command or _operands(command[0]) != len(command) - 1:
            raise ValueError(f"{_shown(command)} is no absolute path command")
    numbers = np.array([value for command in path for value in command[1:] if _is_number(value)], np.float64)
    if len(numbers) != sum(len(command) - 1 for command in path):
        raise ValueError("a coordinate is no number")
    if not np.isfinite(numbers).all():
        raise ValueError("a coordinate is not finite")
    if len(numbers) == 0:
        return []
    if np.abs(numbers).max() > MAX_COORDINATE:
        raise ValueError(f"a point lies beyond {MAX_COORDINATE:.0e} pixels")
    tolerance = FLATNESS * max(float(np.ptp(numbers.reshape(-1, 2), axis=0).max()), 1e-9)
    lines: list[list[np.ndarray]] = []
    at = 0
    for name, *operands in path:
        controls = numbers[at : at + len(operands)].reshape(-1, 2)
        at += len(operands)
        if name == "M" or not lines:
            lines.append([controls[-1:] if len(controls) else numbers[:2].reshape(1, 2)])
        elif name == "Z":
            lines[-1].append(lines[-1][0][:1])
        else:
            lines[-1].append(_curve(np.concatenate([lines[-1][-1][-1:], controls]), tolerance))
    return [np.concatenate(line) for line in lines]


def _operands(name: Any) -> int | None:
    return OPERANDS.get(name) if isinstance(name, str) else None


def _shown(value: Any) -> str:
    """The value for a message: short, however large or deep it is."""
    if not isinstance(value, str):
        return reprlib.repr(value)
    return value[:40].encode("utf-8", "replace").decode()  # half a character of UTF-16 cannot be sent to anybody


def _as_measured(command: list[Any]) -> list[Any]:
    """The command as Fabric takes it when it measures a path: a quadratic curve as a cubic with its control twice."""
    return ["C", *command[1:3], *command[1:]] if command[0] == "Q" else command


def _curve(controls: np.ndarray, tolerance: float) -> np.ndarray:
    """Points (n, 2) after the first of the Bézier curve with these controls (2 to 4, 2)."""
    if len(controls) == 2:
        return controls[1:]
    bend = np.abs(np.diff(controls, n=2, axis=0)).max()
    pieces = min(64, 1 + int(np.sqrt(bend / tolerance)))
    points: np.ndarray = _basis(len(controls) - 1, pieces) @ controls
    return points


@cache
def _basis(degree: int, pieces: int) -> np.ndarray:
    """What each control of such a curve has in each of its points: Bernstein's polynomials, (pieces, degree + 1)."""
    t = np.arange(1, pieces + 1) / pieces
    return np.stack([math.comb(degree, k) * t**k * (1 - t) ** (degree - k) for k in range(degree + 1)], axis=1)


def _placement(item: dict[str, Any], low: np.ndarray, high: np.ndarray, pen: float) -> tuple[np.ndarray, np.ndarray]:
    """Matrix (2, 2) and offset (2,) that take a point of the object's path to where it lies on the canvas.

    `low` and `high` are the corners of the path's own bounds as Fabric measures them. Without left and top the path
    is already in place.
    """
    angle, skew_x, skew_y = (np.deg2rad(_number(item, name, 0.0)) for name in ("angle", "skewX", "skewY"))
    scale_x, scale_y = _number(item, "scaleX", 1.0), _number(item, "scaleY", 1.0)
    flips = np.diag([-1.0 if item.get("flipX") else 1.0, -1.0 if item.get("flipY") else 1.0])
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    skews = np.array([[1.0, np.tan(skew_x)], [0.0, 1.0]]) @ np.array([[1.0, 0.0], [np.tan(skew_y), 1.0]])
    size = np.diag([scale_x, scale_y]) @ flips @ skews
    middle = (low + high) / 2
    at = np.array([_number(item, "left", middle[0]), _number(item, "top", middle[1])])
    origin = np.array([_origin(item, "originX", "left"), _origin(item, "originY", "top")])
    if "left" not in item and "top" not in item:
        origin = np.zeros(2)
    outer = np.abs(size) @ (high - low + pen)  # Fabric measures origins from the outer edge of the ink
    matrix = rotation @ size
    return matrix, at - rotation @ (origin * outer) - matrix @ middle


def _origin(item: dict[str, Any], name: str, default: str) -> float:
    value = item.get(name, default)
    if not isinstance(value, str) or value not in ORIGINS:
        raise ValueError(f"{name} is {_shown(value)}")
    return ORIGINS[value]


def _number(item: dict[str, Any], name: str, default: float) -> float:
    value = item.get(name, default)
    if not _is_number(value) or not abs(value) <= MAX_COORDINATE:
        raise ValueError(f"{name} is {_shown(value)}")
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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
