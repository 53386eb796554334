"""Non-digits as pixels: MNIST's digits spoiled, and textures as in pictures without writing."""

from collections.abc import Collection

import numpy as np

from mnist.data.labelled import Labelled, no_digits
from mnist.handwriting.non_digits import LYING, MIRRORED
from mnist.reading.framing import DIGIT_SIDE, centre, crop, ink_box, shrink


def spoil(digits: Labelled, count: int, rng: np.random.Generator) -> Labelled:
    """Make `count` samples (n, 28, 28) labelled NO_DIGIT: most of spoiled `digits`, the others textures."""
    makers = [_mirrored, _lying, _pair, _pair, _texture]
    return no_digits([makers[rng.integers(len(makers))](digits, rng) for _ in range(count)])


def _random_sample(digits: Labelled, rng: np.random.Generator, labels: Collection[int] = range(10)) -> np.ndarray:
    while True:  # the first few draws find one if the set has all ten digits; it never ends if it has none of `labels`
        index = rng.integers(len(digits))
        if digits.labels[index] in labels:
            return digits.samples[index]


def _mirrored(digits: Labelled, rng: np.random.Generator) -> np.ndarray:
    return _framed(_random_sample(digits, rng, MIRRORED)[:, ::-1])


def _lying(digits: Labelled, rng: np.random.Generator) -> np.ndarray:
    return _framed(np.rot90(_random_sample(digits, rng, LYING), rng.choice([1, 3])))


def _pair(digits: Labelled, rng: np.random.Generator) -> np.ndarray:
    """Put two digits side by side, touching at most."""
    left, right = (_cropped(_random_sample(digits, rng)) for _ in range(2))
    gap = rng.integers(-2, 6)
    height, width = max(len(left), len(right)), left.shape[1] + max(0, gap) + right.shape[1]
    both = np.zeros((height, width), np.float32)
    both[: len(left), : left.shape[1]] = left
    shift = min(0, gap)
    at = slice(width - right.shape[1] + shift, width + shift)
    both[: len(right), at] = np.maximum(both[: len(right), at], right)
    return _framed(both)


def _texture(_: Labelled, rng: np.random.Generator) -> np.ndarray:
    """Make noise of some grain, in greys or black and white, or stripes."""
    if rng.random() < 0.25:
        y, x = np.indices((DIGIT_SIDE, DIGIT_SIDE)) / rng.uniform(0.5, 1.1)  # at least three bars
        angle = rng.uniform(0, np.pi)
        field = np.sin(np.cos(angle) * x + np.sin(angle) * y)
    else:
        grains = rng.integers(3, DIGIT_SIDE + 1)
        grain = np.ones((-(-DIGIT_SIDE // grains),) * 2)
        field = np.kron(rng.normal(0, 1, (grains, grains)), grain)[:DIGIT_SIDE, :DIGIT_SIDE]
    level, sharpness = rng.uniform(-0.3, 1.0), np.exp(rng.uniform(0, 3))
    ink = ((field - level) * sharpness).clip(0, 1).astype(np.float32)
    return _framed(ink) * np.float32(rng.uniform(0.4, 1.0))


def _cropped(sample: np.ndarray) -> np.ndarray:
    box = ink_box(sample)
    return crop(sample, box) if box else sample


def _framed(ink: np.ndarray) -> np.ndarray:
    return centre(shrink(_cropped(ink)))
