"""The classifier: the network with its card, which turns samples into digits and lattices into readings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mnist.errors import UserError
from mnist.files import MODEL
from mnist.reading.card import REMEDY, read_card, verified
from mnist.reading.framing import SIZE, Framed
from mnist.reading.lattice import Lattice
from mnist.reading.look_again import judge_all
from mnist.reading.network import SUFFIX, Network, from_onnx, logits_of
from mnist.reading.outputs import NO_DIGIT, digits_of, margins
from mnist.reading.readings import Digit, Reading

MAX_MARGIN_OF_MIRRORED = 2.0  # log odds above the threshold, of a 1 that is a mirrored one,
MIN_GAIN_BY_MIRROR = 4.0  # and how far a mirror raises them: it does so to none of 9,862 digits by people
WHOLE_SAMPLE = (0.0, 0.0, float(SIZE), float(SIZE))  # the box of a sample that comes from nowhere else


class Classifier:
    """A trained network with its card. `Classifier.load()` makes one; reading is safe from several threads."""

    def __init__(self, network: Network, card: dict[str, Any]) -> None:
        self.network = network
        self.card = card

    @classmethod
    def load(cls, path: Path = MODEL) -> "Classifier":
        """Load the network beside a model's .keras with its card, checksum first.

        Raises UserError if a file is missing, or is not the one the card describes.
        """
        card = read_card(path)
        network = path.with_suffix(SUFFIX)
        content = verified(network, card["onnx_sha256"])
        try:
            return cls(from_onnx(content), card)
        except ValueError as error:
            raise UserError(f"{network}: a network that `train` did not make ({error}). {REMEDY}") from error

    def digits(self, samples: np.ndarray) -> list[Digit]:
        """Read each of the samples (n, 28, 28) as one digit; probabilities are given even if it is none."""
        framed = [Framed(sample, WHOLE_SAMPLE) for sample in samples]
        return digits_of(framed, logits_of(self.network, samples), self.card)

    def is_mirrored_one(self, sample: np.ndarray) -> bool:
        """Tell whether a sample (28, 28) that is read as a 1 is hardly one, but plainly in a mirror."""
        logits = logits_of(self.network, np.stack([sample, sample[:, ::-1]]))
        here, in_mirror = margins(logits, self.card)
        are_ones = (logits[:, :NO_DIGIT].argmax(axis=1) == 1).all()
        return bool(are_ones and here < MAX_MARGIN_OF_MIRRORED and in_mirror - here > MIN_GAIN_BY_MIRROR)

    def read(self, lattice: Lattice) -> Reading:
        """Read one drawing or picture."""
        return self.read_all([lattice])[0]

    def read_all(self, lattices: Sequence[Lattice]) -> list[Reading]:
        """Read many drawings or pictures in one batch and return a reading for each."""
        return judge_all(self.network, lattices, self.card)
