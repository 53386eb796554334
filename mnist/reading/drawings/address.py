"""A drawing as text in a page's address: short enough for a link, and harmless whoever wrote it.

Points that lie on the way from one to the next are left out; the others in whole pixels, as steps, deflated, in base64.
"""

import base64
import binascii
import zlib
from collections.abc import Iterator

import cv2
import numpy as np

from mnist.errors import UserError
from mnist.reading.drawings.strokes import Stroke, Strokes, checked

MAX_DEVIATION_PIXELS = 0.75  # of a point that is left out from the line without it
MAX_CHARACTERS = 6_000  # servers refuse addresses that are longer than some 8,000
MAX_NUMBERS = 20_000  # that an address may hold
MAX_COORDINATE_PIXELS = 2_000  # either way


def to_text(strokes: Strokes) -> str | None:
    """Return the drawing as text for an address; None if it would be too long, or lies too far away."""
    numbers = to_numbers(strokes)
    if numbers is None:
        return None
    deflated = zlib.compress(np.array(numbers, "<i2").tobytes(), 9)
    text = base64.urlsafe_b64encode(deflated).decode().rstrip("=")
    return text if len(text) <= MAX_CHARACTERS else None


def to_numbers(strokes: Strokes) -> list[int] | None:
    """Return the drawing as whole numbers; None if they would be too many, or it lies too far away.

    For each stroke: how many points it has, its width, the x and y of the first point, and the steps from one point to
    the next, all in pixels.
    """
    numbers: list[int] = []
    for stroke in strokes:
        line = cv2.approxPolyDP(stroke.points.astype(np.float32)[:, None], MAX_DEVIATION_PIXELS, closed=False)[:, 0]
        steps: np.ndarray = np.diff(line.round().astype(np.int64), axis=0, prepend=0)
        numbers += [len(line), max(1, round(stroke.width)), *map(int, steps.ravel())]
        if len(numbers) > MAX_NUMBERS or max(np.abs(line).max(), stroke.width) > MAX_COORDINATE_PIXELS:
            return None
    return numbers


def from_text(text: str) -> list[Stroke]:
    """Return the strokes that an address holds. Raises UserError if it is damaged or holds too much."""
    if len(text) > MAX_CHARACTERS:
        raise UserError(f"{len(text)} characters; a drawing has at most {MAX_CHARACTERS}")
    try:
        deflated = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        content = zlib.decompressobj().decompress(deflated, 2 * MAX_NUMBERS + 2)
        numbers = np.frombuffer(content, "<i2")
    except (binascii.Error, zlib.error, ValueError) as error:
        raise UserError("it is damaged") from error
    return from_numbers(numbers)


def from_numbers(numbers: np.ndarray) -> list[Stroke]:
    """Return the strokes that numbers (n,) of any integer type stand for, as `to_numbers` returns them.

    Raises UserError if they are damaged or too many.
    """
    if len(numbers) > MAX_NUMBERS:
        raise UserError("there is too much of it")
    return checked(list(_strokes(numbers.astype(np.int64))))


def _strokes(numbers: np.ndarray) -> Iterator[Stroke]:
    at = 0
    while at < len(numbers):
        count, width = (int(number) for number in (*numbers[at : at + 2], 0)[:2])
        steps = numbers[at + 2 : at + 2 + 2 * count]
        if count < 1 or width < 1 or len(steps) != 2 * count:
            raise UserError("it is damaged")
        points = steps.reshape(-1, 2).cumsum(axis=0)
        if np.abs(points).max() > MAX_COORDINATE_PIXELS or width > MAX_COORDINATE_PIXELS:
            raise UserError(f"a point lies beyond {MAX_COORDINATE_PIXELS} pixels")
        yield Stroke(points.astype(np.float64), float(width))
        at += 2 + 2 * count
