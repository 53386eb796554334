"""The curve of a turned digit: how sure the network is of it at every angle, and what it reads there."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from mnist.reading.classifier import Digit
from mnist.web.parts.reading_panel import NO_GUESS, with_article

ANGLES = tuple(range(-90, 91, 10))  # degrees, clockwise
HEIGHT = 230  # pixels
RIGHT, WRONG = "#1f9d70", "#c8701a"  # told apart on light and dark, by any eye; the signs differ besides
ABOVE = 116  # where on the axis of 100 % stands what is read


def _spec() -> dict[str, Any]:
    """The chart without its rows."""
    across = alt.X("angle:Q").axis(values=ANGLES[::3], labelExpr="datum.value + '°'", title=None, grid=False)
    across = across.scale(domain=(-95, 95), nice=False)
    up = alt.Y("sure:Q").axis(values=[0, 50, 100], labelExpr="datum.value + ' %'", title=None)
    colour = alt.condition("datum.right", alt.value(RIGHT), alt.value(WRONG))
    shape = alt.condition("datum.right", alt.value("circle"), alt.value("cross"))
    base = alt.Chart().encode(x=across)
    now = base.transform_filter("datum.now").mark_rule(strokeWidth=22, opacity=0.25, color=RIGHT)
    line = base.mark_line(color=RIGHT, strokeWidth=3).encode(y=up.scale(domain=(0, 125), nice=False))
    points = base.mark_point(filled=True, size=90, opacity=1).encode(y="sure:Q", color=colour, shape=shape)
    said = base.mark_text(fontSize=20, fontWeight=600).encode(y=alt.datum(ABOVE), text="guess:N", color=colour)
    whole = alt.layer(now, line, points, said, data={"name": "rows"}).properties(height=HEIGHT)
    return whole.configure_axis(labelFontSize=15).to_dict()


SPEC = _spec()  # made once: Altair takes 90 ms for it


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
