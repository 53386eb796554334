"""Fixtures for all tests, and the tiers: `--quick` leaves out what needs a network, a server, browser or container.

A test gets its marker here by its folder, or by a fixture that loads a network. Other tests that need one are marked
where they stand, those of a whole file by `pytestmark`.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import hypothesis
import numpy as np
import pytest

from mnist.files import MODEL

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from mnist.data.mnist_dataset import Mnist
    from mnist.reading.classifier import Classifier
    from mnist.web.state.reader import Reader

FOLDERS = {"browser": "browser", "container": "container", "served": "server", "web/pages": "network"}  # to markers
FIXTURES = {"classifier", "keras_model", "loaded", "learned"}  # load or build a network
WHOLE_FILE = "pytestmark = pytest.mark.network"

hypothesis.settings.register_profile("without deadlines", deadline=None)  # machines of CI are slow now and then
hypothesis.settings.load_profile("without deadlines")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="only tests without network, server, browser, container")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.quick:
        config.option.markexpr = "not (network or server or browser or container)"
        for name in ("keras", "onnxruntime", "tensorflow"):
            sys.modules[name] = None  # type: ignore[assignment]  # a test that imports it fails: it lacks its marker


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """In a quick run import no file of the slower tiers: what it imports may not be installed."""
    if not config.option.quick:
        return None
    slow_file = collection_path.suffix == ".py" and WHOLE_FILE in collection_path.read_text("utf-8").splitlines()
    return slow_file or _marker_of_folder(collection_path) is not None or None


def pytest_itemcollected(item: pytest.Item) -> None:
    if marker := _marker_of_folder(item.path):
        item.add_marker(marker)
    if FIXTURES & set(getattr(item, "fixturenames", ())):
        item.add_marker("network")


def _marker_of_folder(path: Path) -> str | None:
    inside = path.relative_to(Path(__file__).parent)
    return next((marker for folder, marker in FOLDERS.items() if inside.is_relative_to(folder)), None)


def skip_outside_ci(reason: str) -> NoReturn:
    """Skip a test for want of what not every machine has; in CI, where all has to be there, fail it."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.fixture(scope="session")
def mnist_path() -> Path:
    if "MNIST_DATA" not in os.environ:
        skip_outside_ci("MNIST_DATA does not name mnist.npz")
    return Path(os.environ["MNIST_DATA"])


@pytest.fixture(scope="session")
def handwriting_path() -> Path:
    if "HANDWRITING_DATA" not in os.environ:
        skip_outside_ci("HANDWRITING_DATA does not name the folder of people's handwriting")
    return Path(os.environ["HANDWRITING_DATA"])


@pytest.fixture(scope="session")
def classifier() -> "Classifier":
    """The shipped model."""
    from mnist.reading.classifier import Classifier

    return Classifier.load()


@pytest.fixture(scope="session")
def keras_model() -> Any:
    """The shipped model as Keras has it."""
    return in_keras(MODEL)


@pytest.fixture(scope="session")
def loaded() -> "Reader":
    reader = started_reader()
    assert reader.ready
    return reader


def in_keras(path: Path) -> Any:
    """Load a model that takes samples, not a list of them as Keras keeps it."""
    import keras

    model = keras.models.load_model(path, compile=False)
    return keras.Model(model.inputs[0], model.outputs[0], name=model.name)


def started_reader(*model: Path) -> "Reader":
    """Return a reader that has tried to load the shipped model, or another one."""
    from mnist.web.state.reader import Reader

    reader = Reader(*model)
    reader.start().join(60)
    return reader


@pytest.fixture
def arrays(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Forty training and ten test images of noise, in MNIST's layout."""
    return {
        "x_train": rng.integers(0, 256, (40, 28, 28)).astype(np.uint8),
        "y_train": rng.integers(0, 10, 40).astype(np.uint8),
        "x_test": rng.integers(0, 256, (10, 28, 28)).astype(np.uint8),
        "y_test": rng.integers(0, 10, 10).astype(np.uint8),
    }


@pytest.fixture
def npz(tmp_path: Path, arrays: dict[str, np.ndarray]) -> Path:
    path = tmp_path / "mnist.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]  # NumPy's stub takes the names for options
    return path


@pytest.fixture(scope="session")
def mnist() -> "Mnist":
    """A little noise in place of MNIST."""
    from mnist.data.labelled import Labelled
    from mnist.data.mnist_dataset import Mnist

    rng = np.random.default_rng(0)

    def part(count: int) -> Labelled:
        return Labelled(rng.random((count, 28, 28), np.float32), rng.integers(0, 10, count))

    return Mnist(part(48), part(20), part(20))


@pytest.fixture
def rng() -> np.random.Generator:
    """A fresh generator, the same in every test."""
    return np.random.default_rng(20260101)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    from tools.harness.running import chromium_options

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        yield browser
        browser.close()
