"""Training data: what a network learns from, what choices are made on, and the batches of an epoch.

A network learns from MNIST's training set, as many digits drawn by this program (`handwriting`), half as many things
that are no digit, and what other people wrote, if it is given (`people`). All of them are changed at random
(`augmentation`). Every epoch draws its order and its changes from the seed and its own number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mnist.data.labelled import Labelled, concatenated
from mnist.data.mnist_dataset import Mnist
from mnist.data.people import NO_HANDWRITING, Drawn, Handwriting, Written, samples
from mnist.errors import UserError
from mnist.handwriting.pixels import spoil
from mnist.handwriting.samples import draw_again, draw_digits, draw_non_digits
from mnist.handwriting.styles import STYLES, Style
from mnist.reading.outputs import NO_DIGIT
from mnist.training import augmentation
from mnist.training.networks import Settings

# Second part of each generator's seed, after the run's own, so that no two generators draw the same numbers
DRAWING, ORDER, CHANGES, VALIDATION = 1, 2, 3, 4
DRAWN_VALIDATION = "drawn_validation"
UNCHANGED_SHARE = 0.5  # of the samples shown while fine-tuning
MNIST_TIMES = 2  # while fine-tuning, an epoch shows MNIST so often: what people wrote elsewhere costs it 0.2 points
MAX_TIMES = 20  # an epoch shows what a person wrote at most so often, changed anew each time
# All people's drawings, and all their images, are at most so large a share of an epoch's other samples, digits and
# non-digits each; docs/decisions/training.md says why
DIGIT_SHARES, NON_DIGIT_SHARES = (0.3, 0.1), (0.08, 0.08)


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


@dataclass(frozen=True)
class Data:
    """All that a run needs: MNIST, what people wrote to learn from, and by name what others wrote to choose on."""

    mnist: Mnist
    handwriting: Handwriting = NO_HANDWRITING
    development: Mapping[str, Labelled] = field(default_factory=dict)

    def first(self, count: int) -> "Data":
        """Return the first `count` samples of each part."""
        mnist = Mnist(*(part[:count] for part in (self.mnist.train, self.mnist.validation, self.mnist.test)))
        handwriting = Handwriting(self.handwriting.digits.first(count), self.handwriting.non_digits.first(count))
        return Data(mnist, handwriting, {name: part[:count] for name, part in self.development.items()})


def validation(data: Data, settings: Settings) -> dict[str, Labelled]:
    """Return the sets that choices are made on: MNIST's validation part, as many drawn digits, as many non-digits.

    What people wrote to choose on comes after them.
    """
    mnist = data.mnist.validation
    if settings.plain:
        return {"mnist_validation": mnist, **data.development}
    rng = np.random.default_rng((settings.seed, VALIDATION))
    styles = styles_of(settings)
    return {
        "mnist_validation": mnist,
        DRAWN_VALIDATION: draw_digits(len(mnist), rng, styles),
        "non_digits_validation": make_non_digits(len(mnist), mnist, rng, styles),
        **data.development,
    }


def peoples_digits(validation: Mapping[str, Labelled]) -> dict[str, Labelled]:
    """Return those of the validation sets that are digits which people wrote."""
    sets = {name: part for name, part in validation.items() if name != DRAWN_VALIDATION}
    return {name: part for name, part in sets.items() if (part.labels != NO_DIGIT).all()}


@dataclass(frozen=True)
class Material:
    """Everything that a network learns from: parts one after the other, and how much of each an epoch shows."""

    everything: Labelled
    sizes: tuple[int, ...]
    shown: tuple[int, ...]

    @classmethod
    def make(cls, data: Data, settings: Settings) -> "Material":
        """Put MNIST and what people wrote together with digits and non-digits drawn for this run."""
        mnist, people = data.mnist.train, data.handwriting
        rng = np.random.default_rng((settings.seed, DRAWING))
        parts = [mnist]
        shown = [len(mnist)]
        if not settings.plain:
            styles = styles_of(settings)
            parts.append(draw_digits(settings.drawn, rng, styles))
            parts.append(make_non_digits(settings.non_digits, mnist, rng, styles))
            shown += [min(len(mnist), len(parts[1])), min(len(mnist) // 2, len(parts[2]))]
        usual = sum(shown)
        for written, shares in ((people.digits, DIGIT_SHARES), (people.non_digits, NON_DIGIT_SHARES)):
            counts = (len(written.drawn), len(written.images))
            times = [min(MAX_TIMES * n, int(share * usual)) for n, share in zip(counts, shares, strict=True)]
            parts += [_samples(written.drawn, times[0], settings, rng), written.images]
            shown += times
        return cls(concatenated(parts), tuple(map(len, parts)), tuple(shown))

    def epoch(self, settings: Settings, epoch: int) -> np.ndarray:
        """Return an epoch's samples by index, shuffled; of a part with fewer than are shown, some come again.

        Fine-tuning shows all of MNIST MNIST_TIMES.
        """
        rng = np.random.default_rng((settings.seed, ORDER, epoch))
        times = np.ones(len(self.sizes), int)
        times[0] = MNIST_TIMES if epoch >= settings.epochs else 1
        starts = np.cumsum([0, *self.sizes[:-1]])
        parts = zip(starts, self.sizes, times * self.shown, strict=True)
        chosen = [start + np.resize(rng.permutation(size), shown) for start, size, shown in parts]
        return rng.permutation(np.concatenate(chosen))


def _samples(drawn: tuple[Drawn, ...], shown: int, settings: Settings, rng: np.random.Generator) -> Labelled:
    """Draw people's drawings again, twice as many as an epoch shows; a plain network sees them as they are."""
    if settings.plain or not shown:
        return samples(Written(drawn))
    return draw_again(drawn, 2 * shown, rng)


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
