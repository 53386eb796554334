"""Connections as uvicorn opens them, with bounds on what one may hold back: time, bytes, and work for everybody's loop.

uvicorn by itself waits for ever for the rest of a request, keeps what has come of a message however long it takes, and
takes a piece of thousands of messages apart before anybody else has a turn.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

log = logging.getLogger(__name__)

HEADERS_SECONDS = 15.0  # from a connection's begin, or the last answer, to the end of a request's headers
BODY_SECONDS = 330.0  # for all of a request; uploads and /api/predict end sooner, with a sentence
UNREAD_SECONDS = 60.0  # that a browser may leave what was sent to it in the network
MESSAGE_SECONDS = 60.0  # from a message's first byte to its last: 3 MB at 0.4 Mbit/s
CLOSING_SECONDS = 1.0  # from the server's word that a page is closed to the end of its connection
MAX_UNFINISHED_BYTES = 64_000_000  # of messages that have partly arrived, all pages together; more has to wait
FREE_UNFINISHED_BYTES = 256_000  # of each page, which do not count: drawings take less but for the largest
BYTES_PER_FRAGMENT = 60  # that each part of a message takes beside its content
PIECE_BYTES = 1_024  # are taken apart at once: some 150 of the smallest messages
MAX_TURN_SECONDS = 0.002  # that a page's messages are taken apart before others have a turn
PAUSE = 4.0  # times that turn is the pause after it, for each page that waits for its next


class Deadline:
    """Calls `late` unless it is cancelled or set anew in time."""

    def __init__(self, late: Callable[[], object]) -> None:
        self._late = late
        self._timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float) -> None:
        """Begin to wait; what was waited for before no longer counts."""
        self.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._late)

    def cancel(self) -> None:
        """Stop waiting."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    @property
    def waits(self) -> bool:
        """True between `set` and `cancel`."""
        return self._timer is not None


class Unread:
    """Watches bytes that were sent and not read yet: calls `end` if the browser reads none for UNREAD_SECONDS."""

    def __init__(self, end: Callable[[], object]) -> None:
        self._end = end
        self._deadline = Deadline(self._look)
        self._transport: asyncio.WriteTransport | None = None
        self._bytes = 0

    def watch(self, transport: asyncio.BaseTransport) -> None:
        """Watch a connection: from the first byte that does not fit into the network, its protocol is told to pause."""
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's are of no class of asyncio
        self._transport.set_write_buffer_limits(high=0)

    def begin(self) -> None:
        """Wait for the browser to read."""
        self._bytes = self._left()
        self._deadline.set(UNREAD_SECONDS)

    def cancel(self) -> None:
        """Stop waiting: all is read, or the connection is lost."""
        self._deadline.cancel()

    @property
    def waits(self) -> bool:
        """True while something is unread."""
        return self._deadline.waits

    def _left(self) -> int:
        return self._transport.get_write_buffer_size() if self._transport else 0

    def _look(self) -> None:
        if self._left() < self._bytes:
            self.begin()
        else:
            self._end()


