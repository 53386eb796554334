"""The queue of visitors' trainings: one at a time, each in a child process, while others wait.

Nothing of it stays on disk or outlives the server: a child ends when its standard input ends.
"""

import base64
import json
import logging
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from mnist import memory
from mnist.errors import UserError
from mnist.reading.classifier import Classifier
from mnist.training import live, net_file
from mnist.web.state import child

log = logging.getLogger(__name__)
MAX_CLOSED_SECONDS = 10.0  # until a closed page loses its place: a phone may lose its network for a moment
MAX_PAUSED_SECONDS = 120.0  # of all pauses of a training together, while others wait
MAX_TRAINING_SECONDS = 300.0  # without pauses; a training that works ends itself long before
MAX_WAITING = 10  # trainings
MAX_SPARE_SECONDS = 180.0  # that a process waits to be used, since somebody last looked at the page
WATCH_INTERVAL_SECONDS = 0.5  # between two checks of these limits
LEFT = "The training was left."
AWAY = f"Your training ended, because this page was away for more than {MAX_CLOSED_SECONDS:.0f} seconds. Train again."
TOO_LONG = f"The training ended, because it took more than {MAX_TRAINING_SECONDS / 60:.0f} minutes. Try again later."
BROKEN_OFF = "The training broke off: its process ended, perhaps because memory ran out. Try again."
NOTHING_LEARNED = "The training was stopped before the network had learned anything."


class Process:
    """`mnist.training.live` in a process of its own, which waits until it is told to begin."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] = child.start("mnist.training.live", niceness=19, text=True)

    def lines(self) -> Iterable[str]:
        """Yield its messages, a line each, until it ends."""
        with self._process:  # closes its pipes and waits for its end
            assert self._process.stdout is not None  # noqa: S101 - it is a pipe
            yield from self._process.stdout

    def tell(self, word: str) -> None:
        """Send it an order, if it is still there."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        try:
            print(word, file=self._process.stdin, flush=True)
        except (BrokenPipeError, ValueError):
            log.info("a training that has ended was told to %s", word)

    @property
    def alive(self) -> bool:
        """True until it has ended."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once; whoever reads its lines waits for its end."""
        self._process.kill()


class Point(NamedTuple):
    """A point of the curves: samples seen, loss, and fraction of the validation samples read correctly."""

    seen: int
    loss: float
    right: float


@dataclass(eq=False)
class Ticket:
    """One visitor's training, from its place in the queue to the trained network."""

    mnist: Path | None
    alive: Callable[[], bool]  # whether the visitor's page is still open
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    paused: bool = False
    left: str | None = None  # why its place was given up
    progress: float = 0.0  # fraction done
    points: tuple[Point, ...] = ()
    samples_in_all: int = 0  # that the network will have seen at the end
    shown: np.ndarray = field(default_factory=lambda: np.zeros((10, 28, 28), np.uint8))  # ten of the test samples
    labels: np.ndarray = field(default_factory=lambda: np.arange(10))  # of those ten
    read: tuple[int, ...] = ()  # the network's present readings of the ten
    filters: np.ndarray = field(default_factory=lambda: np.zeros((live.WIDTH, 5, 5), np.float32))
    net: Classifier | None = None
    net_file: bytes = b""  # to take the net home in
    error: str | None = None  # a sentence for the visitor

    @property
    def over(self) -> bool:
        """True once it is done or has failed."""
        return self.state in {"done", "failed"}

    def receive(self, message: dict[str, Any]) -> None:
        """Take in a message of the child (`live.Trainee.train`)."""
        match message:
            case {"shown": packed}:
                self.shown, self.labels = live.unpack(packed)
            case {"seen": seen, "of": of, "loss": loss, "right": right}:
                (self.filters,) = live.unpack(message["filters"])
                self.read, self.samples_in_all, self.progress = tuple(message["read"]), of, seen / of
                self.points += (Point(seen, loss, right),)
            case {"net": str(content)}:
                self.net_file = base64.b64decode(content)
                self.net = net_file.opened(self.net_file)
                self.state = "done"
            case {"net": None}:
                self.fail(NOTHING_LEARNED)
            case {"error": sentence}:
                self.fail(sentence)

    def fail(self, sentence: str) -> None:
        """End it without a network, for that reason."""
        self.state, self.error = "failed", sentence


