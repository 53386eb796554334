"""The scorebook of a challenge: the digit to draw next, and each drawing with its reading and its true label."""

import math
import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mnist.data.drawings import Drawing
from mnist.data.labelled import LABEL_TEXTS, NO_SAMPLES, Labelled
from mnist.errors import UserError
from mnist.reading.drawings import address, strokes
from mnist.reading.drawings.strokes import Stroke, Strokes
from mnist.reading.outputs import NO_DIGIT
from mnist.web.state.pad import PEN_WIDTHS, are_whole, kept_strokes

MAX_DRAWINGS = 1000  # in a visitor's scorebook
KEPT_IN_TAB = 200  # drawings, 1 kB each at most as a rule; the browser sends them back when it asks for them
WRITER = re.compile("visitor-[0-9a-f]{4}")
MAX_POINTS = 500_000  # in all of them, 8 bytes each; a digit has 30 to 300


@dataclass(frozen=True)
class Entry:
    """One drawing: its number, its sample (28, 28), the digit asked for, the digit read, and its true label.

    `read` and `label` are 0 … 9 or NO_DIGIT. The label is the digit asked for until somebody corrects it. `points` are
    those of all strokes (n, 2) float32, with a row of NaN after each stroke: one small array, however many there are.
    """

    number: int
    sample: np.ndarray
    points: np.ndarray
    asked: int
    read: int
    label: int

    @property
    def misread(self) -> bool:
        """True if the reading is not the true label."""
        return self.read != self.label

    @property
    def strokes(self) -> tuple[np.ndarray, ...]:
        """The strokes, each points (n, 2) float64, (x, y) in canvas pixels."""
        ends = np.flatnonzero(np.isnan(self.points[:, 0]))
        starts = [0, *(ends[:-1] + 1)]
        return tuple(self.points[start:end].astype(np.float64) for start, end in zip(starts, ends, strict=True))


@dataclass(frozen=True)
class Round:
    """A round of ten digits that has ended: how many were read as they were meant, and how long it took."""

    right: int
    seconds: float


