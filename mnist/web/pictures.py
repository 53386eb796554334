"""Small pictures as data URLs, so that a page carries them itself: strokes as SVG, arrays as PNG, photos as JPEG."""

import base64
import io
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import cv2
import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from mnist.reading.drawings import strokes
from mnist.reading.drawings.strokes import Stroke, Strokes
from mnist.reading.framing import SIZE, Box
from mnist.web.palette import ACCENT, AGAINST, FOR, PAPER

NEUTRAL = 0.35  # grey of ink that speaks neither for nor against, of 1 for white
JPEG_QUALITY = 88  # of 100
SAVED_SCALE = 2  # of a saved picture, in sizes of the pad
CAPTION_HEIGHT, CAPTION_SIZE = 120, 56  # pixels
CAPTION = ACCENT[1]
SAFE_IN_URL = " ,=:/"  # of an SVG: encoded, they would make it half as long again
_FOR, _AGAINST = (np.array(ImageColor.getrgb(colour)) / 255 for colour in (FOR, AGAINST))


def strokes_url(strokes: Strokes, box: Box, colour: str) -> str:
    """Return the strokes inside `box`, canvas pixels, on a transparent ground, as a data URL."""
    return strokes_urls(strokes, [box], colour)[0]


def strokes_urls(strokes: Strokes, boxes: Sequence[Box], colour: str) -> list[str]:
    """Return the same strokes inside each of several boxes likewise."""
    outline = f'fill="none" stroke="{colour}" stroke-linecap="round" stroke-linejoin="round"'
    lines = quote("".join(map(_polyline, strokes)) + "</svg>", SAFE_IN_URL)  # nearly all of it, written once
    views = (" ".join(f"{side:.1f}" for side in box) for box in boxes)
    return [svg_url(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" {outline}>') + lines for view in views]


def _polyline(stroke: Stroke) -> str:
    points = " ".join(["%.1f,%.1f"] * len(stroke.points)) % tuple(stroke.points.ravel().tolist())  # the quickest way
    return f'<polyline points="{points}" stroke-width="{stroke.width:.1f}"/>'


def svg_url(svg: str) -> str:
    """Return an SVG document as a data URL."""
    return f"data:image/svg+xml,{quote(svg, SAFE_IN_URL)}"


def png(pixels: np.ndarray) -> bytes:
    """Return ink (h, w), white on black, or colours (h, w, 3), both in [0, 1], as a PNG file."""
    levels = (pixels.clip(0, 1) * 255).round().astype(np.uint8)
    _, file = cv2.imencode(".png", levels if levels.ndim == 2 else levels[..., ::-1])  # Pillow takes six times as long
    return file.tobytes()


def drawing_png(drawn: Strokes, left: int, width: int, height: int, caption: str = "") -> bytes:
    """Return a pad's drawing, white on black, as a PNG file of twice its size, from the column `left` on.

    `width` and `height` are the pad's, in pixels. A caption stands below it.
    """
    scaled = [Stroke((stroke.points - (left, 0)) * SAVED_SCALE, stroke.width * SAVED_SCALE) for stroke in drawn]
    ink = strokes.ink(scaled, (height * SAVED_SCALE, width * SAVED_SCALE))
    if not caption:
        return png(ink)
    picture = Image.new("RGB", (ink.shape[1], ink.shape[0] + CAPTION_HEIGHT), PAPER)
    picture.paste(Image.fromarray((ink * 255).round().astype(np.uint8)), (0, 0))
    font = ImageFont.load_default(CAPTION_SIZE)
    size = min(1.0, 0.94 * picture.width / font.getlength(caption)) * CAPTION_SIZE
    middle = (picture.width / 2, ink.shape[0] + CAPTION_HEIGHT / 2)
    ImageDraw.Draw(picture).text(middle, caption, CAPTION, ImageFont.load_default(size), "mm")
    return _file(picture, "PNG")


def png_url(pixels: np.ndarray) -> str:
    """Return ink (h, w), white on black, or colours (h, w, 3), both in [0, 1], as a data URL."""
    return f"data:image/png;base64,{base64.b64encode(png(pixels)).decode()}"


def jpeg(picture: Image.Image) -> bytes:
    """Return the picture as a JPEG file."""
    return _file(picture, "JPEG", quality=JPEG_QUALITY)


def jpeg_url(file: bytes) -> str:
    """Return a JPEG file as a data URL."""
    return f"data:image/jpeg;base64,{base64.b64encode(file).decode()}"


def _file(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def figure(url: str, caption: str, kind: str = "", alt: object = "") -> str:
    """Return a picture with its caption as HTML; an empty address leaves its place empty. `kind`: a CSS class."""
    image = f"<img src='{url}' alt='{alt}'>" if url else ""
    return f"<figure><div class='{kind}'>{image}</div><figcaption>{caption}</figcaption></figure>"


def sample_html(url: str, name: str, square: tuple[int, int, int] | None = None) -> str:
    """Return a sample's picture as HTML, with a square marked on it: x, y and side in the sample's pixels.

    What of the square lies outside the sample, where nothing is, is left out: all sides of the mark are seen.
    """
    mark = ""
    if square is not None:
        x, y, side = square
        sides = {
            "left": max(x, 0), "top": max(y, 0), "right": max(SIZE - x - side, 0), "bottom": max(SIZE - y - side, 0)
        }  # fmt: skip
        mark = f"<i style='{';'.join(f'{name}:{100 * inset / SIZE:.2f}%' for name, inset in sides.items())}'></i>"
    image = f"<div><img src='{url}' alt='{name}'>{mark}</div>"
    return f"<figure class='sample'>{image}<figcaption>{name}</figcaption></figure>"


def evidence_url(ink: np.ndarray, evidence: np.ndarray) -> str:
    """Return ink (h, w) in [0, 1], coloured where evidence (h, w) is for (above 0) or against, as a data URL."""
    share = _scaled(evidence)
    share = (np.sign(share) * np.sqrt(np.abs(share)))[..., None]  # the root makes weak evidence visible
    colour = NEUTRAL + share.clip(0, 1) * (_FOR - NEUTRAL) + (-share).clip(0, 1) * (_AGAINST - NEUTRAL)
    return png_url(colour * ink[..., None])


def signed_url(values: np.ndarray) -> str:
    """Return numbers (h, w), in one colour above 0 and in another below, as a data URL."""
    return evidence_url(np.abs(_scaled(values)), np.sign(values))


def sprite_url(maps: np.ndarray, columns: int) -> str:
    """Return maps (h, w, n) ≥ 0 in rows of `columns` in one picture, as a data URL; the largest value is white."""
    height, width, count = maps.shape
    rows = -(-count // columns)
    room = np.zeros((height, width, rows * columns), maps.dtype)
    room[:, :, :count] = np.sqrt(_scaled(maps))  # the root makes weak maps visible
    sprite = room.reshape(height, width, rows, columns).transpose(2, 0, 3, 1)  # (rows, h, columns, w)
    return png_url(sprite.reshape(rows * height, columns * width))


def _scaled(values: np.ndarray) -> np.ndarray:
    return values / max(float(np.abs(values).max()), 1e-9)  # zeros stay zeros
