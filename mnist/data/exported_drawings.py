"""Labelled drawings in one file, written and read back: keras.datasets.mnist's npz, MNIST's idx pair, or PNGs.

All three are ZIP archives, and what is in them tells which it is. They may come from anywhere: what is read of one is
bounded, in bytes and in number, whatever its headers claim; nothing in it is executed, and no name in it is a path.
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

from mnist.data.labelled import Labelled, from_arrays
from mnist.data.mnist_dataset import IDX_NAMES, idx_array
from mnist.errors import TooLargeError, UserError
from mnist.reading.classifier import NO_DIGIT

MOST = 20_000  # samples that are read of a file: what a class of thirty draws in a school year
MAX_BYTES = 20_000_000  # of the file, and of each array in it unpacked: so many samples and some room
MAX_PNG_BYTES = 50_000  # of one picture: 28×28 pixels, and what a paint program says besides
MAX_HEADER_BYTES = 1_000  # of an array: keras's have 128
IMAGES, LABELS = "x_train", "y_train"
FOLDERS = (*"0123456789", "no-digit")  # of pictures, by label; in the alphabet's order, as other programs number them
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may ask for gigabytes to unpack a few bytes
ENTRY = b"PK\x01\x02"  # begins what a ZIP's directory says of each file


def as_npz(drawn: Labelled) -> bytes:
    """The samples in keras.datasets.mnist's layout, all of them to learn from, none in its test part."""
    images, labels = _as_bytes(drawn)
    contents = {}
    for name, array in zip(IDX_NAMES, (images, labels, images[:0], labels[:0]), strict=True):
        file = io.BytesIO()
        np.save(file, array, allow_pickle=False)
        contents[f"{name}.npy"] = file.getvalue()
    return _zip(contents)


def as_idx(drawn: Labelled) -> bytes:
    """The samples as MNIST's own two files to learn from, gzipped, in a ZIP."""
    contents = {}
    for name, array in zip((IMAGES, LABELS), _as_bytes(drawn), strict=True):
        content = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()
        contents[f"{IDX_NAMES[name]}.gz"] = gzip.compress(content, mtime=0)
    return _zip(contents)


def as_png(drawn: Labelled) -> bytes:
    """The samples as pictures of 28×28 pixels in a ZIP, in a folder for each label: `7/0003.png` is the fourth."""
    contents = {}
    for number, (image, label) in enumerate(zip(*_as_bytes(drawn), strict=True)):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "PNG")
        contents[f"{FOLDERS[label]}/{number:04}.png"] = file.getvalue()
    return _zip(contents)


