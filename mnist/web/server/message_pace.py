"""The pace at which pages' messages are taken: each may run a script, and all share one Python.

Pages that send more than people do wait, each for itself. Runs of whole pages, which take thrice what a stroke takes,
have a pace of their own, and one for all pages together, so that they never keep others from drawing. What has to wait
stays in the network.
"""

import asyncio
from collections.abc import Callable

MAX_BURST_MESSAGES, MESSAGES_PER_SECOND = 100.0, 8.0  # of a page: the quickest hand makes seven dots a second
MAX_BURST_PAGE_RUNS, PAGE_RUNS_PER_SECOND = 20.0, 0.5  # of the whole page: a click on a link, pictures that arrive
MAX_BURST_RUNS, RUNS_PER_SECOND = 60.0, 15.0  # of whole pages, all together: a class comes within two seconds


class Pace:
    """A token bucket: `burst` pass at once, then `per_second`. `now` tells the time in seconds."""

    def __init__(self, now: Callable[[], float], burst: float, per_second: float) -> None:
        self._now = now
        self._burst, self._per_second = burst, per_second
        self._left = burst
        self._at = now()

    async def keep(self) -> None:
        """Wait for the turn of one more, in the order of the calls; let others in first in any case."""
        now = self._now()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second) - 1
        self._at = now
        await asyncio.sleep(max(0.0, -self._left / self._per_second))


def of_a_page(now: Callable[[], float]) -> Pace:
    """Return the pace of one page's messages."""
    return Pace(now, MAX_BURST_MESSAGES, MESSAGES_PER_SECOND)


def of_its_runs(now: Callable[[], float]) -> Pace:
    """Return the pace of the runs of one whole page."""
    return Pace(now, MAX_BURST_PAGE_RUNS, PAGE_RUNS_PER_SECOND)


def of_all_runs(now: Callable[[], float]) -> Pace:
    """Return the pace of the runs of whole pages, for all together."""
    return Pace(now, MAX_BURST_RUNS, RUNS_PER_SECOND)
