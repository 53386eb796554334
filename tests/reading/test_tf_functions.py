"""TensorFlow's functions as functions of arrays."""

import gc
import threading

import numpy as np
import pytest

from mnist.reading.tf_functions import THREADS, compiled

pytestmark = pytest.mark.tensorflow


def test_threads_that_come_and_go_leave_nothing_of_tensorflow_behind() -> None:
    import tensorflow as tf
    from tensorflow.python.eager.context import FunctionCallOptions

    double = compiled(lambda numbers: 2 * numbers, tf.TensorSpec((None,), tf.float32))

    def left() -> int:
        gc.collect()
        return sum(isinstance(some, FunctionCallOptions) for some in gc.get_objects())

    before = left()
    for number in range(20):
        thread = threading.Thread(target=double, args=(np.array([number], np.float32),))
        thread.start()
        thread.join()
    assert left() - before <= THREADS


def test_arrays_come_back_in_the_places_of_tensors() -> None:
    import tensorflow as tf

    both = compiled(lambda numbers: (numbers + 1, [numbers * 2]), tf.TensorSpec((None,), tf.float32))
    more, (twice,) = both(np.array([1, 5], np.float32))
    assert isinstance(more, np.ndarray)
    assert (more.tolist(), twice.tolist()) == ([2, 6], [2, 10])
