"""What a network learns from: the settings of a run, its material, and the batches of an epoch.

MNIST's training set, as many digits drawn here (`synthesis`) and half as many things that are no digit, and what people
drew besides (`collection`), all changed at random (`augmentation`). Every epoch draws its own order and its own changes
from the seed and its number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mnist.data.labelled import NO_SAMPLES, Labelled
from mnist.handwriting.pixels import spoil
from mnist.handwriting.samples import draw_digits, draw_non_digits
from mnist.handwriting.styles import STYLES, Style
from mnist.reading.classifier import NO_DIGIT
from mnist.training import augmentation

# what a generator is for, after the seed in its own seed: no two share their numbers, whatever the seed
DRAWING, ORDER, CHANGES, VALIDATION = 1, 2, 3, 4
UNCHANGED = 0.5  # share of the samples that the gentle epochs show as they are
# Extra drawings are a few dozen beside an epoch's 135,000: each is shown so many times, changed anew each time. More
# than a tenth of the epoch they never are: the network has to go on reading everybody's hand. Measured with the
# textbook network, two epochs, 30 drawings of ten styles: shown not at all, once and 20 times, 83, 87 and 100 % of them
# were read afterwards, and 85.7, 85.5 and 86.8 % of 600 others in these styles; of MNIST's validation part 97.15,
# 97.25 and 97.15.
EXTRA_TIMES = 20
EXTRA_SHARE = 0.1  # of what the epoch shows besides


@dataclass(frozen=True)
class ExtraFile:
    """A file of drawings that is learned from besides: its name, its SHA-256, how many samples it holds."""

    name: str
    sha256: str
    count: int


@dataclass(frozen=True)
class Settings:
    """What decides the outcome of a run; the card records it."""

    network: str = "convolutional"
    epochs: int = 22
    polish: int = (
        0  # epochs after those, gentle: a fresh optimiser at a tenth of the rate, half of the samples unchanged
    )
    seed: int = 1
    batch: int = 128
    learning_rate: float = 3e-3  # peak; warmed up over one epoch, then a cosine down to zero
    weight_decay: float = 0.01
    label_smoothing: float = 0.05
    drawn: int = 150_000  # digits made here, a part of which every epoch shows
    non_digits: int = 80_000
    plain: bool = False  # MNIST alone, unchanged, as textbooks do
    without: tuple[str, ...] = ()  # styles that are not drawn, to see how the network reads what it never saw
    extra: tuple[ExtraFile, ...] = ()  # what people drew, learned from besides

    @property
    def all_epochs(self) -> int:
        """How many epochs a run has, the gentle ones included."""
        return self.epochs + self.polish

    @property
    def styles(self) -> list[Style]:
        """The styles that are drawn."""
        return [style for style in STYLES if style.name not in self.without]


RECIPES = {
    "convolutional": Settings(polish=3),
    "softmax": Settings("softmax", 8, learning_rate=1e-3, label_smoothing=0.0, plain=True),
    "perceptron": Settings("perceptron", 8, learning_rate=1e-3, label_smoothing=0.0, plain=True),
    "textbook": Settings("textbook", 8, learning_rate=1e-3, label_smoothing=0.0, plain=True),
    "keras_example": Settings("keras_example", 15, learning_rate=1e-3, label_smoothing=0.0, plain=True),
}


def make_non_digits(count: int, mnist: Labelled, rng: np.random.Generator, styles: Sequence[Style]) -> Labelled:
    """`count` things that are no digit: four fifths drawn as strokes, one fifth as pixels, partly of `mnist`."""
    pixels = count // 5
    return draw_non_digits(count - pixels, rng, styles) + spoil(mnist, pixels, rng)


def validation(mnist: Labelled, settings: Settings) -> dict[str, Labelled]:
    """What choices are made on: MNIST's validation part, as many digits and as many non-digits made here."""
    if settings.plain:
        return {"mnist_validation": mnist}
    rng = np.random.default_rng((settings.seed, VALIDATION))
    return {
        "mnist_validation": mnist,
        "drawn_validation": draw_digits(len(mnist), rng, settings.styles),
        "non_digits_validation": make_non_digits(len(mnist), mnist, rng, settings.styles),
    }


@dataclass(frozen=True)
class Material:
    """What a network learns from: so many samples of MNIST, digits drawn here, non-digits, and extra drawings."""

    everything: Labelled
    mnist: int
    drawn: int
    non_digits: int
    extra: int

    @classmethod
    def make(cls, mnist: Labelled, settings: Settings, extra: Labelled = NO_SAMPLES) -> "Material":
        """Draw what is made here."""
        if settings.plain:
            return cls(mnist + extra, len(mnist), 0, 0, len(extra))
        rng = np.random.default_rng((settings.seed, DRAWING))
        drawn = draw_digits(settings.drawn, rng, settings.styles)
        non_digits = make_non_digits(settings.non_digits, mnist, rng, settings.styles)
        everything = mnist + drawn + (non_digits + extra)
        return cls(everything, len(mnist), len(drawn), len(non_digits), len(extra))

    def epoch(self, settings: Settings, epoch: int) -> np.ndarray:
        """Indices of what an epoch shows: all of MNIST, as many drawn digits, half as many non-digits, shuffled.

        Among them the extra drawings, each EXTRA_TIMES, or fewer where they are more than EXTRA_SHARE.
        """
        rng = np.random.default_rng((settings.seed, ORDER, epoch))
        digits = self.mnist + self.drawn
        drawn = rng.permutation(self.drawn)[: self.mnist]
        non_digits = rng.permutation(self.non_digits)[: self.mnist // 2]
        usual = np.concatenate([np.arange(self.mnist), self.mnist + drawn, digits + non_digits])
        times = min(EXTRA_TIMES * self.extra, int(EXTRA_SHARE * len(usual)))
        extra = np.resize(rng.permutation(self.extra), times)
        return rng.permutation(np.concatenate([usual, digits + self.non_digits + extra]))


def batches(
    material: Material, shown: np.ndarray, settings: Settings, epoch: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """An epoch's batches: samples changed at random, and labels (n, 11), one-hot."""
    for number, start in enumerate(range(0, len(shown), settings.batch)):
        batch = material.everything[shown[start : start + settings.batch]]
        rng = np.random.default_rng((settings.seed, CHANGES, epoch, number))
        samples = batch.samples if settings.plain else augmentation.augment(batch.samples, rng)
        if epoch >= settings.epochs:
            unchanged = rng.random(len(samples)) < UNCHANGED
            samples[unchanged] = batch.samples[unchanged]
        yield samples, np.eye(NO_DIGIT + 1, dtype=np.float32)[batch.labels]
