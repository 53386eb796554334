"""Labelled images in a file: each layout is read back as it was written, and all else is refused in a sentence."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from mnist.data import labelled_images
from mnist.data.labelled import Labelled
from mnist.data.labelled_images import as_idx, as_npz, as_png, read
from mnist.errors import UserError
from mnist.reading.pictures import images as pictures
from tools.harness.image_files import file

WRITERS = [as_npz, as_idx, as_png]
Write = Callable[[Labelled], bytes]


def drawings(labels: list[int], seed: int = 0) -> Labelled:
    pixels = np.random.default_rng(seed).integers(0, 256, (len(labels), 28, 28))
    return Labelled(pixels.astype(np.float32) / 255, np.array(labels, np.int64))


def in_order(drawn: Labelled) -> list[tuple[bytes, int]]:
    return sorted((sample.tobytes(), int(label)) for sample, label in zip(drawn.samples, drawn.labels, strict=True))


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, packed in files.items():
            archive.writestr(name, packed)
    return content.getvalue()


def npy(array: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def png(size: tuple[int, int] = (28, 28), mode: str = "L", text: str = "") -> bytes:
    about = PngImagePlugin.PngInfo()
    if text:
        about.add_text("about", text, zip=True)
    return file(Image.new("L", size, 100).convert(mode), pnginfo=about)


def read_bytes(content: bytes) -> Labelled:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "my_digits"
        path.write_bytes(content)
        return read(path)


@pytest.mark.parametrize("write", WRITERS)
@given(labels=st.lists(st.integers(0, 10), min_size=1, max_size=12), seed=st.integers(0, 99))
def test_what_is_written_is_read_back(write: Write, labels: list[int], seed: int) -> None:
    drawn = drawings(labels, seed)
    found = read_bytes(write(drawn))
    assert found.samples.dtype == np.float32
    assert found.labels.dtype == np.int64
    assert in_order(found) == in_order(drawn)


def test_the_npz_is_as_keras_has_it() -> None:
    drawn = drawings([7, 10])
    with np.load(io.BytesIO(as_npz(drawn)), allow_pickle=False) as stored:
        assert sorted(stored) == ["x_test", "x_train", "y_test", "y_train"]
        assert {name: (stored[name].shape, stored[name].dtype) for name in stored} == {
            "x_train": ((2, 28, 28), np.uint8), "y_train": ((2,), np.uint8),
            "x_test": ((0, 28, 28), np.uint8), "y_test": ((0,), np.uint8),
        }  # fmt: skip
        assert stored["y_train"].tolist() == [7, 10]
        assert np.array_equal(stored["x_train"], np.round(drawn.samples * 255))


def test_the_idx_files_are_as_mnist_has_them() -> None:
    drawn = drawings([7, 0])
    with zipfile.ZipFile(io.BytesIO(as_idx(drawn))) as archive:
        assert archive.namelist() == ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"]
        images, labels = (gzip.decompress(archive.read(name)) for name in archive.namelist())
    assert images[:16] == struct.pack(">HBBIII", 0, 8, 3, 2, 28, 28)
    assert images[16:] == np.round(drawn.samples * 255).astype(np.uint8).tobytes()
    assert labels == struct.pack(">HBBI", 0, 8, 1, 2) + b"\x07\x00"


def test_the_pictures_lie_in_folders_of_their_labels() -> None:
    drawn = drawings([7, 0, 10, 7])
    with zipfile.ZipFile(io.BytesIO(as_png(drawn))) as archive:
        assert archive.namelist() == ["7/0000.png", "0/0001.png", "no-digit/0002.png", "7/0003.png"]
        image = Image.open(archive.open("7/0003.png"))
        assert np.array_equal(np.asarray(image), np.round(drawn.samples[3] * 255))


@pytest.mark.parametrize("write", WRITERS)
def test_a_file_does_not_say_when_it_was_made(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    before = write(drawings([1, 2]))
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert write(drawings([1, 2])) == before


def test_pictures_moved_to_another_folder_and_zipped_again_are_read() -> None:
    files = {
        "my_digits/4/": b"",
        "my_digits/4/0003.PNG": png(mode="RGB", text="by a paint program"),
        "__MACOSX/my_digits/4/._0003.PNG": b"what some systems add",
        "my_digits/.DS_Store": b"what some systems add",
    }
    found = read_bytes(zipped(files))
    assert found.labels.tolist() == [4]
    assert np.all(found.samples == np.float32(100) / 255)


def test_idx_files_that_were_unpacked_and_zipped_again_are_read() -> None:
    with zipfile.ZipFile(io.BytesIO(as_idx(drawings([3])))) as archive:
        files = {name.removesuffix(".gz"): gzip.decompress(archive.read(name)) for name in archive.namelist()}
    assert in_order(read_bytes(zipped(files))) == in_order(drawings([3]))


IMAGES, LABELS = np.zeros((2, 28, 28), np.uint8), np.array([0, 1], np.uint8)
LONG = b"\0" * (labelled_images.MAX_FILE_BYTES + 1)
HEADER = b"\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (%d, 28, 28), }".ljust(127) + b"\n"


def npz(images: np.ndarray = IMAGES, labels: np.ndarray = LABELS) -> bytes:
    return zipped({"x_train.npy": npy(images), "y_train.npy": npy(labels)})


def locked() -> bytes:
    """A ZIP that says of its file that it is encrypted."""
    content = bytearray(npz())
    for place in (content.find(b"PK\x03\x04") + 6, content.find(b"PK\x01\x02") + 8):
        content[place] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"my_digits: neither a .npz nor a .zip"),
        (png(), "neither a .npz nor a .zip"),
        (LONG, "larger than 20 MB; give fewer images"),
        (zipped({}), "it is empty"),
        (zipped({"7/": b""}), "it is empty"),
        (zipped({"x_train.npy": npy(IMAGES)}), "y_train.npy is missing"),
        (zipped({"train-images-idx3-ubyte": b""}), "train-labels-idx1-ubyte.gz is missing|damaged"),
        (npz(IMAGES[:, :14]), r"the images should be \(n, 28, 28\) uint8, not \(2, 14, 28\) uint8"),
        (npz(IMAGES.astype(np.float32)), "the images should be .* float32"),
        (npz(labels=np.array([0, 11])), "the labels should be 2 whole numbers from 0 to 10"),
        (npz(labels=np.array([-1, 0])), "the labels should be 2 whole numbers from 0 to 10"),
        (npz(labels=np.array([0.5, 1])), "the labels should be 2 whole numbers from 0 to 10"),
        (npz(labels=np.array(1)), "the labels should be 2 whole numbers"),
        (npz(IMAGES[:0], LABELS[:0]), "the labels should be 0 whole numbers"),
        (npz(np.repeat(IMAGES, 10_001, 0), np.repeat(LABELS, 10_001)), "it holds 20,002 images; at most 20,000"),
        (zipped({"x_train.npy": npy(IMAGES), "y_train.npy": LONG}), "y_train.npy has more than 20,000,000 bytes"),
        (zipped({"train-images-idx3-ubyte.gz": gzip.compress(LONG, mtime=0)}), "train-images-idx3-ubyte has more than"),
        (zipped({"x_train.npy": HEADER % 10**9 + IMAGES.tobytes()}), "damaged, or not labelled images"),
        (zipped({"x_train.npy": b"\x93NUMPY\x03\x00" + bytes(99)}), "x_train is saved in a rare way"),
        (zipped({"x_train.npy": b"\x93NUMPY\x01\x00\x84\x03" + b"-" * 899 + b"1"}), "not labelled images"),
        (zipped({"train-images-idx3-ubyte.gz": gzip.compress(b"\0\0\x08\xff" + b"\xff" * 1020, mtime=0)}), "damaged"),
        (zipped({"train-images-idx3-ubyte": b"\0\0\x0d\x03" + bytes(12)}), "damaged, .*is not an idx file of bytes"),
        (zipped({"x_train.npy": npy(IMAGES)}, zipfile.ZIP_LZMA), "x_train.npy is encrypted or packed in a rare"),
        (locked(), "encrypted or packed in a rare way; make the ZIP again"),
        (zipped({"notes.txt": b""}), "'notes.txt' is not a picture in a folder named after its label, like 7/0003.png"),
        (zipped({"0003.png": png()}), "'0003.png' is not a picture in a folder"),
        (zipped({"7/0003.png": png(), "11/0003.png": png()}), "'11/0003.png' is not a picture in a folder"),
        (zipped({"7/0003.png": png((29, 28))}), r"should have 28×28 pixels of 8 bits, not \(29, 28\) of L"),
        (zipped({"7/0003.png": png(mode="I;16")}), "should have 28×28 pixels of 8 bits"),
        (zipped({"7/0003.png": png(mode="LA")}), "'7/0003.png' is transparent; save it with white ink on black"),
        (zipped({"7/0003.png": b"no PNG at all"}), "damaged, or not labelled images"),
        (zipped({"7/0003.png": png()[:45]}), "damaged, or not labelled images"),
        (zipped({"7/0003.png": png() + bytes(50_000)}), "7/0003.png has more than 50,000 bytes"),
    ],
)  # fmt: skip
def test_what_is_something_else_ends_in_a_sentence(content: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_bytes(content)


@pytest.mark.parametrize(
    ("names", "count", "message"), [("7/{}.png", 20_001, "it holds 20,001 files; at most"), ("{}/", 40_001, "too many")]
)
def test_too_many_files_are_refused(names: str, count: int, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_bytes(zipped({names.format(number): b"" for number in range(count)}))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none.npz: cannot be opened: No such file"):
        read(tmp_path / "none.npz")


def test_pickled_objects_are_not_opened(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
            return Path.touch, (tmp_path / "touched",)

    with pytest.raises(UserError, match="damaged, or not labelled images"):
        read_bytes(zipped({"x_train.npy": npy(np.array([Evil()], object))}))
    assert not (tmp_path / "touched").exists()


def test_a_name_in_an_archive_is_no_path(tmp_path: Path) -> None:
    path = tmp_path / "some" / "folder" / "my_digits"
    path.parent.mkdir(parents=True)
    path.write_bytes(zipped({"../../7/escaped.png": png()}))
    before = sorted(tmp_path.parent.rglob("*"))
    assert read(path).labels.tolist() == [7]
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_texts_in_a_picture_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = png(text="no" * 400_000)
    monkeypatch.setattr(PngImagePlugin.PngStream, "chunk_zTXt", lambda *_: pytest.fail("a text was unpacked"))
    with pytest.raises(pytest.fail.Exception):
        Image.open(io.BytesIO(content)).load()
    assert len(read_bytes(zipped({"7/0.png": content}))) == 1


def scans(labels: list[str], images: np.ndarray | None = None) -> bytes:
    """An npz of scans: a dark bar each on light paper, as high as the scan is wide."""
    if images is None:
        images = np.full((len(labels), 30, 20), 255, np.uint8)
        images[:, 5:25, 9:12] = 10
    return zipped({"images.npy": npy(images), "labels.npy": npy(np.array(labels))})


def test_scans_of_any_size_and_ink_are_framed_as_pictures_are() -> None:
    images = np.full((2, 40, 21), 255, np.uint8)
    images[:, 5:35, 9:12] = 10
    images[1] = 255 - images[1]
    found = read_bytes(scans(["1", "no-digit"], images))
    assert found.labels.tolist() == [1, 10]
    assert found.labels.dtype == np.int64
    assert np.allclose(found.samples[0], found.samples[1], atol=0.01)
    assert np.array_equal(found.samples[0], pictures.from_array(images[0]).frame().sample)  # type: ignore[union-attr]
    rows = np.flatnonzero(found.samples[0].max(axis=1) > 0.5)
    assert len(rows) == 20


def test_empty_scans_are_left_out() -> None:
    images = np.zeros((3, 16, 16), np.uint8)
    images[1, 4:12, 7:9] = 255
    assert read_bytes(scans(["1", "2", "3"], images)).labels.tolist() == [2]


def test_nothing_is_a_digit_if_it_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "letters.npz"
    path.write_bytes(scans(["A", "O", "7", "tree"]))
    assert read(path, non_digits=True).labels.tolist() == [10, 10, 10]
    path.write_bytes(as_npz(drawings([1, 2, 10])))
    assert read(path, non_digits=True).labels.tolist() == [10, 10, 10]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (scans(["7"], np.zeros((1, 129, 20), np.uint8)), r"1 to 128 pixels high and wide, not \(1, 129, 20\)"),
        (scans(["7"], np.zeros((1, 0, 20), np.uint8)), r"1 to 128 pixels high and wide, not \(1, 0, 20\) uint8"),
        (scans(["7"], np.zeros((1, 20, 20))), r"the images should be .* not \(1, 20, 20\) float64"),
        (scans(["7"], np.zeros((20, 20), np.uint8)), r"the images should be .* not \(20, 20\) uint8"),
        (scans(["7", "8"], np.ones((1, 20, 20), np.uint8)), "it holds 1 images and 2 labels; it should be as many"),
        (scans(["7"], np.ones((1, 20, 20), np.uint8)), "no image in it shows anything to learn from"),
        (scans(["7", "x"]), "my_digits: the label 'x' is no digit. Give files .* with --non-digits"),
        (scans(["7"] * 20_001, np.zeros((1, 20, 20), np.uint8)), "it holds 20,001 images; at most 20,000"),
        (zipped({"images.npy": npy(IMAGES), "labels.npy": npy(np.frombuffer(b"\xff" * 8, "<U1"))}), "damaged, or not"),
    ],
)
def test_other_scans_end_in_a_sentence(content: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_bytes(content)


@given(content=st.binary(max_size=400))
def test_arbitrary_bytes_end_in_a_sentence(content: bytes) -> None:
    for damaged in (
        content,
        zipped({"x_train.npy": content, "y_train.npy": npy(LABELS)}),
        zipped({"train-images-idx3-ubyte": content, "train-labels-idx1-ubyte": content}),
        zipped({"7/0.png": content}),
    ):
        with pytest.raises(UserError):
            read_bytes(damaged)


@pytest.mark.parametrize("write", WRITERS)
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_ends_in_a_sentence(write: Write, changes: list[tuple[float, bytes]]) -> None:
    content = write(drawings([1, 2, 10]))
    for share, piece in changes:
        place = int(share * len(content))
        content = content[:place] + piece + content[place + 2 :]
    try:
        found = read_bytes(content)
    except UserError:
        return
    assert len(found) >= 1
    assert ((found.labels >= 0) & (found.labels <= 10)).all()