class Connection(H11Protocol):
    """A connection for requests that ends if a request does not arrive, or an answer is not read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving = Deadline(self._late)
        self._unread = Unread(self._hang_up)
        self._awaited: Any = None  # h11's state of the other side, that the deadline is for

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first request."""
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn's name for the same
        self._unread.watch(transport)
        self._await()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request."""
        super().data_received(data)
        self._await()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._await()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over to a `PageConnection`; it would not learn that something is unread."""
        self._arriving.cancel()
        if self._unread.waits:
            self._hang_up()
            return
        super().handle_websocket_upgrade(event)
        self._awaited = h11.SWITCHED_PROTOCOL

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._arriving.cancel()
        self._unread.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for the browser to read."""
        self._unread.begin()
        super().pause_writing()

    def resume_writing(self) -> None:
        """Go on sending."""
        self._unread.cancel()
        super().resume_writing()

    def _late(self) -> None:
        if self._unread.waits:  # the answer before is still being read
            self._arriving.set(HEADERS_SECONDS)
        else:
            self._hang_up()

    def _hang_up(self) -> None:
        self.transport.abort()

    def _await(self) -> None:
        awaited = self.conn.their_state
        if awaited is self._awaited or self._awaited is h11.SWITCHED_PROTOCOL:
            return  # the time runs on, however slowly bytes drip in
        self._awaited = awaited
        self._arriving.cancel()
        if awaited in (h11.IDLE, h11.SEND_BODY):
            self._arriving.set(HEADERS_SECONDS if awaited is h11.IDLE else BODY_SECONDS)


class PageConnection(WebSocketsSansIOProtocol):
    """A page's WebSocket: parses what has arrived in short turns, and none while the app has messages to use."""

    unfinished_bytes: ClassVar[int] = 0  # of all pages together, beyond what is free
    in_turn: ClassVar[int] = 0  # pages that wait for their next turn
    held_back: ClassVar[dict["PageConnection", None]] = {}  # pages that wait until others' messages have arrived

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.close_timeout = CLOSING_SECONDS
        self._waiting = memoryview(b"")  # has come, and is not taken apart yet
        self._turn: asyncio.TimerHandle | None = None  # the page's next
        self._fragments, self._fragment_bytes = 0, 0  # of the message that is arriving, those that were counted
        self._unfinished = 0  # bytes of this page in `unfinished_bytes`
        self._message = Deadline(lambda: self._end("a page was closed: it took too long to send a message"))
        self._unread = Unread(lambda: self._end("a page was closed: its browser reads nothing"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection over."""
        super().connection_made(transport)
        self._unread.watch(transport)

    def data_received(self, data: bytes) -> None:
        """Take what has come, or let it wait."""
        self._waiting = memoryview(bytes(self._waiting) + data if self._waiting else data)
        if self._turn is None:
            self._take()

    async def receive(self) -> Any:
        """Return the next message; take apart what waits once there is none."""
        message = await super().receive()
        if self._waiting and not self.read_paused and self._turn is None:
            self._take()
        return message

    def send_receive_event_to_app(self) -> None:
        """Pass a whole message on."""
        super().send_receive_event_to_app()
        self._message.cancel()
        self._fragments, self._fragment_bytes = 0, 0

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what the page has sent."""
        self._message.cancel()
        self._unread.cancel()
        # at once: nobody knows when Python collects a closed connection
        self._waiting, self.frames, self.conn.reader.buffer = memoryview(b""), [], bytearray()
        if self._turn:
            self._turn.cancel()
            PageConnection.in_turn -= 1
        PageConnection.held_back.pop(self, None)
        self._count(0)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for the browser to read."""
        self._unread.begin()
        super().pause_writing()

    def resume_writing(self) -> None:
        """Go on sending."""
        self._unread.cancel()
        super().resume_writing()

    def _take(self) -> None:
        """Take apart what waits, until a message is there for the app or the page's turn is over."""
        began = time.perf_counter()
        while self._waiting and not (self._held or self.read_paused or self.close_sent or self.transport.is_closing()):
            piece, self._waiting = self._waiting[:PIECE_BYTES], self._waiting[PIECE_BYTES:]
            super().data_received(bytes(piece))
            if self.conn.handshake_exc:  # it asks for what no page asks for, and uvicorn answers nothing
                self.transport.abort()
            self._bound()
            stopped = self._held or self.read_paused
            if (took := time.perf_counter() - began) > MAX_TURN_SECONDS and self._waiting and not stopped:
                PageConnection.in_turn += 1
                self._turn = self.loop.call_later(PAUSE * took * PageConnection.in_turn, self._next_turn)
                break
        if self.close_sent:
            self._waiting = memoryview(b"")
        if self._waiting or self._held:
            self.transport.pause_reading()  # what is beyond stays in the network
        elif not self.read_paused and not self.transport.is_closing():
            self.transport.resume_reading()

    def _next_turn(self) -> None:
        PageConnection.in_turn -= 1
        self._turn = None
        self._take()

    def _bound(self) -> None:
        """Count what has come of the message that is arriving; hold the page back if that of all pages is too much.

        Nobody is sent away at once: who comes again costs others more than who waits.
        """
        for fragment in self.frames[self._fragments :]:
            self._fragment_bytes += len(fragment) + BYTES_PER_FRAGMENT
        self._fragments = len(self.frames)
        size = self._fragment_bytes + len(self.conn.reader.buffer)
        if size and not self._message.waits:
            self._message.set(MESSAGE_SECONDS)
        elif not size:
            self._message.cancel()
        self._count(max(0, size - FREE_UNFINISHED_BYTES))
        if self._unfinished and PageConnection.unfinished_bytes > MAX_UNFINISHED_BYTES:
            PageConnection.held_back[self] = None

    @property
    def _held(self) -> bool:
        return self in PageConnection.held_back

    def _count(self, size: int) -> None:
        PageConnection.unfinished_bytes += size - self._unfinished
        self._unfinished = size
        if PageConnection.unfinished_bytes <= MAX_UNFINISHED_BYTES:
            for page in PageConnection.held_back:
                page.loop.call_soon(page._go_on)
            PageConnection.held_back.clear()

    def _go_on(self) -> None:
        if self._turn is None:
            self._take()

    def _end(self, sentence: str) -> None:
        log.warning(sentence)
        self.transport.abort()
