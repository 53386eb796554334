"""Three servers behind a real nginx with the settings in deploy/; one is killed while thirty people draw."""

import asyncio
import http.client
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websockets

from mnist.files import ROOT
from tests.conftest import skip_outside_ci
from tools.harness.running import Server, answers, during, free_port, wait_until
from tools.harness.session import Session

PEOPLE = 30
DRAWINGS = 8  # of each person
PAUSE_SECONDS = 1.0  # between two drawings of a person
KILL_AFTER_SECONDS = 3.0
MAX_WAIT_SECONDS = 5.0  # for a reading of the others: far beyond what they take, far below what a lost server costs
MAX_RECONNECT_SECONDS = 10.0  # until the killed server's pages have moved to another
PATH = "/usr/sbin:" + os.environ["PATH"]  # where Debian keeps nginx


@pytest.fixture(scope="module")
def servers() -> Iterator[list[Server]]:
    with ExitStack() as stack:
        yield [stack.enter_context(Server()) for _ in range(3)]


@pytest.fixture
def balancer(servers: list[Server], tmp_path: Path) -> Iterator[str]:
    program = shutil.which("nginx", path=PATH)
    if program is None:
        skip_outside_ci("nginx is not installed (Debian, Ubuntu: apt install nginx)")
    port, path = free_port(), tmp_path / "nginx.conf"
    text = (ROOT / "deploy" / "nginx.conf").read_text().replace("/tmp/", f"{tmp_path}/")  # noqa: S108
    addresses = {"listen 8080;": f"listen 127.0.0.1:{port};"}
    for name, server in zip(("app", "app-2", "app-3"), servers, strict=True):
        addresses[f"server {name}:8501 "] = f"server 127.0.0.1:{server.port} "
    for theirs, ours in addresses.items():
        assert text.count(theirs) == 1
        text = text.replace(theirs, ours)
    path.write_text(text)
    nginx = subprocess.Popen([program, "-c", path])
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(url + "/ready"), lambda: nginx.poll() is not None)
        yield url
    finally:
        nginx.terminate()
        nginx.wait(10)


async def person(session: Session, number: int) -> list[float]:
    """Draw one digit after the other, not those of the neighbours; returns the seconds that each reading took."""
    await asyncio.sleep(number * PAUSE_SECONDS / PEOPLE)
    waits = []
    for turn in range(DRAWINGS):
        waits.append(await session.draw((number + turn) % 10, shift=number))
        await asyncio.sleep(PAUSE_SECONDS)
    return waits


async def draw_and_kill(url: str, victim: Server) -> tuple[list[Session], list[list[float]]]:
    """Kill the victim while thirty people draw; returns their sessions and the seconds that each reading took."""
    sessions = [Session(url) for _ in range(PEOPLE)]
    await asyncio.gather(*(session.open() for session in sessions))
    people = [asyncio.create_task(person(session, number)) for number, session in enumerate(sessions)]
    await asyncio.sleep(KILL_AFTER_SECONDS)
    victim.kill()
    waits = await asyncio.gather(*people)
    await asyncio.gather(*(session.close() for session in sessions))
    return sessions, waits


@pytest.mark.parametrize(("said", "flags"), [("https", "Secure; SameSite=None; Partitioned"), ("", "SameSite=Lax")])
def test_cookies_are_those_that_a_proxy_in_front_allows(balancer: str, said: str, flags: str) -> None:
    with closing(http.client.HTTPConnection(urlsplit(balancer).netloc, timeout=60)) as connection:
        connection.request("GET", "/_stcore/health", headers={"X-Forwarded-Proto": said} if said else {})
        cookies = connection.getresponse().headers.get_all("Set-Cookie", [])
    assert len(cookies) == 2
    assert sum("visitor=" in cookie and cookie.endswith(flags) for cookie in cookies) == 1
    assert all(("Secure" in cookie) == bool(said) for cookie in cookies)


def test_what_is_sent_passes_as_it_comes_so_that_the_servers_bound_it(balancer: str) -> None:
    server = urlsplit(balancer)
    with socket.create_connection((server.hostname, server.port), timeout=10) as connection:
        begun = f"POST /guess HTTP/1.1\r\nHost: {server.netloc}\r\nContent-Length: 1000000\r\n\r\n"
        connection.sendall(begun.encode() + bytes(100_000))  # and no more
        assert connection.recv(1_000).startswith(b"HTTP/1.1 413 ")


async def lie_open(url: str, pages: int) -> float:
    """Open so many pages and leave them; return the seconds until a digit that is drawn then was read."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with AsyncExitStack() as stack:

        async def opened() -> None:
            await stack.enter_async_context(websockets.connect(address, open_timeout=60))

        for _ in range(pages // 50):
            await asyncio.gather(*(opened() for _ in range(50)))
        async with Session(url) as person:
            return await person.draw(3)


def test_as_many_pages_may_lie_open_as_the_servers_take(balancer: str) -> None:
    assert during(lie_open(balancer, 1_200)) < MAX_WAIT_SECONDS


def test_a_lost_server_costs_its_own_pages_seconds_and_the_others_nothing(balancer: str, servers: list[Server]) -> None:
    sessions, waits = during(draw_and_kill(balancer, servers[0]))
    lost = [session for session in sessions if session.back]
    assert 0 < len(lost) < PEOPLE  # the visitors were shared out
    assert all(len(session.back) == 1 and session.back[0] < MAX_RECONNECT_SECONDS for session in lost)
    # every drawing was read, or `draw` had raised; and nobody else waited for the lost server
    assert [len(each) for each in waits] == [DRAWINGS] * PEOPLE
    assert max(max(wait) for session, wait in zip(sessions, waits, strict=True) if not session.back) < MAX_WAIT_SECONDS
    assert [session.exceptions for session in sessions] == [[]] * PEOPLE
