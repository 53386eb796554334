"""A real server on a port of its own, and how a real Chromium is started, for the tests that need them."""

import asyncio
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mnist.files import ROOT

Result = TypeVar("Result")
PATIENCE = 240  # seconds for a start: from a cold, slow disk TensorFlow alone takes up to a minute
# for a process as people install it: Keras imports scikit-learn and matplotlib, which only the tests need, if they are
# there, for more than a second and nearly 100 MB
AS_INSTALLED = {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tools' / 'absent'}"}
# without these Chromium looks up hosts of its own at every start
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def answers(url: str) -> bool:
    """Whether that address is answered with success."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def during(visit: Coroutine[Any, Any, Result]) -> Result:
    """Let it happen, in a thread of its own: where Playwright's loop runs there is no room for another."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visit).result()  # noqa: TID251


class Server:
    """`streamlit run` of a script on a free port of this machine, with additions to the environment.

    `under` is a program that runs and watches it, with its options. What it prints is lost, or goes to the file `log`.
    """

    def __init__(
        self,
        script: str = "streamlit_app.py",
        environment: dict[str, str] | None = None,
        address: str = "127.0.0.1",
        under: Sequence[str] = (),
        log: Path = Path(os.devnull),
    ) -> None:
        self._script, self._environment = script, {**os.environ, **(environment or {})}
        self._address, self._under, self._log = address, under, log
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, path: str = "/ready") -> float:
        """Start and wait until `path` is answered; returns the seconds that took."""
        options = [f"--server.port={self.port}", f"--server.address={self._address}"]
        command = [*self._under, sys.executable, "-m", "streamlit", "run", self._script, *options]
        began = time.perf_counter()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        while not self.answers(path):
            if self._process.poll() is not None or time.perf_counter() - began > PATIENCE:
                pytest.fail("the server did not get ready")
            time.sleep(0.02)
        return time.perf_counter() - began

    def answers(self, path: str) -> bool:
        """Whether `path` is answered with success."""
        return answers(self.url + path)

    @property
    def pid(self) -> int:
        """The process."""
        assert self._process is not None, "it was not started"
        return self._process.pid

    def processor_time(self) -> float:
        """Seconds of processors that it has used (proc(5), stat)."""
        user, system = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def memory(self, name: str = "VmRSS") -> int:
        """Bytes that it uses now, or with VmHWM used at most since `forget_peak`."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:"))

    def forget_peak(self) -> None:
        """Count what it uses at most from now on (proc(5), clear_refs)."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def predict(self, content: bytes) -> tuple[int, bytes]:
        """Status and body of what /api/predict answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", "/api/predict", content)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def stop(self) -> int:
        """Stop as a container would be stopped; returns the exit status."""
        assert self._process is not None, "it was not started"
        self._process.terminate()
        return self._process.wait(20)

    def kill(self) -> None:
        """Stop as when the power fails."""
        assert self._process is not None, "it was not started"
        self._process.kill()
        self._process.wait(20)


def chromium_options() -> dict[str, Any]:
    """How Playwright finds and starts the system's Chromium."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found, "no Chromium: run `make chromium`"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses to run as root
    return {"executable_path": found, "args": [*QUIET, *sandbox]}
