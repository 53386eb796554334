"""Work shared among the cores, by a process on each."""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

from mnist.errors import UserError

MAX_WORKERS = 4  # of 100 MB each
TASKS_AHEAD = 64  # begun before their outcome is asked for; outcomes take memory, too
Outcome = TypeVar("Outcome")


def map_on_all_cores(work: Callable[..., Outcome], *arguments: Iterable[Any]) -> Iterator[Outcome]:
    """Yield what `work` returns, as `map` does, in order. A worker takes half a second to begin.

    Raises UserError if a worker ends, as one does that the system kills for want of memory.
    """
    cores = min(_cores(), MAX_WORKERS)
    if cores == 1:
        yield from map(work, *arguments)
        return
    with ProcessPoolExecutor(cores, get_context("spawn"), _ignore_interrupts) as workers:
        ahead = deque[Future[Outcome]]()
        try:
            for task in zip(*arguments, strict=True):
                ahead.append(workers.submit(work, *task))
                if len(ahead) > TASKS_AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool as error:
            raise UserError(
                "a process of this program ended; perhaps memory ran out. Give it more, or less to do at once."
            ) from error
        finally:
            workers.shutdown(cancel_futures=True)  # whoever stops waits for the tasks that are being done


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that started this one
