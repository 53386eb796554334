"""What the network is measured on, none of it a sample of its training, each set through the door that users take.

Drawings by simulated writers as the canvas's JSON and as its pixels; digits and letters of fonts (`evaluation_fonts`);
MNIST's test images spoiled, and as tight 16×16 scans; scikit-learn's `load_digits`, real digits of 13 writers scanned
at 8×8. Without the packages of `requirements-dev.txt` the fonts' and scikit-learn's sets are left out.
"""

import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from mnist.data.labelled import Labelled, no_digits
from mnist.evaluation import fonts
from mnist.handwriting.numbers import in_order, joined, own_styles, write_number
from mnist.handwriting.styles import STYLES
from mnist.handwriting.writer import Writer
from mnist.reading import address, find_digits, strokes
from mnist.reading.framing import SIZE
from mnist.reading.grouping import Ways
from mnist.reading.rendering import render
from mnist.reading.strokes import Stroke

COUNT = 2000  # samples in each set made here
SEED = 2027  # of every set: no training's
USUAL = (1.0, 1.0)  # looseness of the writers
LOOSE = (1.75, 1.75)
PAD = 280  # side of the pad, pixels
SIZES = (60, 260)  # longer side of a drawing on it, pixels
PENS = (8, 14, 20, 28)  # widths, pixels
INK, GROUND = 240, 24  # of the pad as pixels
SCAN = 16  # side of a tight scan, pixels
ROOM = 84  # side of the picture that a spoiled MNIST image is put into, pixels


