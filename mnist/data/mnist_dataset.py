"""MNIST, from a local file or folder or by Keras's own download, and its split for training.

The files are those of yann.lecun.com (idx) and of `keras.datasets.mnist` (npz): 60,000 training and 10,000 test images.
"""

import gzip
import os
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist.data.labelled import NO_SAMPLES, Labelled, from_arrays
from mnist.errors import UserError

ENVIRONMENT = "MNIST_DATA"  # names the file or folder when no path is given
MAX_BYTES = 100_000_000  # of each array unpacked: MNIST's largest has 47 million
VALIDATION = 6000  # training images kept aside: every choice is made on them
IDX_NAMES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


@dataclass(frozen=True)
class Mnist:
    """The three parts: for learning, for every choice, and for the one last look; and what is learned from besides."""

    train: Labelled
    validation: Labelled
    test: Labelled
    extra: Labelled = NO_SAMPLES


def load(path: Path | None) -> Mnist:
    """MNIST from `path` (npz, or a folder of the four idx files), else from $MNIST_DATA, else downloaded by Keras.

    The validation part is the same whatever the seed: a fixed shuffle of the training set's 60,000.
    Raises UserError where nothing is found or what is found is not MNIST.
    """
    arrays = _load_arrays(path)
    parts = {}
    for part in ("train", "test"):
        parts[part] = from_arrays(arrays[f"x_{part}"], arrays[f"y_{part}"], f"MNIST's {part}")
    order = np.random.default_rng(0).permutation(len(parts["train"]))
    held = min(VALIDATION, len(order) // 5)
    return Mnist(parts["train"][order[held:]], parts["train"][order[:held]], parts["test"])


def images_at_hand() -> np.ndarray | None:
    """MNIST's test images (n, 28, 28) uint8 from $MNIST_DATA; None where that is not set: nothing is downloaded.

    Raises UserError where what it names is not MNIST.
    """
    if not os.environ.get(ENVIRONMENT):
        return None
    arrays = _load_arrays(None)
    from_arrays(arrays["x_test"], arrays["y_test"], "MNIST's test")
    return arrays["x_test"]


def _load_arrays(path: Path | None) -> dict[str, np.ndarray]:
    named = path or (Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None)
    if named is None:
        return _download()
    if not named.exists():
        raise UserError(
            f"{named}: no such file or folder. Give mnist.npz or the folder of idx files with --data or {ENVIRONMENT}."
        )
    try:
        return _read_idx_folder(named) if named.is_dir() else _read_npz(named)
    except (
        OSError, ValueError, EOFError, LookupError, TypeError, AttributeError, MemoryError,
        struct.error, zlib.error, zipfile.BadZipFile,
    ) as error:  # fmt: skip
        raise UserError(
            f"{named}: not MNIST ({error}). Expected keras.datasets.mnist's npz or the four idx files."
        ) from error


def _read_npz(path: Path) -> dict[str, np.ndarray]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        for entry in stored.zip.infolist():  # zipfile unpacks no more than that, whatever there is
            _check_size(entry.file_size, entry.filename)
        return {name: stored[name] for name in IDX_NAMES}


def _check_size(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise ValueError(f"{name} has more than {MAX_BYTES:,} bytes")


def _read_idx_folder(folder: Path) -> dict[str, np.ndarray]:
    return {name: _read_idx(folder, stem) for name, stem in IDX_NAMES.items()}


def _read_idx(folder: Path, stem: str) -> np.ndarray:
    """One idx file, gzipped or not."""
    plain, zipped = folder / stem, folder / f"{stem}.gz"
    path = plain if plain.exists() else zipped
    if not path.exists():
        raise ValueError(f"{stem} or {stem}.gz is missing")
    with path.open("rb") if path == plain else gzip.open(path) as file:
        content = file.read(MAX_BYTES + 1)
    _check_size(len(content), path.name)
    return idx_array(content, stem)


def idx_array(content: bytes, name: str) -> np.ndarray:
    """What an idx file of bytes holds: two zero bytes, a type (8: uint8), the number of axes, their sizes, the bytes.

    Raises ValueError or struct.error where it is none; the file is called `name`.
    """
    zeros, kind, axes = struct.unpack_from(">HBB", content)
    if zeros != 0 or kind != 8:
        raise ValueError(f"{name} is no idx file of bytes")
    shape = struct.unpack_from(f">{axes}I", content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def _download() -> dict[str, np.ndarray]:
    from keras.datasets import mnist  # here: reading from a file needs no TensorFlow

    try:
        (x_train, y_train), (x_test, y_test) = mnist.load_data()
    except Exception as error:  # Keras raises a bare Exception when the download fails
        if type(error) is not Exception and not isinstance(error, OSError):
            raise
        raise UserError(
            f"MNIST could not be downloaded. Without a network, give mnist.npz with --data or {ENVIRONMENT}."
        ) from error
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
