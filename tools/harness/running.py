"""A real server on a port of its own, and the options that start a real Chromium."""

import asyncio
import functools
import http.client
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from threading import Thread
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from mnist.files import ROOT

Result = TypeVar("Result")
MAX_START_SECONDS = 240  # from a cold, slow disk TensorFlow alone takes up to a minute
SERVERS_PORTS = 20_000, 32_000  # below those that Linux (32,768), macOS and Windows (49,152) give to connections
POLL_SECONDS = 0.02  # between questions whether a server is ready
# a process as people install it: Keras imports scikit-learn and matplotlib, which only the tests need, where it finds
# them, for more than a second and nearly 100 MB
AS_INSTALLED = {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tools' / 'absent'}"}
HIDDEN_VARIABLES = ("CI",)  # where it is set, some packages leave out what they do on people's machines
# without these Chromium looks up hosts of its own at every start
QUIET_CHROMIUM = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


class NotReadyError(AssertionError):
    """A server or container that stopped before it was ready, or took too long."""


def free_port() -> int:
    """Return a port of this machine that nothing uses, and that no system gives to whoever connects somewhere.

    One that the system chooses might be another connection's by the time a server has started.
    """
    while True:
        port = random.SystemRandom().randrange(*SERVERS_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def answers(url: str) -> bool:
    """Return whether the address is answered with status 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def ask(url: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
    """Send a request whose path is not normalised; return the answer's status and body."""
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def wait_until(ready: Callable[[], bool], ended: Callable[[], bool] = lambda: False) -> None:
    """Wait until it is ready. Raises NotReadyError where it ends before, or takes longer than MAX_START_SECONDS."""
    deadline = time.monotonic() + MAX_START_SECONDS
    while not ready():
        if ended() or time.monotonic() > deadline:
            raise NotReadyError
        time.sleep(POLL_SECONDS)


def during(visit: Coroutine[Any, Any, Result]) -> Result:
    """Run the coroutine in a thread of its own: where Playwright's event loop runs, there is no room for another."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visit).result()  # noqa: TID251


def in_event_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Let pytest run a test that is a coroutine."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        during(test(*args, **kwargs))

    return run


UNCLOSED: list[asyncio.Runner] = []


def in_servers_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Let pytest run a test that is a coroutine in the loop that uvicorn chooses for servers on this machine."""
    import uvicorn

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        outcome = Future[None]()

        def in_thread() -> None:
            runner = asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory())
            try:
                outcome.set_result(runner.run(test(*args, **kwargs)))
            except BaseException as error:  # noqa: BLE001 - it is raised again below
                outcome.set_exception(error)
            UNCLOSED.append(runner)  # on a busy machine uvloop's close hangs now and then after lost connections

        Thread(target=in_thread, daemon=True).start()
        outcome.result()

    return run


@asynccontextmanager
async def served_by_uvicorn(app: Any, **options: Any) -> AsyncIterator[str]:
    """Serve an app in this process; yields the address of its WebSockets."""
    import uvicorn

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, lifespan="off", log_config=None, **options))
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"ws://127.0.0.1:{port}"
    server.should_exit = True
    await serving


class Server:
    """Our server on a free port of this machine; `with Server() as server:` starts and stops it.

    Another `script` is served by `streamlit run`.

    `environment` is added to ours. `under` is a program that runs and watches the server, with its options. What the
    server prints goes to the file `log`.
    """

    def __init__(
        self,
        script: str | None = None,
        environment: dict[str, str] | None = None,
        address: str = "127.0.0.1",
        under: Sequence[str] = (),
        log: Path = Path(os.devnull),
    ) -> None:
        ours = {name: value for name, value in os.environ.items() if name not in HIDDEN_VARIABLES}
        self._script, self._environment = script, {**ours, **(environment or {})}
        self._address, self._under, self._log = address, under, log
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, path: str = "/ready") -> float:
        """Start and wait until `path` is answered; return how many seconds that took. Raises NotReadyError."""
        program, option = (["streamlit", "run", self._script], "server.") if self._script else (["mnist", "serve"], "")
        options = [f"--{option}port={self.port}", f"--{option}address={self._address}"]
        command = [*self._under, sys.executable, "-m", *program, *options]
        began = time.perf_counter()
        with self._log.open("wb") as log:
            process = self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        wait_until(lambda: answers(self.url + path), lambda: process.poll() is not None)
        return time.perf_counter() - began

    @property
    def pid(self) -> int:
        """The number of the server's process."""
        assert self._process is not None, "it was not started"
        return self._process.pid

    def processor_time(self) -> float:
        """Return how many seconds of processor time the server has used (proc(5), stat)."""
        user, system = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def memory(self, name: str = "VmRSS") -> int:
        """Return the bytes of memory in use now, or with VmHWM the most since `forget_peak` (proc(5), status)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:"))

    def forget_peak(self) -> None:
        """Measure the peak of memory from now on (proc(5), clear_refs)."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def predict(self, content: bytes) -> tuple[int, bytes]:
        """Send bytes to /api/predict; return the answer's status and body."""
        return ask(self.url, "POST", "/api/predict", content)

    def stop(self) -> int:
        """Stop as a container is stopped, by SIGTERM; return the exit status."""
        assert self._process is not None, "it was not started"
        self._process.terminate()
        return self._process.wait(20)

    def kill(self) -> None:
        """Stop at once, as when the power fails."""
        assert self._process is not None, "it was not started"
        self._process.kill()
        self._process.wait(20)


def chromium_options() -> dict[str, Any]:
    """Return the options by which Playwright starts the system's Chromium, the one that has no window if it is there.

    That one is the same engine, and by far the quicker.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    assert program, "no Chromium: run `make chromium`"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses to run as root
    return {"executable_path": program, "args": [*QUIET_CHROMIUM, *sandbox]}
