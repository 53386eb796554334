"""Connections that hold something back, tried on a real uvicorn: they end, and others are served meanwhile."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
import websockets
from starlette.types import Receive, Scope, Send

from mnist.web.server import connections
from mnist.web.server.connections import Connection, PageConnection
from tools.harness.running import in_servers_loop, served_by_uvicorn

SOON = 0.3  # seconds, in the place of a bound
LARGE = 20_000_000  # bytes: more than the network between a server and a browser on one machine holds
FRAME = b"\x82\x81\0\0\0\0x"  # RFC 6455, 5.2: a message of one byte, masked with zeros
OPENING = b"GET / HTTP/1.1\r\nHost: here\r\n"
UPGRADE = OPENING + (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class App:
    """Answers a request with its body's size; of a WebSocket's messages, keeps their sizes as fast as it may."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.may_read = asyncio.Event()
        self.may_read.set()
        self.answer = b"ok"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            while (await receive()).get("more_body"):
                pass
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": self.answer})
            return
        await receive()
        await send({"type": "websocket.accept"})
        await self.may_read.wait()
        if self.answer != b"ok":
            await send({"type": "websocket.send", "bytes": self.answer})
        while (message := await receive())["type"] == "websocket.receive":
            self.sizes.append(len(message["bytes"]))
            await self.may_read.wait()


def noted(made: list[PageConnection]) -> type[PageConnection]:
    """Pages' connections that are noted in a list."""

    class Noted(PageConnection):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            made.append(self)
            super().connection_made(transport)

    return Noted


def noting_losses(lost: list[object]) -> dict[str, Any]:
    """uvicorn's options for connections that are noted in a list once they are lost."""

    class Losing(Connection):
        def connection_lost(self, exc: Exception | None) -> None:
            lost.append(self)
            super().connection_lost(exc)

    class LosingPage(PageConnection):
        def connection_lost(self, exc: Exception | None) -> None:
            lost.append(self)
            super().connection_lost(exc)

    return {"http": Losing, "ws": LosingPage}


def served(app: App, page_connection: type[PageConnection] = PageConnection) -> Any:
    """The app behind our connections."""
    return served_by_uvicorn(app, http=Connection, ws=page_connection, ws_max_size=10_000_000)


@asynccontextmanager
async def opened(url: str, *parts: bytes) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect, and send these bytes."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=100_000)
    for part in parts:
        writer.write(part)
        if part == UPGRADE:  # uvicorn drops what comes before its answer
            await reader.readuntil(b"\r\n\r\n")
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def ends(reader: asyncio.StreamReader) -> bool:
    """Whether a connection that sends nothing more is ended by the server within three seconds."""
    try:
        async with asyncio.timeout(3):
            while await reader.read(1_000_000):
                pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


async def until(true: Callable[[], bool]) -> None:
    """Wait until something holds, at most for twenty seconds."""
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.02)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """All bounds of time, made short."""
    for name in ("HEADERS_SECONDS", "BODY_SECONDS", "UNREAD_SECONDS", "MESSAGE_SECONDS"):
        monkeypatch.setattr(connections, name, SOON)


@pytest.fixture(autouse=True)
def counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PageConnection, "unfinished_bytes", 0)
    monkeypatch.setattr(PageConnection, "in_turn", 0)
    monkeypatch.setattr(PageConnection, "held_back", {})


HELD_BACK = {
    "everything": (),
    "the rest of the headers": (OPENING,),
    "the body": (OPENING + b"Content-Length: 5\r\n\r\n", b"ab"),
    "the next request's headers": (OPENING + b"\r\n", OPENING),
    "the end of a connection": (UPGRADE.replace(b"/ ", b"/" + 9_000 * b"a" + b" ", 1),),  # too long
    "the rest of a message": (UPGRADE, b"\x82\xfe\x01\0\0\0\0\0abc"),
    "the last part of a message": (UPGRADE, b"\x02\x81\0\0\0\0x"),
}


@pytest.mark.parametrize("what", HELD_BACK)
@in_servers_loop
async def test_a_connection_that_holds_something_back_ends(soon: None, what: str) -> None:
    async with served(App()) as url, opened(url, *HELD_BACK[what]) as (reader, _):
        assert await ends(reader)


@pytest.mark.parametrize(
    "first", [(), (OPENING + b"Content-Length: 99\r\n\r\n",), (UPGRADE, b"\x82\xfe\x01\0\0\0\0\0")]
)
@in_servers_loop
async def test_bytes_that_drip_in_prolong_nothing(soon: None, first: tuple[bytes, ...]) -> None:
    async with served(App()) as url, opened(url, *first) as (reader, writer):
        ending = asyncio.ensure_future(ends(reader))
        while not ending.done():
            writer.write(b"a")
            await asyncio.sleep(0.02)
        assert await ending


@pytest.mark.parametrize("first", [OPENING + b"\r\n", UPGRADE, OPENING + b"\r\n" + UPGRADE])
@in_servers_loop
async def test_a_browser_that_reads_nothing_is_hung_up_on(soon: None, first: bytes) -> None:
    app = App()
    app.answer = bytes(LARGE)
    lost: list[object] = []
    async with served_by_uvicorn(app, **noting_losses(lost)) as url, opened(url, first) as (reader, _):
        await until(lambda: bool(lost))
        received = 0
        with suppress(ConnectionError):
            while part := await asyncio.wait_for(reader.read(1_000_000), 3):
                received += len(part)
        assert received < LARGE


