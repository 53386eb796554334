"""Whole numbers as strokes: a writer's digits side by side, each in the style that the writer has for it."""

from collections.abc import Sequence

import numpy as np

from mnist.strokes import Stroke
from mnist.synthesis.styles import STYLES, Style
from mnist.synthesis.writer import Writer

HEIGHT = 150.0  # of the digits, pixels
GAP = (0.2, 0.16)  # mean and deviation of the room between two digits' ink, heights; 0 touches
CLOSEST = -0.1  # of all gaps, heights: one digit's bar may reach over its neighbour
DROP = 0.05  # deviation of a digit's foot from the line, heights
SIZE = 0.1  # deviation of a digit's size from its neighbours', as a logarithm
LATE = 0.1  # share of numbers whose last strokes are made when all else stands, as some cross their sevens


def own_styles(rng: np.random.Generator, styles: Sequence[Style] = STYLES) -> dict[int, Style]:
    """For each digit the style that one writer has for it."""
    of_digit = {digit: [style for style in styles if style.digit == digit] for digit in range(10)}
    return {digit: some[rng.integers(len(some))] for digit, some in of_digit.items() if some}


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
