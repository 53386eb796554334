"""Runs: the stretches of a row in which something holds without a break."""

import numpy as np


def runs(row: np.ndarray) -> np.ndarray:
    """Return the first index of each run of True in a row (n,) bool, and the index after its last (k, 2)."""
    return np.flatnonzero(np.diff(row, prepend=False, append=False)).reshape(-1, 2)
