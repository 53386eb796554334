"""Sets of what people wrote, each read as the program reads it: images, drawings, and digits set side by side.

Each holds at most `count` of a source's samples, always the same. A sample's name is its number in the source.
"""

import numpy as np

from mnist.data.people import Drawn, Written, by_writer
from mnist.evaluation import samples
from mnist.evaluation.samples import DigitSet, LatticeSet
from mnist.handwriting import numbers
from mnist.reading.lattice import Lattice

SEED = 2027  # of every set; no training uses it
NUMBER_DIGITS = (2, 5)  # fewest and most digits of a number


def as_they_are(written: Written, count: int) -> DigitSet:
    """Return the images; each is small enough to be one digit, as `labelled_images` has framed it."""
    chosen = _chosen(len(written.images), count)
    return DigitSet(written.images[chosen], names=tuple(map(str, chosen)))


def by_strokes(written: Written, count: int) -> LatticeSet:
    """Put each drawing on the pad, at any size and place, with any pen."""
    rng = np.random.default_rng(SEED)
    chosen = _chosen(len(written.drawn), count)
    drawn = [written.drawn[index] for index in chosen]
    lattices = (samples.lattice_from_drawing(samples.on_pad_with_any_pen(each.strokes, rng)) for each in drawn)
    return LatticeSet(tuple(lattices), _labels(drawn), tuple(map(str, chosen)))


def as_pixels(written: Written, count: int, pen: int) -> LatticeSet:
    """Take a picture of the pad with each drawing on it, at any size and place, with that pen."""
    rng = np.random.default_rng(SEED)
    drawn = [written.drawn[index] for index in _chosen(len(written.drawn), count)]
    placed = (samples.on_pad(each.strokes, pen, rng) for each in drawn)
    return LatticeSet(tuple(samples.lattice_from_pad_picture(strokes, pen) for strokes in placed), _labels(drawn))


def side_by_side(written: Written, count: int) -> LatticeSet:
    """Set drawings of one person side by side as numbers: as many numbers as there are drawings, at most `count`."""
    rng = np.random.default_rng(SEED)
    hands = by_writer(written.drawn)
    lattices: list[Lattice] = []
    texts: list[str] = []
    for _ in range(min(count, len(written.drawn))):
        hand = hands[rng.integers(len(hands))]
        digits = [hand[rng.integers(len(hand))] for _ in range(rng.integers(NUMBER_DIGITS[0], NUMBER_DIGITS[1] + 1))]
        placed = numbers.side_by_side((numbers.resized(digit.strokes, rng) for digit in digits), rng)
        lattices.append(samples.lattice_from_drawing(numbers.in_order(placed, rng)))
        texts.append("".join(_labels(digits)))
    return LatticeSet(tuple(lattices), tuple(texts))


def _chosen(available: int, count: int) -> np.ndarray:
    """Return the indices of all samples of a source, or of `count` of them at random."""
    return np.sort(np.random.default_rng(SEED).permutation(available)[:count])


def _labels(drawn: list[Drawn]) -> tuple[str, ...]:
    return tuple(str(each.label) for each in drawn)
