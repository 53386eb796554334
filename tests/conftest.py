"""What the tests share: MNIST where it is given, the shipped model, loaded once."""

import os
from pathlib import Path

import numpy as np
import pytest

from mnist.classifier import Classifier


@pytest.fixture(scope="session")
def mnist_path() -> Path:
    """MNIST's file. In CI it has to be there; elsewhere the tests that need it are skipped."""
    path = os.environ.get("MNIST_DATA")
    if path is None:
        reason = "MNIST_DATA does not name mnist.npz"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return Path(path)


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    """The shipped model."""
    return Classifier.load()


@pytest.fixture
def rng() -> np.random.Generator:
    """A fresh generator, the same in every test."""
    return np.random.default_rng(20260101)
