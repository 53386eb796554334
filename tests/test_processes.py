"""Work for all cores: outcomes in order, Ctrl+C and a worker's end."""

import os
import signal
import sys
from types import ModuleType

import pytest

from mnist import processes
from mnist.errors import UserError
from mnist.processes import map_on_all_cores


@pytest.fixture(params=[1, 2], autouse=True)
def cores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(processes, "_cores", lambda: request.param)
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))  # AppTest leaves a page there, to be run again
    return int(request.param)


def test_outcomes_come_in_the_order_of_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "TASKS_AHEAD", 2)
    assert list(map_on_all_cores(pow, range(10), [2] * 10)) == [number**2 for number in range(10)]


def test_only_the_process_that_was_started_hears_ctrl_c(cores: int) -> None:
    (heard,) = map_on_all_cores(signal.getsignal, [signal.SIGINT])
    assert heard == (signal.SIG_IGN if cores > 1 else signal.getsignal(signal.SIGINT))


def test_where_a_worker_ends_it_says_so(cores: int) -> None:
    if cores > 1:
        with pytest.raises(UserError, match="a process of this program ended; perhaps memory ran out"):
            list(map_on_all_cores(os._exit, [1, 1]))
