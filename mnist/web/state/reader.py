"""The reader: the one classifier of this server, loaded in the background from the moment the process starts."""

import functools
import gc
import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mnist.errors import UserError
from mnist.explaining.inside import Explainer
from mnist.explaining.smallest_change import Perturbation, PerturbationSearch
from mnist.files import MODEL
from mnist.reading.classifier import Classifier, verified_card
from mnist.reading.lattice import Lattice
from mnist.reading.readings import Digit, Reading
from mnist.reading.tf_functions import import_keras
from mnist.training.networks import NetworkSpec

log = logging.getLogger(__name__)


class Reader:
    """A classifier that is loaded in a thread of its own. `ready` turns true, or `error` says why it never will."""

    def __init__(self, model: Path = MODEL) -> None:
        self.error: str | None = None
        self._model = model
        self._classifier: Classifier | None = None
        self._explainer: Explainer | None = None
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None
        self._searching = threading.Lock()
        self._perturbation_search: PerturbationSearch | None = None

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

    @property
    def explainer(self) -> Explainer:
        """The explainer of the network, made when it is first asked for. The reader has to be ready."""
        with self._start:
            if self._explainer is None:
                assert self._classifier is not None  # noqa: S101 - the reader is ready
                self._explainer = Explainer(self._classifier.model)
        return self._explainer

    def digits(self, samples: np.ndarray) -> list[Digit] | None:
        """Read samples (n, 28, 28) in one batch, a digit each; return None while the model is not loaded."""
        return self._classifier.digits(samples) if self._classifier is not None else None

    def find_perturbation(self, sample: np.ndarray) -> Perturbation | None:
        """Find the smallest change that makes a sample another digit; return None if there is none, or no model yet.

        One at a time: a whole class that presses the button leaves a core to those who draw.
        """
        if self._classifier is None:
            return None
        with self._searching:
            self._perturbation_search = self._perturbation_search or PerturbationSearch(self._classifier)
            return self._perturbation_search.find(sample)

    def _load(self) -> None:
        try:
            # one thread each: on two cores TensorFlow's pools get in the way of the page's own work
            os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
            os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
            verified_card(self._model)  # before TensorFlow is imported: a damaged model is told at once
            _keep_keras_session()
            classifier = Classifier.load(self._model)
        except UserError as error:
            self.error = str(error)
            log.error("%s", error)
            return
        except Exception:  # a thread has no caller: the page and /ready have to know, whatever it is
            self.error = "The model cannot be loaded; the server's log says why."
            log.exception("loading the model failed")
            return
        # unfrozen, Python's garbage collection takes 200 ms now and then to walk TensorFlow's objects; Streamlit's own
        # collection after every run is switched off in .streamlit/config.toml
        gc.collect()
        gc.freeze()
        self._classifier = classifier


def _keep_keras_session() -> None:
    """Stop Streamlit from clearing Keras's session.

    It calls `keras.backend.clear_session()` after every run of a script (script_runner.py, `_clean_problem_modules`).
    That empties TensorFlow's cache of optimised graphs: the next reading takes 40 ms, measured in the running app,
    instead of 2. While the model is loaded it costs more: one open page that waited for a server to come back made it
    take up to 80 seconds instead of 4.
    """
    import_keras().backend.clear_session = lambda free_memory=True: None  # noqa: ARG005


_load = functools.cache(Classifier.load)
_loading = threading.Lock()


def load_once(network: NetworkSpec) -> Classifier:
    """Return the classifier of a network to compare with, loaded when it is first asked for; safe from several threads.

    Raises UserError if the file is missing or damaged.
    """
    with _loading:
        return _load(network.model)


reader = Reader()
