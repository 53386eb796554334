"""`python -m tools.load.measure_attacks`: how long ten people wait for their readings while others attack the server.

Each attack runs for half a minute against a server of its own; the ten come when it has begun, draw once a second, and
reconnect as browsers do. The attackers are in a process of their own on this machine, and take from its cores as well;
whoever is hung up on comes again. Prints a table in Markdown; `python -m tools.load.measure_attacks NAME` measures one.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg

from tools.harness.running import AS_INSTALLED, Server, during
from tools.harness.session import Session
from tools.load import crowd

SECONDS = 30.0
BEGIN_SECONDS = 3.0  # that an attack has before the ten come
PEOPLE = 10
RETRY_SECONDS = 0.2
MESSAGES_AT_ONCE = 3_000
PINGS_AT_ONCE = 20_000
UNFINISHED_BYTES = 9_900_000
Attacker = Callable[[str], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Attack:
    """So many attackers, each of whom does the same again and again."""

    title: str
    attackers: int
    one: Attacker


def frame(opcode: int, content: bytes, *, length: int | None = None) -> bytes:
    """Return a frame as browsers send it, masked with zeros (RFC 6455, 5.2); `length` may promise more than it has."""
    size = len(content) if length is None else length
    sizes = bytes([0x80 | size]) if size < 126 else bytes([0xFF]) + size.to_bytes(8)
    return bytes([0x80 | opcode]) + sizes + bytes(4) + content


def run_of_the_page() -> bytes:
    """Return the shortest message that runs a page."""
    message = BackMsg()
    message.rerun_script.query_string = "a=1"
    content: bytes = message.SerializeToString()
    return content


async def floods(url: str) -> None:
    """Send thousands of messages in one piece, again and again."""
    async with Session(url) as session:
        assert session._socket is not None
        while True:
            session._socket.transport.write(frame(2, run_of_the_page()) * MESSAGES_AT_ONCE)
            await session._receive()


async def keeps_sending(url: str) -> None:
    """Send five messages a second that run the page."""
    async with Session(url) as session:
        while True:
            await session.whisper(run_of_the_page())
            await asyncio.sleep(0.2)


async def pings(url: str) -> None:
    """Ask for answers of the protocol itself."""
    async with Session(url) as session:
        assert session._socket is not None
        while True:
            session._socket.transport.write(frame(9, b"") * PINGS_AT_ONCE)
            await session._receive()


async def holds_back(url: str) -> None:
    """Send all of a long message but its end."""
    async with Session(url) as session:
        assert session._socket is not None
        session._socket.transport.write(frame(2, bytes(UNFINISHED_BYTES - 1), length=UNFINISHED_BYTES))
        await session._socket.wait_closed()


async def comes_and_goes(url: str) -> None:
    """Open a page, and close it."""
    async with Session(url):
        pass


async def says_nothing(url: str) -> None:
    """Connect, and send nothing."""
    async with connection(url) as (reader, _):
        await reader.read()


async def drips(url: str) -> None:
    """Send a request a byte at a time."""
    async with connection(url) as (_, writer):
        for byte in b"GET / HTTP/1.1\r\nHost: " + 10_000 * b"a":
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.5)


async def reads_nothing(url: str) -> None:
    """Ask for the page a thousand times, and read none of the answers."""
    async with connection(url) as (reader, writer):
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1_000)
        await writer.drain()
        await asyncio.sleep(SECONDS)
        del reader


async def lies_open(url: str) -> None:
    """Open a page, and do nothing in it."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with websockets.connect(address, subprotocols=[websockets.Subprotocol("streamlit")]) as page:
        await page.wait_closed()


ATTACKS = {
    "nobody": Attack("nobody", 0, says_nothing),
    "flood": Attack("1 page sends 3,000 messages at once", 1, floods),
    "floods": Attack("20 pages send 3,000 messages at once each", 20, floods),
    "steady": Attack("20 pages send 5 messages a second each", 20, keeps_sending),
    "pings": Attack("20 pages send 20,000 pings at once each", 20, pings),
    "unfinished": Attack("130 pages hold back the end of 10 MB", 130, holds_back),
    "silent": Attack("3,000 connections send nothing", 3_000, says_nothing),
    "dripping": Attack("300 requests come a byte at a time", 300, drips),
    "unread": Attack("200 connections read no answer", 200, reads_nothing),
    "reopened": Attack("20 visitors open a page and close it, again and again", 20, comes_and_goes),
    "idle": Attack("600 pages lie open", 600, lies_open),
}


@asynccontextmanager
async def connection(url: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect to a server."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def attack(url: str, what: Attack) -> None:
    """Attack a server for ever."""

    async def again() -> None:
        while True:
            with suppress(OSError, websockets.ConnectionClosed, websockets.InvalidHandshake):  # it has hung up
                await what.one(url)
            await asyncio.sleep(RETRY_SECONDS)

    await asyncio.gather(*(again() for _ in range(what.attackers)), asyncio.sleep(2 * SECONDS))


def row(name: str) -> str:
    """Measure one attack on a server of its own; return a row of the table."""
    with Server(environment=AS_INSTALLED) as server:
        during(crowd.draw_together(server.url, 1, 1.0, 2.0))
        with subprocess.Popen([sys.executable, "-m", __spec__.name, name, server.url]) as process:
            try:
                time.sleep(BEGIN_SECONDS)
                tally = during(crowd.draw_together(server.url, PEOPLE, 1.0, SECONDS))
                attacked = process.poll() is None
            finally:
                process.kill()
        memory = server.memory("VmHWM") / 1e6
    assert attacked, "the attackers have given up"
    return f"{tally.row(ATTACKS[name].title)} {memory:.0f} MB |"


def main() -> None:
    """Print the table, or a row; with a server's address, be the attackers."""
    if len(sys.argv) == 3:
        during(attack(sys.argv[2], ATTACKS[sys.argv[1]]))
        return
    print("| attack | read | median | 95th percentile | longest | misread | lost | server, at most |")
    print("| --- |" + 7 * " ---: |")
    for name in sys.argv[1:] or ATTACKS:
        print(row(name), flush=True)


if __name__ == "__main__":
    main()
