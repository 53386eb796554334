"""MNIST from a local file or folder, or downloaded by Keras, and its split for training.

The files are those of yann.lecun.com (idx) or `keras.datasets.mnist` (npz): 60,000 training and 10,000 test images.
"""

import gzip
import http.client
import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist.data.labelled import Labelled, check_arrays, from_arrays
from mnist.errors import UserError
from mnist.packages import check_tensorflow

PATH_VARIABLE = "MNIST_DATA"  # the environment variable that names the file or folder if no path is given
MAX_ARRAY_BYTES = 100_000_000  # of each array unpacked; MNIST's largest has 47 million
VALIDATION_IMAGES = 6000  # training images kept aside; every choice is made on them
IDX_NAMES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


@dataclass(frozen=True)
class Mnist:
    """MNIST's parts for training, for choices and for the final measurement."""

    train: Labelled
    validation: Labelled
    test: Labelled

    @property
    def checksum(self) -> str:
        """CRC-32 of the part for training, as 8 hexadecimal digits."""
        return f"{zlib.crc32(self.train.labels.data, zlib.crc32(self.train.samples.data)):08x}"


def load(path: Path | None) -> Mnist:
    """Load MNIST from `path` (npz, or a folder of the four idx files), else from $MNIST_DATA, else by Keras's download.

    The validation part never changes: it comes from a fixed shuffle of the 60,000 training images.
    Raises UserError if nothing is found, or something that is not MNIST.
    """
    arrays = _load_arrays(path)
    train, test = (
        from_arrays(arrays[f"x_{part}"], arrays[f"y_{part}"], f"MNIST's {part}") for part in ("train", "test")
    )
    learned, held_out = _split(len(train))
    return Mnist(train[learned], train[held_out], test)


def load_few(path: Path, training: int, validation: int) -> tuple[Labelled, Labelled]:
    """Load at most so many samples of the parts for training and validation; no others are converted, for memory.

    Raises UserError as `load`.
    """
    arrays = _load_arrays(path)
    images, labels, whose = arrays["x_train"], arrays["y_train"], "MNIST's train"
    check_arrays(images, labels, whose)
    learned, held_out = _split(len(labels))
    few, few_held_out = (
        from_arrays(images[chosen], labels[chosen], whose) for chosen in (learned[:training], held_out[:validation])
    )
    return few, few_held_out


def _split(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the indices of the training images to learn from, and of those kept aside."""
    order = np.random.default_rng(0).permutation(count)
    held_out = min(VALIDATION_IMAGES, count // 5)
    return order[held_out:], order[:held_out]


def local_test_images() -> np.ndarray | None:
    """Return MNIST's test images (n, 28, 28) uint8 from $MNIST_DATA, or None if it is not set: nothing is downloaded.

    Raises UserError if it names something that is not MNIST.
    """
    if not os.environ.get(PATH_VARIABLE):
        return None
    arrays = _load_arrays(None)
    check_arrays(arrays["x_test"], arrays["y_test"], "MNIST's test")
    return arrays["x_test"]


def _load_arrays(path: Path | None) -> dict[str, np.ndarray]:
    if path is None:
        if not (named := os.environ.get(PATH_VARIABLE)):
            return _download()
        path = Path(named)
    if not path.exists():
        raise UserError(
            f"{path}: no such file or folder. Give mnist.npz or the folder of idx files with --data or {PATH_VARIABLE}."
        )
    try:
        if path.is_dir():
            return {name: _read_idx(path, stem) for name, stem in IDX_NAMES.items()}
        return _read_npz(path)
    except Exception as error:  # zipfile, zlib and NumPy raise errors of any kind on damaged files
        raise UserError(
            f"{path}: not MNIST ({error}). Expected keras.datasets.mnist's npz or the four idx files."
        ) from error


def _read_npz(path: Path) -> dict[str, np.ndarray]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        for entry in stored.zip.infolist():  # zipfile unpacks no more than this size
            _check_size(entry.file_size, entry.filename)
        return {name: stored[name] for name in IDX_NAMES}


def _check_size(size: int, name: str) -> None:
    if size > MAX_ARRAY_BYTES:
        raise ValueError(f"{name} has more than {MAX_ARRAY_BYTES:,} bytes")


def _read_idx(folder: Path, stem: str) -> np.ndarray:
    """Read one idx file, gzipped or not."""
    plain, gzipped = folder / stem, folder / f"{stem}.gz"
    path = plain if plain.exists() else gzipped
    if not path.exists():
        raise ValueError(f"{stem} or {stem}.gz is missing")
    with path.open("rb") if path == plain else gzip.open(path) as file:
        content = file.read(MAX_ARRAY_BYTES + 1)
    _check_size(len(content), path.name)
    return idx_array(content, stem)


def idx_array(content: bytes, name: str) -> np.ndarray:
    """Parse an idx file of bytes: two zero bytes, a type (8: uint8), the number of axes, their sizes, then the bytes.

    `name` is the file's name, for messages. Raises ValueError or struct.error if it is no such file.
    """
    zeros, kind, axes = struct.unpack_from(">HBB", content)
    if zeros != 0 or kind != 8:
        raise ValueError(f"{name} is not an idx file of bytes")
    shape = struct.unpack_from(f">{axes}I", content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def _download() -> dict[str, np.ndarray]:
    check_tensorflow()
    from keras.datasets import mnist  # not at the top: reading a file needs no TensorFlow

    try:
        (x_train, y_train), (x_test, y_test) = mnist.load_data()
    except Exception as error:  # Keras raises a bare Exception when the download fails, ValueError for damaged files
        if type(error) is not Exception and not isinstance(error, OSError | ValueError | http.client.HTTPException):
            raise
        raise UserError(
            f"MNIST could not be downloaded. Without a network, give mnist.npz with --data or {PATH_VARIABLE}."
        ) from error
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
