"""The curve of a turned digit: how sure the network is of it at every angle, and what it reads there."""

from collections.abc import Sequence
from typing import Any

from mnist.reading.classifier import Digit
from mnist.web.palette import BROWN, GREEN
from mnist.web.parts import charts
from mnist.web.parts.reading_panel import NO_GUESS
from mnist.web.parts.wording import with_article

ANGLES = tuple(range(-90, 91, 10))  # degrees, clockwise
HEIGHT = 230  # pixels
ABOVE = 116  # where on the axis of 100 % stands what is read


_COLOUR = {"condition": {"test": "datum.right", "value": GREEN}, "value": BROWN}
_SHAPE = {"condition": {"test": "datum.right", "value": "circle"}, "value": "cross"}
_PERCENT = {"values": [0, 50, 100], "labelExpr": "datum.value + ' %'", "title": None}
_DEGREES = {"values": ANGLES[::3], "labelExpr": "datum.value + '°'", "title": None, "grid": False}
SPEC = {
    "height": HEIGHT,
    "encoding": {"x": charts.number("angle", axis=_DEGREES, scale={"domain": [-95, 95], "nice": False})},
    "layer": [
        {
            "transform": [{"filter": "datum.now"}],
            "mark": {"type": "rule", "color": GREEN, "opacity": 0.25, "strokeWidth": 22},
        },
        {
            "mark": {"type": "line", "color": GREEN, "strokeWidth": 3},
            "encoding": {"y": charts.number("sure", axis=_PERCENT, scale={"domain": [0, 125], "nice": False})},
        },
        {
            "mark": {"type": "point", "filled": True, "opacity": 1, "size": 90},
            "encoding": {"y": charts.number("sure"), "color": _COLOUR, "shape": _SHAPE},
        },
        {
            "mark": {"type": "text", "fontSize": 20, "fontWeight": 600},
            "encoding": {"y": {"datum": ABOVE}, "text": charts.name("guess"), "color": _COLOUR},
        },
    ],
}


def rows(read: Sequence[Digit], digit: int, turn: int) -> list[dict[str, Any]]:
    """What the chart shows: what is read at each of ANGLES; a band marks the `turn` of the moment."""
    return [
        {
            "angle": angle,
            "sure": sure(one, digit),
            "guess": guess(one),
            "right": one.digit == digit,
            "now": angle == turn,
        }
        for angle, one in zip(ANGLES, read, strict=True)
    ]


def caption(read: Sequence[Digit], digit: int) -> str:
    """The same in words."""
    right = [index for index, one in enumerate(read) if one.digit == digit]
    what = with_article(digit)
    if not right:
        return f"Read as {what} at no angle."
    if len(right) == len(read):
        return f"Read as {what} at every angle."
    gaps = ", with gaps" if right[-1] - right[0] >= len(right) else ""
    others = sorted({with_article(one.digit) for one in read if one.digit not in (digit, None)})
    elsewhere = [*others, *(["no digit"] if any(one.digit is None for one in read) else [])]
    return (
        f"Read as {what} from {_said(ANGLES[right[0]])} to {_said(ANGLES[right[-1]])}{gaps}; "
        f"elsewhere as {' or '.join(elsewhere)}."
    )


def sure(read: Digit, digit: int) -> float:
    """How sure the network is of that digit, in per cent; not at all where it reads none."""
    return 0.0 if read.digit is None else round(100 * float(read.probabilities[digit]), 1)


def guess(read: Digit) -> str:
    """What is read, as one sign."""
    return NO_GUESS if read.digit is None else str(read.digit)


def _said(angle: int) -> str:
    return "upright" if angle == 0 else f"{abs(angle)}° {'left' if angle < 0 else 'right'}"
