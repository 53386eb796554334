"""The image, and servers in containers of it."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from tests.conftest import skip_outside_ci
from tools.harness.engine import Engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    engine = Engine()
    if not engine.works:
        skip_outside_ci("no container engine: docker does not work here, and CONTAINER_ENGINE names no other that does")
    engine.build()
    return engine


@pytest.fixture
def serve(engine: Engine) -> Iterator[Callable[..., str]]:
    """Start a server: `serve(*options)` returns the container's name once /ready is answered from within."""
    name = f"mnist-draw-{uuid4().hex[:8]}"

    def start(*options: str) -> str:
        engine.start("--name", name, *options)
        engine.until_ready(name)
        return name

    yield start
    engine("rm", "--force", name, check=False)
