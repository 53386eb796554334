"""Labelled samples of handwriting: digits and non-digits, each by a writer of its own."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from mnist.data.labelled import Labelled, concatenated, no_digits
from mnist.data.people import Drawn
from mnist.handwriting.non_digits import NON_DIGITS
from mnist.handwriting.scans import scan
from mnist.handwriting.styles import STYLES, Style, random_style
from mnist.handwriting.writer import Writer
from mnist.processes import map_on_all_cores
from mnist.reading.drawings.strokes import Stroke, redraw
from mnist.reading.framing import centre

CHUNK_SAMPLES = 1000  # drawn by a worker at a time, from a random generator of its own
OTHER_PEN_SHARE = 0.2  # share drawn with another pen than MNIST's, as in a picture of a drawing
SCANNED_SHARE = 0.35  # share that looks scanned
OTHER_PEN_PIXELS = (0.6, 8.5)  # range of its width in the sample: 8 pixels in a drawing of 260, and 28 in one of 66


def write_digit(style: Style, rng: np.random.Generator, writer: Writer | None = None) -> list[Stroke]:
    """Write a digit in that style, by that writer or a new one: strokes about the origin, canvas pixels."""
    return (writer or Writer.random(rng)).write(style.draw(rng), rng)


def write_non_digit(rng: np.random.Generator, styles: Sequence[Style] = STYLES) -> list[Stroke]:
    """Write something that is no digit: strokes about the origin, canvas pixels.

    Some are digits spoiled; those digits are in the given styles.
    """
    makers, shares = zip(*NON_DIGITS, strict=True)
    return Writer.random(rng).write(makers[rng.choice(len(makers), p=shares)](rng, styles), rng)


def draw_digits(count: int, rng: np.random.Generator, styles: Sequence[Style] = STYLES) -> Labelled:
    """Draw `count` digits: every label equally often, each in any of its styles, by a writer of its own."""
    return _in_chunks(partial(_digits, styles=tuple(styles)), range(count), rng)


def draw_non_digits(count: int, rng: np.random.Generator, styles: Sequence[Style] = STYLES) -> Labelled:
    """Draw `count` things that are no digit, labelled NO_DIGIT, some of them spoiled digits in the given styles."""
    return _in_chunks(partial(_non_digits, styles=tuple(styles)), range(count), rng)


def draw_again(drawn: Sequence[Drawn], count: int, rng: np.random.Generator) -> Labelled:
    """Draw `count` of people's drawings again, each changed as another hand would write it.

    A drawing is chosen the more rarely the more its writer drew, by the square root of their number: a writer of a
    thousand digits does not drown ten writers of ten.
    """
    _, writer, drawings = np.unique([each.writer for each in drawn], return_inverse=True, return_counts=True)
    shares = 1 / np.sqrt(drawings[writer])
    chosen = rng.choice(len(drawn), count, p=shares / shares.sum())
    return _in_chunks(_again, [drawn[index] for index in chosen], rng)


def random_styles(
    count: int, rng: np.random.Generator, styles: Sequence[Style] = STYLES
) -> tuple[list[Style], np.ndarray]:
    """Choose the styles of `count` digits, and their labels (n,): every label equally often, in any order."""
    labels = rng.permutation(np.arange(count) % 10)
    return [random_style(rng, styles, (label,)) for label in labels], labels


def _in_chunks(
    draw: Callable[[Sequence[Any], np.random.Generator], Labelled], what: Sequence[Any], rng: np.random.Generator
) -> Labelled:
    """Draw each of `what`, on all cores if there is enough to draw. The outcome does not depend on their number."""
    chunks = [what[start : start + CHUNK_SAMPLES] for start in range(0, len(what), CHUNK_SAMPLES)]
    generators = rng.spawn(len(chunks))
    spread = map if len(chunks) < 3 else map_on_all_cores
    return concatenated(list(spread(draw, chunks, generators)))


def _digits(places: Sequence[int], rng: np.random.Generator, styles: Sequence[Style]) -> Labelled:
    chosen, labels = random_styles(len(places), rng, styles)
    return Labelled(np.stack([_sample(write_digit(style, rng), rng) for style in chosen]), labels)


def _non_digits(places: Sequence[int], rng: np.random.Generator, styles: Sequence[Style]) -> Labelled:
    return no_digits([_sample(write_non_digit(rng, styles), rng) for _ in places])


def _again(drawn: Sequence[Drawn], rng: np.random.Generator) -> Labelled:
    samples = [_sample(Writer.copyist(rng).rewrite(each.strokes, rng), rng) for each in drawn]
    return Labelled(np.stack(samples), np.array([each.label for each in drawn], np.int64))


def _sample(strokes: list[Stroke], rng: np.random.Generator) -> np.ndarray:
    """Frame half as a drawing is framed, others as the pixels of a drawing with another pen, others as a scan."""
    kind = rng.random()
    if kind < SCANNED_SHARE:
        return scan(strokes, rng)
    if kind >= SCANNED_SHARE + OTHER_PEN_SHARE:
        return centre(redraw(strokes))
    sample = centre(redraw(strokes, float(np.exp(rng.uniform(*np.log(OTHER_PEN_PIXELS))))))
    return sample / sample.max()
