"""A network as it is read with: in the form that Keras exports for other programs (ONNX), run by ONNX Runtime.

Reading needs no TensorFlow, which takes seconds to import and half a gigabyte; docs/decisions/reading.md compares.
"""

import os
from collections.abc import Callable, Sequence

import numpy as np

SAMPLES_PER_BATCH = 64  # of 500, each sample takes a fifth longer, and 30 MB more are needed
OUTPUTS = 11  # the ten digits, and no digit
SUFFIX = ".onnx"  # of the file beside a model's .keras

Network = Callable[[np.ndarray], np.ndarray]  # samples (n, 28, 28) to logits (n, 11)


def from_onnx(content: bytes) -> Network:
    """Return the network in the bytes of an ONNX file, safe from several threads; each call takes one core.

    Raises ValueError if the bytes are no network.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # it would tell Microsoft of each start; only this, before, stops it all
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep what the largest batch took
    options.log_severity_level = 3  # errors; all of them are raised, too
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's have nothing in common
        raise ValueError(str(error)) from error
    (samples,) = session.get_inputs()

    def logits(given: np.ndarray) -> np.ndarray:
        return np.asarray(session.run(None, {samples.name: np.asarray(given, np.float32)})[0])

    return logits


def logits_of(network: Network, samples: Sequence[np.ndarray] | np.ndarray) -> np.ndarray:
    """Return logits (n, 11) of n samples (28, 28), perhaps none, computed in batches that fit any memory."""
    starts = range(0, len(samples), SAMPLES_PER_BATCH)
    batches = [network(np.asarray(samples[start : start + SAMPLES_PER_BATCH])) for start in starts]
    return np.concatenate([np.zeros((0, OUTPUTS), np.float32), *batches])
