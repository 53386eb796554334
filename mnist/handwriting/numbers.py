"""Whole numbers as strokes: a writer's digits side by side, each in the style that the writer has for it."""

from collections.abc import Sequence

import numpy as np

from mnist.handwriting.styles import STYLES, Style, random_style
from mnist.handwriting.writer import Writer
from mnist.reading.strokes import Stroke

HEIGHT = 150.0  # of the digits, pixels
GAP = (0.2, 0.16)  # mean and deviation of the room between two digits' ink, heights; 0 touches
CLOSEST = -0.1  # of all gaps, heights: one digit's bar may reach over its neighbour
DROP = 0.05  # deviation of a digit's foot from the line, heights
SIZE = 0.1  # deviation of a digit's size from its neighbours', as a logarithm
AHEAD = (0.55, 0.5)  # shares of two digits' widths: a pen left further right than the first begins before the second
LATE = 0.1  # share of numbers whose last strokes are made when all else stands, as some cross their sevens


def own_styles(rng: np.random.Generator, styles: Sequence[Style] = STYLES) -> dict[int, Style]:
    """For each digit the style that one writer has for it."""
    return {digit: random_style(rng, styles, (digit,)) for digit in sorted({style.digit for style in styles})}


def write_number(
    digits: Sequence[int], rng: np.random.Generator, writer: Writer, styles: dict[int, Style]
) -> list[list[Stroke]]:
    """The digits of a number, each as its strokes, in pixels from the number's left end and its line."""
    written: list[list[Stroke]] = []
    right = 0.0
    for digit in digits:
        strokes = writer.write(styles[digit].draw(rng), rng, HEIGHT * float(np.exp(rng.normal(0, SIZE))))
        points = np.concatenate([stroke.points for stroke in strokes])
        low, high = points.min(axis=0), points.max(axis=0)
        gap = HEIGHT * max(CLOSEST, rng.normal(*GAP)) if written else 0.0
        move = np.array([right + gap - low[0], rng.normal(0, DROP) * HEIGHT - high[1]])
        written.append([Stroke(stroke.points + move, stroke.width) for stroke in strokes])
        right = right + gap + float(high[0] - low[0])
    return written


def in_order(written: Sequence[Sequence[Stroke]], rng: np.random.Generator) -> list[Stroke]:
    """The strokes of a number as the pen made them: digit by digit, now and then with the last strokes at the end."""
    if rng.random() >= LATE:
        return [stroke for digit in written for stroke in digit]
    first = [stroke for digit in written for stroke in (digit[:-1] or digit)]
    return first + [digit[-1] for digit in written if len(digit) > 1]


def joined(written: Sequence[Sequence[Stroke]]) -> list[Stroke]:
    """The strokes of a number as a pen makes them that stays down from one digit to the next where the next lies ahead.

    It does where a digit's last stroke ends in its right part and the next digit's first begins in its left one.
    """
    strokes: list[Stroke] = []
    for number, digit in enumerate(written):
        first, *others = digit
        if number and _lies_ahead(written[number - 1], digit):
            first = Stroke(np.concatenate([strokes.pop().points, first.points]), first.width)
        strokes += [first, *others]
    return strokes


def _lies_ahead(digit: Sequence[Stroke], following: Sequence[Stroke]) -> bool:
    ends = []
    for strokes, share in zip((digit, following), AHEAD, strict=True):
        across = np.concatenate([stroke.points[:, 0] for stroke in strokes])
        ends.append(across.min() + share * np.ptp(across))
    return bool(digit[-1].points[-1, 0] >= ends[0] and following[0].points[0, 0] <= ends[1])
