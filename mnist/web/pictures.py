"""Small pictures as data URLs, so that a page carries them itself: strokes as SVG, samples as PNG."""

import base64
import io
from urllib.parse import quote

import numpy as np
from PIL import Image

from mnist.strokes import Stroke, Strokes

LIGHTER, DARKER = (20, 100, 210), (214, 96, 10)  # blue and orange: no kind of colour blindness takes one for the other


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


def png_url(ink: np.ndarray) -> str:
    """Ink (h, w) in [0, 1] as a data URL."""
    return _url(png(ink))


def change_url(change: np.ndarray) -> str:
    """A change of ink (h, w) as a data URL: lighter is blue, darker orange, the most changed pixel in full."""
    strength = np.abs(change) / max(float(np.abs(change).max()), 1e-9)
    colours = np.where(change[..., None] > 0, LIGHTER, DARKER)
    pixels = np.concatenate([colours, (255 * strength[..., None]).round()], axis=2).astype(np.uint8)
    return _url(_png(Image.fromarray(pixels)))


def _url(file: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(file).decode()}"
