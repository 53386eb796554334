"""Photographs of tables of numbers, and of sudokus, filled by one hand; made here, as phones take them.

Either the phone lies level above a flat sheet, or it is held askew, and the paper bulges. Rules are printed, or drawn
with the pen that wrote the numbers, or there are none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mnist.data.people import Drawn
from mnist.handwriting.numbers import DIGIT_HEIGHT, resized, side_by_side
from mnist.reading.drawings.rendering import render
from mnist.reading.drawings.strokes import Stroke
from mnist.reading.framing import Box
from tools.made_photographs import SIZE, paper, taken

MAX_TILT_DEGREES = 4.0  # either way
TABLE_OF_PICTURE = (0.6, 0.92)  # its longer relative side
DIGIT_OF_CELL = (0.45, 0.7)  # height
RULE_PIXELS = (1.5, 4.0)
EMPTY_SHARE = 0.1  # of a table's cells
MAX_TABLE_DIGITS = 3
MAX_ASKEW = 0.12  # of the table's sides, by which a corner is off
MAX_BULGE = 0.02  # of the table's sides
RULE_POINTS = 60  # of a rule that may be bent
# How rules drawn by hand differ from where they should be, in heights of cells: standard deviations, but for the waves.
OFF, TILT, BEYOND = 0.05, 0.017, 0.12
WAVE = (0.01, 0.05)
PEN_OF_RULES = (0.7, 1.1)  # of the digits' pen

Place = Callable[[np.ndarray], np.ndarray]  # from (n, 2) in [0, 1] across and down a table to pixels


@dataclass(frozen=True)
class Ruling:
    """Which rules a table has: its frame, those between its rows and columns; whether a pen drew them.

    `cell_width` is in heights of a cell.
    """

    frame: bool = True
    rows: bool = True
    columns: bool = True
    by_hand: bool = False
    cell_width: float = 1.6


PRINTED, OF_SUDOKU, BY_HAND = Ruling(), Ruling(cell_width=1.0), Ruling(by_hand=True)
NO_RULES = Ruling(frame=False, rows=False, columns=False, cell_width=2.2)
NO_FRAME_BY_HAND = Ruling(frame=False, by_hand=True, cell_width=2.2)
COLUMNS_BY_HAND = Ruling(frame=False, rows=False, by_hand=True, cell_width=2.2)


@dataclass(frozen=True)
class Table:
    """A picture file's bytes; the text of each row's cells, empty ones too; where the middle of a cell lies.

    `middles` (rows, columns, 2) are x and y in pixels.
    """

    content: bytes
    texts: list[list[str]]
    middles: np.ndarray


def table(
    hands: Sequence[Sequence[Drawn]], rng: np.random.Generator, askew: bool = False, ruling: Ruling = PRINTED
) -> Table:
    """Make a table of five rows and three columns."""
    texts = [[_number(rng) for _ in range(3)] for _ in range(5)]
    return _photographed(texts, ruling, hands, rng, askew)


def sudoku(hands: Sequence[Sequence[Drawn]], rng: np.random.Generator, askew: bool = False) -> Table:
    """Make a sudoku with all of its 81 digits."""
    texts = [[str(digit) for digit in row] for row in rng.integers(1, 10, (9, 9))]
    return _photographed(texts, OF_SUDOKU, hands, rng, askew)


def begun_sudoku(hands: Sequence[Sequence[Drawn]], rng: np.random.Generator, askew: bool = False) -> Table:
    """Make a sudoku with most of its cells empty."""
    empty = rng.random((9, 9)) < rng.uniform(0.4, 0.75)
    texts = [["" if none else str(rng.integers(1, 10)) for none in row] for row in empty.tolist()]
    return _photographed(texts, OF_SUDOKU, hands, rng, askew)


def _number(rng: np.random.Generator) -> str:
    if rng.random() < EMPTY_SHARE:
        return ""
    return "".join(map(str, rng.integers(0, 10, rng.integers(1, MAX_TABLE_DIGITS + 1)).tolist()))


def _photographed(
    texts: list[list[str]], ruling: Ruling, hands: Sequence[Sequence[Drawn]], rng: np.random.Generator, askew: bool
) -> Table:
    """Write the texts into a table, and photograph it."""
    rows, columns, wide = len(texts), len(texts[0]), ruling.cell_width
    extent = np.array([columns * wide, rows])
    high = rng.uniform(*TABLE_OF_PICTURE) * float((np.array(SIZE) / extent).min())  # of a cell
    place = (_askew if askew else _level)(extent * high, rng)

    def placed(points: np.ndarray) -> np.ndarray:
        return place(points / extent)

    able = [hand for hand in hands if len({drawn.label for drawn in hand}) == 10]
    hand = able[int(rng.integers(len(able)))]
    pen = rng.uniform(0.05, 0.11) * high * 0.6
    written = [
        placed(stroke.points * (1 / DIGIT_HEIGHT) + (column * wide, row))
        for row, line in enumerate(texts)
        for column, text in enumerate(line)
        for stroke in _in_cell(text, wide, hand, rng)
    ]
    shape = SIZE[1], SIZE[0]
    ink = render(written, [max(2.0, pen)] * len(written), shape)
    rules = [placed(rule) for rule in _rules(rows, columns, ruling, rng)]
    if ruling.by_hand:
        ruled = render(rules, [max(2.0, pen) * rng.uniform(*PEN_OF_RULES)] * len(rules), shape)
    elif rules:
        ruled = render(rules, [rng.uniform(*RULE_PIXELS)] * len(rules), shape) * rng.uniform(0.4, 1.0)
    else:
        ruled = np.zeros_like(ink)
    places = np.stack(np.meshgrid((np.arange(columns) + 0.5) * wide, np.arange(rows) + 0.5), axis=2)
    return Table(
        taken(paper(np.maximum(ink, ruled), rng), rng), texts, placed(places.reshape(-1, 2)).reshape(places.shape)
    )


def _rules(rows: int, columns: int, ruling: Ruling, rng: np.random.Generator) -> list[np.ndarray]:
    """Return the points (n, 2) of a table's rules, x and y in heights of its cells, upright ones first."""
    wide = ruling.cell_width
    upright = [x * wide for x in range(columns + 1) if (ruling.columns if 0 < x < columns else ruling.frame)]
    level = [float(y) for y in range(rows + 1) if (ruling.rows if 0 < y < rows else ruling.frame)]
    down = [np.stack(_rule(x, rows, ruling.by_hand, rng), axis=1) for x in upright]
    return down + [np.stack(_rule(y, columns * wide, ruling.by_hand, rng)[::-1], axis=1) for y in level]


