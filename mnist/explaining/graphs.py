"""Functions of TensorFlow's tensors as functions of arrays."""

from collections.abc import Callable
from typing import Any


def compiled(function: Callable[..., Any], *signature: Any) -> Callable[..., Any]:
    """Compile a function of tensors with that signature (tf.TensorSpec) to one that takes and returns arrays.

    A compiled graph takes 1 ms where model(x) costs 3 to 10 in Python.
    """
    import tensorflow as tf

    # without AutoGraph: it would want a folder for temporary files
    graph = tf.function(function, input_signature=signature, autograph=False)
    return lambda *arrays: tf.nest.map_structure(lambda tensor: tensor.numpy(), graph(*arrays))
