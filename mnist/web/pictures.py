"""Small pictures as data URLs, so that a page carries them itself: strokes as SVG, samples as PNG."""

import base64
import io
from urllib.parse import quote

import numpy as np
from PIL import Image

from mnist.reading.strokes import Stroke, Strokes

FOR, AGAINST = "#4da3ff", "#ff9440"  # told apart by every eye, on black as on white


def strokes_svg(strokes: Strokes, box: tuple[float, float, float, float], colour: str) -> str:
    """The strokes inside `box` (x, y, width, height), canvas pixels, on nothing."""
    lines = "".join(_polyline(stroke) for stroke in strokes)
    view = " ".join(f"{side:.1f}" for side in box)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" fill="none" stroke="{colour}" '
        f'stroke-linecap="round" stroke-linejoin="round">{lines}</svg>'
    )
    return f"data:image/svg+xml,{quote(svg)}"


def _polyline(stroke: Stroke) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in stroke.points)
    return f'<polyline points="{points}" stroke-width="{stroke.width:.1f}"/>'


def png(ink: np.ndarray) -> bytes:
    """Ink (h, w) in [0, 1] as a PNG file, white on black."""
    return _png(Image.fromarray((ink * 255).round().astype(np.uint8)))


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def jpeg(picture: Image.Image) -> bytes:
    """The picture as a JPEG file."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88)
    return file.getvalue()


def jpeg_url(picture: Image.Image) -> str:
    """The picture as a data URL."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg(picture)).decode()}"


def png_url(ink: np.ndarray) -> str:
    """Ink (h, w) in [0, 1] as a data URL."""
    return f"data:image/png;base64,{base64.b64encode(png(ink)).decode()}"


def sample_html(url: str, name: str, place: tuple[int, int, int] | None = None) -> str:
    """The sample as HTML, with a square on it: x, y and side in its pixels."""
    square = ""
    if place is not None:
        x, y, side = (100 * length / 28 for length in place)
        square = f"<i style='left:{x:.2f}%;top:{y:.2f}%;width:{side:.2f}%;height:{side:.2f}%'></i>"
    image = f"<div><img src='{url}' alt='{name}'>{square}</div>"
    return f"<figure class='sample'>{image}<figcaption>{name}</figcaption></figure>"


def evidence_url(ink: np.ndarray, evidence: np.ndarray) -> str:
    """Ink (h, w) in [0, 1], coloured where evidence (h, w) is for (above 0) or against something, as a data URL."""
    share = evidence / max(float(np.abs(evidence).max()), 1e-9)
    share = (np.sign(share) * np.sqrt(np.abs(share)))[..., None]  # so that little is seen, too
    colour = 0.35 + share.clip(0, 1) * (_rgb(FOR) - 0.35) + (-share).clip(0, 1) * (_rgb(AGAINST) - 0.35)
    return _colour_url(colour * ink[..., None])


def signed_url(values: np.ndarray) -> str:
    """Numbers (h, w), those above 0 in one colour, those below in the other, as a data URL."""
    return evidence_url(np.abs(values) / max(float(np.abs(values).max()), 1e-9), np.sign(values))


def sprite_url(maps: np.ndarray, columns: int) -> str:
    """Maps (h, w, n) ≥ 0 side by side in one picture of so many columns, as a data URL; the largest value is white."""
    height, width, count = maps.shape
    rows = -(-count // columns)
    room = np.zeros((height, width, rows * columns), maps.dtype)
    room[:, :, :count] = np.sqrt(maps / max(float(maps.max()), 1e-9))  # so that faint ones are seen, too
    sprite = room.reshape(height, width, rows, columns).transpose(2, 0, 3, 1)  # (rows, h, columns, w)
    return png_url(sprite.reshape(rows * height, columns * width))


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def _colour_url(pixels: np.ndarray) -> str:
    """Colours (h, w, 3) in [0, 1] as a data URL."""
    file = _png(Image.fromarray((pixels.clip(0, 1) * 255).round().astype(np.uint8)))
    return f"data:image/png;base64,{base64.b64encode(file).decode()}"
