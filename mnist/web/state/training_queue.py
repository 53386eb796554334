"""Where visitors' networks are trained: one at a time, each in a child process; others wait in line.

The server's one workshop is made below; nothing of it is on disk, and nothing of it outlives the server: a child whose
standard input ends goes home.
"""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np

from mnist import memory
from mnist.errors import UserError
from mnist.files import ROOT
from mnist.reading.classifier import Classifier
from mnist.training import live

log = logging.getLogger(__name__)
CLOSED = 10.0  # seconds without its page before a place is given up: a phone may lose its network for a moment
PAUSED = 120.0  # seconds that a training may be paused in all, while others wait
LONGEST = 300.0  # seconds that a training may take, pauses apart: it ends itself long before, if it can
WAITING = 10  # as many may wait
WATCH = 0.5  # seconds between two looks around
DIED = "The training has broken off: its process ended, perhaps for want of memory. Try again."
NOTHING = "It was stopped before it had learned anything."


class Child(Protocol):
    """A process that trains."""

    def lines(self) -> Iterable[str]:
        """What it says, until it ends."""

    def tell(self, word: str) -> None:
        """Tell it something."""

    def kill(self) -> None:
        """End it at once."""


class Process:
    """`mnist.training.live` in a process of its own: one thread, lowest priority, so that whoever draws comes first."""

    def __init__(self, mnist: Path | None) -> None:
        threads = dict.fromkeys(("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"), "1")
        environment = {**os.environ, **threads, "TF_CPP_MIN_LOG_LEVEL": "3"}
        environment.pop("TF_ENABLE_ONEDNN_OPTS", None)  # off for readings; a step takes 19 ms with it, 30 without
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "mnist.training.live", *([str(mnist.absolute())] if mnist else [])],
            cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl+C and a closed terminal are the server's affair
        )  # fmt: skip
        if sys.platform != "win32":
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 19)

    def lines(self) -> Iterable[str]:
        """What it says, until it ends."""
        with self._process:  # closes its pipes and waits for it at last
            assert self._process.stdout is not None  # noqa: S101 - it is a pipe
            yield from self._process.stdout

    def tell(self, word: str) -> None:
        """Tell it something, if it is still there."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        try:
            print(word, file=self._process.stdin, flush=True)
        except (BrokenPipeError, ValueError):
            log.info("a training that has ended was told to %s", word)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()


class Point(NamedTuple):
    """A point of the curves: samples seen, loss, share of the validation part that is right."""

    seen: int
    loss: float
    right: float


@dataclass
class Ticket:
    """One visitor's training, from the line to the network that came of it."""

    mnist: Path | None
    alive: Callable[[], bool]  # whether the visitor's page is still open
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    paused: bool = False
    stopping: bool = False
    left: bool = False  # its place was given up
    share: float = 0.0  # of the drawing, then of the learning, that is done
    points: tuple[Point, ...] = ()
    of: int = 0  # samples that it will have seen at the end
    shown: np.ndarray = field(default_factory=lambda: np.zeros((10, 28, 28), np.uint8))  # samples that it is tested on
    labels: np.ndarray = field(default_factory=lambda: np.arange(10))  # of those
    read: tuple[int, ...] = ()  # what it now reads in them
    filters: np.ndarray = field(default_factory=lambda: np.zeros((live.WIDTH, 5, 5), np.float32))
    net: Classifier | None = None
    error: str | None = None  # a sentence

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in {"done", "failed"}

    def take(self, message: dict[str, Any]) -> None:
        """Take in what the child said (`trainee.train`)."""
        match message:
            case {"drawn": drawn, "of": of}:
                self.share = drawn / of
            case {"shown": packed}:
                self.shown, self.labels = live.unpack(packed)
            case {"seen": seen, "of": of, "loss": loss, "right": right}:
                (self.filters,) = live.unpack(message["filters"])
                self.read, self.of, self.share = tuple(message["read"]), of, seen / of
                self.points += (Point(seen, loss, right),)
            case {"weights": str(packed), "card": card}:
                self.net = Classifier(live.network_of(live.unpack(packed)), card)
                self.net.logits(np.zeros((1, 28, 28), np.float32))  # so that the next reading is quick
                self.state = "done"
            case {"weights": None}:
                self.fail(NOTHING)
            case {"error": sentence}:
                self.fail(sentence)

    def fail(self, sentence: str) -> None:
        """Nothing comes of it, for that reason."""
        self.state, self.error = "failed", sentence


