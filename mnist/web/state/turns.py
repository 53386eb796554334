"""Priority for drawings that are done: lessons run one at a time and wait while one is read; pictures wait in a queue.

Python runs one thread at a time: beside ten lessons, a drawing would get only a tenth of the processor.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MAX_WAIT_SECONDS = 0.25  # of lessons and passing guesses for readings: in a large class, one is always under way
TELL_SECONDS = 0.5  # between two looks at how many are before


class Queue:
    """Lets in one at a time, in the order in which they come."""

    def __init__(self) -> None:
        self._waiting: list[object] = []  # the first of them is in
        self._changed = threading.Condition()

    def __len__(self) -> int:
        """Return the number of those that are in or wait."""
        return len(self._waiting)

    @contextmanager
    def turn(self, tell: Callable[[int], object] = int) -> Iterator[None]:
        """Run this block in its turn; until then `tell` is called with how many are before it."""
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
        try:
            while before := self._waiting.index(ticket):
                tell(before)
                with self._changed:
                    self._changed.wait_for(lambda: self._waiting[0] is ticket, TELL_SECONDS)
            yield
        finally:
            with self._changed:
                self._waiting.remove(ticket)
                self._changed.notify_all()


class Turns:
    """Turns for one lesson at a time, one picture at a time, any number of readings, passing guesses between them."""

    def __init__(self) -> None:
        self.pictures = Queue()  # to search one file for digits: a large one needs a core and memory
        self._lesson = threading.RLock()
        self._readings = 0
        self._changed = threading.Condition()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read a drawing in this block: it begins at once, and lessons wait for its end."""
        with self._changed:
            self._readings += 1
        try:
            yield
        finally:
            with self._changed:
                self._readings -= 1
                self._changed.notify_all()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Read a drawing in this block whose pen still moves: those that are done come first."""
        with self._changed:
            self._changed.wait_for(lambda: self._readings == 0, MAX_WAIT_SECONDS)
        yield

    @contextmanager
    def lesson(self, max_wait_seconds: float = MAX_WAIT_SECONDS) -> Iterator[None]:
        """Run a lesson in this block: it waits for its turn, then at most so many seconds for readings."""
        with self._lesson:
            with self._changed:
                self._changed.wait_for(lambda: self._readings == 0, max_wait_seconds)
            yield


turns = Turns()
