"""The lessons' questions about the network, to a process that starts with the first and ends when idle."""

import logging
import pickle
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from mnist import memory
from mnist.errors import UserError
from mnist.explaining.inside import Activations
from mnist.explaining.smallest_change import Perturbation
from mnist.files import MODEL
from mnist.web.state import child

log = logging.getLogger(__name__)
MAX_IDLE_SECONDS = 600.0
NICENESS = 5  # after those who draw, but a class that draws all the time must not keep it from starting
MAX_ANSWER_SECONDS = 60.0  # with the start of the process on a slow machine
TOO_LONG = f"This took more than {MAX_ANSWER_SECONDS:.0f} seconds, so it was ended. Try again later."
BROKEN_OFF = (
    "This broke off: the process that looks inside the network ended, perhaps because memory ran out. Try again."
)


class Explanations:
    """Asks the process about one network, one question at a time; any thread may ask.

    Everything raises UserError if there is too little memory, no TensorFlow, or the process breaks off.
    """

    def __init__(self, model: Path = MODEL, max_idle_seconds: float = MAX_IDLE_SECONDS) -> None:
        self._model, self._max_idle_seconds = model, max_idle_seconds
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._last_asked = 0.0
        self._idle_timer: threading.Timer | None = None  # one: each is a thread, and a class asks thousands of times

    def end(self) -> None:
        """End the process, once it has answered what it was asked."""
        with self._one_at_a_time:
            self._end()

    def look(self, sample: np.ndarray) -> Activations:
        """Return the activations for a sample (28, 28)."""
        return self._ask("look", sample)

    def occlusion(self, sample: np.ndarray, label: int) -> np.ndarray:
        """Measure each pixel's evidence (28, 28) for the label by covering it; negative speaks against it."""
        return self._ask("occlusion", sample, label)

    def integrated_gradients(self, sample: np.ndarray, label: int) -> np.ndarray:
        """Measure each pixel's evidence (28, 28) for the label as the ink fades in; negative speaks against it."""
        return self._ask("integrated_gradients", sample, label)

    def smallest_change(self, sample: np.ndarray) -> Perturbation | None:
        """Find the smallest change that makes a sample (28, 28) another digit; None if there is none."""
        return self._ask("smallest_change", sample)

    def _ask(self, name: str, *arguments: Any) -> Any:
        with self._one_at_a_time:
            process = self._running()
            assert process.stdin is not None  # noqa: S101 - they are pipes
            assert process.stdout is not None  # noqa: S101
            began = time.monotonic()
            too_long = _timer(MAX_ANSWER_SECONDS, process.kill)
            try:
                pickle.dump((name, arguments), process.stdin)
                process.stdin.flush()
                answer = pickle.load(process.stdout)  # noqa: S301 - the child is our own
            except (EOFError, OSError, pickle.UnpicklingError) as error:
                log.warning("the process that explains ended")
                self._end()
                raise UserError(TOO_LONG if time.monotonic() - began >= MAX_ANSWER_SECONDS else BROKEN_OFF) from error
            finally:
                too_long.cancel()
                self._last_asked = time.monotonic()
                if self._idle_timer is not None:
                    self._idle_timer.cancel()
                self._idle_timer = _timer(self._max_idle_seconds, self._end_if_idle)
        if isinstance(answer, UserError):
            raise answer
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the process; if there is none, start it: it needs seconds until it can answer."""
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            child.check(memory.EXPLAINING_BYTES)
            self._process = child.start("mnist.explaining.process", str(self._model.absolute()), niceness=NICENESS)
        return self._process

    def _end_if_idle(self) -> None:
        with self._one_at_a_time:
            if time.monotonic() - self._last_asked >= self._max_idle_seconds:
                self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()  # closes its pipes and waits for its end
            self._process = None


def _timer(seconds: float, action: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer


explanations = Explanations()  # the server's only ones
