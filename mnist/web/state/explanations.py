"""What the lessons ask about the network, of a process that starts with the first question and ends when idle."""

import logging
import pickle
import subprocess
import threading
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
BROKEN_OFF = "Looking inside broke off: its process ended, perhaps because memory ran out. Try again."


class Explanations:
    """Asks the process about one network, one question at a time; any thread may ask.

    Everything raises UserError if there is too little memory, no TensorFlow, or the process breaks off.
    """

    def __init__(self, model: Path = MODEL, max_idle_seconds: float = MAX_IDLE_SECONDS) -> None:
        self._model, self._max_idle_seconds = model, max_idle_seconds
        self._one_at_a_time = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._end_when_idle = threading.Timer(0, self.end)

    def start(self) -> None:
        """Start the process if it does not run: it needs seconds until it can answer."""
        with self._one_at_a_time:
            self._end_when_idle.cancel()
            if self._process is not None and self._process.poll() is not None:
                self.end()
            if self._process is None:
                child.check(memory.EXPLAINING_BYTES)
                self._process = child.start("mnist.explaining.process", str(self._model.absolute()), niceness=NICENESS)
            self._end_when_idle = threading.Timer(self._max_idle_seconds, self.end)
            self._end_when_idle.daemon = True
            self._end_when_idle.start()

    def end(self) -> None:
        """End the process, once it has answered what it was asked."""
        with self._one_at_a_time:
            self._end_when_idle.cancel()
            if self._process is not None:
                self._process.kill()
                self._process.communicate()  # closes its pipes and waits for its end
                self._process = None

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
            self.start()
            assert self._process is not None  # noqa: S101 - it was started
            assert self._process.stdin is not None  # noqa: S101 - they are pipes
            assert self._process.stdout is not None  # noqa: S101
            try:
                pickle.dump((name, arguments), self._process.stdin)
                self._process.stdin.flush()
                return pickle.load(self._process.stdout)  # noqa: S301 - the child is our own
            except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
                log.warning("the process that explains ended")
                self.end()
                raise UserError(BROKEN_OFF) from error


explanations = Explanations()  # the server's only ones
