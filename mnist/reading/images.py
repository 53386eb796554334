"""Picture files, and arrays of pixels, decoded to a Picture; what is too large is refused before it is decoded."""

import io
import math
import warnings

import cv2
import numpy as np
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from mnist.errors import TooLargeError, UnknownKindError, UserError
from mnist.reading import pdf
from mnist.reading.picture import Picture, edge_of

FORMATS = ("PNG", "JPEG", "WEBP", "HEIF", "BMP", "GIF", "TIFF")  # Pillow's rarer ones keep having holes
KINDS = (*FORMATS, "PDF")
ENDINGS = (
    ".bmp", ".gif", ".heic", ".heif", ".jfif", ".jpe", ".jpeg", ".jpg", ".pdf", ".png", ".tif", ".tiff", ".webp",
)  # fmt: skip
SEVERAL = ("PNG", "WEBP", "GIF", "TIFF")  # may hold more than one picture; a phone's JPEG holds a preview besides
MAX_FILE_BYTES = 30_000_000
MAX_PIXELS = 40_000_000  # a phone's picture has 12 million, some have 50 but save a quarter
MAX_SIDE_PIXELS = 32_000  # OpenCV turns nothing that is longer than 32,767
MAX_DECODING_BYTES = 150_000_000  # while a picture is decoded, its file included
# bytes a pixel that decoding takes, by `python -m tools.measure_memory`: by Pillow's mode, and where the format counts
BYTES_OF_MODE, MOST_BYTES = {"1": 2.6, "L": 2.6, "P": 3.0, "RGB": 5.6, "I;16": 8.0}, 12.0
BYTES_OF_FORMAT = {"WEBP": 9.0, "HEIF": 6.0}  # HEIF takes 8; but today's phones take pictures of 24 million pixels
JPEG_BYTES, JPEG_BYTES_KEPT = 1.2, 2.0  # the latter for each value of a JPEG whose scans add up
MAX_SCANS_OF_PLAIN_JPEG = 2  # its own, and that of the preview in its EXIF
JPEG_SCALES = (1, 2, 4, 8)  # that a decoder can reduce by
MAX_KEPT_PIXELS = 4_000_000  # a larger picture is reduced at once, so that the rest of the way takes little memory
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_TEXTS = (b"iCCP", b"iTXt", b"tEXt", b"zTXt")  # its chunks that say nothing about the pixels' lightness
START_OF_SCAN = b"\xff\xda"  # ITU-T T.81, table B.1
MAX_JPEG_SCANS = 100  # a progressive one has some ten, and one is within EXIF's preview
FULL_SCALES = (1.0, 255.0, 1023.0, 4095.0, 65535.0)  # white in floats, and in 8, 10, 12 and 16 bits
TOO_LARGE = f"a picture of more than {MAX_PIXELS // 1_000_000} million pixels; make it smaller first"


pillow_heif.register_heif_opener(thumbnails=False)


def decode(content: bytes) -> Picture:
    """Return the picture in a file's bytes, upright; of a PDF its one page. Raises UserError if it is no picture.

    Its colours may be any, opaque or transparent; up to 40 million pixels are read, and more than 4 million reduced.
    """
    if not content:
        raise UserError("the file is empty")
    if len(content) > MAX_FILE_BYTES:
        raise TooLargeError(f"a file of {len(content) / 1e6:.0f} MB; at most {MAX_FILE_BYTES / 1e6:.0f} MB are read")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, on damaged files; the checks below are stricter
        try:
            return _picture(_opened(content))
        except Image.DecompressionBombError as error:
            raise TooLargeError(TOO_LARGE) from error
        except UnidentifiedImageError as error:
            kinds = ", ".join(KINDS)
            raise UnknownKindError(f"neither a picture that can be read ({kinds}) nor a saved drawing") from error
        except UserError:
            raise
        except Exception as error:
            raise UserError(f"the picture is damaged ({error})") from error


def from_array(pixels: np.ndarray) -> Picture:
    """Return the picture with these pixels, uint8: grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4).

    Raises UserError if the array has another shape or type, or is too large.
    """
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or pixels.shape[2:] not in ((), (3,), (4,)):
        raise UserError(
            f"an array of shape {pixels.shape} and type {pixels.dtype}; give (h, w), (h, w, 3) or (h, w, 4) of uint8"
        )
    image = Image.fromarray(pixels)
    _check_size(image)
    return _picture(image)


def shown(content: bytes, side: int) -> Image.Image:
    """Return the picture of a file that `decode` takes, upright, in colour, its longer side at most `side` pixels."""
    image = _opened(content)
    if image.mode.startswith("I") or image.mode == "F":
        image = Image.fromarray((decode(content).lightness * 255).clip(0, 255).astype(np.uint8))
    image.draft("RGB", (2 * side, 2 * side))  # a JPEG is decoded smaller
    image.thumbnail((side, side))
    transparent = _upright(image).convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", transparent.size, "white"), transparent).convert("RGB")


def _opened(content: bytes) -> Image.Image:
    """Return the image, checked and not yet decoded; of a PDF its one page. Raises UserError if it is too large."""
    if content.startswith(b"%PDF-"):
        return pdf.page(content)
    image = Image.open(io.BytesIO(_without_texts(content)), formats=FORMATS)
    _check_size(image)
    _check_single(image)
    _check_scans(image, content)
    _check_memory(image, content)
    return _decoded_webp(image, content) if image.format == "WEBP" else image


