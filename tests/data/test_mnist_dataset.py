"""MNIST from files: both layouts give the same, what is not MNIST is refused."""

import gzip
import http.client
import struct
import tracemalloc
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from mnist.data import mnist_dataset
from mnist.errors import UserError
from tests.data.test_labelled_images import zipped

NPY = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }".ljust(127) + b"\n"
CLAIM = NPY.replace(b"(0,), }" + b" " * 13, b"(99999999999999,), }")  # more memory than there is
CLAIMS = zipped({f"{name}.npy": CLAIM for name in mnist_dataset.IDX_NAMES})


def write_idx(folder: Path, arrays: dict[str, np.ndarray], packed: bool) -> None:
    for name, stem in mnist_dataset.IDX_NAMES.items():
        array = arrays[name]
        content = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()
        target = folder / (f"{stem}.gz" if packed else stem)
        target.write_bytes(gzip.compress(content) if packed else content)


def test_the_real_one(mnist_path: Path) -> None:
    mnist = mnist_dataset.load(mnist_path)
    assert (len(mnist.train), len(mnist.validation), len(mnist.test)) == (54_000, 6_000, 10_000)
    assert mnist.train.samples.dtype == np.float32
    pixels = np.concatenate([mnist.train.samples, mnist.validation.samples])
    assert pixels.mean(dtype=np.float64) * 255 == pytest.approx(33.318421, abs=1e-4)  # the published mean


