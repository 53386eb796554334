"""Training data: what a network learns from, what choices are made on, and the batches of an epoch.

A network learns from MNIST's training set, as many digits drawn by this program (`handwriting`), half as many things
that are no digit, and people's own drawings, if any are given. All of them are changed at random (`augmentation`).
Every epoch draws its order and its changes from the seed and its own number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mnist.data.labelled import NO_SAMPLES, Labelled
from mnist.errors import UserError
from mnist.handwriting.pixels import spoil
from mnist.handwriting.samples import draw_digits, draw_non_digits
from mnist.handwriting.styles import STYLES, Style
from mnist.reading.classifier import NO_DIGIT
from mnist.training import augmentation
from mnist.training.networks import Settings

# Second part of each generator's seed, after the run's own, so that no two generators draw the same numbers
DRAWING, ORDER, CHANGES, VALIDATION = 1, 2, 3, 4
UNCHANGED_SHARE = 0.5  # of the samples shown while fine-tuning
EXTRA_TIMES = 20  # an epoch shows each extra drawing so often, changed anew each time (docs/decisions/training.md),
MAX_EXTRA_SHARE = 0.1  # but at most this much beside the epoch's other samples: the network must still read everybody


def styles_of(settings: Settings) -> list[Style]:
    """Return the styles that are drawn: all but those left out.

    Raises UserError if one of those is no style, or if a digit would have no style left.
    """
    names = [style.name for style in STYLES]
    if unknown := set(settings.without) - set(names):
        raise UserError(f"there is no style {min(unknown)!r}. The styles are: {', '.join(names)}")
    styles = [style for style in STYLES if style.name not in settings.without]
    if len({style.digit for style in styles}) < 10:
        raise UserError("a digit would have no style left. Leave fewer out.")
    return styles


def make_non_digits(count: int, mnist: Labelled, rng: np.random.Generator, styles: Sequence[Style]) -> Labelled:
    """Make `count` things that are no digit: four fifths from strokes, one fifth from pixels, some of them MNIST's."""
    pixels = count // 5
    return draw_non_digits(count - pixels, rng, styles) + spoil(mnist, pixels, rng)


def validation(mnist: Labelled, settings: Settings) -> dict[str, Labelled]:
    """Return the sets that choices are made on: MNIST's validation part, as many drawn digits, as many non-digits."""
    if settings.plain:
        return {"mnist_validation": mnist}
    rng = np.random.default_rng((settings.seed, VALIDATION))
    styles = styles_of(settings)
    return {
        "mnist_validation": mnist,
        "drawn_validation": draw_digits(len(mnist), rng, styles),
        "non_digits_validation": make_non_digits(len(mnist), mnist, rng, styles),
    }


@dataclass(frozen=True)
class Material:
    """Everything that a network learns from, and how many samples of each kind it holds, in this order."""

    everything: Labelled
    mnist: int
    drawn: int
    non_digits: int
    extra: int

    @classmethod
    def make(cls, mnist: Labelled, settings: Settings, extra: Labelled = NO_SAMPLES) -> "Material":
        """Put MNIST and the extra drawings together with digits and non-digits drawn for this run."""
        if settings.plain:
            return cls(mnist + extra, len(mnist), 0, 0, len(extra))
        rng = np.random.default_rng((settings.seed, DRAWING))
        styles = styles_of(settings)
        drawn = draw_digits(settings.drawn, rng, styles)
        non_digits = make_non_digits(settings.non_digits, mnist, rng, styles)
        everything = mnist + drawn + (non_digits + extra)
        return cls(everything, len(mnist), len(drawn), len(non_digits), len(extra))

    def epoch(self, settings: Settings, epoch: int) -> np.ndarray:
        """Return an epoch's samples by index, shuffled: all of MNIST, as many drawn digits, half as many non-digits.

        Each extra drawing is among them EXTRA_TIMES, or less often if they would exceed MAX_EXTRA_SHARE.
        """
        rng = np.random.default_rng((settings.seed, ORDER, epoch))
        digits = self.mnist + self.drawn
        drawn = rng.permutation(self.drawn)[: self.mnist]
        non_digits = rng.permutation(self.non_digits)[: self.mnist // 2]
        usual = np.concatenate([np.arange(self.mnist), self.mnist + drawn, digits + non_digits])
        times = min(EXTRA_TIMES * self.extra, int(MAX_EXTRA_SHARE * len(usual)))
        extra = np.resize(rng.permutation(self.extra), times)
        return rng.permutation(np.concatenate([usual, digits + self.non_digits + extra]))


def batches(
    material: Material, shown: np.ndarray, settings: Settings, epoch: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield an epoch's batches: samples (n, 28, 28), changed at random, and one-hot labels (n, 11) float32."""
    for number, start in enumerate(range(0, len(shown), settings.batch)):
        batch = material.everything[shown[start : start + settings.batch]]
        rng = np.random.default_rng((settings.seed, CHANGES, epoch, number))
        samples = batch.samples if settings.plain else augmentation.augment(batch.samples, rng)
        if epoch >= settings.epochs:
            unchanged = rng.random(len(samples)) < UNCHANGED_SHARE
            samples[unchanged] = batch.samples[unchanged]
        yield samples, np.eye(NO_DIGIT + 1, dtype=np.float32)[batch.labels]
