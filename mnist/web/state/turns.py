"""Who goes first: reading a drawing. Lessons take turns, and wait while somebody's drawing is being read.

Python runs one thread at a time: with ten lessons at work a drawing would wait for its tenth of the processor.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 0.25  # seconds that a lesson waits at most for drawings: there are always some in a large class


class Turns:
    """One lesson at a time, one picture at a time, any number of readings."""

    def __init__(self) -> None:
        self._picture = threading.Lock()
        self._lesson = threading.RLock()
        self._readings = 0
        self._changed = threading.Condition()

    @contextmanager
    def picture(self) -> Iterator[None]:
        """While what stands in a file is looked for: one at a time, a large one needs a core, and memory."""
        with self._picture:
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While a drawing is read."""
        with self._changed:
            self._readings += 1
        try:
            yield
        finally:
            with self._changed:
                self._readings -= 1
                self._changed.notify_all()

    @contextmanager
    def lesson(self, patience: float = PATIENCE) -> Iterator[None]:
        """While a lesson is at work; begins when it is its turn, and waits so many seconds at most for readings."""
        with self._lesson:
            with self._changed:
                self._changed.wait_for(lambda: self._readings == 0, patience)
            yield


turns = Turns()
