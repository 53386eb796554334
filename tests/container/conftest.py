"""The image, and servers in containers of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from tests.conftest import skip_outside_ci
from tools.harness.engine import Engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The whole image."""
    return built(Engine())


@pytest.fixture(scope="session")
def reader_engine() -> Engine:
    """The small image, without TensorFlow."""
    return built(Engine(reader=True))


def built(engine: Engine) -> Engine:
    if not engine.works:
        skip_outside_ci("no container engine: docker does not work here, and CONTAINER_ENGINE names no other that does")
    engine.build()
    return engine


@pytest.fixture
def serve(engine: Engine) -> Iterator[Callable[..., str]]:
    """Start a server: `serve(*options)` returns the container's name once /ready is answered from within."""
    with serving(engine) as start:
        yield start


@contextmanager
def serving(engine: Engine) -> Iterator[Callable[..., str]]:
    """Start one server of that image, and remove it afterwards."""
    name = f"mnist-draw-{uuid4().hex[:8]}"

    def start(*options: str) -> str:
        engine.start("--name", name, *options)
        engine.until_ready(name)
        return name

    yield start
    engine("rm", "--force", name, check=False)
