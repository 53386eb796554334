"""The networks that the shipped one is compared with, loaded when a lesson first asks for one."""

import threading

import numpy as np

from mnist.files import MODEL
from mnist.reading.classifier import Classifier, Digit


class Baselines:
    """Loads each network once, and keeps it; to be asked from several threads."""

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._classifiers: dict[str, Classifier] = {}

    def digits(self, network: str, samples: np.ndarray) -> list[Digit]:
        """What one of files.BASELINES reads in samples (n, 28, 28). Raises UserError where it is missing or damaged."""
        with self._loading:
            if network not in self._classifiers:
                self._classifiers[network] = Classifier.load(MODEL.with_name(f"{network}.keras"))
        return self._classifiers[network].digits(samples)


baselines = Baselines()
