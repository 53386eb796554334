"""Whole numbers as strokes: a writer's digits side by side, each in the writer's own style."""

from collections.abc import Iterable, Sequence

import numpy as np

from mnist.handwriting.styles import STYLES, Style, random_style
from mnist.handwriting.writer import Writer
from mnist.reading.drawings.strokes import Stroke

DIGIT_HEIGHT = 150.0  # pixels; lengths named HEIGHTS are in digits' heights
GAP_HEIGHTS = (0.2, 0.16)  # mean and deviation of the gap between two digits' ink; at 0 they touch
MIN_GAP_HEIGHTS = -0.1  # one digit's bar may reach over its neighbour
DROP_HEIGHTS = 0.05  # deviation of a digit's foot from the line
LOG_SIZE_DEVIATION = 0.1  # deviation of the logarithm of a digit's size
JOINING_WIDTHS = (0.55, 0.5)  # a digit joined to the next ends right of the first, the next begins left of the second
LATE_STROKES_SHARE = 0.1  # of numbers: their digits' last strokes come at the end, as some people cross their sevens


def own_styles(rng: np.random.Generator, styles: Sequence[Style] = STYLES) -> dict[int, Style]:
    """Choose one writer's style for each digit."""
    return {digit: random_style(rng, styles, (digit,)) for digit in sorted({style.digit for style in styles})}


def write_number(
    digits: Sequence[int], rng: np.random.Generator, writer: Writer, styles: dict[int, Style]
) -> list[list[Stroke]]:
    """Write the digits of a number, each as its strokes, in pixels from the number's left end and its line."""
    written = (writer.write(styles[digit].draw(rng), rng, DIGIT_HEIGHT * _random_size(rng)) for digit in digits)
    return side_by_side(written, rng)


def resized(digit: Sequence[Stroke], rng: np.random.Generator) -> list[Stroke]:
    """Make a digit a little larger or smaller, as the digits of one number are."""
    size = _random_size(rng)
    return [Stroke(stroke.points * size, stroke.width) for stroke in digit]


def _random_size(rng: np.random.Generator) -> float:
    return float(np.exp(rng.normal(0, LOG_SIZE_DEVIATION)))


def side_by_side(digits: Iterable[Sequence[Stroke]], rng: np.random.Generator) -> list[list[Stroke]]:
    """Move digits about DIGIT_HEIGHT high onto one line, each right of the one before."""
    placed: list[list[Stroke]] = []
    right = 0.0
    for strokes in digits:
        points = np.concatenate([stroke.points for stroke in strokes])
        low, high = points.min(axis=0), points.max(axis=0)
        gap = DIGIT_HEIGHT * max(MIN_GAP_HEIGHTS, rng.normal(*GAP_HEIGHTS)) if placed else 0.0
        move = np.array([right + gap - low[0], rng.normal(0, DROP_HEIGHTS) * DIGIT_HEIGHT - high[1]])
        placed.append([Stroke(stroke.points + move, stroke.width) for stroke in strokes])
        right = right + gap + float(high[0] - low[0])
    return placed


def in_order(written: Sequence[Sequence[Stroke]], rng: np.random.Generator) -> list[Stroke]:
    """Return a number's strokes in the order of writing: digit by digit, sometimes with last strokes at the end."""
    if rng.random() >= LATE_STROKES_SHARE:
        return [stroke for digit in written for stroke in digit]
    first = [stroke for digit in written for stroke in (digit[:-1] or digit)]
    return first + [digit[-1] for digit in written if len(digit) > 1]


def joined(written: Sequence[Sequence[Stroke]]) -> list[Stroke]:
    """Return a number's strokes by a pen that stays down from one digit to the next if the next lies ahead.

    It does if a digit's last stroke ends in its right part and the next digit's first stroke begins in its left part.
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
    for strokes, share in zip((digit, following), JOINING_WIDTHS, strict=True):
        across = np.concatenate([stroke.points[:, 0] for stroke in strokes])
        ends.append(across.min() + share * np.ptp(across))
    return bool(digit[-1].points[-1, 0] >= ends[0] and following[0].points[0, 0] <= ends[1])
