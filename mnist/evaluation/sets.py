"""Registry of the sets that networks are measured on; no sample in them is ever trained on.

Drawings by made-up writers, as the canvas's JSON and as its pixels; numbers; MNIST's test images, spoiled or as tight
scans; scikit-learn's `load_digits`; digits, letters and symbols of fonts (`fonts`). Sets that need a package of
`requirements-dev.txt` are left out without it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from mnist.data.labelled import Labelled, no_digits
from mnist.evaluation import fonts, samples
from mnist.evaluation.samples import PENS
from mnist.handwriting.numbers import in_order, joined, own_styles, write_number
from mnist.handwriting.styles import STYLES
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


@dataclass(frozen=True)
class Written:
    """A drawing on the pad: its label, its style, and its strokes in canvas pixels."""

    label: int
    style: str
    strokes: list[Stroke]


class Sources:
    """The sources of the sets: MNIST's test images, drawings, and the random generators that several sets share.

    Because generators are shared, the sets have to be made in the registry's order.
    """

    def __init__(self, mnist_test: Labelled, count: int) -> None:
        self.mnist_test = mnist_test
        self.count = min(count, len(mnist_test))
        self.few = mnist_test[: self.count]
        self.spoiling = np.random.default_rng(SEED)  # shared by the spoiled sets and `nothing`
        self.writing = np.random.default_rng(SEED)  # shared by the Hershey fonts' sets

    @cached_property
    def drawings(self) -> list[Written]:
        """Digits by made-up writers."""
        return write_digits(self.count, USUAL)

    @cached_property
    def loose(self) -> list[Written]:
        """Digits by made-up writers with loose hands."""
        return write_digits(self.count, LOOSE)


def write_digits(count: int, looseness: tuple[float, float]) -> list[Written]:
    """Write `count` digits: every writer writes every style once, each at any size and place, with any pen."""
    rng = np.random.default_rng(SEED)
    drawings: list[Written] = []
    while len(drawings) < count:
        writer = Writer.random(rng, looseness)
        for style in STYLES:
            strokes = samples.on_pad(writer.write(style.draw(rng), rng), rng.uniform(PENS[0], PENS[-1]), rng)
            drawings.append(Written(style.digit, style.name, strokes))
    return [drawings[index] for index in rng.permutation(len(drawings))[:count]]


def _mnist(sources: Sources) -> DigitSet:
    return DigitSet(sources.mnist_test, names=tuple(map(str, range(len(sources.mnist_test)))))


def _drawings(sources: Sources) -> DigitSet:
    return _as_digits(sources.drawings)


def _drawings_loose(sources: Sources) -> DigitSet:
    """Keep the drawings as text: most mistakes are among these, and the card shows some."""
    return _as_digits(sources.loose, tuple(address.to_text(drawing.strokes) or "" for drawing in sources.loose))


def _as_digits(drawings: list[Written], names: tuple[str, ...] = ()) -> DigitSet:
    made = np.stack([samples.from_drawing(drawing.strokes) for drawing in drawings])
    labels = np.array([drawing.label for drawing in drawings])
    return DigitSet(Labelled(made, labels), tuple(f"{d.label} {d.style}" for d in drawings), names)


def _as_pixels(sources: Sources, pen: int) -> DigitSet:
    made = np.stack([samples.from_pad_picture(drawing.strokes, pen) for drawing in sources.drawings])
    return DigitSet(Labelled(made, np.array([drawing.label for drawing in sources.drawings])))


def _as_numbers(sources: Sources, loose: bool = False) -> NumberSet:
    drawings = sources.loose if loose else sources.drawings
    lattices = tuple(samples.lattice_from_drawing(drawing.strokes) for drawing in drawings)
    return NumberSet(lattices, tuple(str(drawing.label) for drawing in drawings))


def _numbers(sources: Sources, looseness: tuple[float, float] = USUAL, joining: bool = False) -> NumberSet:
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


def _tight_scans(sources: Sources) -> DigitSet:
    made = np.stack([samples.from_tight_scan(sample) for sample in sources.few.samples])
    return DigitSet(Labelled(made, sources.few.labels))


def _scikit_learns(sources: Sources) -> DigitSet:
    from sklearn.datasets import load_digits

    digits = load_digits()
    made = np.stack([samples.from_picture(image / 16 * 255) for image in digits.images])
    return DigitSet(Labelled(made, digits.target))


def _glyphs(sources: Sources, characters: dict[str, str]) -> np.ndarray:
    """Return `count` samples of a font's characters, each written by a new writer."""
    rng, glyphs = sources.writing, fonts.hershey(characters)
    chosen = (glyphs[index % len(glyphs)] for index in range(sources.count))
    drawn = (Writer.random(rng, USUAL).write(glyph, rng) for glyph in chosen)
    placed = (samples.on_pad(strokes, rng.uniform(PENS[0], PENS[-1]), rng) for strokes in drawn)
    return np.stack([samples.from_drawing(strokes) for strokes in placed])


