"""The architectures, as functions that return a keras.Model from samples (n, 28, 28) to logits (n, 10).

Logits, not probabilities: the classifier divides them by a temperature and judges their energy before the softmax.
"""

import keras
from keras import layers

CLASSES = 10


def convolutional(width: int = 24) -> keras.Model:
    """Three stages of 3×3 convolutions with batch normalisation, global pooling, one dense layer; 116k parameters.

    The pattern is VGG's (Simonyan and Zisserman, 2014) with the global pooling of Network in Network (Lin et al.,
    2013): no large dense layer, so that the parameters sit where strokes are recognised, not where they are placed.
    """
    inputs = keras.Input((28, 28), name="samples")
    x = layers.Reshape((28, 28, 1))(inputs)
    x = _convolution(_convolution(x, width), width)
    x = layers.MaxPooling2D()(x)  # (14, 14, width)
    x = _convolution(_convolution(x, 2 * width), 2 * width)
    x = layers.MaxPooling2D()(x)  # (7, 7, 2 width)
    x = _convolution(_convolution(x, 3 * width), 3 * width)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    return keras.Model(inputs, layers.Dense(CLASSES, name="logits")(x), name="convolutional")


def _convolution(x: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))
