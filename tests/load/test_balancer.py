"""Three servers behind the real nginx with the settings of deploy/: one is killed while thirty people draw."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, Server
from tests.load.session import Session

PEOPLE = 30
DRAWINGS = 8  # of each person
PAUSE = 1.0  # seconds between a person's drawings
KILLED_AFTER = 3.0  # seconds
BACK = 10.0  # seconds until the killed server's pages stand again on another


@pytest.fixture(scope="module")
def servers() -> Iterator[list[Server]]:
    """Three servers, ready."""
    servers = [Server() for _ in range(3)]
    for server in servers:
        server.start()
    yield servers
    for server in servers:
        server.stop()


@pytest.fixture
def balancer(servers: list[Server], tmp_path: Path) -> Iterator[str]:
    """The address of nginx in front of them."""
    if shutil.which("nginx", path="/usr/sbin:" + os.environ["PATH"]) is None:
        reason = "nginx is not installed (Debian, Ubuntu: apt install nginx-light)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = configure(tmp_path, [server.port for server in servers], port)
    nginx = subprocess.Popen(["nginx", "-c", str(settings)], env={"PATH": "/usr/sbin:" + os.environ["PATH"]})
    url = f"http://127.0.0.1:{port}"
    until_answered(port)
    yield url
    nginx.terminate()
    nginx.wait(10)


def configure(folder: Path, ports: list[int], port: int) -> Path:
    """Deploy's settings with other addresses and folders, and all else as it stands."""
    for name in ("nginx.conf", "upstream.conf", "proxy.conf"):
        text = (ROOT / "deploy" / name).read_text().replace("/tmp/", f"{folder}/")  # noqa: S108
        for number, server in enumerate(ports, 1):
            text = text.replace(f"replica-{number}:8501", f"127.0.0.1:{server}")
        (folder / name).write_text(re.sub(r"listen 8080;", f"listen 127.0.0.1:{port};", text))
    return folder / "nginx.conf"


def until_answered(port: int) -> None:
    """Wait until something listens."""
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx did not start")


async def person(session: Session, number: int) -> list[float]:
    """Draw one digit after the other, another one than the neighbours; returns how long each reading took."""
    await asyncio.sleep(number * PAUSE / PEOPLE)
    waits = []
    for turn in range(DRAWINGS):
        waits.append(await session.draw((number + turn) % 10, shift=number))
        await asyncio.sleep(PAUSE)
    return waits


async def draw_and_kill(url: str, victim: Server) -> tuple[list[Session], list[list[float]]]:
    sessions = [Session(url) for _ in range(PEOPLE)]
    await asyncio.gather(*(session.open() for session in sessions))
    people = [asyncio.create_task(person(session, number)) for number, session in enumerate(sessions)]
    await asyncio.sleep(KILLED_AFTER)
    victim.kill()
    waits = await asyncio.gather(*people)
    await asyncio.gather(*(session.close() for session in sessions))
    return sessions, waits


def test_a_lost_server_costs_its_own_pages_seconds_and_the_others_nothing(balancer: str, servers: list[Server]) -> None:
    sessions, waits = asyncio.run(draw_and_kill(balancer, servers[0]))
    lost = [session for session in sessions if session.back]
    assert 0 < len(lost) < PEOPLE  # the visitors were shared out
    assert all(len(session.back) == 1 and session.back[0] < BACK for session in lost)
    assert [len(each) for each in waits] == [DRAWINGS] * PEOPLE
    assert [session.exceptions for session in sessions] == [[]] * PEOPLE
