"""The smallest change of a sample's pixels that makes the network read another digit.

A walk up the gradient towards another digit, never further from the start than a distance that shrinks while it is
read as that digit and grows while it is not: Rony and others, "Decoupling direction and norm for efficient
gradient-based L2 adversarial attacks and defenses", 2019. Here the nine other digits set out together, and those that
are furthest behind give up on the way. Nothing in it is random.
"""

from dataclasses import dataclass

import numpy as np

from mnist.reading.classifier import NO_DIGIT, Classifier, Digit
from mnist.reading.framing import SIZE
from mnist.reading.tf_functions import compiled

STEPS = 40  # of the walk
STAY = {15: 5, 25: 3}  # how many digits go on after so many steps
# half a second; all nine for 200 steps take 4 seconds for changes that are 5 % smaller (22 digits written by code)
DISTANCE, LONGEST, SHORTEST = 1.0, 0.5, 0.05  # where the walk may go at first, its first and last step: L2 norms
SHRINK = 0.05  # share by which that distance shrinks or grows at each step
SHARES = np.linspace(0, 1, 33, dtype=np.float32)[1:]  # of the change, of which the smallest that is enough is taken


@dataclass(frozen=True)
class Nudge:
    """What was added to a sample (28, 28), the sum in [0, 1] (28, 28), and the digit that is read now."""

    change: np.ndarray
    sample: np.ndarray
    read: Digit


class Nudger:
    """Finds nudges for one classifier. Its graph is compiled with the first one, so keep it."""

    def __init__(self, classifier: Classifier) -> None:
        import tensorflow as tf

        def margins(samples: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            """By how much a label's logit exceeds all others (n,), and the gradient of that (n, 28, 28)."""
            with tf.GradientTape() as tape:
                tape.watch(samples)
                logits = classifier.model(samples, training=False)  # (n, 11)
                wanted = tf.one_hot(labels, NO_DIGIT + 1)
                others = tf.reduce_max(logits - 1e9 * wanted, axis=1)
                margin = tf.reduce_sum(logits * wanted, axis=1) - others
            return margin, tape.gradient(margin, samples)

        samples, labels = tf.TensorSpec((None, SIZE, SIZE), tf.float32), tf.TensorSpec((None,), tf.int32)
        self._margins = compiled(margins, samples, labels)
        self._classifier = classifier

    def nudge(self, sample: np.ndarray) -> Nudge | None:
        """The nudge for a sample (28, 28) float32 in [0, 1]; None where it is no digit, or nothing makes it another."""
        label = self._classifier.digits(sample[None])[0].digit
        if label is None:
            return None
        change = self._walk(sample, np.delete(np.arange(NO_DIGIT, dtype=np.int32), label))
        tried = sample + SHARES[:, None, None] * change
        for nudged, read in zip(tried, self._classifier.digits(tried), strict=True):
            if read.digit not in (None, label):
                return Nudge(nudged - sample, nudged, read)
        return None

    def _walk(self, start: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """The smallest change (28, 28) found that makes one of the labels the likeliest; zeros where there is none."""
        samples = np.repeat(start[None], len(labels), axis=0)
        allowed = np.full(len(labels), DISTANCE)
        best, shortest = np.zeros_like(start), np.inf
        for step in range(STEPS):
            margin, gradient = self._margins(samples, labels)
            distance = _norm(samples - start)
            there = margin > 0
            reached = np.where(there, distance, np.inf)
            if reached.min() < shortest:
                best, shortest = samples[reached.argmin()] - start, reached.min()
            if step in STAY:
                keep = np.lexsort((-margin, reached))[: STAY[step]]
                samples, labels, allowed = samples[keep], labels[keep], allowed[keep]
                gradient, distance, there = gradient[keep], distance[keep], there[keep]
            allowed = np.where(there, np.minimum(allowed, distance) * (1 - SHRINK), allowed * (1 + SHRINK))
            length = SHORTEST + (LONGEST - SHORTEST) * (1 + np.cos(np.pi * step / STEPS)) / 2
            change = samples - start + length * _to_length(gradient, 1.0)
            samples = (start + _to_length(change, allowed)).clip(0, 1).astype(np.float32)
        return best


def _norm(changes: np.ndarray) -> np.ndarray:
    """L2 norm (n,) of changes (n, 28, 28)."""
    norm: np.ndarray = np.sqrt((changes**2).sum(axis=(1, 2)))
    return norm


def _to_length(changes: np.ndarray, length: np.ndarray | float) -> np.ndarray:
    """The changes (n, 28, 28), each made as long as that."""
    return changes * (length / np.maximum(_norm(changes), 1e-9))[:, None, None]
