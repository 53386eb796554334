"""The queue of trainings: who is next, what frees a place, and the messages when something goes wrong."""

import base64
import io
import itertools
import json
import os
import queue
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from mnist import memory
from mnist.errors import UserError
from mnist.files import MODEL, ROOT
from mnist.training import live, net_file
from mnist.web.state import training_queue
from mnist.web.state.training_queue import Process, Ticket, TrainingQueue
from tools.harness.running import wait_until

REPORT = {
    "seen": 64, "of": 640, "loss": 2.4, "right": 0.25, "read": [0] * 10,
    "filters": live.pack([np.ones((8, 5, 5), np.float32)]),
}  # fmt: skip


class Fake(Process):
    """A child that says what it is made to say; whoever makes it waits until that has been taken in."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.begun: list[str] = []
        self._said: queue.Queue[str | None] = queue.Queue()

    def lines(self) -> Iterator[str]:
        while (line := self._said.get()) is not None:
            yield line
            self._said.task_done()
        self._said.task_done()

    def tell(self, word: str) -> None:
        (self.begun if word.startswith("begin") else self.told).append(word)

    @property
    def alive(self) -> bool:
        return "killed" not in self.told

    def kill(self) -> None:
        self.told.append("killed")

    def say(self, message: dict[str, Any] | str) -> None:
        self._said.put(message if isinstance(message, str) else json.dumps(message))
        self._said.join()

    def end(self) -> None:
        self._said.put(None)


class Place:
    """A training queue with children that are told what to say, and a clock that is set by hand."""

    def __init__(self) -> None:
        self.now, self.children = 0.0, list[Fake]()
        self.open = True  # the pages
        self.short: str | None = None  # of memory
        self.left_bytes = 10**10
        self.trainings = TrainingQueue(self._start, lambda: self.now, self._check)

    def enter(self) -> Ticket:
        return self.trainings.enter(None, lambda: self.open)

    def end(self, ticket: Ticket) -> None:
        """The child of this ticket, the latest, ends; the next may begin."""
        before = len(self.children)
        self.children[-1].end()
        wait_until(lambda: ticket.over and (len(self.children) > before or ticket not in self.trainings._queue))

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.trainings.free_places()

    def _start(self) -> Fake:
        self.children.append(Fake())
        return self.children[-1]

    def _check(self, needed_bytes: int) -> None:
        if self.short or needed_bytes > self.left_bytes:
            raise UserError(self.short or "There is too little memory")


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture(scope="module")
def learned() -> dict[str, Any]:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(MODEL.with_suffix(".onnx"), f"{net_file.NAME}.onnx")
        card = {"temperature": 1.0, "thresholds": {"digit": [0.0] * 10, "sure": 0.7}}
        archive.writestr(f"{net_file.NAME}.json", json.dumps(card))
    return {"net": base64.b64encode(content.getvalue()).decode()}


def test_one_learns_at_a_time_and_the_next_begins_when_it_has_ended(place: Place) -> None:
    one, two, three = (place.enter() for _ in range(3))
    assert [ticket.state for ticket in (one, two, three)] == ["running", "waiting", "waiting"]
    assert [place.trainings.place(ticket) for ticket in (one, two, three)] == [0, 1, 2]
    assert len(place.children) == 1
    place.end(one)
    wait_until(lambda: two.state == "running")
    assert [place.trainings.place(ticket) for ticket in (two, three)] == [0, 1]
    assert len(place.children) == 2


def test_what_the_child_says_is_on_the_ticket(place: Place, learned: dict[str, Any]) -> None:
    ticket = place.enter()
    (child,) = place.children
    child.say({"shown": live.pack([np.full((10, 28, 28), 7, np.uint8), np.arange(10)])})
    assert ticket.shown.max() == 7
    assert (ticket.progress, ticket.points) == (0.0, ())
    child.say(REPORT)
    assert (ticket.progress, ticket.points, ticket.read) == (0.1, ((64, 2.4, 0.25),), (0,) * 10)
    assert ticket.filters.all()
    child.say(learned)
    assert ticket.state == "done"
    assert ticket.net is not None
    assert ticket.net.network(np.zeros((1, 28, 28), np.float32)).shape == (1, 11)


def test_it_is_paused_goes_on_and_is_stopped(place: Place) -> None:
    ticket = place.enter()
    place.trainings.pause(ticket)
    place.trainings.pause(ticket)
    paused = [ticket.paused]
    place.trainings.go_on(ticket)
    place.trainings.go_on(ticket)
    paused.append(ticket.paused)
    place.trainings.stop(ticket)
    assert place.children[0].told == ["pause", "go on", "stop"]
    assert paused == [True, False]
    place.children[0].say({"net": None})
    assert (ticket.state, ticket.error) == ("failed", training_queue.NOTHING_LEARNED)


def test_who_waits_is_told_nothing_and_tells_nothing(place: Place) -> None:
    place.enter()
    waiting = place.enter()
    for order in (place.trainings.pause, place.trainings.go_on, place.trainings.stop):
        order(waiting)
    assert place.children[0].told == []
    assert not waiting.paused


def test_a_page_that_comes_back_keeps_its_place_and_a_closed_one_frees_it_after_a_while(place: Place) -> None:
    closed, waits = place.enter(), place.trainings.enter(None, lambda: True)
    for _ in range(5):
        place.open = False
        place.later(training_queue.MAX_CLOSED_SECONDS)
        place.open = True
        place.later(1.0)
    place.open = False
    place.later(training_queue.MAX_CLOSED_SECONDS)
    assert place.children[0].told == []  # a phone may lose its network for a moment
    place.later(0.1)
    assert place.children[0].told == ["killed"]
    assert place.trainings.place(waits) == 1  # one at a time: not before it has ended
    place.end(closed)
    wait_until(lambda: waits.state == "running")
    assert (closed.state, closed.error) == ("failed", training_queue.AWAY)


def test_a_closed_page_or_one_that_leaves_moves_the_others_up(place: Place) -> None:
    place.enter()
    gone, leaves, last = place.trainings.enter(None, lambda: place.now == 0), place.enter(), place.enter()
    place.later(training_queue.MAX_CLOSED_SECONDS + 1)
    assert place.trainings.place(last) == 2
    place.trainings.leave(leaves)
    assert place.trainings.place(last) == 1
    assert (gone.error, leaves.error, place.children[0].told) == (training_queue.AWAY, training_queue.LEFT, [])
    assert gone.over  # whoever comes back may train again


def test_a_training_that_is_left_is_ended_without_a_line_in_the_log(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    leaves, waits = place.enter(), place.enter()
    place.trainings.leave(leaves)
    place.end(leaves)
    wait_until(lambda: waits.state == "running")
    assert caplog.messages == []


def test_a_child_that_dies_ends_in_a_sentence(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    ticket, waits = place.enter(), place.enter()
    place.children[0].say(REPORT)
    place.end(ticket)
    assert (ticket.state, ticket.error) == ("failed", training_queue.BROKEN_OFF)
    assert caplog.messages == ["a training ended without a last message"]
    wait_until(lambda: waits.state == "running")


@pytest.mark.parametrize(
    "line",
    [
        '{"seen": 20, "o',
        '{"net": "bm9uZQ=="}',
        '{"seen": 64, "of": 640, "loss": 2.4, "right": 0.25}',  # and no filters
    ],
)
def test_a_line_that_cannot_be_taken_in_ends_that_training_and_the_next_begins(
    place: Place, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    ticket, waits = place.enter(), place.enter()
    place.children[0]._said.put(line)
    wait_until(lambda: waits.state == "running")
    assert (ticket.state, ticket.error, place.children[0].told) == ("failed", training_queue.BROKEN_OFF, ["killed"])
    assert "a training's message could not be taken in" in caplog.messages


def test_whoever_looks_around_goes_on_when_a_look_has_failed(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("mnist.web.state.training_queue.WATCH_INTERVAL_SECONDS", 0.001)
    alive = Mock(side_effect=itertools.chain([RuntimeError("it is neither open nor closed")], itertools.repeat(True)))
    place.trainings.enter(None, alive)
    place.trainings.watch()
    wait_until(lambda: alive.call_count > 1)
    assert caplog.messages == ["checking the training queue failed"]


def test_a_long_pause_is_ended_where_others_wait_and_only_there(place: Place) -> None:
    ticket = place.enter()
    place.trainings.pause(ticket)
    place.later(training_queue.MAX_PAUSED_SECONDS + 1)
    assert place.children[0].told == ["pause"]
    place.enter()
    place.later(1)
    assert place.children[0].told == ["pause", "stop"]  # with what it has learned


def test_pauses_are_counted_together(place: Place) -> None:
    ticket = place.enter()
    place.enter()
    for _ in range(3):
        place.trainings.pause(ticket)
        place.later(training_queue.MAX_PAUSED_SECONDS / 3)
        place.trainings.go_on(ticket)
    assert place.children[0].told == ["pause", "go on"] * 3
    place.trainings.pause(ticket)
    place.later(1)
    assert place.children[0].told[6:] == ["pause", "stop"]


def test_a_child_that_hangs_is_ended_pauses_not_counted(place: Place) -> None:
    ticket = place.enter()
    place.later(training_queue.MAX_TRAINING_SECONDS - 1)
    place.trainings.pause(ticket)
    place.later(training_queue.MAX_PAUSED_SECONDS - 1)
    place.trainings.go_on(ticket)
    place.later(1)
    assert place.children[0].told == ["pause", "go on"]
    place.later(1)
    assert place.children[0].told[2:] == ["killed"]
    place.end(ticket)
    assert ticket.error == training_queue.TOO_LONG


def test_a_child_that_hangs_is_ended_however_often_it_is_told_to_stop(place: Place) -> None:
    ticket = place.enter()
    for _ in range(3):
        place.later(training_queue.MAX_TRAINING_SECONDS / 3)
        place.trainings.stop(ticket)
    assert place.children[0].told == ["stop"] * 3
    place.later(1)
    assert place.children[0].told[3:] == ["killed"]


def test_too_little_memory_is_told_and_the_next_is_asked_again(place: Place) -> None:
    one, two = place.enter(), place.enter()
    place.short = "There is too little memory"
    three = place.enter()
    place.end(one)
    wait_until(lambda: three.over)
    assert [(ticket.state, ticket.error) for ticket in (two, three)] == [("failed", place.short)] * 2
    place.short = None
    assert place.enter().state == "running"


def test_the_line_has_an_end(place: Place) -> None:
    for _ in range(1 + training_queue.MAX_WAITING):
        place.enter()
    with pytest.raises(UserError, match="10 others are already waiting to train"):
        place.enter()


def test_a_process_is_ready_before_it_is_asked_for_and_another_only_when_someone_looks(place: Place) -> None:
    place.trainings.prepare()
    place.trainings.prepare()
    assert [child.begun for child in place.children] == [[]]
    ticket = place.enter()
    assert [child.begun for child in place.children] == [["begin"]]
    place.trainings.prepare()  # while somebody's net learns there is none for the next
    place.children[0].end()
    wait_until(lambda: ticket.over and ticket not in place.trainings._queue)
    assert len(place.children) == 1
    place.trainings.prepare()
    assert [child.begun for child in place.children] == [["begin"], []]


def test_a_process_that_nobody_uses_is_ended(place: Place) -> None:
    place.trainings.prepare()
    place.later(training_queue.MAX_SPARE_SECONDS - 1)
    place.trainings.prepare()
    place.later(training_queue.MAX_SPARE_SECONDS)
    assert place.children[0].told == []
    place.children[0].end()
    place.later(0.1)
    assert place.children[0].told == ["killed"]
    place.enter()
    assert [child.begun for child in place.children] == [[], ["begin"]]


def test_a_process_that_has_ended_meanwhile_is_replaced(place: Place) -> None:
    place.trainings.prepare()
    place.children[0].kill()
    place.enter()
    assert [child.begun for child in place.children] == [[], ["begin"]]


def test_without_memory_for_it_none_is_ready_and_the_training_says_so(place: Place) -> None:
    place.short = "There is too little memory"
    place.trainings.prepare()
    assert place.children == []
    assert place.enter().error == place.short


def test_none_is_ready_where_that_would_leave_too_little_for_a_lesson(place: Place) -> None:
    place.left_bytes = memory.LIVE_TRAINING_BYTES + memory.EXPLAINING_BYTES - 1
    place.trainings.prepare()
    assert place.children == []
    assert place.enter().state == "running"


@pytest.mark.network
def test_a_real_child_that_is_killed_is_told_and_the_next_learns_is_told_to_stop_and_ends() -> None:
    children = [Process(), Process()]
    trainings = TrainingQueue(Mock(side_effect=children), check=Mock())
    ticket, waits = (trainings.enter(None, lambda: True) for _ in children)
    children[0].kill()
    wait_until(lambda: waits.state == "running")
    assert (ticket.state, ticket.error) == ("failed", training_queue.BROKEN_OFF)
    wait_until(lambda: waits.progress > 0)
    assert waits.shown.any()
    trainings.stop(waits)
    wait_until(lambda: waits.over)
    assert (waits.state, waits.error) == ("done", None)


def test_of_a_killed_server_no_child_is_left(tmp_path: Path) -> None:
    program = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from mnist.web.state.training_queue import Process
process = Process()
process.tell("begin")
lines = iter(process.lines())
print(process._process.pid, next(lines), flush=True)
time.sleep(600)
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    server = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment)
    assert server.stdout is not None
    child = int(server.stdout.readline().split()[0])
    os.kill(child, 0)  # it is there
    assert os.getpriority(os.PRIO_PROCESS, child) == 19
    server.kill()
    server.wait(20)
    server.stdout.close()
    wait_until(lambda: not is_running(child))
    assert list(tmp_path.iterdir()) == []


def is_running(pid: int) -> bool:
    """Whether there is such a process; one that has ended may be left as a zombie where nobody asks for it."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
