"""What a picture's file may take: what is too large, or holds several pictures, is refused before it is decoded."""

import re
from typing import TypeGuard

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from pillow_heif import HeifImageFile

from mnist.errors import TooLargeError, UserError

SEVERAL = ("PNG", "WEBP", "GIF", "TIFF")  # may hold more than one picture; a phone's JPEG holds a preview besides
MAX_FILE_BYTES = 30_000_000  # also of a drawing's file, which may have fewer
MAX_PIXELS = 40_000_000  # a phone's picture has 12 million, some have 50 but save a quarter
MAX_SIDE_PIXELS = 32_000  # OpenCV turns nothing that is longer than 32,767
MAX_DECODING_BYTES = 150_000_000  # while a picture is decoded, its file included
# bytes a pixel that decoding takes, by `python -m tools.measure_memory`: by Pillow's mode, and where the format counts
BYTES_OF_MODE, MOST_BYTES = {"1": 2.6, "L": 2.6, "P": 3.0, "RGB": 5.6, "I;16": 8.0}, 12.0
WEBP_BYTES = 9.0
HEIF_BYTES = 6.0  # of 8 bits a value, grey or in colours: today's phones take pictures of 24 million pixels
JPEG_BYTES, JPEG_BYTES_KEPT = 1.2, 2.0  # the latter for each value of a JPEG whose scans add up
JPEG_SEGMENT = re.compile(rb"\xff[\xc0-\xcf\xd9-\xfe]")  # begins one, in ITU-T T.81, table B.1; its length follows
START_OF_SCAN, END_OF_JPEG = b"\xff\xda", b"\xff\xd9"
MAX_JPEG_SCANS = 100  # a progressive one has some ten
MAX_JPEG_SEGMENTS = 10_000  # that are walked through; a progressive one has some fifty
TOO_LARGE = f"a picture of more than {MAX_PIXELS // 1_000_000} million pixels; make it smaller first"


def check(image: Image.Image, content: bytes) -> None:
    """Raise UserError if an image, not yet decoded, is too large or one of several; `content`: its file's bytes."""
    check_size(image)
    _check_single(image)
    _check_scans(image, content)
    _check_memory(image, content)


def check_size(image: Image.Image) -> None:
    """Raise UserError if an image has no pixels, too many, or too many in a row."""
    if image.width * image.height == 0:
        raise UserError("the picture has no pixels")
    if image.width * image.height > MAX_PIXELS:
        raise TooLargeError(TOO_LARGE)
    if max(image.size) > MAX_SIDE_PIXELS:
        raise TooLargeError(
            f"a picture {max(image.size):,} pixels long; cut it into pieces of at most {MAX_SIDE_PIXELS:,}"
        )


def _check_single(image: Image.Image) -> None:
    """Raise UserError if there is a second picture. Pillow counts a TIFF's in the square of their number."""
    if image.format not in SEVERAL:
        return
    try:
        image.seek(1)
    except EOFError:
        return
    raise UserError("a file of several pictures in turn; save the one with the digits by itself")


def _check_scans(image: Image.Image, content: bytes) -> None:
    """Raise UserError if a JPEG paints its picture again and again: 83 bytes can ask for that."""
    scans = _scans(content) if image.format in ("JPEG", "MPO") else 0
    if scans > MAX_JPEG_SCANS:
        raise UserError(f"a JPEG of {scans} scans; save it again, not as a progressive one")


def _scans(content: bytes) -> int:
    """Count the scans of a JPEG: neither those in its EXIF nor those in what a phone puts behind it, such as a video.

    Behind too many segments whatever looks like a scan is counted, so that this takes no longer.
    """
    scans = at = 0
    for _ in range(MAX_JPEG_SEGMENTS):
        segment = JPEG_SEGMENT.search(content, at)
        if segment is None or segment[0] == END_OF_JPEG:
            return scans
        scans += segment[0] == START_OF_SCAN
        at = segment.end() + max(2, int.from_bytes(content[segment.end() : segment.end() + 2], "big"))
    return scans + content.count(START_OF_SCAN, at)


def _check_memory(image: Image.Image, content: bytes) -> None:
    """Raise UserError if decoding would take too much memory: a kilobyte can ask for gigabytes."""
    pixels = image.width * image.height
    if _bytes_to_decode(image, content) * pixels + len(content) > MAX_DECODING_BYTES:
        raise TooLargeError(
            f"a picture of {pixels / 1e6:.0f} million pixels that takes too much memory; save it as a plain JPEG, or "
            f"make it smaller first"
        )


def _bytes_to_decode(image: Image.Image, content: bytes) -> float:
    """Return how many bytes a pixel of this image takes while it is decoded and reduced."""
    if isinstance(image, JpegImageFile) and image.mode in ("L", "RGB"):
        areas = [across * down for _, across, down, _ in image.layer]  # of each channel, as it is sampled
        kept = 0.0 if is_plain_jpeg(image, content) else JPEG_BYTES_KEPT * sum(areas) / max(areas)
        return JPEG_BYTES + kept
    if image.format == "WEBP":
        return WEBP_BYTES
    if image.format == "HEIF":
        return HEIF_BYTES if is_plain_heif(image) else MOST_BYTES
    return MOST_BYTES if "transparency" in image.info else BYTES_OF_MODE.get(image.mode, MOST_BYTES)


def is_plain_jpeg(image: Image.Image, content: bytes) -> bool:
    """Return whether it is a JPEG that is decoded row by row, as cameras make them; others are kept whole meanwhile."""
    return isinstance(image, JpegImageFile) and "progressive" not in image.info and _scans(content) <= 1


def is_plain_heif(image: Image.Image) -> TypeGuard[HeifImageFile]:
    """Return whether it is a HEIF of 8 bits a value, grey or in colours, which can be reduced without a copy."""
    return isinstance(image, HeifImageFile) and image.mode in ("L", "RGB") and image.info.get("bit_depth") == 8