def _decoded_webp(image: Image.Image, content: bytes) -> Image.Image:
    """Return a WebP's image by OpenCV, which takes half the memory that Pillow takes."""
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise UserError("the picture is damaged (it is no whole WebP)")
    cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGB, pixels)
    decoded = Image.fromarray(pixels)
    decoded.info["exif"] = image.info.get("exif", b"")
    return decoded


def _without_texts(content: bytes) -> bytes:
    """Return a PNG without its texts and colour profile, which Pillow refuses if they are long; others as they are."""
    if not content.startswith(PNG_SIGNATURE):
        return content
    kept, start = [PNG_SIGNATURE], len(PNG_SIGNATURE)
    while start < len(content):  # a chunk is its length, its kind, its data, and a checksum of these two
        end = start + 12 + int.from_bytes(content[start : start + 4], "big")
        if content[start + 4 : start + 8] not in PNG_TEXTS:
            kept.append(content[start:end])
        start = end
    return b"".join(kept)


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
    scans = content.count(START_OF_SCAN) if image.format in ("JPEG", "MPO") else 0
    if scans > MAX_JPEG_SCANS:
        raise UserError(f"a JPEG of {scans} scans; save it again, not as a progressive one")


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
        is_kept_whole = "progressive" in image.info or content.count(START_OF_SCAN) > MAX_SCANS_OF_PLAIN_JPEG
        return JPEG_BYTES + (JPEG_BYTES_KEPT * sum(areas) / max(areas) if is_kept_whole else 0.0)
    if image.format in BYTES_OF_FORMAT:
        return BYTES_OF_FORMAT[image.format]
    return MOST_BYTES if "transparency" in image.info else BYTES_OF_MODE.get(image.mode, MOST_BYTES)


def _check_size(image: Image.Image) -> None:
    if image.width * image.height == 0:
        raise UserError("the picture has no pixels")
    if image.width * image.height > MAX_PIXELS:
        raise TooLargeError(TOO_LARGE)
    if max(image.size) > MAX_SIDE_PIXELS:
        raise TooLargeError(
            f"a picture {max(image.size):,} pixels long; cut it into pieces of at most {MAX_SIDE_PIXELS:,}"
        )


def _picture(image: Image.Image) -> Picture:
    """Return the picture of an image, upright; reduced by a whole factor if it is large."""
    factor = max(1, math.ceil(math.sqrt(image.width * image.height / MAX_KEPT_PIXELS)))
    simple = _upright(_simplified(image, factor) if not isinstance(image, JpegImageFile) else _of_jpeg(image, factor))
    if simple.mode == "F":
        return Picture(_deep_lightness(np.asarray(simple), whole_numbers=image.mode != "F"), factor)
    if simple.mode == "L":
        return Picture(np.asarray(simple, np.float32) / 255.0, factor)
    return Picture(_opaque_lightness(*(np.asarray(channel, np.float32) / 255.0 for channel in simple.split())), factor)


def _of_jpeg(image: Image.Image, factor: int) -> Image.Image:
    """Return a JPEG's lightness, decoded without its colours, reduced on the way where its decoder can."""
    width, height = image.size
    scale = factor if factor in JPEG_SCALES else 1
    image.draft("L", (width // scale, height // scale))
    return _simplified(image, factor // round(width / image.width))


def _simplified(image: Image.Image, factor: int) -> Image.Image:
    """Return the image reduced and decoded, as lightness (L), with transparency (LA), or of more than 8 bits (F)."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        deep = image.convert("F").reduce(factor)
        deep.info["exif"] = image.info.get("exif", b"")
        return deep
    transparent = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    if image.mode not in ("L", "RGB", "RGBA") or "transparency" in image.info:  # what cannot be reduced as it is
        image = image.convert("RGBA" if transparent else "L")
    return image.reduce(factor).convert("LA" if transparent else "L")


def _deep_lightness(pixels: np.ndarray, whole_numbers: bool) -> np.ndarray:
    """Return the lightness of pixels (h, w) float32 in the smallest usual range that holds them, else in their own."""
    low, high = float(pixels.min()), float(pixels.max())
    if not np.isfinite([low, high]).all() or not np.isfinite(pixels).all():
        raise UserError("the picture is damaged (a pixel is not finite)")
    usual = [full for full in FULL_SCALES if full >= high and (full > 1 or not whole_numbers)]
    black, white = (0.0, usual[0]) if low >= 0 and usual else (low, max(high, low + 1e-12))
    return ((pixels.astype(np.float64) - black) / (white - black)).astype(np.float32)


def _opaque_lightness(light: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Return lightness (h, w) on a ground: what is transparent takes the edge's colour.

    Where the edge is transparent too, it takes the opposite of the ink.
    """
    opaque = edge_of(alpha) > 0.5
    if opaque.mean() > 0.5:
        ground = float(np.median(edge_of(light)[opaque]))
    else:
        ground = 0.0 if float((light * alpha).sum()) > 0.5 * float(alpha.sum()) else 1.0
    return light * alpha + ground * (1 - alpha)


def _upright(image: Image.Image) -> Image.Image:
    """Return the image as its EXIF says it was held; as it lies if that cannot be read."""
    try:
        turned = ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - damaged EXIF is no reason not to read the picture
        return image
    return turned
