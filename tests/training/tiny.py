"""Settings for a run that takes seconds, and drawings."""

from typing import Any

import numpy as np

from mnist.data.labelled import Labelled
from mnist.training.networks import Settings

SETTINGS = Settings(epochs=2, fine_tuning_epochs=1, seed=7, batch=16, drawn=48, non_digits=24)


def people_drew(count: int, label: int = 3) -> Labelled:
    return Labelled(np.ones((count, 28, 28), np.float32), np.full(count, label))


def silent(_: str) -> None:
    """Say nothing."""


def no_figures(*_: Any) -> dict[str, Any]:
    """Measure nothing: for tests that are not about what a card states."""
    return {}
