"""Adversarial perturbations: the smallest change of a sample's pixels that makes the network read another digit.

The search walks up the gradient towards another digit, never further from the start than a radius that shrinks while
the sample is read as that digit and grows while it is not: Rony and others, "Decoupling direction and norm for
efficient gradient-based L2 adversarial attacks and defenses", 2019. Here it sets out for the nine other digits at once.
Nothing in it is random.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mnist.explaining.graphs import compiled
from mnist.reading.classifier import Classifier
from mnist.reading.framing import SIZE
from mnist.reading.outputs import NO_DIGIT
from mnist.reading.readings import Digit

SEARCH_STEPS = 60  # two thirds of a second; 200 take three times as long, for changes 3 % smaller (ten digits by code)
FIRST_RADIUS, FIRST_STEP, LAST_STEP = 1.0, 0.5, 0.05  # L2 norms; the steps shorten like half a cosine wave
RADIUS_CHANGE = 0.05  # fraction by which the radius shrinks or grows at each step
FRACTIONS = np.linspace(0, 1, 33, dtype=np.float32)[1:]  # of the change found; the first that is enough is taken


@dataclass(frozen=True)
class Perturbation:
    """A change (28, 28) added to a sample, the changed sample (28, 28) in [0, 1], and what is now read in it."""

    change: np.ndarray
    sample: np.ndarray
    read: Digit


class PerturbationSearch:
    """Finds perturbations for a keras.Model, as its classifier reads. The graph is compiled once, so keep it."""

    def __init__(self, model: Any, classifier: Classifier) -> None:
        import tensorflow as tf

        def margins(samples: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            """Return by how much a label's logit exceeds all others (n,), and the gradient of that (n, 28, 28)."""
            with tf.GradientTape() as tape:
                tape.watch(samples)
                logits = model(samples, training=False)  # (n, 11)
                wanted = tf.one_hot(labels, NO_DIGIT + 1)
                others = tf.reduce_max(logits - 1e9 * wanted, axis=1)
                margin = tf.reduce_sum(logits * wanted, axis=1) - others
            return margin, tape.gradient(margin, samples)

        samples, labels = tf.TensorSpec((None, SIZE, SIZE), tf.float32), tf.TensorSpec((None,), tf.int32)
        self._margins = compiled(margins, samples, labels)
        self._classifier = classifier

    def find(self, sample: np.ndarray) -> Perturbation | None:
        """Find a small perturbation of a sample (28, 28) float32 in [0, 1].

        Returns None if the sample is rejected, or if no change found makes it another digit.
        """
        label = self._classifier.digits(sample[None])[0].digit
        if label is None:
            return None
        change = self._search(sample, np.delete(np.arange(NO_DIGIT, dtype=np.int32), label))
        candidates = sample + FRACTIONS[:, None, None] * change
        for changed, read in zip(candidates, self._classifier.digits(candidates), strict=True):
            if read.digit not in (None, label):
                return Perturbation(changed - sample, changed, read)
        return None

    def _search(self, start: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Return the smallest change (28, 28) found that makes one of the labels the likeliest, or zeros."""
        samples = np.repeat(start[None], len(labels), axis=0)
        radius = np.full(len(labels), FIRST_RADIUS)
        best, shortest = np.zeros_like(start), np.inf
        for step in range(SEARCH_STEPS):
            margin, gradient = self._margins(samples, labels)
            distance = _norm(samples - start)
            fooled = margin > 0
            reached = np.where(fooled, distance, np.inf)
            if reached.min() < shortest:
                best, shortest = samples[reached.argmin()] - start, reached.min()
            radius = np.where(fooled, np.minimum(radius, distance) * (1 - RADIUS_CHANGE), radius * (1 + RADIUS_CHANGE))
            length = LAST_STEP + (FIRST_STEP - LAST_STEP) * (1 + np.cos(np.pi * step / SEARCH_STEPS)) / 2
            change = samples - start + length * _scaled(gradient, 1.0)
            samples = (start + _scaled(change, radius)).clip(0, 1).astype(np.float32)
        return best


def _norm(changes: np.ndarray) -> np.ndarray:
    """Return the L2 norm (n,) of changes (n, 28, 28)."""
    return np.sqrt((changes**2).sum(axis=(1, 2)))


def _scaled(changes: np.ndarray, norm: np.ndarray | float) -> np.ndarray:
    """Scale each of the changes (n, 28, 28) to that L2 norm."""
    return changes * (norm / np.maximum(_norm(changes), 1e-9))[:, None, None]