class Scorebook:
    """Asks for each digit once a round, in an order drawn from `rng`, and never for the same one twice in a row.

    `writer` is the visitor's name in a file of drawings: drawn from `rng`, too, it says nothing about them.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.writer = f"visitor-{rng.integers(16**4):04x}"
        self.asked = NO_DIGIT  # the digit to draw now
        self._rng = rng
        self._to_come: list[int] = []
        self._entries: dict[int, Entry] = {}
        self._next_number = 1
        self._round_began: float | None = None  # with its first stroke
        self._right = 0  # in this round
        self.ended: Round | None = None  # with the newest drawing
        self._ask()

    @property
    def entries(self) -> list[Entry]:
        """All entries: misread ones first, then the newest first."""
        return sorted(self._entries.values(), key=lambda entry: (not entry.misread, -entry.number))

    @property
    def latest(self) -> Entry | None:
        """The newest entry, if there is any."""
        return next(reversed(self._entries.values()), None)

    @property
    def full(self) -> bool:
        """True if no more drawings are kept."""
        points = sum(len(entry.points) for entry in self._entries.values())
        return len(self._entries) >= MAX_DRAWINGS or points >= MAX_POINTS

    @property
    def score(self) -> tuple[int, int]:
        """The number of entries read correctly, and the number of all."""
        return sum(not entry.misread for entry in self._entries.values()), len(self._entries)

    @property
    def rejected(self) -> int:
        """The number of entries meant as digits in which it read none."""
        return sum(entry.misread and entry.read == NO_DIGIT for entry in self._entries.values())

    @property
    def doodle(self) -> Entry | None:
        """The newest entry, if it was meant as a digit and none was read in it: perhaps it is none."""
        latest = self.latest
        just_drawn = latest is not None and latest.number == self._next_number - 1
        return latest if latest and just_drawn and latest.misread and latest.read == NO_DIGIT else None

    @property
    def counts(self) -> np.ndarray:
        """The confusion matrix (10, 11): how often each digit was read as each, and in the last column rejected."""
        counts = np.zeros((10, 11), np.int64)
        for entry in self._entries.values():
            if entry.label != NO_DIGIT:
                counts[entry.label, entry.read] += 1
        return counts

    @property
    def labelled(self) -> Labelled:
        """All samples and their true labels, oldest first, for export."""
        if not self._entries:
            return NO_SAMPLES
        entries = self._entries.values()
        return Labelled(np.stack([entry.sample for entry in entries]), np.array([entry.label for entry in entries]))

    @property
    def drawings(self) -> list[Drawing]:
        """All drawings by their strokes, with their true labels as text, oldest first, for export."""
        return [Drawing(LABEL_TEXTS[entry.label], self.writer, entry.strokes) for entry in self._entries.values()]

    def begin(self, now: float) -> None:
        """Note that something is being drawn: a round's time begins with its first stroke. `now` is in seconds."""
        if self._round_began is None:
            self._round_began = now

    def keep(self, sample: np.ndarray, drawn: Strokes, read: int, now: float) -> None:
        """Keep a drawing of the digit asked for and ask for the next; do nothing if the scorebook is full."""
        if self.full:
            return
        self.begin(now)
        number = self._next_number
        self._entries[number] = Entry(number, sample, _points(drawn), self.asked, read, self.asked)
        self._next_number += 1
        self._right += read == self.asked
        self.ended = None
        if not self._to_come:
            self.ended = Round(self._right, now - (self._round_began or now))
            self._round_began, self._right = None, 0
        self._ask()

    def to_keep(self, now: float) -> dict[str, Any]:
        """Return what a browser's tab keeps: the round as it stands, and the newest drawings, as JSON has them.

        Drawings that are too long, or lie far away, are left out. `now` is in seconds.
        """
        entries = [_to_keep(entry) for entry in list(self._entries.values())[-KEPT_IN_TAB:]]
        return {
            "asked": self.asked, "to_come": self._to_come, "right": self._right, "writer": self.writer,
            "seconds": None if self._round_began is None else now - self._round_began,
            "entries": [entry for entry in entries if entry[-1]],
        }  # fmt: skip

    def bring_back(self, kept: Any, now: float) -> None:
        """Take over what `to_keep` returned, if nothing has been kept here yet. The time between does not count.

        Raises UserError if it is damaged.
        """
        if self._entries:
            return
        try:
            entries = [_kept(number, *values) for number, values in enumerate(kept["entries"][:KEPT_IN_TAB], start=1)]
            asked, writer, to_come, right = (kept[name] for name in ("asked", "writer", "to_come", "right"))
            once = len({asked, *to_come}) == 1 + len(to_come) <= 10 and {asked, *to_come} <= {*range(10)}
            seconds = float(kept["seconds"] or 0)
            began = None if kept["seconds"] is None else now - seconds
            in_order = isinstance(to_come, list) and once and right in range(11) and 0 <= seconds < math.inf
            if not in_order or not are_whole([asked, right, *to_come]) or not WRITER.fullmatch(writer):
                raise UserError("it is damaged")
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise UserError("it is damaged") from error
        self.asked, self.writer, self._to_come, self._right, self._round_began = asked, writer, to_come, right, began
        self._entries = {entry.number: entry for entry in entries}
        self._next_number = len(entries) + 1

    def relabel(self, number: int, label: int) -> None:
        """Correct the true label of an entry: 0 … 9 or NO_DIGIT."""
        self._entries[number] = replace(self._entries[number], label=label)

    def throw_away(self, number: int) -> None:
        """Remove an entry, so that it no longer counts."""
        del self._entries[number]

    def strike_out(self) -> None:
        """Remove the doodle, if there is one, and ask for its digit again; a round that has ended stays so."""
        if doodle := self.doodle:
            self.throw_away(doodle.number)
            if self.ended is None and doodle.asked not in {self.asked, *self._to_come}:
                self._to_come.insert(0, self.asked)
                self.asked = doodle.asked

    def _ask(self) -> None:
        while not self._to_come or self._to_come[0] == self.asked:
            self._to_come = self._rng.permutation(10).tolist()
        self.asked = self._to_come.pop(0)


def _points(drawn: Strokes) -> np.ndarray:
    end = np.full((1, 2), np.nan)
    return np.concatenate([part for stroke in drawn for part in (stroke.points, end)]).astype(np.float32)


def _to_keep(entry: Entry) -> list[Any]:
    drawn = [Stroke(points, PEN_WIDTHS["Medium"]) for points in entry.strokes]
    return [entry.asked, entry.read, entry.label, address.to_numbers(drawn) or []]


def _kept(number: int, asked: int, read: int, label: int, numbers: list[int]) -> Entry:
    drawn = kept_strokes(numbers)
    whole = are_whole([asked, read, label])
    if not drawn or not whole or asked not in range(10) or not {label, read} <= {*range(10), NO_DIGIT}:
        raise UserError("it is damaged")
    return Entry(number, strokes.frame(drawn).sample, _points(drawn), asked, read, label)
