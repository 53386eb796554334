"""Labelled images in one file: samples as keras.datasets.mnist's npz, MNIST's idx pair, or PNGs; or others' scans.

Samples are written here and read back. Scans are an npz of `images` (n, h, w) uint8 and `labels` (n,), text; each is
read as a picture is. All are ZIP archives; their contents tell which it is. A file may come from anywhere: reading is
bounded in bytes and in number whatever its headers claim, nothing in it is executed, and no name in it is used as a
path.
"""

import gzip
import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from mnist.data.labelled import LABEL_TEXTS, Labelled, from_arrays, labels_of_text
from mnist.data.mnist_dataset import IDX_NAMES, idx_array
from mnist.errors import TooLargeError, UserError
from mnist.reading.outputs import NO_DIGIT
from mnist.reading.pictures import images as pictures

MAX_IMAGES = 20_000  # in a file: what a class of thirty draws in a school year
MAX_FILE_BYTES = 20_000_000  # of the file, and of each array in it unpacked: enough for that many drawings
MAX_PNG_BYTES = 50_000  # of one picture: 28×28 pixels, and what a paint program adds
MAX_ARRAY_HEADER_BYTES = 1_000  # of an array; keras's have 128
MAX_SCAN_SIDE = 128  # pixels
IMAGES, LABELS = "x_train", "y_train"
SCANS, SCAN_LABELS = "images", "labels"
ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may take gigabytes to unpack a few bytes
ZIP_ENTRY_SIGNATURE = b"PK\x01\x02"  # begins each file's entry in a ZIP's directory


def as_npz(drawn: Labelled) -> bytes:
    """Write the samples in keras.datasets.mnist's layout, all in its training part, none in its test part."""
    images, labels = _as_uint8(drawn)
    contents = {}
    for name, array in zip(IDX_NAMES, (images, labels, images[:0], labels[:0]), strict=True):
        file = io.BytesIO()
        np.save(file, array, allow_pickle=False)
        contents[f"{name}.npy"] = file.getvalue()
    return _zip(contents)


def as_idx(drawn: Labelled) -> bytes:
    """Write the samples as MNIST's own two training files, gzipped, in a ZIP."""
    contents = {}
    for name, array in zip((IMAGES, LABELS), _as_uint8(drawn), strict=True):
        content = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()
        contents[f"{IDX_NAMES[name]}.gz"] = gzip.compress(content, mtime=0)
    return _zip(contents)


def as_png(drawn: Labelled) -> bytes:
    """Write the samples as pictures of 28×28 pixels in a ZIP, a folder for each label: `7/0003.png` is the fourth."""
    contents = {}
    for number, (image, label) in enumerate(zip(*_as_uint8(drawn), strict=True)):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "PNG")
        contents[f"{LABEL_TEXTS[label]}/{number:04}.png"] = file.getvalue()
    return _zip(contents)


