"""Pictures as phones take them, made here: numbers on paper or a board, with all that makes such pictures hard.

Uneven light, a shadow's edge, tilt, lined and squared paper, a second line of writing, grain and JPEG's blocks, a thumb
at the edge; ink on paper, chalk on a board, white on black. The numbers are written by made-up writers, put together
from what one person drew, or pasted from MNIST's digits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from PIL import Image, ImageFilter

from mnist.data.labelled import Labelled
from mnist.data.people import Drawn
from mnist.handwriting.numbers import DIGIT_HEIGHT, own_styles, resized, side_by_side, write_number
from mnist.handwriting.writer import Writer
from mnist.reading.drawings.rendering import render
from mnist.reading.drawings.strokes import Stroke
from mnist.reading.framing import crop, ink_box
from tools.harness.image_files import file

SIZE = (1200, 900)  # width and height, pixels
MAX_TILT_DEGREES = 15.0  # either way
DIGITS = (2, 5)  # fewest and most in a number
SHARE_WITH_SECOND_LINE = 0.2  # of the pictures
LINE_SPACING = 1.7  # digit heights
GAP = (0.22, 0.12)  # between pasted digits: mean and deviation, in digit heights
MIN_GAP = -0.05  # digit heights; below 0 digits run into each other
EDGE_CONTRAST = 4.0  # factor for pasted digits, whose edges are soft, as they come as 28 × 28 pixels
PENS = (0.03, 0.11)  # width, digit heights: from a biro's on a note to a felt pen's
MAX_ASIDE = 0.04  # picture sides, by which each corner of a page is off that is looked at from aside
MAX_BEND = 0.03  # picture heights, by which paper that does not lie flat leaves the level

Numbers = list[list[int]]  # the digits of each line


@dataclass(frozen=True)
class Photo:
    """A picture file's bytes, and the text in it."""

    content: bytes
    text: str
    ground: str  # what it is written on


@dataclass(frozen=True)
class Writing:
    """Lines of numbers: points (n, 2) that bound them, and a function that gives their ink (h, w) in [0, 1].

    `placed` takes a scale, a turn (2, 2), a move (2,) and a size (w, h): a point p lies at scale · turn · p + move.
    """

    points: np.ndarray
    placed: Callable[[float, np.ndarray, np.ndarray, tuple[int, int]], np.ndarray]


Write = Callable[[Numbers, np.random.Generator], Writing]
Grounds = Mapping[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]]  # lightness (h, w) of ink (h, w)


def photo(
    rng: np.random.Generator, write: Write, size: tuple[int, int] = SIZE, grounds: Grounds | None = None
) -> Photo:
    """Make a picture of a number, now and then of two, one below the other; on GROUNDS unless others are given."""
    lines = 2 if rng.random() < SHARE_WITH_SECOND_LINE else 1
    numbers = [rng.integers(0, 10, rng.integers(DIGITS[0], DIGITS[1] + 1)).tolist() for _ in range(lines)]
    grounds = grounds or GROUNDS
    kind = list(grounds)[rng.integers(len(grounds))]
    ink = _placed(write(numbers, rng), size, rng)
    return Photo(taken(grounds[kind](ink, rng), rng), "\n".join("".join(map(str, line)) for line in numbers), kind)


def taken(light: np.ndarray, rng: np.random.Generator) -> bytes:
    """Return the picture that a phone takes of a sheet (h, w) of lightness, as a JPEG file."""
    size = light.shape[1], light.shape[0]
    if rng.random() < 0.4:
        light = light * shadow(size, rng)
    if rng.random() < 0.3:
        light = _with_thumb(light, rng)
    light = light + rng.normal(0, rng.uniform(0.005, 0.03), light.shape)
    picture = Image.fromarray((light.clip(0, 1) * 255).round().astype(np.uint8))
    picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.0, 1.5)))
    return file(picture, "JPEG", quality=int(rng.integers(45, 92)))


def by_made_up_writer(numbers: Numbers, rng: np.random.Generator, pens: tuple[float, float] = PENS) -> Writing:
    """Write the numbers by the strokes of one made-up writer."""
    writer, styles = Writer.random(rng, (1.0, 1.0)), own_styles(rng)
    return _written([write_number(digits, rng, writer, styles) for digits in numbers], rng, pens)


def by_one_of(hands: Sequence[Sequence[Drawn]], pens: tuple[float, float] = PENS) -> Write:
    """Return a function that writes numbers with digits that one person drew: of each digit any of theirs.

    Each of `hands` holds what one person drew; who did not draw all of a number's digits does not write it.
    """

    def write(numbers: Numbers, rng: np.random.Generator) -> Writing:
        needed = {label for digits in numbers for label in digits}
        able = [hand for hand in hands if needed <= {drawn.label for drawn in hand}]
        own = able[rng.integers(len(able))]
        of_label = {label: [drawn.strokes for drawn in own if drawn.label == label] for label in needed}
        lines = []
        for digits in numbers:
            chosen = (of_label[label][rng.integers(len(of_label[label]))] for label in digits)
            lines.append(side_by_side([resized(strokes, rng) for strokes in chosen], rng))
        return _written(lines, rng, pens)

    return write