@pytest.mark.parametrize("first", [OPENING + b"Connection: close\r\n\r\n", UPGRADE])
@in_servers_loop
async def test_it_is_so_however_little_is_unread(soon: None, first: bytes) -> None:
    """uvicorn itself waits for ever for a connection that it has closed, and asks for a pause only beyond 64 kB."""
    app = App()
    lost: list[object] = []
    options = {"ws_ping_interval": 0.1, "ws_ping_timeout": 0.1, **noting_losses(lost)}
    async with served_by_uvicorn(app, **options) as url:
        address = urlsplit(url)
        loop = asyncio.get_running_loop()
        with socket.socket() as browser:  # whose system takes little
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            browser.setblocking(False)
            await loop.sock_connect(browser, (address.hostname, address.port))
            app.answer = bytes(3_000_000)
            await loop.sock_sendall(browser, first)
            await until(lambda: bool(lost))


@in_servers_loop
async def test_a_browser_that_reads_slowly_gets_all(soon: None) -> None:
    app = App()
    app.answer = bytes(8_000_000)
    async with served(app) as url, opened(url, OPENING + b"\r\n") as (reader, _):
        received = 0
        with suppress(asyncio.TimeoutError):
            while part := await asyncio.wait_for(reader.read(400_000), 3):
                received += len(part)
                await asyncio.sleep(0.02)
        assert received > len(app.answer)


@in_servers_loop
async def test_a_page_that_lies_open_stays_open(soon: None) -> None:
    app = App()
    async with served(app) as url, websockets.connect(url) as page:
        for _ in range(3):
            await page.ping()  # a browser answers the server's in the same way
            await asyncio.sleep(2 * SOON)
        await page.send(b"stroke")
        await until(lambda: app.sizes == [6])


UNFINISHED = {
    "one part": b"\x82\xff" + (2_500_000).to_bytes(8) + bytes(4 + 2_400_000),
    "parts of a byte": b"\x02\x81\0\0\0\0x" + b"\x00\x81\0\0\0\0x" * 40_000,  # each takes sixty more in memory
}


REST = {"one part": bytes(2_500_000 - 2_400_000), "parts of a byte": b"\x80\x80\0\0\0\0"}


@pytest.mark.parametrize("what", UNFINISHED)
@in_servers_loop
async def test_unfinished_messages_of_all_pages_together_are_bounded(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes beyond the bound has to wait, and arrives once others are gone."""
    monkeypatch.setattr(connections, "MAX_UNFINISHED_BYTES", 5_000_000)
    app = App()
    made: list[PageConnection] = []
    async with served(app, noted(made)) as url, AsyncExitStack() as pages:
        wires = [await pages.enter_async_context(opened(url, UPGRADE, UNFINISHED[what])) for _ in range(4)]
        await until(lambda: bool(PageConnection.held_back))
        await asyncio.sleep(0.2)
        assert 4_900_000 < PageConnection.unfinished_bytes < 5_100_000
        async with websockets.connect(url) as page:  # an ordinary drawing always passes
            await page.send(bytes(240_000))
            await until(lambda: app.sizes == [240_000])
        for each in made[:3]:
            each.transport.abort()
        await until(lambda: not PageConnection.held_back)
        wires[3][1].write(REST[what])
        await until(lambda: len(app.sizes) == 2)
        assert PageConnection.unfinished_bytes == 0


@in_servers_loop
async def test_what_an_app_has_not_asked_for_stays_in_the_network() -> None:
    app = App()
    app.may_read.clear()
    made: list[PageConnection] = []
    async with served(app, noted(made)) as url:
        async with opened(url, UPGRADE) as (_, writer):
            await asyncio.sleep(0.1)
            writer.write(FRAME * 100_000)
            await asyncio.sleep(0.3)
            assert made[0].queue.qsize() <= connections.PIECE_BYTES / len(FRAME)
            app.may_read.set()
            await until(lambda: len(app.sizes) == 100_000)
        assert set(app.sizes) == {1}


@pytest.mark.parametrize("size", [1, 1_024, 70_000, 3_000_000, 9_999_999])
@in_servers_loop
async def test_messages_of_any_size_arrive_whole_and_in_order(size: int) -> None:
    app = App()
    async with served(app) as url, websockets.connect(url) as page:
        for length in (size, 1, size):
            await page.send(bytes(length))
        await until(lambda: app.sizes == [size, 1, size])


@in_servers_loop
async def test_questions_that_nobody_answers_leave_others_their_turn(caplog: pytest.LogCaptureFixture) -> None:
    """Pings are answered by the protocol itself, and never wait for the app."""
    caplog.set_level(logging.ERROR)
    app = App()
    async with served(app) as url, AsyncExitStack() as pages:
        for _ in range(5):
            await pages.enter_async_context(opened(url, UPGRADE, b"\x89\x80\0\0\0\0" * 40_000))
        page = await pages.enter_async_context(websockets.connect(url))
        waits = []
        for _ in range(10):
            began = time.perf_counter()
            await asyncio.wait_for(await page.ping(), 5)
            waits.append(time.perf_counter() - began)
        assert PageConnection.in_turn > 0, "the flood was over too soon"
        assert sorted(waits)[5] < 0.3
