"""The scorebook of a challenge: the digit to draw next, and each drawing with its reading and its true label."""

from dataclasses import dataclass, replace

import numpy as np

from mnist.data.labelled import NO_SAMPLES, Labelled
from mnist.reading.classifier import NO_DIGIT

MAX_DRAWINGS = 1000  # in a visitor's scorebook


@dataclass(frozen=True)
class Entry:
    """One drawing: its number, its sample (28, 28), the digit asked for, the digit read, and its true label.

    `read` and `label` are 0 … 9 or NO_DIGIT. The label is the digit asked for until somebody corrects it.
    """

    number: int
    sample: np.ndarray
    asked: int
    read: int
    label: int

    @property
    def misread(self) -> bool:
        """True if the reading is not the true label."""
        return self.read != self.label


class Scorebook:
    """Asks for each digit once a round, in an order drawn from `rng`, and never for the same one twice in a row."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.asked = NO_DIGIT  # the digit to draw now
        self._rng = rng
        self._to_come: list[int] = []
        self._entries: dict[int, Entry] = {}
        self._next_number = 1
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
        return len(self._entries) >= MAX_DRAWINGS

    @property
    def score(self) -> tuple[int, int]:
        """The number of entries read correctly, and the number of all."""
        return sum(not entry.misread for entry in self._entries.values()), len(self._entries)

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

    def keep(self, sample: np.ndarray, read: int) -> None:
        """Keep a drawing of the digit asked for and ask for the next; do nothing if the scorebook is full."""
        if self.full:
            return
        self._entries[self._next_number] = Entry(self._next_number, sample, self.asked, read, self.asked)
        self._next_number += 1
        self._ask()

    def relabel(self, number: int, label: int) -> None:
        """Correct the true label of an entry: 0 … 9 or NO_DIGIT."""
        self._entries[number] = replace(self._entries[number], label=label)

    def throw_away(self, number: int) -> None:
        """Remove an entry, so that it no longer counts."""
        del self._entries[number]

    def _ask(self) -> None:
        while not self._to_come or self._to_come[0] == self.asked:
            self._to_come = self._rng.permutation(10).tolist()
        self.asked = self._to_come.pop(0)
