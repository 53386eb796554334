"""The book of a challenge, without Streamlit: which digit is asked for, what was drawn, what was read, what it was."""

from dataclasses import dataclass, replace

import numpy as np

from mnist.data.labelled import NO_SAMPLES, Labelled
from mnist.reading.classifier import NO_DIGIT

MOST = 1000  # drawings that are kept


@dataclass(frozen=True)
class Entry:
    """One drawing: its number, its sample (28, 28), the digit asked for, what was read, and what it really is.

    `read` and `label` are 0 … 9 or NO_DIGIT. The label is what was asked for, until somebody says that it is wrong.
    """

    number: int
    sample: np.ndarray
    asked: int
    read: int
    label: int

    @property
    def misread(self) -> bool:
        """Whether it was read as something that it is not."""
        return self.read != self.label


class Scorebook:
    """Asks for each digit once a round, in an order drawn from `rng`, never for the same twice in a row."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.asked = NO_DIGIT  # the digit to draw now
        self._rng = rng
        self._to_come: list[int] = []
        self._entries: dict[int, Entry] = {}
        self._next_number = 1
        self._ask()

    @property
    def entries(self) -> list[Entry]:
        """All that is kept: what was misread first, and of each the newest first."""
        return sorted(self._entries.values(), key=lambda entry: (not entry.misread, -entry.number))

    @property
    def latest(self) -> Entry | None:
        """What was drawn last, of what is kept."""
        return next(reversed(self._entries.values()), None)

    @property
    def full(self) -> bool:
        """Whether no more is kept."""
        return len(self._entries) >= MOST

    @property
    def score(self) -> tuple[int, int]:
        """How many were read as what they are, of how many."""
        return sum(not entry.misread for entry in self._entries.values()), len(self._entries)

    @property
    def counts(self) -> np.ndarray:
        """The confusion matrix (10, 11): how often each digit was read as each, and in the last column as none."""
        counts = np.zeros((10, 11), np.int64)
        for entry in self._entries.values():
            if entry.label != NO_DIGIT:
                counts[entry.label, entry.read] += 1
        return counts

    @property
    def labelled(self) -> Labelled:
        """Everything drawn, in its order, to be taken away."""
        if not self._entries:
            return NO_SAMPLES
        entries = self._entries.values()
        return Labelled(np.stack([entry.sample for entry in entries]), np.array([entry.label for entry in entries]))

    def keep(self, sample: np.ndarray, read: int) -> None:
        """Count a drawing of the digit that was asked for, and ask for the next; where it is full, neither."""
        if self.full:
            return
        self._entries[self._next_number] = Entry(self._next_number, sample, self.asked, read, self.asked)
        self._next_number += 1
        self._ask()

    def teach(self, number: int, label: int) -> None:
        """The entry of that number is this digit, or none."""
        self._entries[number] = replace(self._entries[number], label=label)

    def throw_away(self, number: int) -> None:
        """The entry of that number is not kept, and counts no longer."""
        del self._entries[number]

    def _ask(self) -> None:
        while not self._to_come or self._to_come[0] == self.asked:
            self._to_come = self._rng.permutation(10).tolist()
        self.asked = self._to_come.pop(0)
