"""The curve of a turned digit: at every angle, how sure the network is of the digit, and its guess."""

from collections.abc import Sequence
from typing import Any

from mnist.reading.readings import Digit
from mnist.web.palette import BROWN, GREEN
from mnist.web.parts import charts
from mnist.web.parts.reading_html import NO_GUESS
from mnist.web.parts.wording import with_article

ANGLES = tuple(range(-90, 91, 10))  # degrees, clockwise
HEIGHT_PIXELS = 230  # pixels
GUESS_HEIGHT_PERCENT = 116  # of the guesses above the curve, on the axis of 100 %
_COLOUR = {"condition": {"test": "datum.right", "value": GREEN}, "value": BROWN}
_SHAPE = {"condition": {"test": "datum.right", "value": "circle"}, "value": "cross"}
_PERCENT = {"values": [0, 50, 100], "labelExpr": "datum.value + ' %'", "title": None}
_DEGREES = {"values": ANGLES[::3], "labelExpr": "datum.value + '°'", "title": None, "grid": False}
SPEC = {
    "height": HEIGHT_PIXELS,
    "description": "How sure the net is of the digit at every angle, and its guess; the sentence below sums it up.",
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
            "encoding": {"y": {"datum": GUESS_HEIGHT_PERCENT}, "text": charts.name("guess"), "color": _COLOUR},
        },
    ],
}


def rows(read: Sequence[Digit], digit: int, turn: int) -> list[dict[str, Any]]:
    """Return the chart's rows, from what is read at each of ANGLES; a band marks the present `turn`."""
    return [
        {
            "angle": angle,
            "sure": 0.0 if here.digit is None else round(100 * float(here.probabilities[digit]), 1),
            "guess": NO_GUESS if here.digit is None else str(here.digit),
            "right": here.digit == digit,
            "now": angle == turn,
        }
        for angle, here in zip(ANGLES, read, strict=True)
    ]


def caption(read: Sequence[Digit], digit: int) -> str:
    """Return the same in words."""
    right = [index for index, here in enumerate(read) if here.digit == digit]
    name = with_article(digit)
    if not right:
        return f"Read as {name} at no angle."
    if len(right) == len(read):
        return f"Read as {name} at every angle."
    gaps = ", with gaps" if right[-1] - right[0] >= len(right) else ""
    first, last = (_in_words(ANGLES[index]) for index in (right[0], right[-1]))
    where = f"only {first}" if len(right) == 1 else f"from {first} to {last}{gaps}"
    others = {"no digit" if here.digit is None else with_article(here.digit) for here in read if here.digit != digit}
    return f"Read as {name} {where}; elsewhere as {' or '.join(sorted(others))}."


def _in_words(angle: int) -> str:
    return "upright" if angle == 0 else f"{abs(angle)}° {'left' if angle < 0 else 'right'}"