class TrainingQueue:
    """A queue of tickets; the first one's training runs."""

    def __init__(
        self,
        start: Callable[[], Process] = Process,
        clock: Callable[[], float] = time.monotonic,
        check: Callable[[int], None] = child.check,
    ) -> None:
        self._start, self._clock, self._check = start, clock, check
        self._lock = threading.RLock()
        self._queue: list[Ticket] = []
        self._child: Process | None = None  # of the first ticket
        self._spare: Process | None = None  # for the next training
        self._looked = 0.0  # when somebody last might have wished to train
        self._last_seen: dict[Ticket, float] = {}
        self._phase_started = 0.0  # when the first ticket last began to work or to pause
        self._worked_seconds = 0.0  # of the first ticket before that
        self._paused_seconds = 0.0
        self._watcher: threading.Thread | None = None

    def prepare(self) -> None:
        """Start the process of the next training before it is asked for: it takes seconds to load TensorFlow."""
        with self._lock:
            self._looked = self._clock()
            if not self._queue and not (self._spare and self._spare.alive):
                with suppress(UserError, OSError):  # it is told when a training is asked for
                    self._check(memory.LIVE_TRAINING_BYTES + memory.EXPLAINING_BYTES)  # other lessons come first
                    self._spare = self._start()

    def watch(self) -> None:
        """Start the thread that checks the limits, once."""
        with self._lock:
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="training queue", daemon=True)
                self._watcher.start()

    def enter(self, mnist: Path | None, alive: Callable[[], bool]) -> Ticket:
        """Add a ticket at the end of the queue. Raises UserError if too many wait."""
        with self._lock:
            if len(self._queue) > MAX_WAITING:
                raise UserError(f"{MAX_WAITING} others are already waiting to train. Try again in a few minutes.")
            ticket = Ticket(mnist, alive)
            self._last_seen[ticket] = self._clock()
            self._queue.append(ticket)
            self._start_first()
            return ticket

    def place(self, ticket: Ticket) -> int:
        """Return how many tickets are before this one: 0 for the one that runs."""
        with self._lock:
            return self._queue.index(ticket) if ticket in self._queue else 0

    def pause(self, ticket: Ticket) -> None:
        """Pause a training."""
        with self._lock:
            if self._runs(ticket) and not ticket.paused:
                self._order(ticket, "pause", paused=True)

    def go_on(self, ticket: Ticket) -> None:
        """Resume a paused training."""
        with self._lock:
            if self._runs(ticket) and ticket.paused:
                self._order(ticket, "go on", paused=False)

    def stop(self, ticket: Ticket) -> None:
        """Stop a training and keep what the network has learned so far."""
        with self._lock:
            if self._runs(ticket):
                self._order(ticket, "stop", paused=False)

    def leave(self, ticket: Ticket, why: str = LEFT) -> None:
        """Give up a ticket's place; nothing is kept."""
        with self._lock:
            if self._runs(ticket):
                assert self._child is not None  # noqa: S101 - a training runs
                ticket.left = why
                self._child.kill()  # once it has ended, the thread that listens to it starts the next
            else:
                if ticket.state == "waiting":
                    ticket.fail(why)
                self._remove(ticket)

    def free_places(self) -> None:
        """Free the places of closed pages, and of trainings that are paused, or run, for too long."""
        with self._lock:
            now = self._clock()
            for ticket in list(self._queue):
                if ticket.alive():
                    self._last_seen[ticket] = now
                elif now - self._last_seen[ticket] > MAX_CLOSED_SECONDS:
                    self.leave(ticket, AWAY)
            unused = self._spare if now - self._looked > MAX_SPARE_SECONDS else None
            if unused:
                self._spare = None
            if self._queue and self._queue[0].state == "running":
                first, phase_seconds = self._queue[0], now - self._phase_started
                if first.paused and self._paused_seconds + phase_seconds > MAX_PAUSED_SECONDS and len(self._queue) > 1:
                    self.stop(first)
                elif not first.paused and self._worked_seconds + phase_seconds > MAX_TRAINING_SECONDS:
                    self.leave(first, TOO_LONG)
        if unused:
            unused.kill()
            list(unused.lines())  # until it has ended: others need not wait for that

    def _watch(self) -> None:
        while True:
            time.sleep(WATCH_INTERVAL_SECONDS)
            try:
                self.free_places()
            except Exception:  # a thread has no caller, and the next check may succeed
                log.exception("checking the training queue failed")

    def _runs(self, ticket: Ticket) -> bool:
        return ticket.state == "running" and ticket in self._queue

    def _order(self, ticket: Ticket, word: str, paused: bool) -> None:
        assert self._child is not None  # noqa: S101 - a training runs
        self._child.tell(word)
        seconds = self._clock() - self._phase_started
        if ticket.paused:
            self._paused_seconds += seconds
        else:
            self._worked_seconds += seconds
        ticket.paused, self._phase_started = paused, self._clock()

    def _start_first(self) -> None:
        """Start the first ticket's training if it still waits."""
        while self._queue and self._queue[0].state == "waiting":
            ticket = self._queue[0]
            try:
                spare, self._spare = self._spare, None
                if spare and spare.alive:
                    self._child = spare
                else:
                    self._check(memory.LIVE_TRAINING_BYTES)
                    self._child = self._start()
            except (UserError, OSError) as error:
                ticket.fail(str(error))
                self._remove(ticket)
                continue
            self._child.tell(f"begin {ticket.mnist.absolute()}" if ticket.mnist else "begin")
            ticket.state, self._phase_started = "running", self._clock()
            self._worked_seconds = self._paused_seconds = 0.0
            threading.Thread(target=self._listen, args=(ticket, self._child), name="training", daemon=True).start()

    def _listen(self, ticket: Ticket, child: Process) -> None:
        try:
            for line in child.lines():
                ticket.receive(json.loads(line))
        except Exception:  # a thread has no caller, and others wait
            log.exception("a training's message could not be taken in")
            child.kill()
        if not ticket.over:
            if not ticket.left:
                log.warning("a training ended without a last message")
            ticket.fail(ticket.left or BROKEN_OFF)
        with self._lock:
            self._remove(ticket)

    def _remove(self, ticket: Ticket) -> None:
        if ticket in self._queue:
            self._queue.remove(ticket)
            del self._last_seen[ticket]
            self._start_first()


trainings = TrainingQueue()  # the server's only one