class Workshop:
    """The line of tickets, its first at work."""

    def __init__(
        self,
        start: Callable[[Path | None], Child] = Process,
        clock: Callable[[], float] = time.monotonic,
        check: Callable[[], None] = lambda: memory.check_left(memory.LIVE_TRAINING_BYTES),
    ) -> None:
        self._start, self._clock, self._check = start, clock, check
        self._lock = threading.RLock()
        self._line: list[Ticket] = []
        self._child: Child | None = None  # of the first
        self._last_seen: dict[int, float] = {}  # by the ticket's id
        self._since = 0.0  # when the first began to work or to pause
        self._worked = 0.0  # seconds that it worked before
        self._rested = 0.0  # and was paused
        self._watcher: threading.Thread | None = None

    def watch(self) -> None:
        """Begin to look around, once, in a thread of its own."""
        with self._lock:
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="workshop", daemon=True)
                self._watcher.start()

    def enter(self, mnist: Path | None, alive: Callable[[], bool]) -> Ticket:
        """A new ticket at the end of the line. Raises UserError where too many wait."""
        with self._lock:
            if len(self._line) > WAITING:
                raise UserError(f"{WAITING} others wait for their training already. Try again in a few minutes.")
            ticket = Ticket(mnist, alive)
            self._last_seen[id(ticket)] = self._clock()
            self._line.append(ticket)
            self._begin()
            return ticket

    def place(self, ticket: Ticket) -> int:
        """How many are before it: 0 for the one at work."""
        with self._lock:
            return self._line.index(ticket) if ticket in self._line else 0

    def pause(self, ticket: Ticket) -> None:
        """Let it rest."""
        with self._lock:
            if self._at_work(ticket) and not ticket.paused:
                self._worked += self._clock() - self._since
                self._tell(ticket, "pause", paused=True)

    def go_on(self, ticket: Ticket) -> None:
        """Let it go on."""
        with self._lock:
            if self._at_work(ticket) and ticket.paused:
                self._rested += self._clock() - self._since
                self._tell(ticket, "go on", paused=False)

    def stop(self, ticket: Ticket) -> None:
        """End it with what it has learned so far."""
        with self._lock:
            if self._at_work(ticket):
                ticket.stopping = True
                self._tell(ticket, "stop", paused=False)

    def leave(self, ticket: Ticket) -> None:
        """Give its place up; nothing is kept."""
        with self._lock:
            if self._at_work(ticket):
                assert self._child is not None  # noqa: S101 - one is at work
                ticket.left = True
                self._child.kill()  # the thread that listens to it lets the next begin, once it has ended
            else:
                self._remove(ticket)

    def look_around(self) -> None:
        """Free the places of closed pages, and what is paused, or hangs, for too long."""
        with self._lock:
            now = self._clock()
            for ticket in list(self._line):
                if ticket.alive():
                    self._last_seen[id(ticket)] = now
                elif now - self._last_seen[id(ticket)] > CLOSED:
                    self.leave(ticket)
            if self._line and self._line[0].state == "running":
                first, spent = self._line[0], now - self._since
                if first.paused and self._rested + spent > PAUSED and len(self._line) > 1:
                    self.stop(first)
                elif not first.paused and self._worked + spent > LONGEST:
                    self.leave(first)

    def _watch(self) -> None:
        while True:
            time.sleep(WATCH)
            try:
                self.look_around()
            except Exception:  # a thread has no caller, and places are to be freed next time
                log.exception("looking around in the workshop failed")

    def _at_work(self, ticket: Ticket) -> bool:
        return ticket.state == "running" and ticket in self._line

    def _tell(self, ticket: Ticket, word: str, paused: bool) -> None:
        assert self._child is not None  # noqa: S101 - one is at work
        self._child.tell(word)
        ticket.paused, self._since = paused, self._clock()

    def _begin(self) -> None:
        """Let the first in line begin, if it has not."""
        while self._line and self._line[0].state == "waiting":
            ticket = self._line[0]
            try:
                self._check()
                self._child = self._start(ticket.mnist)
            except (UserError, OSError) as error:
                ticket.fail(str(error))
                self._remove(ticket)
                continue
            ticket.state, self._since, self._worked, self._rested = "running", self._clock(), 0.0, 0.0
            threading.Thread(target=self._listen, args=(ticket, self._child), name="training", daemon=True).start()

    def _listen(self, ticket: Ticket, child: Child) -> None:
        try:
            for line in child.lines():
                ticket.take(json.loads(line))
        except Exception:  # a thread has no caller, and others wait in line
            log.exception("what a training said could not be taken in")
            child.kill()
        if not ticket.over:
            if not ticket.left:
                log.warning("a training has ended without a word")
            ticket.fail(DIED)
        with self._lock:
            self._remove(ticket)

    def _remove(self, ticket: Ticket) -> None:
        if ticket in self._line:
            self._line.remove(ticket)
            del self._last_seen[id(ticket)]
            self._begin()


workshop = Workshop()
