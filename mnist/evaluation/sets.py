"""Registry of the sets that networks are measured on; no sample in them is ever trained on.

Drawings by made-up writers, as the canvas's JSON and as its pixels; numbers; MNIST's test images, spoiled or as tight
scans; scikit-learn's `load_digits`; digits, letters and symbols of fonts (`fonts`). Sets that need a package of
`requirements-dev.txt` are left out without it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from mnist.data.labelled import Labelled, no_digits
from mnist.evaluation import fonts, samples
from mnist.evaluation.fonts import DIGITS, LETTERS, SYMBOLS
from mnist.evaluation.samples import PENS, blurred, foggy, noisy, scaled, scanned, shifted, striped, turned
from mnist.handwriting.numbers import in_order, joined, own_styles, write_number
from mnist.handwriting.styles import STYLES, Style
from mnist.handwriting.writer import Writer
from mnist.reading import address
from mnist.reading.lattice import Lattice
from mnist.reading.strokes import Stroke

COUNT = 2000  # samples in each set made here
SEED = 2027  # of every set; no training uses it
USUAL, LOOSE = (1.0, 1.0), (1.75, 1.75)  # looseness of the writers, least and most


@dataclass(frozen=True)
class DigitSet:
    """Samples to measure on, the style of each if it was written here, and its name if it can be shown again.

    The name of a drawing is the drawing itself as text (`address`), that of an MNIST image its number.
    """

    labelled: Labelled
    styles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class NumberSet:
    """Drawings of numbers: the segmentation lattice of each, and the text that it says."""

    lattices: tuple[Lattice, ...]
    texts: tuple[str, ...]


class Sources:
    """The sources of the sets: MNIST's test images, drawings, and the random generators that several sets share.

    Because generators are shared, the sets have to be made in the registry's order.
    """

    def __init__(self, mnist_test: Labelled, count: int) -> None:
        self.mnist_test = mnist_test
        self.count = min(count, len(mnist_test))
        self.few = mnist_test[: self.count]
        self.drawings = cache(partial(write_digits, self.count))  # by the looseness of the writers
        self.spoiling = np.random.default_rng(SEED)  # shared by the spoiled sets and `nothing`
        self.writing = np.random.default_rng(SEED)  # shared by the Hershey fonts' sets


def write_digits(count: int, looseness: tuple[float, float]) -> list[tuple[Style, list[Stroke]]]:
    """Write `count` digits, each as its style and its strokes on the pad.

    Every writer writes every style once, each at any size and place, with any pen.
    """
    rng = np.random.default_rng(SEED)
    drawings: list[tuple[Style, list[Stroke]]] = []
    while len(drawings) < count:
        writer = Writer.random(rng, looseness)
        drawings += [(style, _on_pad(writer.write(style.draw(rng), rng), rng)) for style in STYLES]
    return [drawings[index] for index in rng.permutation(len(drawings))[:count]]


def _on_pad(strokes: list[Stroke], rng: np.random.Generator) -> list[Stroke]:
    return samples.on_pad(strokes, rng.uniform(PENS[0], PENS[-1]), rng)


def _mnist(sources: Sources) -> DigitSet:
    return DigitSet(sources.mnist_test, names=tuple(map(str, range(len(sources.mnist_test)))))


def _drawings(sources: Sources, looseness: tuple[float, float]) -> DigitSet:
    """Name the loose ones by their drawings as text: most mistakes are among these, and the card shows some."""
    styles, drawings = zip(*sources.drawings(looseness), strict=True)
    labelled = Labelled(np.stack(list(map(samples.from_drawing, drawings))), np.array([s.digit for s in styles]))
    names = tuple(address.to_text(strokes) or "" for strokes in drawings) if looseness == LOOSE else ()
    return DigitSet(labelled, tuple(f"{style.digit} {style.name}" for style in styles), names)


def _as_pixels(sources: Sources, pen: int) -> DigitSet:
    styles, drawings = zip(*sources.drawings(USUAL), strict=True)
    made = np.stack([samples.from_pad_picture(strokes, pen) for strokes in drawings])
    return DigitSet(Labelled(made, np.array([style.digit for style in styles])))


def _as_number(sources: Sources, looseness: tuple[float, float]) -> NumberSet:
    styles, drawings = zip(*sources.drawings(looseness), strict=True)
    return NumberSet(tuple(map(samples.lattice_from_drawing, drawings)), tuple(str(style.digit) for style in styles))


def _numbers(sources: Sources, looseness: tuple[float, float], joining: bool = False) -> NumberSet:
    """Write numbers of two to four digits, each by a new writer who writes a digit always in the same style.

    With `joining` only numbers are kept that have digits joined by one stroke.
    """
    rng = np.random.default_rng(SEED)
    lattices: list[Lattice] = []
    texts: list[str] = []
    while len(lattices) < sources.count // 2:
        writer, styles = Writer.random(rng, looseness), own_styles(rng)
        digits = rng.integers(0, 10, rng.integers(2, 5)).tolist()
        written = write_number(digits, rng, writer, styles)
        drawn = joined(written) if joining else in_order(written, rng)
        if joining and len(drawn) == sum(map(len, written)):
            continue
        lattices.append(samples.lattice_from_drawing(drawn))
        texts.append("".join(map(str, digits)))
    return NumberSet(tuple(lattices), tuple(texts))


def _spoiled(sources: Sources, spoil: Callable[[np.ndarray, np.random.Generator], np.ndarray]) -> DigitSet:
    made = np.stack([spoil(sample, sources.spoiling) for sample in sources.few.samples])
    return DigitSet(Labelled(made, sources.few.labels))


def _scikit_learns(sources: Sources) -> DigitSet:
    from sklearn.datasets import load_digits

    digits = load_digits()
    made = np.stack([samples.from_picture(image / 16 * 255) for image in digits.images])
    return DigitSet(Labelled(made, digits.target))


def _glyphs(sources: Sources, characters: dict[str, str]) -> DigitSet:
    """Write `count` of the characters of Hershey's fonts, each by a new writer. All but `DIGITS` are no digit."""
    rng, glyphs = sources.writing, fonts.hershey(characters)
    chosen = (glyphs[index % len(glyphs)] for index in range(sources.count))
    drawn = [_on_pad(Writer.random(rng, USUAL).write(glyph, rng), rng) for glyph in chosen]
    made = np.stack(list(map(samples.from_drawing, drawn)))
    return DigitSet(Labelled(made, np.arange(len(made)) % 10) if characters is DIGITS else no_digits(made))


