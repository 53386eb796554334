"""TensorFlow set up for reading, and its functions as functions of arrays: compiled once, called by a few threads only.

TensorFlow keeps half a kilobyte (measured) for every thread that ever called it, even after the thread has ended
(`context.py`, `EagerContextThreadLocalData`), and Streamlit runs each stroke in a thread of its own.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

THREADS = 4  # more than one, so that a lesson's long call lets a reading pass

_threads = ThreadPoolExecutor(THREADS, "tensorflow")


def import_keras() -> Any:
    """Import Keras, and TensorFlow with it, set up for reading unless the environment says otherwise."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # oneDNN gains nothing on one sample, announces itself on standard error, and rounds as each processor likes
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    # absl, which TensorFlow brings, would look for a folder for temporary files; reading a digit needs none
    os.environ.setdefault("TEST_TMPDIR", os.devnull)
    import keras

    return keras


def compiled(function: Callable[..., Any], *signature: Any) -> Callable[..., Any]:
    """Compile a function of tensors with that signature (tf.TensorSpec) to one of arrays, safe from several threads.

    It returns arrays instead of tensors. A compiled graph takes 1 ms where model(x) costs 3 to 10 in Python, and
    model.predict 87.
    """
    import tensorflow as tf

    # without AutoGraph: it would want a folder for temporary files
    graph = tf.function(function, input_signature=signature, autograph=False)

    def call(*arrays: Any) -> Any:
        return tf.nest.map_structure(lambda tensor: tensor.numpy(), graph(*arrays))

    return lambda *arrays: _threads.submit(call, *arrays).result()
