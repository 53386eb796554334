"""A picture file decoded, and its ink on a plain ground.

Ink may be dark on light or light on dark, opaque or transparent, of any colour. A plain ground is what the picture's
edge shows; ink is what differs from it. Where the ground is not plain, as in photographs, `ink.py` finds the ink.
"""

import io
import math
import warnings

import numpy as np
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from mnist.errors import TooLargeError, UnknownKindError, UserError
from mnist.reading import pdf
from mnist.reading.framing import Framed, centre, ink_box, shrink

FORMATS = ("PNG", "JPEG", "WEBP", "HEIF", "BMP", "GIF", "TIFF")  # Pillow's rarer ones keep having holes
KINDS = (*FORMATS, "PDF")
SEVERAL = ("PNG", "WEBP", "GIF", "TIFF")  # may hold more than one picture; a phone's JPEG holds a preview besides
MAX_BYTES = 30_000_000
MAX_PIXELS = 40_000_000  # a phone's picture has 12 million, some have 50 but save a quarter
START_OF_SCAN = b"\xff\xda"  # ITU-T T.81, table B.1
MOST_SCANS = 100  # of a JPEG; a progressive one has some ten, and one is within EXIF's preview
MAX_SIDE = 32_000  # pixels: OpenCV turns nothing that is longer than 32,767
PLENTY = 4_000_000  # pixels: a larger picture is made smaller at once, so that the rest of the way takes little memory
LARGE = 60  # pixels: in a digit larger than this an edge is sharp, and what is fainter than CLEAR is JPEG's doing
CLEAR = 0.3
FULL_SCALES = (1.0, 255.0, 1023.0, 4095.0, 65535.0)  # white in floats, and in 8, 10, 12 and 16 bits
TOO_LARGE = f"a picture of more than {MAX_PIXELS // 1_000_000} million pixels; make it smaller first"
PLAIN = 0.006  # of black to white: a drawn ground varies by less, a photographed one by more
MOSTLY = 0.6  # of the edge is plain ground; the rest may be ink that touches it
TOUCHES = 4  # places where it does
MIN_CONTRAST = 0.12  # of black to white: less is an empty sheet


pillow_heif.register_heif_opener(thumbnails=False)


