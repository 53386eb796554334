"""Handwriting made here.

Digits in the world's styles (`styles`) and things that are no digit (`non_digits`), both as strokes that a made-up hand
bends (`writer`) and the pad's own code draws (`strokes.redraw`); and non-digits made of pixels (`pixels`).
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import numpy as np

from mnist.data.mnist_dataset import Labelled
from mnist.handwriting.non_digits import NON_DIGITS
from mnist.handwriting.styles import STYLES, Style
from mnist.handwriting.writer import Writer
from mnist.reading.classifier import NO_DIGIT
from mnist.reading.framing import centre
from mnist.reading.strokes import Stroke, redraw

CHUNK = 1000  # samples that one worker draws at a time, from a generator of their own
AS_PIXELS = 0.35  # share drawn with another pen than MNIST's, as a picture of a drawing shows it
PENS = (0.6, 8.5)  # their widths, pixels of the sample: 8 pixels in a drawing of 260, and 28 in one of 66


def write(style: Style, rng: np.random.Generator, writer: Writer | None = None) -> list[Stroke]:
    """A digit in that style as strokes about the origin, canvas pixels, by that writer or a new one."""
    return (writer or Writer.random(rng)).write(style.draw(rng), rng)


def write_non_digit(rng: np.random.Generator, styles: Sequence[Style] = STYLES) -> list[Stroke]:
    """Strokes about the origin, canvas pixels, that are no digit; where they are made of digits, of those styles."""
    makers, shares = zip(*NON_DIGITS, strict=True)
    return Writer.random(rng).write(makers[rng.choice(len(makers), p=shares)](rng, styles), rng)


def draw_digits(count: int, rng: np.random.Generator, styles: Sequence[Style] = STYLES) -> Labelled:
    """`count` digits, every label and each of its styles equally often, each by a writer of its own."""
    return _in_chunks(partial(_digits, styles=tuple(styles)), count, rng)


def draw_non_digits(count: int, rng: np.random.Generator, styles: Sequence[Style] = STYLES) -> Labelled:
    """`count` things that are no digit, labelled NO_DIGIT; where they are made of digits, of those styles."""
    return _in_chunks(partial(_non_digits, styles=tuple(styles)), count, rng)


def _in_chunks(draw: Callable[[int, np.random.Generator], Labelled], count: int, rng: np.random.Generator) -> Labelled:
    """Drawn on all cores where there is enough to draw; the outcome does not depend on their number."""
    counts = [min(CHUNK, count - start) for start in range(0, count, CHUNK)]
    generators = rng.spawn(len(counts))
    if len(counts) < 3:
        parts = list(map(draw, counts, generators))
    else:
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
            parts = list(workers.map(draw, counts, generators))
    samples, labels = ([getattr(part, name) for part in parts] for name in ("samples", "labels"))
    return Labelled(np.concatenate(samples), np.concatenate(labels))


def _digits(count: int, rng: np.random.Generator, styles: Sequence[Style]) -> Labelled:
    labels = rng.permutation(np.arange(count) % 10)
    of_label = [[style for style in styles if style.digit == label] for label in range(10)]
    chosen = [of_label[label][rng.integers(len(of_label[label]))] for label in labels]
    return Labelled(np.stack([_sample(write(style, rng), rng) for style in chosen]), labels)


def _non_digits(count: int, rng: np.random.Generator, styles: Sequence[Style]) -> Labelled:
    samples = np.stack([_sample(write_non_digit(rng, styles), rng) for _ in range(count)])
    return Labelled(samples, np.full(count, NO_DIGIT))


def _sample(strokes: list[Stroke], rng: np.random.Generator) -> np.ndarray:
    """Most as a drawing is read, the others as pixels of a drawing with some other pen would look."""
    if rng.random() >= AS_PIXELS:
        return centre(redraw(strokes))
    sample = centre(redraw(strokes, float(np.exp(rng.uniform(*np.log(PENS))))))
    return sample / sample.max()