def _rule(at: float, length: float, by_hand: bool, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return a rule's places aside and along, (n,) each, in heights of cells."""
    share = np.linspace(0, 1, RULE_POINTS)
    if not by_hand:
        return np.full(RULE_POINTS, at), share * length
    start, end = -rng.normal(0, BEYOND), length + rng.normal(0, BEYOND)
    along = start + share * (end - start)
    slow, fast = np.sin(rng.uniform((2, 8), (6, 14)) * share[:, None] + rng.uniform(0, 6.3, 2)).T
    wave = rng.uniform(*WAVE) * (slow + fast / 2)
    return at + rng.normal(0, OFF) + rng.normal(0, TILT) * (along - length / 2) + wave, along


def _level(size: np.ndarray, rng: np.random.Generator) -> Place:
    """Place a table of that size, (w, h) pixels, in the middle of a picture, tilted a little."""
    angle = np.deg2rad(rng.uniform(-MAX_TILT_DEGREES, MAX_TILT_DEGREES))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array(SIZE) / 2 + rng.normal(0, 0.01, 2) * SIZE
    return lambda places: (places - 0.5) * size @ turn.T + middle


def _askew(size: np.ndarray, rng: np.random.Generator) -> Place:
    """Place it likewise, each corner further in by a random share, on paper that bulges in both directions."""
    level = _level(size, rng)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    inwards = rng.uniform(0, MAX_ASKEW, (4, 2)) * (1 - 2 * corners)
    matrix = cv2.getPerspectiveTransform(corners, (corners + inwards).astype(np.float32))
    high, wave, phase = rng.uniform(-MAX_BULGE, MAX_BULGE, 2), rng.uniform(2, 5, 2), rng.uniform(0, 6.3, 2)

    def place(places: np.ndarray) -> np.ndarray:
        bulged = places + high * np.sin(wave * places[:, ::-1] + phase)
        return level(cv2.perspectiveTransform(bulged[None], matrix)[0])

    return place


def _in_cell(text: str, wide: float, hand: Sequence[Drawn], rng: np.random.Generator) -> list[Stroke]:
    """Write a number into a cell one DIGIT_HEIGHT high."""
    of_label = {label: [each.strokes for each in hand if str(each.label) == label] for label in set(text)}
    chosen = [of_label[label][rng.integers(len(of_label[label]))] for label in text]
    strokes = [stroke for digit in side_by_side([resized(digit, rng) for digit in chosen], rng) for stroke in digit]
    if not strokes:
        return []
    points = np.concatenate([stroke.points for stroke in strokes])
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    cell = np.array([wide, 1.0]) * DIGIT_HEIGHT
    scale = min(rng.uniform(*DIGIT_OF_CELL) * DIGIT_HEIGHT / size[1], 0.85 * cell[0] / max(size[0], 1e-9))
    move = (cell - size * scale) * (0.5 + rng.normal(0, 0.06, 2)).clip(0.2, 0.8)
    return [Stroke((stroke.points - low) * scale + move, stroke.width) for stroke in strokes]


def in_cells(numbers: Sequence[tuple[str, Box]], made: Table) -> list[list[str]]:
    """Return the texts of numbers, each with its box, in the cells whose middles they are nearest to."""
    found = [["" for _ in line] for line in made.texts]
    for text, (x, y, width, height) in numbers:
        apart = np.linalg.norm(made.middles - (x + width / 2, y + height / 2), axis=2)
        row, column = np.unravel_index(int(apart.argmin()), apart.shape)
        found[row][column] = f"{found[row][column]} {text}".strip()
    return found
