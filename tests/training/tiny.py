"""A little noise in place of MNIST, and settings for a run that takes seconds."""

import numpy as np
import pytest

from mnist.data.labelled import Labelled
from mnist.data.mnist_dataset import Mnist
from mnist.training.networks import Settings

SETTINGS = Settings(epochs=2, polish=1, seed=7, batch=16, drawn=48, non_digits=24)


@pytest.fixture(scope="module")
def mnist() -> Mnist:
    rng = np.random.default_rng(0)

    def part(count: int) -> Labelled:
        return Labelled(rng.random((count, 28, 28), np.float32), rng.integers(0, 10, count))

    return Mnist(part(48), part(20), part(20))


def people_drew(count: int, label: int = 3) -> Labelled:
    return Labelled(np.ones((count, 28, 28), np.float32), np.full(count, label))


def silent(_: str) -> None:
    """Say nothing."""