def read(path: Path) -> Labelled:
    """The samples that a file written here holds, or another of the same layout; labels 0 … 9 and NO_DIGIT.

    NO_DIGIT is allowed, as the network has an output for it, and learns from what people draw that is no digit.
    Raises UserError where it cannot be opened, is too large, or holds something else.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path}: cannot be opened: {error.strerror}") from error
    try:
        images, labels = _unpack(content)
    except UserError as error:
        raise type(error)(f"{path}: {error}") from error
    except Exception as error:  # a damaged archive or picture raises whatever zipfile, zlib, NumPy and Pillow think of
        raise UserError(f"{path}: damaged, or no drawings with labels ({error})") from error
    if labels.size > MOST:
        raise TooLargeError(f"{path}: {labels.size:,} drawings in it; at most {MOST:,} are read")
    return from_arrays(images, labels, f"{path}: the", NO_DIGIT)


def _as_bytes(drawn: Labelled) -> tuple[np.ndarray, np.ndarray]:
    return (drawn.samples * 255).round().astype(np.uint8), drawn.labels.astype(np.uint8)


def _zip(contents: dict[str, bytes]) -> bytes:
    """A ZIP of these files, which says nothing of when it was made: the same drawings make the same file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _unpack(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels as the file holds them, unchecked."""
    if len(content) > MAX_BYTES:
        raise TooLargeError(f"a file of more than {MAX_BYTES // 1_000_000} MB; give fewer drawings at a time")
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise UserError("neither a .npz nor a .zip, as the page of the challenge gives them")
    if content.count(ENTRY) > 2 * MOST:  # before zipfile makes an object of each; folders are entries, too
        raise TooLargeError(f"too many files in it; at most {MOST:,} drawings are read")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if f"{IMAGES}.npy" in names:
            return _npy(archive, IMAGES), _npy(archive, LABELS)
        if any(name.startswith(IDX_NAMES[IMAGES]) for name in names):
            return _idx(archive, IMAGES), _idx(archive, LABELS)
        return _pngs(archive)


def _content(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One file of the archive unpacked, which has at most so many bytes, whatever its header says."""
    try:
        entry = archive.getinfo(name)
    except KeyError as error:
        raise UserError(f"{name} is missing in it") from error
    if entry.flag_bits & 1 or entry.compress_type not in METHODS:
        raise UserError(f"{name} in it is encrypted or packed in a rare way; make the ZIP anew without a password")
    with archive.open(entry) as file:
        return _at_most(most, file.read, name)


def _at_most(most: int, read: Callable[[int], bytes], name: str) -> bytes:
    content = read(most + 1)
    if len(content) > most:
        raise TooLargeError(f"{name} in it has more than {most:,} bytes; at most {MOST:,} drawings of 28×28 are read")
    return content


def _npy(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    """An array of an npz. Its bytes are taken as they are: no object is unpickled, no memory taken that it claims."""
    content = _content(archive, f"{name}.npy", MAX_BYTES)
    file = io.BytesIO(content)
    if np.lib.format.read_magic(file) != (1, 0):
        raise UserError(f"{name} in it is saved in a rare way; save it with numpy.savez")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy's, on odd headers
        shape, columns_first, dtype = np.lib.format.read_array_header_1_0(file, MAX_HEADER_BYTES)
    return np.frombuffer(content, dtype, offset=file.tell()).reshape(shape, order="F" if columns_first else "C")


def _idx(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    stem = IDX_NAMES[name]
    if stem in archive.namelist():
        return idx_array(_content(archive, stem, MAX_BYTES), stem)
    packed = _content(archive, f"{stem}.gz", MAX_BYTES)
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        return idx_array(_at_most(MAX_BYTES, file.read, stem), stem)


def _pngs(archive: zipfile.ZipFile) -> tuple[np.ndarray, np.ndarray]:
    """All pictures of the archive; folders, and the hidden files that some systems add, are left out."""
    names = [name for name in archive.namelist() if not name.endswith("/") and name.rpartition("/")[2][:1] != "."]
    if not names:
        raise UserError("there is nothing in it")
    if len(names) > MOST:
        raise TooLargeError(f"{len(names):,} files in it; at most {MOST:,} drawings are read")
    images, labels = np.zeros((len(names), 28, 28), np.uint8), np.zeros(len(names), np.int64)
    for number, name in enumerate(names):
        folder = "".join(name.split("/")[-2:-1])
        if folder not in FOLDERS or not name.lower().endswith(".png"):
            raise UserError(f"{name!r} in it is no picture in a folder of its label, as 7/0003.png is")
        labels[number] = FOLDERS.index(folder)
        images[number] = _pixels(_content(archive, name, MAX_PNG_BYTES), name)
    return images, labels


def _pixels(content: bytes, name: str) -> np.ndarray:
    """A PNG's lightness (28, 28) uint8."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, on damaged files
        with Image.open(io.BytesIO(_picture_alone(content)), formats=["PNG"]) as image:
            if image.size != (28, 28) or image.mode.startswith("I"):
                raise UserError(f"{name!r} in it should have 28×28 pixels of 8 bits, not {image.size} of {image.mode}")
            return np.asarray(image.convert("L"))


def _picture_alone(content: bytes) -> bytes:
    """A PNG without all that is not needed to see it, texts and colour profiles, which may unpack to megabytes each."""
    kept, at = [content[:8]], 8
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + length + 12  # its length and kind before it, its checksum after
        if kind[:1].isupper():
            kept.append(content[at:end])
        at = end
    return b"".join(kept)
