"""Picture files, and arrays of pixels, decoded to a Picture: upright, by lightness or colours, reduced if large."""

import io
import math
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from os import PathLike

import cv2
import numpy as np
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile
from pillow_heif import HeifImageFile

from mnist.errors import TooLargeError, UnknownKindError, UserError
from mnist.reading.pictures import colours, image_limits, pdf
from mnist.reading.pictures.image_limits import MAX_FILE_BYTES, TOO_LARGE, check_size, is_plain_heif, is_plain_jpeg
from mnist.reading.pictures.picture import Picture, edge_of

FORMATS = ("PNG", "JPEG", "WEBP", "HEIF", "BMP", "GIF", "TIFF")  # Pillow's rarer ones keep having holes
KINDS = (*FORMATS, "PDF")
ENDINGS = (
    ".bmp", ".gif", ".heic", ".heif", ".jfif", ".jpe", ".jpeg", ".jpg", ".pdf", ".png", ".tif", ".tiff", ".webp",
)  # fmt: skip
JPEG_SCALES = (1, 2, 4, 8)  # that a decoder can reduce by
MAX_KEPT_PIXELS = 4_000_000  # a larger picture is reduced at once, so that the rest of the way takes little memory
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_PNG_CHUNKS = 20_000  # 30 MB have 4,000 as they are usually written
PNG_TEXTS = (b"iCCP", b"iTXt", b"tEXt", b"zTXt")  # its chunks that say nothing about the pixels' lightness
MAX_COLOURED_PIXELS = 1500  # longer side of a picture whose colours are looked at
FULL_SCALES = (1.0, 255.0, 1023.0, 4095.0, 65535.0)  # white in floats, and in 8, 10, 12 and 16 bits


pillow_heif.register_heif_opener(thumbnails=False)


def read_file(source: str | PathLike[str] | int) -> bytes:
    """Return the bytes of a file, or of an open one by its number; one byte more than may be, if there are more."""
    with open(source, "rb", closefd=not isinstance(source, int)) as file:
        return file.read(MAX_FILE_BYTES + 1)


def decode(content: bytes) -> Picture:
    """Return the picture in a file's bytes, upright; of a PDF its one page. Raises UserError if it is no picture.

    Its colours may be any, opaque or transparent; up to 40 million pixels are read, and more than 4 million reduced.
    """
    if not content:
        raise UserError("the file is empty")
    if len(content) > MAX_FILE_BYTES:
        raise TooLargeError(f"larger than {MAX_FILE_BYTES // 1_000_000} MB; make it smaller first")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, on damaged files; the checks below are stricter
        try:
            return _decoded(content)
        except Image.DecompressionBombError as error:
            raise TooLargeError(TOO_LARGE) from error
        except UnidentifiedImageError as error:
            kinds = ", ".join(KINDS)
            raise UnknownKindError(f"neither a picture that can be read ({kinds}) nor a saved drawing") from error
        except UserError:
            raise
        except MemoryError as error:
            raise TooLargeError("there is too little memory for it now; make it smaller, or try again later") from error
        except Exception as error:
            raise UserError(f"the picture is damaged ({error})") from error


def _decoded(content: bytes) -> Picture:
    """Return the picture in a file's bytes, by its colours if they show more than its lightness."""
    content = _without_pdf(content)  # its page is drawn once, however often it is decoded
    image = _opened(content)
    picture = _picture(image)
    if _is_deep(image):
        return picture
    if not colours.is_faint(picture.lightness):
        is_quick = is_plain_jpeg(image, content)  # it is decoded smaller at once
        return replace(picture, in_colour=partial(shown, content)) if is_quick else picture
    longer = _longer_side(picture)
    del image, picture  # before the file is decoded once more: they are large
    return _in_mixture(longer, partial(shown, content)) or _picture(_opened(content))


def from_array(pixels: np.ndarray) -> Picture:
    """Return the picture with these pixels, uint8: grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4).

    Raises UserError if the array has another shape or type, or is too large.
    """
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or pixels.shape[2:] not in ((), (3,), (4,)):
        raise UserError(
            f"an array of shape {pixels.shape} and type {pixels.dtype}; give (h, w), (h, w, 3) or (h, w, 4) of uint8"
        )
    image = Image.fromarray(pixels)
    check_size(image)
    picture = _picture(image)
    if not colours.is_faint(picture.lightness):
        return picture
    return _in_mixture(_longer_side(picture), partial(_in_colour, image)) or picture


