"""The image, and the engine that runs it: `docker`, or what CONTAINER_ENGINE names."""

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).parents[2]
# as little as a careful administrator leaves a container
BARE = (
    *("--user", "12345:12345", "--read-only", "--tmpfs", "/tmp", "--network", "none", "--memory", "1g"),  # noqa: S108
    *("--cap-drop", "all", "--security-opt", "no-new-privileges"),
)


class Engine:
    """Docker's command line, or one that is used alike."""

    def __init__(self, command: list[str], image: str) -> None:
        self._command, self.image = command, image

    def __call__(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
        """Run `docker ARGUMENTS`."""
        done = subprocess.run([*self._command, *arguments], input=stdin, capture_output=True, check=False, timeout=300)
        if check and done.returncode:
            pytest.fail(f"{' '.join(arguments)}: {done.stderr.decode()}")
        return done

    def start(self, *arguments: str) -> None:
        """`docker run --detach ARGUMENTS IMAGE`."""
        self.in_background("run", "--detach", "--pull", "never", *arguments, self.image)

    def in_background(self, *arguments: str) -> None:
        """`docker ARGUMENTS` that leaves a container running. Its watcher would keep our pipes open: it gets none."""
        command = [*self._command, *arguments]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=60)

    def run(self, *words: str, options: tuple[str, ...] = (), stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """`docker run` those words in a container of the image that is gone afterwards, whatever its status."""
        return self("run", "--rm", "--pull", "never", "-i", *options, self.image, *words, stdin=stdin, check=False)


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine with the image built. In CI there has to be one; elsewhere its tests are skipped without."""
    command = shlex.split(os.environ.get("CONTAINER_ENGINE", "docker"))
    if (
        shutil.which(command[0]) is None
        or subprocess.run([*command, "info"], capture_output=True, check=False).returncode
    ):
        reason = f"no container engine: {command[0]} does not work here, and CONTAINER_ENGINE names no other"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    image = os.environ.get("CONTAINER_IMAGE")
    if image is None:
        image = "mnist-draw:test"
        subprocess.run([*command, "build", "--quiet", "--tag", image, str(ROOT)], check=True, timeout=1800)
    return Engine(command, image)


@pytest.fixture
def serve(engine: Engine) -> Iterator[Callable[..., str]]:
    """Start a server: `serve(*options)` returns the container's name once /ready is answered from within."""
    names: list[str] = []

    def start(*options: str) -> str:
        names.append(f"mnist-draw-{uuid4().hex[:8]}")
        engine.start("--name", names[-1], *options)
        return names[-1]

    yield start
    for name in names:
        engine("rm", "--force", name, check=False)


def until_ready(engine: Engine, name: str, seconds: float = 120) -> float:
    """Seconds until the container's own health check passes; fails where it stops before, or takes too long."""
    began = time.perf_counter()
    while engine("exec", name, "python", "-m", "mnist.web.healthcheck", check=False).returncode:
        if time.perf_counter() - began > seconds:
            pytest.fail(f"not ready: {engine('logs', name).stdout.decode()}")
        time.sleep(0.2)
    return time.perf_counter() - began