def _alphabets(sources: Sources) -> DigitSet:
    letters = fonts.alphabets(sources.count, np.random.default_rng(SEED))
    return DigitSet(no_digits(list(map(samples.from_picture, letters))))


def _two_digits(sources: Sources) -> DigitSet:
    return DigitSet(no_digits(list(map(samples.pair, sources.few.samples, sources.few.samples[::-1]))))


def _nothing(sources: Sources) -> DigitSet:
    return DigitSet(no_digits([samples.patches(sources.spoiling) for _ in range(sources.count)]))


@dataclass(frozen=True)
class MeasuredSet:
    """A set to measure on: its key in a card, its title on pages, a note on its content.

    `make` returns its samples, given the sources and `choices`; it raises ImportError if a package is missing.
    """

    key: str
    title: str
    note: str
    make: Callable[..., DigitSet | NumberSet]
    choices: tuple[Any, ...] = ()


SETS = (
    MeasuredSet("mnist_test", "MNIST's test digits", "", _mnist),
    MeasuredSet("drawings", "drawn on a pad", "by made-up writers, any pen, size and place", _drawings, (USUAL,)),
    MeasuredSet("drawings_loose", "drawn by loose hands", "likewise, less carefully", _drawings, (LOOSE,)),
    *(
        MeasuredSet(f"pixels_pen_{p}", f"as pixels, pen {p}", "pictures of the drawings on a pad", _as_pixels, (p,))
        for p in PENS
    ),
    MeasuredSet("drawings_as_numbers", "single digits", "the drawings on a pad, read as numbers", _as_number, (USUAL,)),
    MeasuredSet("drawings_loose_as_numbers", "single digits by loose hands", "likewise", _as_number, (LOOSE,)),
    MeasuredSet("numbers", "numbers", "neighbours 0.2 heights apart on average, some overlapping", _numbers, (USUAL,)),
    MeasuredSet("numbers_loose", "numbers by loose hands", "", _numbers, (LOOSE,)),
    MeasuredSet("numbers_joined", "joined numbers", "digits joined by one stroke", _numbers, (USUAL, True)),
    MeasuredSet("mnist_shifted", "MNIST, shifted", "anywhere in a larger picture", _spoiled, (shifted,)),
    MeasuredSet("mnist_scaled", "MNIST, larger or smaller", "half to three times the size", _spoiled, (scaled,)),
    MeasuredSet("mnist_turned", "MNIST, turned", "by 10 to 25°", _spoiled, (turned,)),
    MeasuredSet("mnist_blurred", "MNIST, blurred", "", _spoiled, (blurred,)),
    MeasuredSet("mnist_noisy", "MNIST, noisy", "", _spoiled, (noisy,)),
    MeasuredSet("mnist_foggy", "MNIST, in uneven light", "", _spoiled, (foggy,)),
    MeasuredSet("mnist_striped", "MNIST, on stripes", "", _spoiled, (striped,)),
    MeasuredSet("scans_16x16", "MNIST, small scans", "16×16 pixels, filled to the edge", _spoiled, (scanned,)),
    MeasuredSet("scans_8x8", "scikit-learn's tiny scans", "8×8 pixels, digits of 13 people", _scikit_learns),
    MeasuredSet("font_digits", "fonts of single strokes", "the digits of four, by made-up hands", _glyphs, (DIGITS,)),
    MeasuredSet("letters", "letters", "Greek, Japanese, script (Hershey)", _glyphs, (LETTERS,)),
    MeasuredSet("symbols", "symbols", "of astrology and others (Hershey)", _glyphs, (SYMBOLS,)),
    MeasuredSet("alphabets", "eight alphabets it never saw", "Armenian, Georgian, Hebrew … (DejaVu)", _alphabets),
    MeasuredSet("two_digits", "two MNIST digits in one picture", "", _two_digits),
    MeasuredSet("nothing", "light and dark patches", "", _nothing),
)
TITLES = {measured.key: measured.title for measured in SETS}


def every(mnist_test: Labelled, count: int = COUNT) -> Iterator[tuple[str, DigitSet | NumberSet]]:
    """Yield the key and the samples of each set, in the registry's order.

    MNIST's test set is whole; the others have `count` samples, or as many as MNIST if that is fewer.
    """
    sources = Sources(mnist_test, count)
    for measured in SETS:
        try:
            made = measured.make(sources, *measured.choices)
        except ImportError:
            continue
        yield measured.key, made
