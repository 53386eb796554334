"""Samples to measure on, each made through the door that users take: a drawing's JSON or a picture's bytes.

Every function returns a sample (28, 28) float32 in [0, 1], or a step on the way to one; the classes hold many.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from mnist.data.labelled import Labelled
from mnist.reading import find_digits
from mnist.reading.drawings import strokes
from mnist.reading.drawings.rendering import render
from mnist.reading.drawings.strokes import Stroke
from mnist.reading.framing import SIZE
from mnist.reading.lattice import Lattice

PAD_SIDE = 280  # pixels
DRAWING_SIDES = (60, 260)  # shortest and longest longer side of a drawing on the pad, pixels
PENS = (8, 14, 20, 28)  # widths, pixels
INK, GROUND = 240, 24  # grey values of the pad's picture
SCAN_SIDE = 16  # of a tight scan, pixels
ROOM_SIDE = 84  # of the picture that a spoiled MNIST image is put into, pixels


@dataclass(frozen=True)
class DigitSet:
    """Samples to measure on, the style of each if it was written here, and its name if it can be shown again.

    The name of what people wrote is its number in its source, that of a drawing made here the drawing itself as text
    (`address`). Of what is no digit `lattices` are the first few as the program reads them, which looks for numbers.
    """

    labelled: Labelled
    styles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    lattices: tuple[Lattice, ...] = ()


@dataclass(frozen=True)
class LatticeSet:
    """Drawings and pictures as the program reads them: the lattice of each, the text that it says, and names as above.

    Only single digits have names.
    """

    lattices: tuple[Lattice, ...]
    texts: tuple[str, ...]
    names: tuple[str, ...] = ()


AnySet = DigitSet | LatticeSet


def on_pad(drawn: Sequence[Stroke], pen: float, rng: np.random.Generator) -> list[Stroke]:
    """Return the strokes with a pen of that width, at a random size and place on the pad."""
    points = np.concatenate([stroke.points for stroke in drawn])
    extent = np.ptp(points, axis=0)
    scale = max(rng.uniform(*DRAWING_SIDES) - pen, 1.0) / max(float(extent.max()), 1e-9)
    place = pen / 2 + rng.uniform(0, 1, 2) * (PAD_SIDE - pen - scale * extent)
    return [Stroke((stroke.points - points.min(axis=0)) * scale + place, pen) for stroke in drawn]


def on_pad_with_any_pen(drawn: Sequence[Stroke], rng: np.random.Generator) -> list[Stroke]:
    """Return the strokes on the pad likewise, with a pen of any width."""
    return on_pad(drawn, rng.uniform(PENS[0], PENS[-1]), rng)


def as_json(drawn: Sequence[Stroke]) -> bytes:
    """Return the drawing as the canvas sends it."""
    return json.dumps(strokes.to_drawing(drawn, "#ffffff")).encode()


def from_drawing(drawn: Sequence[Stroke]) -> np.ndarray:
    """Return the sample that the program makes of the drawing's JSON."""
    return _sample(as_json(drawn))


def lattice_from_drawing(drawn: Sequence[Stroke]) -> Lattice:
    """Return the segmentation lattice that the program builds from the drawing's JSON."""
    return find_digits.in_file(as_json(drawn))


def from_pad_picture(drawn: Sequence[Stroke], pen: float) -> np.ndarray:
    """Return the sample that the program makes of the pad's picture, drawn with that pen and moved inside the pad."""
    return from_picture(_pad_picture(drawn, pen))


def lattice_from_pad_picture(drawn: Sequence[Stroke], pen: float) -> Lattice:
    """Return the segmentation lattice that the program builds from that picture."""
    return lattice_from_picture(_pad_picture(drawn, pen))


def lattice_from_picture(pixels: np.ndarray | Image.Image) -> Lattice:
    """Return the segmentation lattice that the program builds from a PNG with these grey values (h, w), 0 to 255."""
    return find_digits.in_file(as_png(pixels))


def _pad_picture(drawn: Sequence[Stroke], pen: float) -> np.ndarray:
    broad = [Stroke(stroke.points, pen) for stroke in drawn]
    x, y, width, height = strokes.bounds(broad)
    move = np.array([max(-x, 0.0) - max(x + width - PAD_SIDE, 0.0), max(-y, 0.0) - max(y + height - PAD_SIDE, 0.0)])
    ink = render([stroke.points + move for stroke in broad], [pen] * len(broad), (PAD_SIDE, PAD_SIDE))
    return GROUND + (INK - GROUND) * ink


