"""Explanations of how a network reads a sample: its feature maps, its last sums, and the evidence in each pixel.

Evidence is measured in log odds of one output against all others. Occlusion (Zeiler and Fergus, 2014) measures how much
they fall when a square of the sample is blacked out. Integrated gradients (Sundararajan, Taly and Yan, 2017) are the
gradient, averaged while the ink fades in, times the ink; over all pixels they add up to the rise of the log odds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnist.explaining.graphs import compiled
from mnist.reading.framing import SIZE

COVER_PIXELS = 5  # side of the square that is blacked out
COVER_STEP_PIXELS = 3  # from one square to the next
INK_SHADES = 96  # from no ink to full ink, at which gradients are averaged


@dataclass(frozen=True)
class Layer:
    """The feature maps (h, w, c) float32 ≥ 0 of one convolution, and the receptive fields of their places.

    The receptive field of (row, column) is a square of `side` pixels; its corner's x is `first` + `step` · column, and
    its y likewise from the row. `kernels` (k, k, channels before, c) are the convolution's weights.
    """

    maps: np.ndarray
    kernels: np.ndarray
    first: int
    step: int
    side: int

    @property
    def ranked_channels(self) -> list[int]:
        """The channels, most excited first: by how far the map's maximum stands out from its median."""
        excess = self.maps.max(axis=(0, 1)) - np.median(self.maps, axis=(0, 1))
        return np.argsort(-excess, kind="stable").tolist()

    def strongest_square(self, channel: int) -> tuple[int, int, int]:
        """Find the square of the sample that excites a channel most: x and y of its corner, and its side, pixels."""
        row, column = np.unravel_index(int(self.maps[:, :, channel].argmax()), self.maps.shape[:2])
        return self.first + self.step * int(column), self.first + self.step * int(row), self.side


@dataclass(frozen=True)
class Activations:
    """The activations of a network for one sample: its convolutions' layers, and the terms of its outputs.

    `pulls` (features, 11) are the terms of the last layer's sums, one for each feature and output; with the `bias`
    (11,) they add up to the `logits` (11,).
    """

    layers: tuple[Layer, ...]
    pulls: np.ndarray
    bias: np.ndarray
    logits: np.ndarray


class Explainer:
    """Explains a sequential keras.Model from samples (n, 28, 28) to logits (n, 11)."""

    def __init__(self, model: Any) -> None:
        import keras
        import tensorflow as tf

        stack = list(model.layers)
        starts = [number for number, layer in enumerate(stack) if isinstance(layer, keras.layers.Conv2D)]
        outputs = [stack[_last_of_block(stack, start)].output for start in starts]
        self._fields = list(_receptive_fields(stack))
        self._last = stack[-1]
        self._model = model
        inner = keras.Model(model.inputs, [*outputs, self._last.input, self._last.output])
        samples = tf.TensorSpec((None, SIZE, SIZE), tf.float32)
        self._activations = compiled(lambda samples: inner(samples, training=False), samples)
        self._gradients = compiled(self._log_odds_gradient, samples, tf.TensorSpec((), tf.int32))

    def look(self, sample: np.ndarray) -> Activations:
        """Return the activations for a sample (28, 28)."""
        *maps, features, logits = (array[0] for array in self._activations(sample[None]))
        weights, bias = (np.asarray(weight) for weight in self._last.get_weights())
        layers = [Layer(layer_maps, *field) for layer_maps, field in zip(maps, self._fields, strict=True)]
        return Activations(tuple(layers), features[:, None] * weights, bias, logits)

    def occlusion(self, sample: np.ndarray, label: int) -> np.ndarray:
        """Measure each pixel's evidence (28, 28) for the label by covering it; negative speaks against it."""
        starts = range(1 - COVER_PIXELS, SIZE, COVER_STEP_PIXELS)
        corners = [(y, x) for y in starts for x in starts]
        squares = np.zeros((len(corners), SIZE, SIZE), bool)
        for square, (y, x) in zip(squares, corners, strict=True):
            square[max(y, 0) : y + COVER_PIXELS, max(x, 0) : x + COVER_PIXELS] = True
        squares = squares[(squares & (sample > 0)).any(axis=(1, 2))]
        covered = np.concatenate([sample[None], np.where(squares, np.float32(0), sample)])
        logits = self._activations(covered)[-1]
        odds = _log_odds(logits, label)
        fall = (odds[0] - odds[1:])[:, None, None] * squares
        return np.asarray(fall.sum(axis=0) / np.maximum(squares.sum(axis=0), 1) * (sample > 0), np.float32)

    def integrated_gradients(self, sample: np.ndarray, label: int) -> np.ndarray:
        """Measure each pixel's evidence (28, 28) for the label as the ink fades in; negative speaks against it."""
        roots = ((np.arange(INK_SHADES) + 0.5) / INK_SHADES).astype(np.float32)
        shades = roots**2  # closer together for faint ink, where the log odds rise most
        gradients = self._gradients(shades[:, None, None] * sample, label)
        return np.asarray((2 * roots[:, None, None] * gradients).mean(axis=0) * sample, np.float32)

    def _log_odds_gradient(self, samples: Any, label: Any) -> Any:
        """Return the gradient (n, 28, 28) of the label's log odds."""
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(samples)
            logits = self._model(samples, training=False)
            others = tf.where(tf.range(logits.shape[1]) == label, -np.inf, logits)
            odds = tf.gather(logits, label, axis=1) - tf.reduce_logsumexp(others, axis=1)
        return tape.gradient(odds, samples)


def _last_of_block(stack: list[Any], start: int) -> int:
    """Return the index of the last layer that belongs to a convolution: its normalisation or ReLU, if it has any."""
    import keras

    end = start
    while isinstance(stack[end + 1], keras.layers.BatchNormalization | keras.layers.ReLU):
        end += 1
    return end


def _receptive_fields(stack: list[Any]) -> Iterator[tuple[np.ndarray, int, int, int]]:
    """Yield each convolution's kernels, and the first corner, step and side of its receptive fields, pixels."""
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
    """Return how many rows of zeros TensorFlow puts before the first row of a convolution's input."""
    if convolution.padding == "valid":
        return 0
    size, kernel, stride = convolution.input.shape[1], convolution.kernel_size[0], convolution.strides[0]
    return max((-(-size // stride) - 1) * stride + kernel - size, 0) // 2


def _log_odds(logits: np.ndarray, label: int) -> np.ndarray:
    """Return the log odds (n,) of one output against all others, from logits (n, 11)."""
    others = np.delete(logits, label, axis=1)
    top = others.max(axis=1)
    return np.asarray(logits[:, label] - top - np.log(np.exp(others - top[:, None]).sum(axis=1)))