def shown(content: bytes, side: int) -> Image.Image:
    """Return the picture of a file that `decode` takes, upright, in colour, its longer side at most `side` pixels."""
    image = _opened(_without_pdf(content))
    if _is_deep(image):
        image = Image.fromarray((decode(content).lightness * 255).clip(0, 255).astype(np.uint8))
    if is_plain_heif(image):
        image = _reduced_heif(image, max(1, max(image.size) // side))
    return _in_colour(image, side)


def _in_colour(image: Image.Image, side: int) -> Image.Image:
    """Return an image upright, in colour on white, its longer side at most `side` pixels."""
    image.thumbnail((side, side), reducing_gap=1.0)  # a JPEG is decoded smaller, others reduced as far as they can be
    transparent = _upright(image).convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", transparent.size, "white"), transparent).convert("RGB")


def _is_deep(image: Image.Image) -> bool:
    """Return whether it has more than 8 bits, and no colours."""
    return image.mode in ("I", "F") or image.mode.startswith("I;16")


def _longer_side(picture: Picture) -> int:
    """Return the longer side of a picture's file, in its pixels."""
    return picture.factor * max(picture.lightness.shape)


def _in_mixture(longer: int, in_colour: Callable[[int], Image.Image]) -> Picture | None:
    """Return a picture with that longer side by its colours; None if they show no more than its lightness.

    `in_colour` returns the image with so many pixels along that side.
    """
    factor = math.ceil(longer / MAX_COLOURED_PIXELS)
    mixture = colours.mixed(np.asarray(in_colour(math.ceil(longer / factor)), np.float32) / 255.0)
    return None if mixture is None else Picture(mixture, factor)


def _without_pdf(content: bytes) -> bytes:
    """Return a PDF's one page as the bytes of a picture, drawn by another process; others as they are."""
    return pdf.page(content) if content.startswith(b"%PDF-") else content


def _opened(content: bytes) -> Image.Image:
    """Return the image in a picture's bytes, checked and not yet decoded. Raises UserError if it is too large."""
    image = Image.open(io.BytesIO(without_texts(content)), formats=FORMATS)
    image_limits.check(image, content)
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


def _reduced_heif(image: HeifImageFile, factor: int) -> Image.Image:
    """Return a HEIF's image, not yet decoded, upright, reduced without a copy of all its pixels."""
    pixels = np.asarray(pillow_heif.open_heif(image.fp))  # decoded here, and not copied
    height, width = pixels.shape[:2]
    size = -(-width // factor), -(-height // factor)
    return Image.fromarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def without_texts(content: bytes) -> bytes:
    """Return a PNG without its texts and colour profile, which Pillow refuses if they are long; others as they are.

    Raises UserError if it has too many chunks: each takes time and memory, though it may be empty.
    """
    if not content.startswith(PNG_SIGNATURE):
        return content
    kept, start, chunks = [PNG_SIGNATURE], len(PNG_SIGNATURE), 0
    while start < len(content):  # a chunk is its length, its kind, its data, and a checksum of these two
        chunks += 1
        if chunks > MAX_PNG_CHUNKS:
            raise UserError(f"a PNG in more than {MAX_PNG_CHUNKS:,} pieces; save it again")
        end = start + 12 + int.from_bytes(content[start : start + 4], "big")
        if content[start + 4 : start + 8] not in PNG_TEXTS:
            kept.append(content[start:end])
        start = end
    return b"".join(kept)


def _picture(image: Image.Image) -> Picture:
    """Return the picture of an image, upright; reduced by a whole factor if it is large."""
    factor = max(1, math.ceil(math.sqrt(image.width * image.height / MAX_KEPT_PIXELS)))
    if isinstance(image, JpegImageFile):
        simple = _of_jpeg(image, factor)
    elif is_plain_heif(image):
        simple = _simplified(_reduced_heif(image, factor), 1)
    else:
        simple = _simplified(image, factor)
    simple = _upright(simple)
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
    if _is_deep(image):
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
    except MemoryError:  # as it lies it would be misread, without a word
        raise
    except Exception:  # noqa: BLE001 - damaged EXIF is no reason not to read the picture
        return image
    return turned
