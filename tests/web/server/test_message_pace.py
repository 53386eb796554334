"""The pace of a page's messages: a person never waits, a flood waits for itself."""

import asyncio
from unittest.mock import AsyncMock

import pytest

from mnist.web.server.message_pace import Pace
from tools.harness.running import during


class Clock:
    """A clock that sleeping moves on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 0.0
        self.sleep = AsyncMock(side_effect=self._pass)
        monkeypatch.setattr(asyncio, "sleep", self.sleep)

    def __call__(self) -> float:
        return self.seconds

    async def _pass(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(clock, burst=10, per_second=4)


def keep(pace: Pace, count: int, clock: Clock, every: float = 0.0) -> float:
    """Keep to the pace so many times, at most once every so many seconds; return how long was waited in all."""
    waited = 0.0
    for _ in range(count):
        began = clock()
        during(pace.keep())
        waited += clock() - began
        clock.seconds += every
    return waited


def test_who_sends_no_more_than_the_pace_never_waits(pace: Pace, clock: Clock) -> None:
    assert keep(pace, 300, clock, every=0.25) == 0


def test_a_burst_is_free_and_then_it_goes_on_at_the_pace(pace: Pace, clock: Clock) -> None:
    assert keep(pace, 10, clock) == 0
    assert keep(pace, 50, clock) == pytest.approx(50 / 4)


def test_a_rest_gives_back_the_burst_and_no_more(pace: Pace, clock: Clock) -> None:
    keep(pace, 10, clock)
    clock.seconds += 10_000
    assert keep(pace, 10, clock) == 0
    assert keep(pace, 1, clock) > 0


def test_each_has_its_turn_in_order(clock: Clock) -> None:
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    clock.sleep.side_effect = note
    pace = Pace(clock, burst=1, per_second=4)
    for _ in range(4):
        during(pace.keep())
    assert waits == [0, 0.25, 0.5, 0.75]


def test_others_come_first_even_in_a_burst() -> None:
    order: list[str] = []

    async def both() -> None:
        loop = asyncio.get_running_loop()
        pace = Pace(loop.time, burst=10, per_second=4)
        loop.call_soon(order.append, "other")
        await pace.keep()
        order.append("message")

    during(both())
    assert order == ["other", "message"]
