"""What happens inside a network as it reads a sample: its feature maps, its last sums, and which ink spoke for what.

Evidence is measured in log odds of one output against all others. Covering (occlusion: Zeiler and Fergus, 2014): how
much they fall when a square of the sample is blacked out. Fading in (integrated gradients: Sundararajan, Taly and Yan,
2017): the gradient, averaged while the ink fades in, times the ink; all of it together is what the odds have risen by.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnist.reading.framing import SIZE
from mnist.reading.tf_functions import compiled

COVER = 5  # side of the square that is blacked out, pixels
STEP = 3  # from one square to the next
SHADES = 16  # of ink, from none to full, at which gradients are averaged


@dataclass(frozen=True)
class Layer:
    """The maps (h, w, c) float32 ≥ 0 of one convolution, and which square of the sample each of their places sees.

    The place (row, column) sees the square of `side` pixels whose corner lies at (`first` + `step` · column, and row).
    `kernels` (k, k, channels before, c) are its weights.
    """

    maps: np.ndarray
    kernels: np.ndarray
    first: int
    step: int
    side: int

    @property
    def order(self) -> list[int]:
        """The channels, most excited first: by how far the best place stands out from what is usual in the map."""
        excess = self.maps.max(axis=(0, 1)) - np.median(self.maps, axis=(0, 1))
        return np.argsort(-excess, kind="stable").tolist()

    def best_place(self, channel: int) -> tuple[int, int, int]:
        """The square of the sample that excites a channel most: x and y of its corner, and its side, pixels."""
        row, column = np.unravel_index(int(self.maps[:, :, channel].argmax()), self.maps.shape[:2])
        return self.first + self.step * int(column), self.first + self.step * int(row), self.side


@dataclass(frozen=True)
class Inside:
    """One sample inside a network: its convolutions' layers, and what each output sums up.

    `pulls` (features, 11) are the terms of the last layer's sums, `bias` (11,) what they start from; together they are
    the `logits` (11,).
    """

    layers: tuple[Layer, ...]
    pulls: np.ndarray
    bias: np.ndarray
    logits: np.ndarray


class Explainer:
    """Looks into a keras.Model from samples (n, 28, 28) to logits (n, 11) whose layers follow one after the other."""

    def __init__(self, model: Any) -> None:
        import keras
        import tensorflow as tf

        stack = list(model.layers)
        starts = [number for number, layer in enumerate(stack) if isinstance(layer, keras.layers.Conv2D)]
        outputs = [stack[_end(stack, start)].output for start in starts]
        self._sights = list(_sights(stack))
        self._last = stack[-1]
        self._model = model
        inner = keras.Model(model.inputs, [*outputs, self._last.input, self._last.output])
        samples = tf.TensorSpec((None, SIZE, SIZE), tf.float32)
        self._look = compiled(lambda samples: inner(samples, training=False), samples)
        self._slope = compiled(self._gradient, samples, tf.TensorSpec((), tf.int32))
        self._one_at_a_time = threading.Lock()  # a class that looks at once is served in turn, beside those who draw

    def look(self, sample: np.ndarray) -> Inside:
        """All that happens inside for a sample (28, 28)."""
        with self._one_at_a_time:
            *maps, features, logits = (array[0] for array in self._look(sample[None]))
        weights, bias = (np.asarray(weight) for weight in self._last.get_weights())
        layers = [Layer(some, *rest) for some, rest in zip(maps, self._sights, strict=True)]
        return Inside(tuple(layers), features[:, None] * weights, bias, logits)

    def covering(self, sample: np.ndarray, label: int) -> np.ndarray:
        """How much each pixel (28, 28) of a sample's ink spoke for the label, by covering it; negative: against."""
        corners = [(y, x) for y in range(1 - COVER, SIZE, STEP) for x in range(1 - COVER, SIZE, STEP)]
        squares = np.zeros((len(corners), SIZE, SIZE), bool)
        for square, (y, x) in zip(squares, corners, strict=True):
            square[max(y, 0) : y + COVER, max(x, 0) : x + COVER] = True
        squares = squares[(squares & (sample > 0)).any(axis=(1, 2))]
        covered = np.concatenate([sample[None], np.where(squares, np.float32(0), sample)])
        with self._one_at_a_time:
            logits = self._look(covered)[-1]
        odds = _log_odds(logits, label)
        fall = (odds[0] - odds[1:])[:, None, None] * squares
        return np.asarray(fall.sum(axis=0) / np.maximum(squares.sum(axis=0), 1) * (sample > 0), np.float32)

    def fading(self, sample: np.ndarray, label: int) -> np.ndarray:
        """How much each pixel (28, 28) of a sample's ink spoke for the label, as it fades in; negative: against."""
        roots = ((np.arange(SHADES) + 0.5) / SHADES).astype(np.float32)
        shades = roots**2  # closer together where the ink is faint: there the odds rise most
        with self._one_at_a_time:
            slopes = self._slope(shades[:, None, None] * sample, label)
        return np.asarray((2 * roots[:, None, None] * slopes).mean(axis=0) * sample, np.float32)

    def _gradient(self, samples: Any, label: Any) -> Any:
        """Gradient (n, 28, 28) of the label's log odds."""
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(samples)
            logits = self._model(samples, training=False)
            others = tf.where(tf.range(logits.shape[1]) == label, -np.inf, logits)
            odds = tf.gather(logits, label, axis=1) - tf.reduce_logsumexp(others, axis=1)
        return tape.gradient(odds, samples)


def _end(stack: list[Any], start: int) -> int:
    """The last of the layers that belong to a convolution: what normalises and cuts off its sums."""
    import keras

    end = start
    while isinstance(stack[end + 1], keras.layers.BatchNormalization | keras.layers.ReLU):
        end += 1
    return end


def _sights(stack: list[Any]) -> Iterator[tuple[np.ndarray, int, int, int]]:
    """Of each convolution its kernels, and the first corner, step and side of the squares that its places see."""
    import keras

    first, step, side = 0, 1, 1
    for layer in stack:
        if isinstance(layer, keras.layers.Conv2D):
            first -= _padding(layer) * step
            side += (layer.kernel_size[0] - 1) * step
            step *= layer.strides[0]
            yield np.asarray(layer.kernel), first, step, side
        elif isinstance(layer, keras.layers.MaxPooling2D):
            side += (layer.pool_size[0] - 1) * step
            step *= layer.strides[0]


def _padding(convolution: Any) -> int:
    """How many pixels TensorFlow puts before the first row of a convolution's input."""
    if convolution.padding == "valid":
        return 0
    size, kernel, stride = convolution.input.shape[1], convolution.kernel_size[0], convolution.strides[0]
    return max((-(-size // stride) - 1) * stride + kernel - size, 0) // 2


def _log_odds(logits: np.ndarray, label: int) -> np.ndarray:
    """Log odds (n,) of one output against all others, from logits (n, 11)."""
    others = np.delete(logits, label, axis=1)
    top = others.max(axis=1)
    return np.asarray(logits[:, label] - top - np.log(np.exp(others - top[:, None]).sum(axis=1)))
