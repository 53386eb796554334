"""Architectures of the networks: functions that return a keras.Model from samples (n, 28, 28) to logits (n, 11).

The outputs are the ten digits, then "no digit"; the classifier divides the logits by a temperature.
"""

import keras
from keras import layers

CLASSES = 11


def convolutional(width: int = 32) -> keras.Model:
    """Build six convolutions with batch normalisation, a global average and one dense layer (428k parameters).

    The pattern is VGG's (Simonyan and Zisserman, 2014) with the strides and the global pooling of the all-convolutional
    net (Springenberg et al., 2014). It has no large dense layer, so its parameters learn which strokes there are, not
    where they are.
    """
    inputs = keras.Input((28, 28), name="samples")
    x = layers.Reshape((28, 28, 1))(inputs)
    x = _convolution(x, width, size=5, strides=2)  # (14, 14, width)
    x = _convolution(_convolution(x, 2 * width), 2 * width)
    x = _convolution(x, 4 * width, strides=2)  # (7, 7, 4 width)
    x = _convolution(_convolution(x, 4 * width), 4 * width)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    return keras.Model(inputs, layers.Dense(CLASSES, name="logits")(x), name="convolutional")


def softmax() -> keras.Model:
    """Build softmax regression: each logit is a weighted sum of the pixels (9k parameters)."""
    inputs = keras.Input((28, 28), name="samples")
    return keras.Model(inputs, layers.Dense(CLASSES, name="logits")(layers.Flatten()(inputs)), name="softmax")


def perceptron() -> keras.Model:
    """Build a multilayer perceptron with one hidden layer of 128 units (102k parameters)."""
    inputs = keras.Input((28, 28), name="samples")
    x = layers.Dense(128, activation="relu")(layers.Flatten()(inputs))
    return keras.Model(inputs, layers.Dense(CLASSES, name="logits")(x), name="perceptron")


def textbook() -> keras.Model:
    """Build one convolution and one dense layer, as most tutorials do (347k parameters)."""
    inputs = keras.Input((28, 28), name="samples")
    x = layers.Conv2D(32, 3, activation="relu")(layers.Reshape((28, 28, 1))(inputs))
    x = layers.Flatten()(layers.MaxPooling2D()(x))
    x = layers.Dense(64, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(CLASSES, name="logits")(x), name="textbook")


def keras_example() -> keras.Model:
    """Build the network of keras.io/examples/vision/mnist_convnet (36k parameters)."""
    inputs = keras.Input((28, 28), name="samples")
    x = layers.Conv2D(32, 3, activation="relu")(layers.Reshape((28, 28, 1))(inputs))
    x = layers.Conv2D(64, 3, activation="relu")(layers.MaxPooling2D()(x))
    x = layers.Dropout(0.5)(layers.Flatten()(layers.MaxPooling2D()(x)))
    return keras.Model(inputs, layers.Dense(CLASSES, name="logits")(x), name="keras_example")


def _convolution(x: keras.KerasTensor, filters: int, size: int = 3, strides: int = 1) -> keras.KerasTensor:
    x = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
