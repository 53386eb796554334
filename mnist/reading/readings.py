"""Readings of drawings and pictures: digits, the numbers that they make up, and all of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from mnist.reading import layout
from mnist.reading.framing import Box, Framed, around
from mnist.reading.gutters import Wall
from mnist.reading.lattice import LeftOut
from mnist.reading.layout import Signs
from mnist.reading.mesh import SUDOKU_SIDE, Mesh
from mnist.reading.signs import Sign

MIN_ALONE_IN_SUDOKU = 0.9  # share of the digits that stand alone in their cell
MIN_SECOND_PROBABILITY = 0.05  # of a second guess that is named: with less, what is doubtful is another thing
Certainty = Literal["sure", "doubtful", "rejected"]
Verdict = Literal["digit", "unsure", "not_a_digit", "empty"]


@dataclass(frozen=True, eq=False)
class Digit:
    """One part as it was read: its label, or None if it is no digit, and the ten probabilities (10,).

    `sure` is whether the label stands clear of the second guess.
    """

    digit: int | None
    probabilities: np.ndarray
    framed: Framed
    sure: bool = True

    @property
    def confidence(self) -> float | None:
        """The probability of the label, 0 to 1; None if there is none."""
        return None if self.digit is None else float(self.probabilities[self.digit])

    @property
    def certainty(self) -> Certainty:
        """Whether it was rejected, and if not, whether it is sure."""
        return "rejected" if self.digit is None else "sure" if self.sure else "doubtful"

    @property
    def character(self) -> str:
        """The label as text, ? if there is none."""
        return "?" if self.digit is None else str(self.digit)

    @property
    def second(self) -> int:
        """The second likeliest label."""
        return int(np.argsort(self.probabilities)[-2])

    @property
    def alternative(self) -> int | None:
        """The second likeliest label, None if it is too unlikely to be named."""
        return self.second if self.probabilities[self.second] >= MIN_SECOND_PROBABILITY else None


@dataclass(frozen=True)
class Number:
    """Digits that belong together, left to right, and their place: the row, and in it the column, both from 0.

    `signs` has what stands before a digit (- . , : =), by the digit's index, `end` what stands after all (- .- =).
    """

    digits: tuple[Digit, ...]
    row: int
    column: int
    signs: Mapping[int, str] = field(default_factory=dict)
    end: str = ""

    @property
    def text(self) -> str:
        """The digits, ? for what is no digit, and the signs."""
        return "".join(self.signs.get(i, "") + digit.character for i, digit in enumerate(self.digits)) + self.end

    @property
    def confidence(self) -> float | None:
        """The probability that the whole number is right; None if a part of it is no digit."""
        each = [digit.confidence for digit in self.digits]
        return None if None in each else float(np.prod([value for value in each if value is not None]))

    @property
    def box(self) -> Box:
        """The box around its digits."""
        return around([digit.framed.box for digit in self.digits])


@dataclass(frozen=True)
class Reading:
    """A drawing or picture as the classifier reads it: lines of digits, top to bottom, each left to right.

    There are no lines if nothing was read. `verdict` is that of the worst digit. `left_out` are boxes of a picture
    that hold no writing, or stand apart and hold no digit, each with the reason. `walls` part the columns of a
    table: upright rules or gutters; or `mesh` is all of a table's rules.
    `turned` says by how many degrees, clockwise, the picture has to be turned to see it upright; boxes lie in the one
    that is turned so.
    """

    verdict: Verdict
    lines: tuple[tuple[Digit, ...], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    walls: tuple[Wall, ...] = ()
    mesh: Mesh | None = None
    signs: tuple[Sign, ...] = ()
    turned: int = 0

    @property
    def digits(self) -> tuple[Digit, ...]:
        """The digits of all lines."""
        return tuple(digit for line in self.lines for digit in line)

    @cached_property
    def rows(self) -> list[list[Number]]:
        """The numbers of each line, found when they are first asked for and then kept."""
        boxes = [[digit.framed.box for digit in line] for line in self.lines]
        parted: list[list[Number]] = []
        for row, (before, after) in enumerate(self._signs_beside(boxes)):
            line = self.lines[row]
            ended = {index + 1 for index in after}
            columns = [layout.walls_before(box, self.walls) for box in boxes[row]]
            begin = sorted({*layout.starts(boxes[row], columns, before), *ended} - {len(line)})
            parted.append(
                [
                    Number(
                        line[first:end], row, 0,
                        {i - first: _text(before[i]) for i in range(first, end) if i in before},
                        _text(after.get(end - 1, [])),
                    )
                    for first, end in pairwise([*begin, len(line)])
                ]
            )  # fmt: skip
        if self.mesh is not None:
            return _in_cells([number for numbers in parted for number in numbers], self.mesh)
        places = layout.columns([[number.box for number in numbers] for numbers in parted], self.walls)
        return [
            [replace(number, column=column) for number, column in zip(numbers, own, strict=True)]
            for numbers, own in zip(parted, places, strict=True)
        ]

    def _signs_beside(self, boxes: Sequence[Sequence[Box]]) -> list[tuple[Signs, Signs]]:
        """Return the signs before and after the digits of each line, given their boxes; in a table, of its cell."""
        if self.mesh is None:
            return layout.signs_beside(boxes, self.signs)
        found: list[tuple[Signs, Signs]] = [({}, {}) for _ in boxes]
        cells, of_signs = self.mesh.cells([line[0] for line in boxes]), self.mesh.cells([s.box for s in self.signs])
        for cell in set(of_signs):
            own = [row for row, other in enumerate(cells) if other == cell]
            signs = [sign for sign, other in zip(self.signs, of_signs, strict=True) if other == cell]
            for row, beside in zip(own, layout.signs_beside([boxes[row] for row in own], signs), strict=True):
                found[row] = beside
        return found

    @property
    def numbers(self) -> list[Number]:
        """The numbers of all lines."""
        return [number for row in self.rows for number in row]

    @property
    def is_sudoku(self) -> bool:
        """Whether it is a table of nine by nine cells, nearly all of which hold one digit, or nothing."""
        cells = {(number.row, number.column) for number in self.numbers}
        is_alone = len(cells) >= MIN_ALONE_IN_SUDOKU * len(self.digits) > 0
        return is_alone and self.mesh is not None and self.mesh.is_sudoku

    @property
    def text(self) -> str | None:
        """The numbers, a line of text for each line, ? for what is no digit; None if nothing was read.

        A sudoku has nine lines of nine, a point for an empty cell, ? where there is more than a digit.
        """
        if self.is_sudoku and self.mesh is not None:
            written: dict[tuple[int, int], str] = {}
            cells = self.mesh.cells([digit.framed.box for digit in self.digits])
            for cell, digit in zip(cells, self.digits, strict=True):
                written[cell] = "?" if cell in written else digit.character
            side = range(SUDOKU_SIDE)
            return "\n".join("".join(written.get((row, column), ".") for column in side) for row in side)
        return "\n".join(" ".join(number.text for number in row) for row in self.rows) or None

    @property
    def confidence(self) -> float | None:
        """The probability that the whole text is right; None if a part of it is no digit, or nothing was read."""
        each = [number.confidence for number in self.numbers]
        return float(np.prod([value for value in each if value is not None])) if each and None not in each else None

    def as_dict(self) -> dict[str, Any]:
        """Return the reading for JSON: confidences 0 to 1 to four places, boxes in the source's pixels to two."""
        return {
            "text": self.text,
            "verdict": self.verdict,
            "confidence": None if self.confidence is None else round(self.confidence, 4),
            "turned": self.turned,
            "digits": [
                {
                    "digit": digit.digit,
                    "confidence": None if digit.confidence is None else round(digit.confidence, 4),
                    "probabilities": [round(float(probability), 4) for probability in digit.probabilities],
                    "box": [round(float(side), 2) for side in digit.framed.box],
                }
                for digit in self.digits
            ],
            "numbers": [
                {
                    "text": number.text,
                    "confidence": None if number.confidence is None else round(number.confidence, 4),
                    "row": number.row + 1,
                    "column": number.column + 1,
                    "box": [round(float(side), 2) for side in number.box],
                }
                for number in self.numbers
            ],
            "left_out": [{"box": [round(float(side), 2) for side in box], "why": why} for box, why in self.left_out],
        }


def _in_cells(numbers: Iterable[Number], mesh: Mesh) -> list[list[Number]]:
    """Return the numbers of each row of a table, with the row and column of their cells."""
    each, rows = list(numbers), dict[int, list[Number]]()
    for number, (row, column) in zip(each, mesh.cells([number.box for number in each]), strict=True):
        rows.setdefault(row, []).append(replace(number, row=row, column=column))
    return [sorted(rows[row], key=lambda number: number.column) for row in sorted(rows)]


def _text(signs: Iterable[Sign]) -> str:
    return "".join(sign.character for sign in signs)
