"""Registry of the networks: the name, the title, the file and the usual settings of each.

Keras is imported only by `build`, so that pages and the command line can list the networks at once.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mnist.files import MODEL


@dataclass(frozen=True)
class HandwritingFile:
    """A file of people's handwriting to learn from: the option it was given with, its name and its SHA-256.

    `source` says whose a public collection is, and its terms; it is empty for other files.
    """

    option: str
    name: str
    sha256: str
    source: str = ""


@dataclass(frozen=True)
class Settings:
    """Everything that decides the outcome of a training run. The card records it."""

    network: str = "convolutional"
    epochs: int = 20
    fine_tuning_epochs: int = (
        0  # epochs of fine-tuning afterwards: a new optimiser at a tenth of the rate, half the samples as is
    )
    seed: int = 1
    batch: int = 128
    learning_rate: float = 3e-3  # peak; warmed up over one epoch, then a cosine down to zero
    weight_decay: float = 0.01
    kernel_rate: float = 0.01  # peak, of the kernels of convolutions by Muon (muon.py); 0 leaves them to AdamW, too
    kernel_decay: float = 0.05
    label_smoothing: float = 0.05
    drawn: int = 108_000  # digits drawn by this program; each epoch shows a part of them
    non_digits: int = 54_000
    plain: bool = False  # learn from MNIST alone, unchanged, as textbooks do
    without: tuple[str, ...] = ()  # styles that are left out, to measure how the network reads a style it never saw
    handwriting: tuple[HandwritingFile, ...] = ()  # what people wrote, to learn from as well
    mnist: str = ""  # checksum of MNIST's images to learn from

    @property
    def all_epochs(self) -> int:
        """Number of epochs in the whole run, fine-tuning included."""
        return self.epochs + self.fine_tuning_epochs


@dataclass(frozen=True)
class NetworkSpec:
    """A network that this program can train: its title for people, its usual settings, the file it is shipped in."""

    title: str
    settings: Settings
    file: str  # in models/

    @property
    def name(self) -> str:
        """Name of the network on the command line, in its card and in `architectures`."""
        return self.settings.network

    @property
    def model(self) -> Path:
        """Path of the shipped model; its card lies beside it."""
        return MODEL.with_name(self.file)

    def build(self) -> Any:
        """Return a new, untrained keras.Model."""
        from mnist.training import architectures

        return getattr(architectures, self.name)()


def _baseline(name: str, title: str, epochs: int) -> NetworkSpec:
    """Describe a network to compare the shipped one with; it learns from MNIST alone."""
    settings = Settings(name, epochs, learning_rate=1e-3, kernel_rate=0.0, label_smoothing=0.0, plain=True)
    return NetworkSpec(title, settings, f"{name}.keras")


SHIPPED = NetworkSpec("This program's net", Settings(epochs=22, fine_tuning_epochs=4), MODEL.name)
BASELINES = (
    _baseline("softmax", "Softmax regression", 8),
    _baseline("perceptron", "Multilayer perceptron", 8),
    _baseline("textbook", "Textbook convolutional net", 8),
    _baseline("keras_example", "Keras's example", 15),
)
NETWORKS = {spec.name: spec for spec in (*BASELINES, SHIPPED)}  # the simplest first