def _written(
    numbers: Sequence[Sequence[Sequence[Stroke]]], rng: np.random.Generator, pens: tuple[float, float] = PENS
) -> Writing:
    """Put lines of numbers, each the strokes of its digits, below one another, and draw them with one pen."""
    strokes = []
    for line, digits in enumerate(numbers):
        down = np.array([0.0, line * LINE_SPACING * DIGIT_HEIGHT])
        strokes += [Stroke(stroke.points + down, stroke.width) for digit in digits for stroke in digit]
    pen = rng.uniform(*pens) * DIGIT_HEIGHT

    def placed(scale: float, turn: np.ndarray, move: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        lines = [stroke.points @ turn.T * scale + move for stroke in strokes]
        return render(lines, [max(2.0, pen * scale)] * len(lines), (size[1], size[0]))

    return Writing(np.concatenate([stroke.points for stroke in strokes]), placed)


def pasted_from(digits: Labelled) -> Write:
    """Return a function that pastes numbers together from these digits, each by another person."""
    return lambda numbers, rng: _pasted(numbers, digits, rng)


def _pasted(numbers: Numbers, digits: Labelled, rng: np.random.Generator) -> Writing:
    large: list[tuple[np.ndarray, float, float]] = []  # ink, and the place of its corner
    for line, labels in enumerate(numbers):
        right = 0.0
        for label in labels:
            of_label = np.flatnonzero(digits.labels == label)
            ink = _enlarged(digits.samples[of_label[rng.integers(len(of_label))]], rng)
            gap = DIGIT_HEIGHT * max(MIN_GAP, rng.normal(*GAP)) if right else 0.0
            foot = line * LINE_SPACING * DIGIT_HEIGHT + rng.normal(0, 0.05) * DIGIT_HEIGHT
            large.append((ink, right + gap, foot - ink.shape[0]))
            right += gap + ink.shape[1]
    corner = np.array([min(x for _, x, _ in large), min(y for *_, y in large)]).round()
    far = [(x + ink.shape[1], y + ink.shape[0]) for ink, x, y in large]
    page = np.zeros(np.ceil(np.max(far, axis=0) - corner).astype(int)[::-1] + 1, np.float32)
    for ink, x, y in large:
        left, top = round(x - corner[0]), round(y - corner[1])
        field = page[top : top + ink.shape[0], left : left + ink.shape[1]]
        np.maximum(field, ink[: field.shape[0], : field.shape[1]], out=field)

    def placed(scale: float, turn: np.ndarray, move: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        back = turn.T / scale  # of a point of the picture to one of the page
        start = -back @ move - corner
        matrix = (back[0, 0], back[0, 1], start[0], back[1, 0], back[1, 1], start[1])
        shown = Image.fromarray(page).transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
        return np.asarray(shown).clip(0.0, 1.0)

    return Writing(np.argwhere(page > 0.5)[:, ::-1] + corner, placed)


def _enlarged(sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a digit's ink at about DIGIT_HEIGHT, its edges as steep as a pen's."""
    digit = crop(sample, ink_box(sample) or (0, 0, 1, 1))
    factor = DIGIT_HEIGHT / 20 * float(np.exp(rng.normal(0, 0.08)))
    height, width = (max(1, round(side * factor)) for side in digit.shape)
    image = Image.fromarray(digit).resize((width, height), Image.Resampling.BICUBIC)
    return ((np.asarray(image) - 0.5) * EDGE_CONTRAST + 0.5).clip(0.0, 1.0)


def _placed(writing: Writing, size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return the ink (h, w) in [0, 1]: tilted, somewhere in the picture, a tenth to a third of its height."""
    angle = np.deg2rad(rng.uniform(-MAX_TILT_DEGREES, MAX_TILT_DEGREES))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = writing.points @ turn.T
    low, extent = turned.min(axis=0), np.ptp(turned, axis=0)
    room = np.array(size) * 0.86
    scale = min(rng.uniform(0.09, 0.35) * size[1] / DIGIT_HEIGHT, *(room / extent))
    place = 0.07 * np.array(size) + rng.uniform(0, 1, 2) * (room - scale * extent)
    ink = writing.placed(scale, turn, place - low * scale, size)
    texture = Image.fromarray(rng.uniform(0.75, 1.0, (size[1] // 2, size[0] // 2)).astype(np.float32))
    return ink * np.asarray(texture.resize(size, Image.Resampling.BILINEAR))


def _light(shape: tuple[int, ...], rng: np.random.Generator, low: float) -> np.ndarray:
    """Return light (h, w) of this shape that falls off slowly over the picture, from 1 to about `low`."""
    corners = rng.uniform(low, 1.0, (2, 2)).astype(np.float32)
    return np.asarray(Image.fromarray(corners).resize((shape[1], shape[0]), Image.Resampling.BILINEAR))


def shadow(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return a shadow with a soft edge across the picture, as a factor (h, w)."""
    y, x = np.mgrid[: size[1], : size[0]]
    angle, depth = rng.uniform(0, 2 * np.pi), rng.uniform(0.45, 0.8)
    at = rng.uniform(0.3, 0.7, 2) * size
    across = np.cos(angle) * (x - at[0]) + np.sin(angle) * (y - at[1])
    soft = rng.uniform(8, 60)
    return depth + (1 - depth) / (1 + np.exp(-(across / soft).clip(-50, 50)))


def _with_thumb(light: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Cover a piece of the edge by a blurred dark thumb."""
    height, width = light.shape
    y, x = np.mgrid[:height, :width]
    at = (0.0, rng.uniform(0, height)) if rng.random() < 0.5 else (rng.uniform(0, width), float(height))
    reach = rng.uniform(0.03, 0.06) * width
    far = np.hypot((x - at[0]) / reach, (y - at[1]) / (reach * 1.3))
    cover = 1 / (1 + np.exp((far - 1) * 12))
    return light * (1 - cover) + rng.uniform(0.35, 0.6) * cover


def paper(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the lightness (h, w) of paper, in uneven light, with this ink (h, w) on it."""
    sheet = rng.uniform(0.75, 0.97) * _light(ink.shape, rng, 0.55)
    return sheet * (1 - rng.uniform(0.45, 0.9) * ink)


def _ruled(ink: np.ndarray, rng: np.random.Generator, squared: bool = False) -> np.ndarray:
    """Return ruled paper, the writing as likely on the rules as between them."""
    height, width = ink.shape
    y, x = np.mgrid[:height, :width]
    pitch, thick, tilt = rng.uniform(35, 90), rng.uniform(1.0, 2.5), np.tan(np.deg2rad(rng.uniform(-6, 6)))
    rules = (np.abs((y - tilt * x) % pitch - pitch / 2) < thick / 2).astype(np.float64)
    if squared:
        rules = np.maximum(rules, np.abs((x + tilt * y) % pitch - pitch / 2) < thick / 2)
    rules = np.asarray(Image.fromarray((rules * 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(1))) / 255
    return paper(ink, rng) * (1 - rng.uniform(0.12, 0.35) * rules)


def _board(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return chalk on a board that has been wiped."""
    size = ink.shape[::-1]
    smears = Image.fromarray(rng.uniform(0, 0.12, (7, 9)).astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
    board = (rng.uniform(0.1, 0.3) + np.asarray(smears)) * _light(ink.shape, rng, 0.6)
    return board + (rng.uniform(0.65, 0.95) - board) * ink * rng.uniform(0.7, 1.0)


def _bent(ink: np.ndarray, rng: np.random.Generator, squared: bool = False) -> np.ndarray:
    """Return ruled paper with what is written on it, as a page lies near a book's spine, or one that was rolled up."""
    light = _ruled(ink, rng, squared).astype(np.float32)
    height, width = light.shape
    x = np.linspace(-1, 1, width)
    bends = (x**2, np.exp(2.5 * (x - 1)), np.sin(rng.uniform(3, 6) * x + rng.uniform(0, 2 * np.pi)) / 2)
    down = height * rng.uniform(-MAX_BEND, MAX_BEND) * bends[rng.integers(len(bends))]
    from_x, from_y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    moved = from_y - down.astype(np.float32)
    return cv2.remap(light, from_x, moved, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def _from_aside(ink: np.ndarray, rng: np.random.Generator, squared: bool = False) -> np.ndarray:
    """Return ruled paper with what is written on it, photographed from aside."""
    light = _ruled(ink, rng, squared).astype(np.float32)
    size = np.array(light.shape[::-1])
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * size
    off = rng.uniform(-MAX_ASIDE, MAX_ASIDE, (4, 2)) * size
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), (corners + off).astype(np.float32))
    return cv2.warpPerspective(light, matrix, light.shape[::-1], borderMode=cv2.BORDER_REFLECT)


GROUNDS: Grounds = {
    "paper": paper,
    "ruled": _ruled,
    "squared": partial(_ruled, squared=True),
    "board": _board,
    "white_on_black": lambda ink, rng: rng.uniform(0.0, 0.1) + rng.uniform(0.6, 0.9) * ink,
}
FROM_ASIDE: Grounds = {"ruled": _from_aside, "squared": partial(_from_aside, squared=True)}
BENT: Grounds = {"ruled": _bent, "squared": partial(_bent, squared=True)}
