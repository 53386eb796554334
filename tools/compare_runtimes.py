"""`python -m tools.compare_runtimes`: the shipped network run by ONNX Runtime, LiteRT, NumPy and TensorFlow.

Each runs in a process of its own, on one core, and prints a row of the table in docs/decisions/reading.md: the size of
its packages, seconds to import it and to load the network, memory, and milliseconds for each of 1, 8, 64 and 500
samples. It needs LiteRT: `.venv/bin/pip install ai-edge-litert==2.3.0`.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import files
from pathlib import Path
from typing import Any

import numpy as np

from mnist.files import MODEL
from mnist.reading.network import SUFFIX, Network, from_onnx

COUNTS = (1, 8, 64, 500)  # samples in one batch
REPEATS = 400  # samples, of each count, at least
PACKAGES = {
    "ONNX Runtime": ["onnxruntime"],
    "LiteRT": ["ai-edge-litert"],
    "NumPy": [],
    "TensorFlow": ["tensorflow-cpu", "keras"],
}


def onnx_runtime(folder: Path) -> Network:
    """Return the network as the program runs it."""
    return from_onnx(MODEL.with_suffix(SUFFIX).read_bytes())


def litert(folder: Path) -> Network:
    """Return the network run by LiteRT."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(folder / "network.tflite"), num_threads=1)
    (given,), (answer,) = interpreter.get_input_details(), interpreter.get_output_details()

    def logits(samples: np.ndarray) -> np.ndarray:
        interpreter.resize_tensor_input(given["index"], samples.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(given["index"], samples)
        interpreter.invoke()
        return np.asarray(interpreter.get_tensor(answer["index"]))

    return logits


def numpy(folder: Path) -> Network:
    """Return the network as matrix products of patches, its normalisations folded into the kernels."""
    with np.load(folder / "weights.npz") as stored:
        *convolutions, (weights, bias) = [(stored[f"{i}a"], stored[f"{i}b"]) for i in range(len(stored) // 2)]

    def logits(samples: np.ndarray) -> np.ndarray:
        maps = samples[..., None]
        for number, (kernel, shift) in enumerate(convolutions):
            side, step = len(kernel), 2 if number in (0, 3) else 1
            size = -(-maps.shape[1] // step)
            room = max((size - 1) * step + side - maps.shape[1], 0)
            padded = np.pad(maps, ((0, 0), *[(room // 2, room - room // 2)] * 2, (0, 0)))
            patches = np.lib.stride_tricks.sliding_window_view(padded, (side, side), (1, 2))[:, ::step, ::step]
            rows = patches.transpose(0, 1, 2, 4, 5, 3).reshape(-1, kernel[..., 0].size)
            maps = np.maximum(rows @ kernel.reshape(-1, kernel.shape[-1]) + shift, 0)
            maps = maps.reshape(len(samples), size, size, -1)
        return np.asarray(maps.mean((1, 2)) @ weights + bias)

    return logits


def tensorflow(folder: Path) -> Network:
    """Return the network as a compiled graph of TensorFlow's."""
    import keras
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    model = keras.models.load_model(MODEL, compile=False)
    graph = tf.function(lambda samples: model([samples]), [tf.TensorSpec((None, 28, 28), tf.float32)], autograph=False)
    return lambda samples: np.asarray(graph(samples))


RUNTIMES: dict[str, Callable[[Path], Network]] = dict(
    zip(PACKAGES, (onnx_runtime, litert, numpy, tensorflow), strict=True)
)


def prepare(folder: Path) -> None:
    """Write the network's other forms."""
    import keras

    model = keras.models.load_model(MODEL, compile=False)
    model.export(folder / "network.tflite", format="litert", verbose=False)
    parts: list[tuple[Any, Any]] = []
    for layer in model.layers:
        weights = layer.get_weights()
        if isinstance(layer, keras.layers.BatchNormalization):
            scale, shift, mean, variance = weights
            factor = scale / np.sqrt(variance + layer.epsilon)
            parts[-1] = parts[-1][0] * factor, shift - mean * factor
        elif weights:
            parts.append((weights[0], weights[-1]))
    named = {f"{i}{letter}": part for i, pair in enumerate(parts) for letter, part in zip("ab", pair, strict=True)}
    np.savez(folder / "weights.npz", **named)


def resident_mb() -> float:
    """Return the memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def row(name: str, folder: Path) -> str:
    """Measure one runtime in this process; return its row."""
    before, began = resident_mb(), time.perf_counter()
    network = RUNTIMES[name](folder)
    samples = np.random.default_rng(1).random((max(COUNTS), 28, 28), np.float32)
    network(samples[:1])
    loaded, small = time.perf_counter() - began, resident_mb()
    times = []
    for count in COUNTS:
        laps = []
        for _ in range(max(5, REPEATS // count)):
            began = time.perf_counter()
            network(samples[:count])
            laps.append(time.perf_counter() - began)
        times.append(f"{1000 * statistics.median(laps) / count:.2f}")
    apart = np.abs(network(samples) - onnx_runtime(folder)(samples)).max()
    paths = [Path(str(path.locate())) for package in PACKAGES[name] for path in files(package) or []]
    size = sum(path.stat().st_size for path in paths if path.is_file()) / 1e6
    memory = f"{small - before:.0f} / {resident_mb() - before:.0f}"
    return f"| {name} | {size:.0f} | {loaded:.2f} | {memory} | {' / '.join(times)} | {apart:.0e} |"


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[1:]:
            print(row(sys.argv[1], Path(sys.argv[2])))
            return
        prepare(Path(folder))
        print("| run by | MB on disk | s to load | MB for 1 / 500 samples | ms a sample of 1 / 8 / 64 / 500 | apart |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |", flush=True)
        for name in PACKAGES:
            command = [sys.executable, "-m", "tools.compare_runtimes", name, folder]
            environment = {"OPENBLAS_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
            subprocess.run(command, check=True, env=environment)


if __name__ == "__main__":
    main()
