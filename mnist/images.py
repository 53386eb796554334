"""A picture: which pixels are ink, which ink is which digit, each brought to 28×28.

Ink may be dark on light or light on dark, opaque or transparent, of any colour. The ground is what the picture's edge
shows; ink is what differs from it.
"""

import io
import warnings
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from mnist.errors import UserError
from mnist.framing import Framed, centre, ink_box, shrink

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")  # Pillow's rarer ones keep having holes
MAX_BYTES = 30_000_000
MAX_PIXELS = 40_000_000  # a phone's picture has 12 million, some have 50 but save a quarter
LARGE = 60  # pixels: in a digit larger than this an edge is sharp, and what is fainter than CLEAR is JPEG's doing
CLEAR = 0.3
MIN_CONTRAST = 0.12  # of black to white: less is an empty sheet


def decode(content: bytes) -> Image.Image:
    """The picture in a file's bytes, upright. Raises UserError before decoding what is too large, or is no picture."""
    if not content:
        raise UserError("the file is empty")
    if len(content) > MAX_BYTES:
        raise UserError(f"a file of {len(content) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the check below is stricter
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            if image.width * image.height == 0:
                raise UserError("the picture has no pixels")
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            image.load()
            return ImageOps.exif_transpose(image)
    except Image.DecompressionBombError as error:
        raise UserError(
            f"a picture of more than {MAX_PIXELS // 1_000_000} million pixels; make it smaller first"
        ) from error
    except UnidentifiedImageError as error:
        raise UserError(f"not a picture that can be read ({', '.join(FORMATS)})") from error
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        ArithmeticError,
    ) as error:  # what Pillow raises on damaged files
        raise UserError(f"the picture is damaged ({error})") from error


def find_digits(image: Image.Image) -> list[Framed]:
    """The digits in a picture, each in MNIST's framing: none in an empty one, else all ink as one digit."""
    ink = ink_of(image)
    box = ink_box(ink)
    if box is None:
        return []
    if max(box[2:]) > LARGE:
        box = ink_box(ink, CLEAR) or box
    x, y, width, height = box
    digit = shrink(ink[y : y + height, x : x + width])
    return [Framed(centre(digit / digit.max()), box)]


def ink_of(image: Image.Image) -> np.ndarray:
    """How much each pixel differs from the ground: (h, w) float32 in [0, 1], 1 for the strongest ink."""
    light = _luminance(image)
    edge = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
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


def _luminance(image: Image.Image) -> np.ndarray:
    """Lightness (h, w) float32, 0 black to 1 white; what is transparent becomes the opposite of what is drawn."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        deep = np.asarray(image, dtype=np.float32)
        if not np.isfinite(deep).all():
            raise UserError("the picture is damaged (a pixel is not finite)")
        low, high = float(deep.min()), float(deep.max())
        full = 65535.0 if low >= 0 and high <= 65535 else max(high - low, 1.0)
        return (deep - min(low, 0.0)) / full
    if not _has_alpha(image):
        return np.asarray(image.convert("L"), dtype=np.float32) / 255.0
    light, alpha = (
        np.asarray(channel, dtype=np.float32) / 255.0 for channel in image.convert("RGBA").convert("LA").split()
    )
    if alpha.min() == 1.0:
        return light
    seen = float(alpha.sum())
    ground = 0.0 if seen and float((light * alpha).sum()) / seen > 0.5 else 1.0
    return light * alpha + ground * (1 - alpha)


def _has_alpha(image: Image.Image) -> Any:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