def from_picture(pixels: np.ndarray | Image.Image) -> np.ndarray:
    """Return the sample that the program makes of a PNG with these grey values (h, w), 0 to 255."""
    return _sample(as_png(pixels))


def as_png(pixels: np.ndarray | Image.Image) -> bytes:
    """Return a PNG file with these grey values (h, w), 0 to 255."""
    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels).clip(0, 255).round().astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def _sample(content: bytes) -> np.ndarray:
    framed = find_digits.one_digit(content)
    return np.zeros((SIZE, SIZE), np.float32) if framed is None else framed.sample


def pair(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the sample of a picture of two MNIST digits side by side."""
    return from_picture(np.concatenate([left[:, :25], right[:, 3:]], axis=1) * 255)


def patches(rng: np.random.Generator) -> np.ndarray:
    """Return the sample of a picture that shows nothing: blurred light and dark patches, and a camera's noise."""
    grid = Image.fromarray(rng.uniform(0, 255, (rng.integers(3, 12), rng.integers(3, 12))).astype(np.float32))
    pixels = np.asarray(grid.resize((ROOM_SIDE, ROOM_SIDE), Image.Resampling.BICUBIC))
    return from_picture(pixels + rng.normal(0, rng.uniform(2, 30), pixels.shape))


def _image(sample: np.ndarray) -> Image.Image:
    return Image.fromarray((sample * 255).astype(np.uint8))


def _in_a_room(image: Image.Image, place: Sequence[float] = (0.5, 0.5)) -> Image.Image:
    """Put the image into a larger dark picture; `place` is its share of the free room left and above."""
    room = Image.new("L", (ROOM_SIDE, ROOM_SIDE))
    left, top = (round(share * (ROOM_SIDE - side)) for share, side in zip(place, image.size, strict=True))
    room.paste(image, (left, top))
    return room


def shifted(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put the digit anywhere in the picture."""
    return from_picture(_in_a_room(_image(sample), rng.uniform(0, 1, 2).tolist()))


def scaled(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Make the digit half to three times as large."""
    side = round(SIZE * np.exp(rng.uniform(np.log(0.5), np.log(3))))
    return from_picture(_in_a_room(_image(sample).resize((side, side), Image.Resampling.BICUBIC)))


def turned(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn the digit by 10 to 25°, either way."""
    angle = rng.uniform(10, 25) * rng.choice([-1, 1])
    return from_picture(_in_a_room(_image(sample).rotate(angle, Image.Resampling.BICUBIC)))


def blurred(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blur the picture as if out of focus."""
    return from_picture(_in_a_room(_image(sample)).filter(ImageFilter.GaussianBlur(rng.uniform(0.7, 1.5))))


def noisy(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add a camera's noise."""
    return from_picture(sample * 200 + rng.normal(25, 25, sample.shape))


def foggy(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add uneven light."""
    corners = Image.fromarray(rng.uniform(20, 110, (2, 2)).astype(np.float32))
    fog = np.asarray(corners.resize((SIZE, SIZE), Image.Resampling.BILINEAR))
    return from_picture(fog + (255 - fog) * 0.6 * sample)


def striped(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put the digit on stripes."""
    y, x = np.indices(sample.shape)
    angle, pitch = rng.uniform(0, np.pi), rng.uniform(3, 8)
    stripes = np.sin((np.cos(angle) * x + np.sin(angle) * y) * 2 * np.pi / pitch) > 0
    return from_picture(np.maximum(sample * 255, 70 * stripes))


def scanned(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Scan the digit at 16×16 pixels, its longer side filling the frame. Nothing in it is random."""
    digit = _image(sample)
    digit = digit.crop(digit.getbbox())
    scale = SCAN_SIDE / max(digit.size)
    digit = digit.resize([max(1, round(side * scale)) for side in digit.size], Image.Resampling.BOX)
    scan = Image.new("L", (SCAN_SIDE, SCAN_SIDE))
    scan.paste(digit, ((SCAN_SIDE - digit.width) // 2, (SCAN_SIDE - digit.height) // 2))
    return from_picture(scan)
