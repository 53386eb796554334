"""What the tests share: MNIST where it is given, the shipped model and Chromium, loaded once."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright

from mnist.reading.classifier import Classifier
from mnist.web.state.reader import Reader
from tools.harness.running import chromium_options


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


@pytest.fixture(scope="session")
def loaded() -> Reader:
    """A reader that has loaded the shipped model."""
    reader = Reader()
    reader.start()
    reader.wait(60)
    assert reader.ready
    return reader


@pytest.fixture
def rng() -> np.random.Generator:
    """A fresh generator, the same in every test."""
    return np.random.default_rng(20260101)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        yield browser
        browser.close()