def decode(content: bytes) -> Image.Image:
    """The picture in a file's bytes, upright, its mode L, LA or F. Raises UserError where it is no picture.

    What is too large is refused before it is decoded; of what is merely large a smaller picture is made. Of a PDF its
    one page is the picture.
    """
    if not content:
        raise UserError("the file is empty")
    if len(content) > MAX_BYTES:
        raise TooLargeError(f"a file of {len(content) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, on damaged files; the checks below are stricter
        try:
            image = _opened(content)
            _check_size(image)
            _check_single(image)
            _check_scans(image, content)
            return _upright(_simplified(image))
        except Image.DecompressionBombError as error:
            raise TooLargeError(TOO_LARGE) from error
        except UnidentifiedImageError as error:
            kinds = ", ".join(KINDS)
            raise UnknownKindError(f"neither a picture that can be read ({kinds}) nor a saved drawing") from error
        except UserError:
            raise
        except Exception as error:
            raise UserError(f"the picture is damaged ({error})") from error


def shown(content: bytes, side: int) -> Image.Image:
    """The picture of a file that `decode` takes, upright, in colour, its longer side at most `side` pixels."""
    image = _opened(content)
    if image.mode.startswith("I") or image.mode == "F":
        image = Image.fromarray((lightness(decode(content)) * 255).clip(0, 255).astype(np.uint8))
    image.draft("RGB", (2 * side, 2 * side))  # a JPEG is decoded smaller
    image.thumbnail((side, side))
    transparent = _upright(image).convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", transparent.size, "white"), transparent).convert("RGB")


def _opened(content: bytes) -> Image.Image:
    """The picture, not yet decoded; of a PDF its one page."""
    if content.startswith(b"%PDF-"):
        return pdf.page(content)
    return Image.open(io.BytesIO(content), formats=FORMATS)


def _check_single(image: Image.Image) -> None:
    """Raise UserError where there is a second picture. Pillow takes the square of their number to count a TIFF's."""
    if image.format not in SEVERAL:
        return
    try:
        image.seek(1)
    except EOFError:
        return
    raise UserError("a file of several pictures in turn; save the one with the digits by itself")


def _check_scans(image: Image.Image, content: bytes) -> None:
    """Raise UserError where a JPEG goes over its picture again and again: 83 bytes can ask for it."""
    scans = content.count(START_OF_SCAN) if image.format in ("JPEG", "MPO") else 0
    if scans > MOST_SCANS:
        raise UserError(f"a JPEG of {scans} scans; save it anew, not progressive")


def _check_size(image: Image.Image) -> None:
    if image.width * image.height == 0:
        raise UserError("the picture has no pixels")
    if image.width * image.height > MAX_PIXELS:
        raise TooLargeError(TOO_LARGE)
    if max(image.size) > MAX_SIDE:
        raise TooLargeError(f"a picture {max(image.size):,} pixels long; cut it into pieces of at most {MAX_SIDE:,}")


def _simplified(image: Image.Image) -> Image.Image:
    """The picture decoded, as lightness (L), with transparency (LA), or of more than eight bits (F)."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        deep = _reduced(image.convert("F"))
        deep.info["full"] = _full_scale(np.asarray(deep), whole_numbers=image.mode != "F")
        deep.info["exif"] = image.info.get("exif", b"")
        return deep
    transparent = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    if image.mode not in ("L", "RGB", "RGBA") or "transparency" in image.info:  # what cannot be reduced as it is
        image = image.convert("RGBA" if transparent else "L")
    return _reduced(image).convert("LA" if transparent else "L")


def _reduced(image: Image.Image) -> Image.Image:
    """The picture, where it has more pixels than PLENTY reduced by a whole factor, which its `info` tells."""
    factor = math.ceil(math.sqrt(image.width * image.height / PLENTY))
    if factor <= 1:
        return image
    reduced = image.reduce(factor)
    reduced.info |= {**image.info, "factor": factor}
    return reduced


def _full_scale(pixels: np.ndarray, whole_numbers: bool) -> tuple[float, float]:
    """What is black and what is white: the smallest usual range that holds all pixels, else their own range."""
    low, high = float(pixels.min()), float(pixels.max())
    if not np.isfinite([low, high]).all() or not np.isfinite(pixels).all():
        raise UserError("the picture is damaged (a pixel is not finite)")
    usual = [full for full in FULL_SCALES if full >= high and (full > 1 or not whole_numbers)]
    return (0.0, usual[0]) if low >= 0 and usual else (low, max(high, low + 1e-12))


def _upright(image: Image.Image) -> Image.Image:
    """The picture as its EXIF says it was held; as it lies where that cannot be read."""
    try:
        turned = ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - damaged EXIF is no reason not to read the picture
        return image
    return turned


def frame(image: Image.Image) -> Framed | None:
    """All ink of a picture that `decode` made as one digit in MNIST's framing, or None where there is none."""
    ink = ink_of(lightness(image))
    box = ink_box(ink)
    if box is None:
        return None
    if max(box[2:]) > LARGE:
        box = ink_box(ink, CLEAR) or box
    x, y, width, height = box
    digit = shrink(ink[y : y + height, x : x + width])
    factor = image.info.get("factor", 1)
    return Framed(centre(digit / digit.max()), (x * factor, y * factor, width * factor, height * factor))


def has_plain_ground(light: np.ndarray) -> bool:
    """Whether lightness (h, w) is the same along most of the edge, as in drawings and screenshots, and crossed little.

    Ruled paper's lines cross the edge many times; a digit that touches it does so in few places.
    """
    edge = _edge(light)
    ground = np.abs(edge - np.median(edge)) < PLAIN
    return bool(ground.mean() >= MOSTLY and np.count_nonzero(np.diff(ground)) <= 2 * TOUCHES)


def ink_of(light: np.ndarray) -> np.ndarray:
    """How much each pixel differs from a plain ground: (h, w) float32 in [0, 1], 1 for the strongest ink.

    `light`: lightness (h, w) float32, 0 black to 1 white.
    """
    edge = _edge(light)
    ground = float(np.median(edge))
    difference = light - ground
    if difference.max() < -difference.min():
        difference = -difference
    peak = float(difference.max())
    if peak < MIN_CONTRAST:
        return np.zeros_like(light)
    # the edge's own unevenness (paper, JPEG) is not ink; 3 × 1.48 × median deviation covers three sigma of it
    noise = min(0.5, 4.4 * float(np.median(np.abs(edge - ground))) / peak)
    return ((difference / peak - noise) / (1 - noise)).clip(0.0, 1.0)


def lightness(image: Image.Image) -> np.ndarray:
    """Lightness (h, w) float32, 0 black to 1 white, of a picture that `decode` made L, LA or F.

    What is transparent takes the colour of the edge, or where the edge is transparent too, the opposite of the ink.
    """
    if image.mode == "F":
        black, white = image.info["full"]
        return ((np.asarray(image, np.float64) - black) / (white - black)).astype(np.float32)
    if image.mode == "L":
        return np.asarray(image, np.float32) / 255.0
    light, alpha = (np.asarray(channel, np.float32) / 255.0 for channel in image.split())
    opaque = _edge(alpha) > 0.5
    if opaque.mean() > 0.5:
        ground = float(np.median(_edge(light)[opaque]))
    else:
        ground = 0.0 if float((light * alpha).sum()) > 0.5 * float(alpha.sum()) else 1.0
    return light * alpha + ground * (1 - alpha)


def _edge(pixels: np.ndarray) -> np.ndarray:
    """The outermost pixels, in one row."""
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
