"""Figures of how long people waited."""

from collections.abc import Sequence

import numpy as np


def percentile_95(waits: Sequence[float]) -> float:
    """Return the 95th percentile of these values themselves: never more than the largest, however few there are."""
    return float(np.percentile(waits, 95))
