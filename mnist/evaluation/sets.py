"""Registry of the sets that networks are measured on; no sample in them is ever trained on.

People's first: drawings and scans of the sources to develop on (`people`), as they are, as pixels, and set side by side
as numbers; MNIST's test images; scikit-learn's `load_digits`. Then what this program writes itself: drawings by made-up
writers, as the canvas's JSON and as its pixels; numbers; MNIST's images spoiled; characters of fonts (`fonts`).
Sets are left out whose files are not in $HANDWRITING_DATA, or whose package of `requirements-dev.txt` is missing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from mnist.data import people
from mnist.data.labelled import Labelled, no_digits
from mnist.data.people import CC_BY, OPTDIGITS, TO_DEVELOP_ON, Source
from mnist.evaluation import fonts, hands, samples
from mnist.evaluation.fonts import DIGITS, LETTERS, SYMBOLS
from mnist.evaluation.samples import (
    PENS,
    AnySet,
    DigitSet,
    LatticeSet,
    blurred,
    foggy,
    noisy,
    scaled,
    scanned,
    shifted,
    striped,
    turned,
)
from mnist.handwriting.numbers import in_order, joined, own_styles, write_number
from mnist.handwriting.styles import STYLES, Style
from mnist.handwriting.writer import Writer
from mnist.reading.drawings import address
from mnist.reading.drawings.strokes import Stroke
from mnist.reading.lattice import Lattice

COUNT = 2000  # samples in each set made here
READ_COUNT = 500  # of letters and symbols are also read as the program reads, which takes longer
SEED = 2027  # of every set; no training uses it
USUAL, LOOSE = (1.0, 1.0), (1.75, 1.75)  # looseness of the writers, least and most
MNIST = Source("mnist.npz", "images", "MNIST's test digits", "MNIST (LeCun, Cortes, Burges, 1998)", "USA", 500, "")
TINY_SCANS = Source("", "images", "scikit-learn's tiny scans", OPTDIGITS, "Turkey", 13, CC_BY)
# The sets that show a source's digits as they are, one for each source of people's digits; the others change them
PEOPLES_DIGITS = (*(source.key for source in TO_DEVELOP_ON if source.kind != "non-digits"), "mnist_test")


class Sources:
    """Sources of the sets: MNIST's test images, drawings, and the random generators that several sets share.

    Because generators are shared, the sets have to be made in the registry's order.
    """

    def __init__(self, mnist_test: Labelled, count: int) -> None:
        self.mnist_test = mnist_test
        self.count = min(count, len(mnist_test))
        self.few = mnist_test[: self.count]
        self.drawings = cache(partial(write_digits, self.count))  # by the looseness of the writers
        self.people = cache(people.read_source)  # what people wrote, by the source: a drawing is shown in six ways
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
        drawings += [(style, samples.on_pad_with_any_pen(writer.write(style.draw(rng), rng), rng)) for style in STYLES]
    return [drawings[index] for index in rng.permutation(len(drawings))[:count]]


def _peoples(sources: Sources, source: Source, make: Callable[..., AnySet], *choices: int) -> AnySet | None:
    """Make a set of what people wrote, if it is at hand."""
    written = sources.people(source)
    return None if written is None else make(written, sources.count, *choices)


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


def _as_number(sources: Sources, looseness: tuple[float, float]) -> LatticeSet:
    styles, drawings = zip(*sources.drawings(looseness), strict=True)
    return LatticeSet(tuple(map(samples.lattice_from_drawing, drawings)), tuple(str(style.digit) for style in styles))


def _numbers(sources: Sources, looseness: tuple[float, float], joining: bool = False) -> LatticeSet:
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
    return LatticeSet(tuple(lattices), tuple(texts))


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
    drawn = [samples.on_pad_with_any_pen(Writer.random(rng, USUAL).write(glyph, rng), rng) for glyph in chosen]
    made = np.stack(list(map(samples.from_drawing, drawn)))
    if characters is DIGITS:
        return DigitSet(Labelled(made, np.arange(len(made)) % 10))
    return DigitSet(no_digits(made), lattices=tuple(map(samples.lattice_from_drawing, drawn[:READ_COUNT])))


def _alphabets(sources: Sources) -> DigitSet:
    letters = fonts.alphabets(sources.count, np.random.default_rng(SEED))
    read = tuple(map(samples.lattice_from_picture, letters[:READ_COUNT]))
    return DigitSet(no_digits(list(map(samples.from_picture, letters))), lattices=read)


def _two_digits(sources: Sources) -> DigitSet:
    return DigitSet(no_digits(list(map(samples.pair, sources.few.samples, sources.few.samples[::-1]))))


def _nothing(sources: Sources) -> DigitSet:
    return DigitSet(no_digits([samples.patches(sources.spoiling) for _ in range(sources.count)]))


@dataclass(frozen=True)
class MeasuredSet:
    """A set to measure on: its key in a card, its title on pages, a note on its content, and the people who wrote it.

    `make` returns its samples, given the sources and `choices`. It returns None if their file is not at hand, and
    raises ImportError if a package is missing.
    """

    key: str
    title: str
    note: str
    make: Callable[..., AnySet | None]
    choices: tuple[Any, ...] = ()
    source: Source | None = None

    @property
    def content(self) -> str:
        """Its content, for a table: its title, without the country where people wrote, and its note."""
        title = self.source.title if self.source else self.title
        return f"{title}: {self.note}" if self.note else title


def _of_people(source: Source) -> list[MeasuredSet]:
    """Return the sets of a source: what it holds as it is, and drawings also as pixels and as numbers."""
    title = f"{source.title}, {source.where}" if source.where else source.title

    def made(make: Callable[..., AnySet], variant: str = "", note: str = "", *choices: int) -> MeasuredSet:
        name = f"{title}, {variant}" if variant else title
        key = "_".join([source.key, *variant.split()])
        return MeasuredSet(key, name, note, _peoples, (source, make, *choices), source)

    if source.kind != "drawings":
        return [made(hands.as_they_are)]
    return [
        made(hands.by_strokes, "", "by strokes"),
        *(made(hands.as_pixels, f"pixels pen {pen}", f"as pixels, pen {pen}", pen) for pen in PENS),
        made(hands.side_by_side, "numbers", "two to five of one person's, side by side"),
    ]


_PEOPLES = {source: _of_people(source) for source in TO_DEVELOP_ON}
SETS = (
    *(each for source in _PEOPLES if source.kind != "non-digits" for each in _PEOPLES[source]),
    MeasuredSet("mnist_test", MNIST.title, "", _mnist, (), MNIST),
    MeasuredSet("scans_8x8", TINY_SCANS.title, "8×8 pixels", _scikit_learns, (), TINY_SCANS),
    MeasuredSet("drawings", "drawn on a pad", "by made-up writers, any pen, size and place", _drawings, (USUAL,)),
    MeasuredSet("drawings_loose", "drawn by untidy hands", "likewise, less carefully", _drawings, (LOOSE,)),
    *(
        MeasuredSet(f"pixels_pen_{p}", f"pictures, pen {p} wide", "of the drawings on a pad", _as_pixels, (p,))
        for p in PENS
    ),
    MeasuredSet("drawings_as_numbers", "single digits", "the drawings on a pad, read as numbers", _as_number, (USUAL,)),
    MeasuredSet("drawings_loose_as_numbers", "single digits by untidy hands", "likewise", _as_number, (LOOSE,)),
    MeasuredSet("numbers", "numbers", "neighbours 0.2 heights apart on average, some overlapping", _numbers, (USUAL,)),
    MeasuredSet("numbers_loose", "numbers by untidy hands", "", _numbers, (LOOSE,)),
    MeasuredSet("numbers_joined", "joined numbers", "digits joined by one stroke", _numbers, (USUAL, True)),
    MeasuredSet("mnist_shifted", "MNIST, shifted", "anywhere in a larger picture", _spoiled, (shifted,)),
    MeasuredSet("mnist_scaled", "MNIST, larger or smaller", "half to three times the size", _spoiled, (scaled,)),
    MeasuredSet("mnist_turned", "MNIST, turned", "by 10 to 25°", _spoiled, (turned,)),
    MeasuredSet("mnist_blurred", "MNIST, blurred", "", _spoiled, (blurred,)),
    MeasuredSet("mnist_noisy", "MNIST, noisy", "", _spoiled, (noisy,)),
    MeasuredSet("mnist_foggy", "MNIST, in uneven light", "", _spoiled, (foggy,)),
    MeasuredSet("mnist_striped", "MNIST, on stripes", "", _spoiled, (striped,)),
    MeasuredSet("scans_16x16", "MNIST, small scans", "16×16 pixels, filled to the edge", _spoiled, (scanned,)),
    MeasuredSet("font_digits", "copied from four fonts", "of single strokes, by made-up hands", _glyphs, (DIGITS,)),
    *(each for source in _PEOPLES if source.kind == "non-digits" for each in _PEOPLES[source]),
    MeasuredSet("letters", "letters", "Greek, Japanese, script (Hershey)", _glyphs, (LETTERS,)),
    MeasuredSet("symbols", "symbols", "of astrology and others (Hershey)", _glyphs, (SYMBOLS,)),
    MeasuredSet("alphabets", "eight alphabets it never saw", "Armenian, Georgian, Hebrew … (DejaVu)", _alphabets),
    MeasuredSet("two_digits", "two MNIST digits in one picture", "", _two_digits),
    MeasuredSet("nothing", "light and dark patches", "", _nothing),
)
TITLES = {measured.key: measured.title for measured in SETS}


def every(mnist_test: Labelled, count: int = COUNT) -> Iterator[tuple[str, AnySet]]:
    """Yield the key and the samples of each set, in the registry's order.

    MNIST's test set is whole; the others have at most `count` samples, or as many as MNIST if that is fewer.
    """
    sources = Sources(mnist_test, count)
    for measured in SETS:
        try:
            made = measured.make(sources, *measured.choices)
        except ImportError:
            continue
        if made is not None:
            yield measured.key, made
