"""Small pictures as data URLs, so that a page carries them itself: strokes as SVG, samples as PNG."""

import base64
import io
from urllib.parse import quote

import numpy as np
from PIL import Image

from mnist.strokes import Stroke, Strokes


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
    file = io.BytesIO()
    Image.fromarray((ink * 255).round().astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def jpeg(picture: Image.Image) -> bytes:
    """The picture as a JPEG file."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88)
    return file.getvalue()


def png_url(ink: np.ndarray) -> str:
    """Ink (h, w) in [0, 1] as a data URL."""
    return f"data:image/png;base64,{base64.b64encode(png(ink)).decode()}"