@dataclass(frozen=True)
class EvaluationSet:
    """Samples to measure on, the style of each where it was written here, and its name where it can be shown again.

    The name of a drawing is itself as text (`address`), that of an MNIST image its number.
    """

    name: str
    labelled: Labelled
    styles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class NumberSet:
    """Drawings of numbers, as all the ways to see them, and what each says."""

    name: str
    found: tuple[Ways, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A drawing on the pad: what it shows, in which style, and its strokes in canvas pixels."""

    label: int
    style: str
    strokes: list[Stroke]


def written(count: int, looseness: tuple[float, float]) -> list[Written]:
    """`count` digits by writers who write every style once, each drawing of any size, at any place, with any pen."""
    rng = np.random.default_rng(SEED)
    drawings: list[Written] = []
    while len(drawings) < count:
        writer = Writer.random(rng, looseness)
        for style in STYLES:
            strokes_ = on_pad(writer.write(style.draw(rng), rng), rng.uniform(PENS[0], PENS[-1]), rng)
            drawings.append(Written(style.digit, style.name, strokes_))
    return [drawings[index] for index in rng.permutation(len(drawings))[:count]]


def on_pad(drawn: Sequence[Stroke], pen: float, rng: np.random.Generator) -> list[Stroke]:
    """The strokes with a pen of that width, at a size and a place on the pad drawn at random."""
    points = np.concatenate([stroke.points for stroke in drawn])
    extent = np.ptp(points, axis=0)
    scale = max(rng.uniform(*SIZES) - pen, 1.0) / max(float(extent.max()), 1e-9)
    place = pen / 2 + rng.uniform(0, 1, 2) * (PAD - pen - scale * extent)
    return [Stroke((stroke.points - points.min(axis=0)) * scale + place, pen) for stroke in drawn]


def as_drawing(drawn: Sequence[Stroke]) -> np.ndarray:
    """The sample (28, 28) that the program makes of the drawing's JSON."""
    return _sample(json.dumps(strokes.to_drawing(drawn, "#ffffff")).encode())


def as_pixels(drawn: Sequence[Stroke], pen: float) -> np.ndarray:
    """The sample (28, 28) that the program makes of the pad's picture, drawn with that pen, moved inside the pad."""
    broad = [Stroke(stroke.points, pen) for stroke in drawn]
    x, y, width, height = strokes.bounds(broad)
    move = np.array([max(-x, 0.0) - max(x + width - PAD, 0.0), max(-y, 0.0) - max(y + height - PAD, 0.0)])
    ink = render([stroke.points + move for stroke in broad], [pen] * len(broad), (PAD, PAD))
    return _picture(GROUND + (INK - GROUND) * ink)


def every(mnist_test: Labelled, count: int = COUNT) -> Iterator[EvaluationSet | NumberSet]:
    """Every set, MNIST's whole test set first; of those made here `count` samples each, or as many as MNIST has."""
    yield EvaluationSet("mnist_test", mnist_test, names=tuple(map(str, range(len(mnist_test)))))
    count = min(count, len(mnist_test))
    drawings, loose = written(count, USUAL), written(count, LOOSE)
    yield _drawings("drawings", drawings)
    yield _drawings("drawings_loose", loose, named=True)  # of these most are misread: the card keeps some
    labels = np.array([drawing.label for drawing in drawings])
    for pen in PENS:
        samples = np.stack([as_pixels(drawing.strokes, pen) for drawing in drawings])
        yield EvaluationSet(f"pixels_pen_{pen}", Labelled(samples, labels))
    for name, some in (("drawings_as_numbers", drawings), ("drawings_loose_as_numbers", loose)):
        ways = tuple(_found(drawing.strokes) for drawing in some)
        yield NumberSet(name, ways, tuple(str(drawing.label) for drawing in some))
    yield _numbers("numbers", count // 2, USUAL)
    yield _numbers("numbers_loose", count // 2, LOOSE)
    yield _numbers("numbers_joined", count // 2, USUAL, joining=True)
    few = mnist_test[:count]
    rng = np.random.default_rng(SEED)
    for name, spoil in CORRUPTIONS.items():
        samples = np.stack([spoil(sample, rng) for sample in few.samples])
        yield EvaluationSet(f"mnist_{name}", Labelled(samples, few.labels))
    samples = np.stack([as_tight_scan(sample) for sample in few.samples])
    yield EvaluationSet("scans_16x16", Labelled(samples, few.labels))
    yield from _of_scikit_learn()
    yield from _of_hershey(count)
    yield from _of_dejavu(count)
    pairs = zip(few.samples, few.samples[::-1], strict=True)
    yield EvaluationSet("two_digits", no_digits([_pair(left, right) for left, right in pairs]))
    yield EvaluationSet("nothing", no_digits([_nothing(rng) for _ in range(count)]))


def _drawings(name: str, drawings: list[Written], named: bool = False) -> EvaluationSet:
    samples = np.stack([as_drawing(drawing.strokes) for drawing in drawings])
    labels = np.array([drawing.label for drawing in drawings])
    texts = tuple(address.to_text(drawing.strokes) or "" for drawing in drawings) if named else ()
    return EvaluationSet(name, Labelled(samples, labels), tuple(f"{d.label} {d.style}" for d in drawings), texts)


def _numbers(name: str, count: int, looseness: tuple[float, float], joining: bool = False) -> NumberSet:
    """Numbers of two to four digits, each by a writer of its own who writes a digit always in the same style.

    With `joining` only such as have digits joined by one stroke.
    """
    rng = np.random.default_rng(SEED)
    found: list[Ways] = []
    texts: list[str] = []
    while len(found) < count:
        writer, styles = Writer.random(rng, looseness), own_styles(rng)
        digits = rng.integers(0, 10, rng.integers(2, 5)).tolist()
        written = write_number(digits, rng, writer, styles)
        drawn = joined(written) if joining else in_order(written, rng)
        if joining and len(drawn) == sum(map(len, written)):
            continue
        found.append(_found(drawn))
        texts.append("".join(map(str, digits)))
    return NumberSet(name, tuple(found), tuple(texts))


def _found(drawn: Sequence[Stroke]) -> Ways:
    """What the program finds in the drawing's JSON."""
    return find_digits.in_file(json.dumps(strokes.to_drawing(drawn, "#ffffff")).encode())


def _of_scikit_learn() -> Iterator[EvaluationSet]:
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        return
    digits = load_digits()
    samples = np.stack([_picture(image / 16 * 255) for image in digits.images])
    yield EvaluationSet("scans_8x8", Labelled(samples, digits.target))


def _of_hershey(count: int) -> Iterator[EvaluationSet]:
    rng = np.random.default_rng(SEED)

    def samples(which: dict[str, str]) -> np.ndarray:
        glyphs = fonts.hershey(which)
        chosen = (glyphs[index % len(glyphs)] for index in range(count))
        drawn = (Writer.random(rng, USUAL).write(glyph, rng) for glyph in chosen)
        return np.stack([as_drawing(on_pad(strokes_, rng.uniform(PENS[0], PENS[-1]), rng)) for strokes_ in drawn])

    try:
        digits = samples(fonts.DIGITS)
    except ImportError:
        return
    yield EvaluationSet("font_digits", Labelled(digits, np.arange(count) % 10))
    for name, which in (("letters", fonts.LETTERS), ("symbols", fonts.SYMBOLS)):
        yield EvaluationSet(name, no_digits(samples(which)))


def _of_dejavu(count: int) -> Iterator[EvaluationSet]:
    try:
        letters = fonts.alphabets(count, np.random.default_rng(SEED))
    except ImportError:
        return
    yield EvaluationSet("alphabets", no_digits([_picture(letter) for letter in letters]))


def _pair(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The sample of a picture of two MNIST digits side by side."""
    return _picture(np.concatenate([left[:, :25], right[:, 3:]], axis=1) * 255)


def _nothing(rng: np.random.Generator) -> np.ndarray:
    """The sample of a picture that shows nothing: light and dark patches, as out of focus, and a camera's noise."""
    patches = Image.fromarray(rng.uniform(0, 255, (rng.integers(3, 12), rng.integers(3, 12))).astype(np.float32))
    pixels = np.asarray(patches.resize((ROOM, ROOM), Image.Resampling.BICUBIC))
    return _picture(pixels + rng.normal(0, rng.uniform(2, 30), pixels.shape))


def _picture(pixels: np.ndarray) -> np.ndarray:
    """The sample (28, 28) that the program makes of a PNG with these grey values (h, w), 0 to 255."""
    file = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).round().astype(np.uint8)).save(file, "PNG")
    return _sample(file.getvalue())


def _sample(content: bytes) -> np.ndarray:
    framed = find_digits.one_digit(content)
    return np.zeros((SIZE, SIZE), np.float32) if framed is None else framed.sample


def as_tight_scan(sample: np.ndarray) -> np.ndarray:
    """The sample (28, 28) that the program makes of a digit scanned at 16×16, its longer side filling the frame."""
    digit = Image.fromarray((sample * 255).astype(np.uint8))
    digit = digit.crop(digit.getbbox())
    scale = SCAN / max(digit.size)
    digit = digit.resize([max(1, round(side * scale)) for side in digit.size], Image.Resampling.BOX)
    scan = Image.new("L", (SCAN, SCAN))
    scan.paste(digit, ((SCAN - digit.width) // 2, (SCAN - digit.height) // 2))
    return _picture(np.asarray(scan, np.float64))


def _in_a_room(
    sample: np.ndarray, change: Callable[[Image.Image], Image.Image], at: tuple[float, float] = (0.5, 0.5)
) -> Image.Image:
    """The sample, changed, in a larger dark picture; `at` are shares of the free room left and above."""
    changed = change(Image.fromarray((sample * 255).astype(np.uint8)))
    room = Image.new("L", (ROOM, ROOM))
    left, top = (round(share * (ROOM - side)) for share, side in zip(at, changed.size, strict=True))
    room.paste(changed, (left, top))
    return room


def _shifted(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    across, down = rng.uniform(0, 1, 2)
    return _picture(np.asarray(_in_a_room(sample, lambda image: image, (across, down))))


def _scaled(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    side = round(SIZE * np.exp(rng.uniform(np.log(0.5), np.log(3))))
    return _picture(np.asarray(_in_a_room(sample, lambda image: image.resize((side, side), Image.Resampling.BICUBIC))))


def _turned(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    angle = rng.uniform(10, 25) * rng.choice([-1, 1])
    return _picture(np.asarray(_in_a_room(sample, lambda image: image.rotate(angle, Image.Resampling.BICUBIC))))


def _blurred(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    blur = ImageFilter.GaussianBlur(rng.uniform(0.7, 1.5))
    return _picture(np.asarray(_in_a_room(sample, lambda image: image).filter(blur)))


def _noisy(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return _picture(sample * 200 + rng.normal(25, 25, sample.shape))


def _foggy(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    corners = Image.fromarray(rng.uniform(20, 110, (2, 2)).astype(np.float32))
    fog = np.asarray(corners.resize((SIZE, SIZE), Image.Resampling.BILINEAR))
    return _picture(fog + (255 - fog) * 0.6 * sample)


def _striped(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    y, x = np.indices(sample.shape)
    angle, pitch = rng.uniform(0, np.pi), rng.uniform(3, 8)
    stripes = np.sin((np.cos(angle) * x + np.sin(angle) * y) * 2 * np.pi / pitch) > 0
    return _picture(np.maximum(sample * 255, 70 * stripes))


CORRUPTIONS: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "shifted": _shifted,
    "scaled": _scaled,
    "turned": _turned,
    "blurred": _blurred,
    "noisy": _noisy,
    "foggy": _foggy,
    "striped": _striped,
}
