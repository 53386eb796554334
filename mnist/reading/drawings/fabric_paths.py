"""Paths of Fabric.js 7 as lines: curves become chords, and an object's place, size and turn are applied.

streamlit-drawable-canvas returns such objects in its `json_data`. An object's path is turned and scaled about the
middle of its own bounds, then put at left/top (fabricjs.com, `FabricObject.calcOwnMatrix`).
"""

import math
import reprlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

MAX_COORDINATE_PIXELS = 1e6  # either way: no screen is wider
MAX_CHORD_DEVIATION = 1e-3  # of a curve from its chords, relative to the path's extent
MAX_CHORDS_PER_CURVE = 64
ORIGINS = {"left": -0.5, "top": -0.5, "center": 0.0, "right": 0.5, "bottom": 0.5}
OPERANDS = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}


def lines_of(item: dict[str, Any]) -> Iterator[tuple[np.ndarray, float]]:
    """Yield the lines (n, 2) of a path object in canvas pixels, each with the pen's width.

    Raises ValueError, TypeError or ArithmeticError if a number or command is none, not finite, or too large.
    """
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
        if not np.isfinite(placed).all() or np.abs(placed).max() > MAX_COORDINATE_PIXELS:
            raise ValueError(f"a point lies beyond {MAX_COORDINATE_PIXELS:.0e} pixels")
        yield placed, width * scale


def _flatten(path: list[Any]) -> list[np.ndarray]:
    """Return the lines (n, 2) of a path; curves become chords no further from them than MAX_CHORD_DEVIATION."""
    for command in path:
        if not isinstance(command, list) or not command or _operands(command[0]) != len(command) - 1:
            raise ValueError(f"{_shown(command)} is not an absolute path command")
    numbers = np.array([value for command in path for value in command[1:] if _is_number(value)], np.float64)
    if len(numbers) != sum(len(command) - 1 for command in path):
        raise ValueError("a coordinate is not a number")
    if not np.isfinite(numbers).all():
        raise ValueError("a coordinate is not finite")
    if len(numbers) == 0:
        return []
    if np.abs(numbers).max() > MAX_COORDINATE_PIXELS:
        raise ValueError(f"a point lies beyond {MAX_COORDINATE_PIXELS:.0e} pixels")
    tolerance = MAX_CHORD_DEVIATION * max(float(np.ptp(numbers.reshape(-1, 2), axis=0).max()), 1e-9)
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
    """Return the value for a message, short however large or deep it is."""
    if not isinstance(value, str):
        return reprlib.repr(value)
    return value[:40].encode("utf-8", "replace").decode()  # half a character of UTF-16 cannot be sent to anybody


def _as_measured(command: list[Any]) -> list[Any]:
    """Return the command as Fabric measures it: a quadratic curve as a cubic with its control point twice."""
    return ["C", *command[1:3], *command[1:]] if command[0] == "Q" else command


def _curve(controls: np.ndarray, tolerance: float) -> np.ndarray:
    """Return the points (n, 2) after the first of the Bézier curve with these control points (2 to 4, 2)."""
    if len(controls) == 2:
        return controls[1:]
    bend = np.abs(controls[2:] - 2 * controls[1:-1] + controls[:-2]).max()
    pieces = min(MAX_CHORDS_PER_CURVE, 1 + int(np.sqrt(bend / tolerance)))
    return _basis(len(controls) - 1, pieces) @ controls


@cache
def _basis(degree: int, pieces: int) -> np.ndarray:
    """Return each control point's share in each of a curve's points: Bernstein polynomials, (pieces, degree + 1)."""
    t = np.arange(1, pieces + 1) / pieces
    return np.stack([math.comb(degree, k) * t**k * (1 - t) ** (degree - k) for k in range(degree + 1)], axis=1)


def _placement(item: dict[str, Any], low: np.ndarray, high: np.ndarray, pen: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the matrix (2, 2) and offset (2,) that take a point of the object's path to its place on the canvas.

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
    if not _is_number(value) or not abs(value) <= MAX_COORDINATE_PIXELS:
        raise ValueError(f"{name} is {_shown(value)}")
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