def test_npz_and_idx_are_the_same(npz: Path, arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    expected = mnist_dataset.load(npz)
    assert (len(expected.train), len(expected.validation), len(expected.test)) == (32, 8, 10)
    for packed in (False, True):
        folder = tmp_path / str(packed)
        folder.mkdir()
        write_idx(folder, arrays, packed)
        loaded = mnist_dataset.load(folder)
        assert np.array_equal(loaded.train.samples, expected.train.samples)
        assert np.array_equal(loaded.test.labels, expected.test.labels)


def test_training_and_validation_share_nothing_and_keep_labels(npz: Path, arrays: dict[str, np.ndarray]) -> None:
    mnist = mnist_dataset.load(npz)
    label_of = {image.tobytes(): label for image, label in zip(arrays["x_train"], arrays["y_train"], strict=True)}
    seen = [
        ((sample * 255).round().astype(np.uint8).tobytes(), label)
        for part in (mnist.train, mnist.validation)
        for sample, label in zip(part.samples, part.labels, strict=True)
    ]
    assert len({image for image, _ in seen}) == 40
    assert all(label_of[image] == label for image, label in seen)


def test_what_is_learned_from_has_a_checksum(npz: Path, arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    arrays["x_train"] ^= 1
    np.savez(tmp_path / "other.npz", **arrays)  # type: ignore[arg-type]
    one, same, other = (mnist_dataset.load(path).checksum for path in (npz, npz, tmp_path / "other.npz"))
    assert one == same != other


@pytest.mark.parametrize(("training", "validation"), [(12, 3), (6000, 500)], ids=["some", "more than there are"])
def test_a_few_are_the_first_of_all(training: int, validation: int, npz: Path) -> None:
    mnist = mnist_dataset.load(npz)
    learned, held_out = mnist_dataset.load_few(npz, training, validation)
    for few, part in ((learned, mnist.train[:training]), (held_out, mnist.validation[:validation])):
        assert np.array_equal(few.samples, part.samples)
        assert np.array_equal(few.labels, part.labels)


def test_a_few_take_little_memory(tmp_path: Path, arrays: dict[str, np.ndarray]) -> None:
    many = {"x_train": np.zeros((10_000, 28, 28), np.uint8), "y_train": np.zeros(10_000, np.uint8)}
    np.savez(tmp_path / "mnist.npz", **{**arrays, **many})  # type: ignore[arg-type]
    tracemalloc.start()
    mnist_dataset.load_few(tmp_path / "mnist.npz", 100, 10)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * many["x_train"].nbytes  # as floats they would be four times as much


def test_the_environment_names_the_file(
    npz: Path, arrays: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_DATA", str(npz))
    assert len(mnist_dataset.load(None).test) == 10
    images = mnist_dataset.local_test_images()
    assert images is not None
    assert np.array_equal(images, arrays["x_test"])
    monkeypatch.delenv("MNIST_DATA")
    assert mnist_dataset.local_test_images() is None


@pytest.mark.network
def test_without_a_file_keras_is_asked(arrays: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MNIST_DATA", raising=False)
    both = (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
    monkeypatch.setattr("keras.datasets.mnist.load_data", lambda: both)
    assert len(mnist_dataset.load(None).test) == 10


@pytest.mark.network
@pytest.mark.parametrize(
    "raised",
    [
        Exception("URL fetch failure on https://…"),  # as Keras raises it
        ValueError("Incomplete or corrupted file detected."),
        http.client.IncompleteRead(b""),
    ],
    ids=lambda raised: type(raised).__name__,
)
def test_without_a_file_and_a_network_it_says_what_to_do(raised: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MNIST_DATA", raising=False)
    monkeypatch.setattr("keras.datasets.mnist.load_data", Mock(side_effect=raised))
    with pytest.raises(UserError, match=r"could not be downloaded. Without a network, give mnist.npz with --data"):
        mnist_dataset.load(None)


def test_missing_files_are_named(tmp_path: Path, arrays: dict[str, np.ndarray]) -> None:
    with pytest.raises(UserError, match=r"nowhere.npz: no such file or folder"):
        mnist_dataset.load(tmp_path / "nowhere.npz")
    write_idx(tmp_path, arrays, packed=False)
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(UserError, match=r"t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz is missing"):
        mnist_dataset.load(tmp_path)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04broken", NPY, CLAIMS])
def test_a_broken_npz_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    with pytest.raises(UserError, match="not MNIST"):
        mnist_dataset.load(path)


def test_what_unpacks_to_more_than_mnist_is_refused(
    npz: Path, arrays: dict[str, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("plain", "zipped"):
        (tmp_path / folder).mkdir()
        write_idx(tmp_path / folder, arrays, packed=folder == "zipped")
    monkeypatch.setattr(mnist_dataset, "MAX_ARRAY_BYTES", arrays["x_train"].nbytes)  # the header comes on top
    for path in (npz, tmp_path / "plain", tmp_path / "zipped"):
        with pytest.raises(UserError, match="has more than 31,360 bytes"):
            mnist_dataset.load(path)


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\x0d\x01\0\0\0\x01abcd", b"\0\0\x08\x03\0\0\0\x09", gzip.compress(b"x", mtime=0)[:5]]
)
def test_a_broken_idx_file_is_refused(tmp_path: Path, arrays: dict[str, np.ndarray], content: bytes) -> None:
    write_idx(tmp_path, arrays, packed=False)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(content)
    with pytest.raises(UserError, match="not MNIST"):
        mnist_dataset.load(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x_train": np.zeros((40, 14, 14), np.uint8)}, "train images should be"),
        ({"x_test": np.zeros((10, 28, 28), np.float32)}, "test images should be"),
        ({"y_train": np.zeros(39, np.uint8)}, "train labels should be 40 whole numbers"),
        ({"y_test": np.full(10, 0.5)}, "test labels should be 10 whole numbers from 0 to 9"),
        ({"y_test": np.full(10, 10)}, "test labels should be 10 whole numbers"),
        ({"y_test": np.array([print] * 10)}, "not MNIST"),  # it would be unpickled
    ],
)
def test_other_data_is_refused(
    tmp_path: Path, arrays: dict[str, np.ndarray], changes: dict[str, np.ndarray], message: str
) -> None:
    path = tmp_path / "mnist.npz"
    np.savez(path, **{**arrays, **changes})  # type: ignore[arg-type]
    with pytest.raises(UserError, match=message):
        mnist_dataset.load(path)