def read(path: Path, *, non_digits: bool = False) -> Labelled:
    """Read a file of one of these layouts, written here or elsewhere; labels are 0 … 9 and NO_DIGIT.

    With `non_digits` nothing in it is a digit, whatever its label; letters that look like one are left out.
    Raises UserError if it cannot be opened, is too large, or holds something else.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path}: cannot be opened: {error.strerror}") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NumPy warns of odd headers, Pillow of damaged files
            images, labels = _images_and_labels(content)
            if labels.size > MAX_IMAGES:
                raise TooLargeError(f"it holds {labels.size:,} images; at most {MAX_IMAGES:,} are allowed")
            texts = labels.ravel().tolist() if labels.dtype.kind == "U" else None
    except UserError as error:
        raise type(error)(f"{path}: {error}") from error
    except Exception as error:  # zipfile, zlib, NumPy and Pillow raise errors of any kind on damaged files
        raise UserError(f"{path}: damaged, or not labelled images ({error})") from error
    if texts is not None:
        return _scans(images, texts, path, non_digits)
    found = from_arrays(images, labels, f"{path}: the", NO_DIGIT)
    return Labelled(found.samples, np.full_like(found.labels, NO_DIGIT)) if non_digits else found


def _scans(images: np.ndarray, labels: list[str], path: Path, non_digits: bool) -> Labelled:
    """Frame images of any size as pictures are framed; leave out empty ones and, of non-digits, the look-alikes."""
    sizes_fit = images.ndim == 3 and all(1 <= side <= MAX_SCAN_SIDE for side in images.shape[1:])
    if not sizes_fit or images.dtype != np.uint8:
        wanted = f"(n, h, w) uint8, 1 to {MAX_SCAN_SIDE} pixels high and wide"
        raise UserError(f"{path}: the images should be {wanted}, not {images.shape} {images.dtype}.")
    if len(labels) != len(images):
        raise UserError(f"{path}: it holds {len(images)} images and {len(labels)} labels; it should be as many.")
    numbers = labels_of_text(labels, str(path), non_digits)
    framed = [(pictures.from_array(images[i]).frame(), label) for i, label in enumerate(numbers) if label is not None]
    kept = [(frame.sample, label) for frame, label in framed if frame is not None]
    if not kept:
        raise UserError(f"{path}: no image in it shows anything to learn from.")
    samples, known = zip(*kept, strict=True)
    return Labelled(np.stack(samples), np.array(known, np.int64))


def _as_uint8(drawn: Labelled) -> tuple[np.ndarray, np.ndarray]:
    return (drawn.samples * 255).round().astype(np.uint8), drawn.labels.astype(np.uint8)


def _zip(contents: dict[str, bytes]) -> bytes:
    """Pack these files into a ZIP without dates, so that the same drawings always make the same file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _images_and_labels(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Unpack images and labels as the file holds them, unchecked."""
    if len(content) > MAX_FILE_BYTES:
        raise TooLargeError(f"larger than {MAX_FILE_BYTES // 1_000_000} MB; give fewer images at a time")
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise UserError("neither a .npz nor a .zip file, as the Challenge page saves them")
    if content.count(ZIP_ENTRY_SIGNATURE) > 2 * MAX_IMAGES:  # before zipfile makes an object of each, folders too
        raise TooLargeError(f"it holds too many files; at most {MAX_IMAGES:,} images are allowed")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for pair in ((IMAGES, LABELS), (SCANS, SCAN_LABELS)):
            if f"{pair[0]}.npy" in names:
                return _npy_array(archive, pair[0]), _npy_array(archive, pair[1])
        if any(name.startswith(IDX_NAMES[IMAGES]) for name in names):
            return _idx_file(archive, IMAGES), _idx_file(archive, LABELS)
        return _pngs(archive)


def _unzipped(archive: zipfile.ZipFile, name: str, max_bytes: int) -> bytes:
    """Unpack one file of the archive, `max_bytes` at most, whatever its header claims."""
    try:
        entry = archive.getinfo(name)
    except KeyError as error:
        raise UserError(f"{name} is missing") from error
    if entry.flag_bits & 1 or entry.compress_type not in ZIP_METHODS:
        raise UserError(f"{name} is encrypted or packed in a rare way; make the ZIP again without a password")
    with archive.open(entry) as file:
        return _read_bounded(max_bytes, file.read, name)


def _read_bounded(max_bytes: int, read: Callable[[int], bytes], name: str) -> bytes:
    content = read(max_bytes + 1)
    if len(content) > max_bytes:
        raise TooLargeError(f"{name} has more than {max_bytes:,} bytes; at most {MAX_IMAGES:,} images are allowed")
    return content


def _npy_array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    """Read an array of an npz from its bytes alone: no object is unpickled, no memory is taken on its header's word."""
    content = _unzipped(archive, f"{name}.npy", MAX_FILE_BYTES)
    file = io.BytesIO(content)
    if np.lib.format.read_magic(file) != (1, 0):
        raise UserError(f"{name} is saved in a rare way; save it with numpy.savez")
    shape, columns_first, dtype = np.lib.format.read_array_header_1_0(file, MAX_ARRAY_HEADER_BYTES)
    return np.frombuffer(content, dtype, offset=file.tell()).reshape(shape, order="F" if columns_first else "C")


def _idx_file(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    stem = IDX_NAMES[name]
    if stem in archive.namelist():
        return idx_array(_unzipped(archive, stem, MAX_FILE_BYTES), stem)
    packed = _unzipped(archive, f"{stem}.gz", MAX_FILE_BYTES)
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        return idx_array(_read_bounded(MAX_FILE_BYTES, file.read, stem), stem)


def _pngs(archive: zipfile.ZipFile) -> tuple[np.ndarray, np.ndarray]:
    """Read all pictures of the archive, but not the hidden files that some systems add."""
    names = [name for name in archive.namelist() if not name.endswith("/") and name.rpartition("/")[2][:1] != "."]
    if not names:
        raise UserError("it is empty")
    if len(names) > MAX_IMAGES:
        raise TooLargeError(f"it holds {len(names):,} files; at most {MAX_IMAGES:,} images are allowed")
    images, labels = np.zeros((len(names), 28, 28), np.uint8), np.zeros(len(names), np.int64)
    for number, name in enumerate(names):
        folder = "".join(name.split("/")[-2:-1])
        if folder not in LABEL_TEXTS or not name.lower().endswith(".png"):
            raise UserError(f"{name!r} is not a picture in a folder named after its label, like 7/0003.png")
        labels[number] = LABEL_TEXTS.index(folder)
        images[number] = _png_pixels(_unzipped(archive, name, MAX_PNG_BYTES), name)
    return images, labels


def _png_pixels(content: bytes, name: str) -> np.ndarray:
    """Read a PNG's lightness (28, 28) uint8."""
    with Image.open(io.BytesIO(pictures.without_texts(content)), formats=["PNG"]) as image:
        if image.size != (28, 28) or image.mode.startswith("I"):
            raise UserError(f"{name!r} should have 28×28 pixels of 8 bits, not {image.size} of {image.mode}")
        if image.has_transparency_data:
            raise UserError(f"{name!r} is transparent; save it with white ink on black")
        return np.asarray(image.convert("L"))
