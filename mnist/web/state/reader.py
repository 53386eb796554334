"""The reader: the one classifier of this server, loaded in the background from the moment the process starts."""

import functools
import logging
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mnist.errors import UserError
from mnist.files import MODEL
from mnist.reading.classifier import Classifier
from mnist.reading.framing import SIZE
from mnist.reading.lattice import Lattice
from mnist.reading.readings import Digit, Reading
from mnist.training.networks import NetworkSpec

log = logging.getLogger(__name__)


class Reader:
    """A classifier that is loaded in a thread of its own. `ready` turns true, or `error` says why it never will."""

    def __init__(self, model: Path = MODEL) -> None:
        self.error: str | None = None
        self._model = model
        self._classifier: Classifier | None = None
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> threading.Thread:
        """Start loading and return the thread that loads; further calls return the same one."""
        with self._start:
            if self._thread is None:
                self._thread = threading.Thread(target=self._load, name="load model", daemon=True)
                self._thread.start()
            return self._thread

    @property
    def ready(self) -> bool:
        """True once the classifier is loaded."""
        return self._classifier is not None

    def read(self, lattice: Lattice) -> Reading | None:
        """Return the reading, or None while the model is not loaded."""
        return self.read_all([lattice])[0]

    def read_all(self, lattices: Sequence[Lattice]) -> Sequence[Reading | None]:
        """Return the readings, all from one batch, or None for each while the model is not loaded."""
        return self._classifier.read_all(lattices) if self._classifier is not None else [None] * len(lattices)

    def digits(self, samples: np.ndarray) -> list[Digit] | None:
        """Read samples (n, 28, 28) in one batch, a digit each; return None while the model is not loaded."""
        return self._classifier.digits(samples) if self._classifier is not None else None

    def is_mirrored_one(self, sample: np.ndarray) -> bool:
        """Tell whether a sample (28, 28) that was read as a 1 is one only in a mirror."""
        return self._classifier is not None and self._classifier.is_mirrored_one(sample)

    def _load(self) -> None:
        try:
            classifier = Classifier.load(self._model)
            classifier.digits(np.zeros((1, SIZE, SIZE), np.float32))  # so that the next reading is quick
        except UserError as error:
            self.error = str(error)
            log.error("%s", error)
            return
        except Exception:  # a thread has no caller: the page and /ready have to know, whatever it is
            self.error = "The model cannot be loaded; the server's log says why."
            log.exception("loading the model failed")
            return
        self._classifier = classifier


_load = functools.cache(Classifier.load)
_loading = threading.Lock()


def load_once(network: NetworkSpec) -> Classifier:
    """Return the classifier of a network to compare with, loaded when it is first asked for; safe from several threads.

    Raises UserError if the file is missing or damaged.
    """
    with _loading:
        return _load(network.model)


reader = Reader()