def _font_digits(sources: Sources) -> DigitSet:
    return DigitSet(Labelled(_glyphs(sources, fonts.DIGITS), np.arange(sources.count) % 10))


def _font_non_digits(sources: Sources, characters: dict[str, str]) -> DigitSet:
    return DigitSet(no_digits(_glyphs(sources, characters)))


def _alphabets(sources: Sources) -> DigitSet:
    letters = fonts.alphabets(sources.count, np.random.default_rng(SEED))
    return DigitSet(no_digits([samples.from_picture(letter) for letter in letters]))


def _two_digits(sources: Sources) -> DigitSet:
    pairs = zip(sources.few.samples, sources.few.samples[::-1], strict=True)
    return DigitSet(no_digits([samples.pair(left, right) for left, right in pairs]))


def _nothing(sources: Sources) -> DigitSet:
    return DigitSet(no_digits([samples.patches(sources.spoiling) for _ in range(sources.count)]))


@dataclass(frozen=True)
class MeasuredSet:
    """A set to measure on: its key in a card, its title on pages, a note on its content.

    `make` returns its samples; it raises ImportError if a package that it needs is missing.
    """

    key: str
    title: str
    note: str
    make: Callable[[Sources], DigitSet | NumberSet]


def _spoiling(key: str, title: str, note: str, spoil: Callable[..., np.ndarray]) -> MeasuredSet:
    return MeasuredSet(key, title, note, partial(_spoiled, spoil=spoil))


def _pen(pen: int) -> MeasuredSet:
    title, note = f"as pixels, pen {pen}", "pictures of the drawings on a pad"
    return MeasuredSet(f"pixels_pen_{pen}", title, note, partial(_as_pixels, pen=pen))


_letters = partial(_font_non_digits, characters=fonts.LETTERS)
_symbols = partial(_font_non_digits, characters=fonts.SYMBOLS)
SETS = (
    MeasuredSet("mnist_test", "MNIST's test digits", "", _mnist),
    MeasuredSet("drawings", "drawn on a pad", "by made-up writers, any pen, size and place", _drawings),
    MeasuredSet("drawings_loose", "drawn by loose hands", "likewise, less carefully", _drawings_loose),
    *map(_pen, PENS),
    MeasuredSet("drawings_as_numbers", "single digits", "the drawings on a pad, read as numbers", _as_numbers),
    MeasuredSet(
        "drawings_loose_as_numbers", "single digits by loose hands", "likewise", partial(_as_numbers, loose=True)
    ),
    MeasuredSet("numbers", "numbers", "neighbours 0.2 heights apart on average, some overlapping", _numbers),
    MeasuredSet("numbers_loose", "numbers by loose hands", "", partial(_numbers, looseness=LOOSE)),
    MeasuredSet("numbers_joined", "joined numbers", "digits joined by one stroke", partial(_numbers, joining=True)),
    _spoiling("mnist_shifted", "MNIST, shifted", "anywhere in a larger picture", samples.shifted),
    _spoiling("mnist_scaled", "MNIST, larger or smaller", "half to three times the size", samples.scaled),
    _spoiling("mnist_turned", "MNIST, turned", "by 10 to 25°", samples.turned),
    _spoiling("mnist_blurred", "MNIST, blurred", "", samples.blurred),
    _spoiling("mnist_noisy", "MNIST, noisy", "", samples.noisy),
    _spoiling("mnist_foggy", "MNIST, in uneven light", "", samples.foggy),
    _spoiling("mnist_striped", "MNIST, on stripes", "", samples.striped),
    MeasuredSet("scans_16x16", "MNIST, small scans", "16×16 pixels, filled to the edge", _tight_scans),
    MeasuredSet("scans_8x8", "scikit-learn's tiny scans", "8×8 pixels, digits of 13 people", _scikit_learns),
    MeasuredSet("font_digits", "fonts of single strokes", "the digits of four, by made-up hands", _font_digits),
    MeasuredSet("letters", "letters", "Greek, Japanese, script (Hershey)", _letters),
    MeasuredSet("symbols", "symbols", "of astrology and others (Hershey)", _symbols),
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
            made = measured.make(sources)
        except ImportError:
            continue
        yield measured.key, made
