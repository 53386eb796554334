"""What pages send counts while it is kept, and an ordinary drawing is taken whatever others send."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from mnist.web import visits
from tests.running import during

PAGE: Scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}
LARGE = bytes(visits.ORDINARY + 1)
MANY = visits.MOST // len(LARGE)  # so many of them find room


class Room:
    """Pages before the middleware: each sends what it has, then stays until everybody leaves."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.codes: list[int] = []  # with which pages were hung up on
        self._limited = visits.Limited(self._app)
        self._leaving = asyncio.Event()
        self._pages: list[asyncio.Task[None]] = []

    async def _app(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            self.taken.append(message["bytes"])

    async def open(self, *contents: bytes) -> None:
        """Open a page that sends these."""
        messages: list[Message] = [{"type": "websocket.receive", "bytes": content} for content in contents]

        async def receive() -> Message:
            if messages:
                return messages.pop(0)
            await self._leaving.wait()
            return {"type": "websocket.disconnect", "code": 1000}

        async def send(message: Message) -> None:
            self.codes.append(message["code"])

        self._pages.append(asyncio.ensure_future(self._limited(PAGE, receive, send)))
        await asyncio.sleep(0.001)

    async def leave(self) -> None:
        """Close all pages."""
        self._leaving.set()
        await asyncio.gather(*self._pages)
        self._leaving.clear()


def test_large_messages_find_room_for_so_many_and_ordinary_ones_always() -> None:
    async def visit() -> None:
        room = Room()
        for _ in range(MANY):
            await room.open(LARGE, LARGE)  # the second takes the place of the first
        assert (len(room.taken), room.codes) == (2 * MANY, [])
        await room.open(LARGE)
        await room.open(LARGE[1:])
        assert (room.taken[2 * MANY :], room.codes) == ([LARGE[1:]], [visits.TOO_BIG])
        await room.leave()

    during(visit())


@pytest.mark.parametrize(("kept", "room_again"), [(0, True), (60, False)])
def test_what_was_sent_counts_until_streamlit_drops_it(
    monkeypatch: pytest.MonkeyPatch, kept: int, room_again: bool
) -> None:
    monkeypatch.setattr("streamlit.get_option", {"server.disconnectedSessionTTL": kept}.get)

    async def visit() -> None:
        room = Room()
        for _ in range(MANY):
            await room.open(LARGE)
        await room.leave()
        await room.open(LARGE)
        assert room.codes == ([] if room_again else [visits.TOO_BIG])
        await room.leave()

    during(visit())


def test_a_message_of_more_values_than_any_drawing_has_is_refused() -> None:
    async def visit() -> None:
        room = Room()
        most = visits.LARGEST // (visits.VALUE + 1)
        await room.open(b"," * most)
        await room.open(b"," * (most + 1))
        assert (len(room.taken), room.codes) == (1, [visits.TOO_BIG])
        await room.leave()

    during(visit())


def test_a_message_of_too_many_empty_widgets_is_refused() -> None:
    widgets = WidgetStates()
    for number in range(30_000):
        widgets.widgets.add(id=str(number))
    content = widgets.SerializeToString()
    assert len(content) < visits.ORDINARY < visits.LARGEST < visits.unpacked(content)


def test_so_many_pages_are_open_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "MOST_PAGES", 2)

    async def visit() -> None:
        room = Room()
        for _ in range(3):
            await room.open(b"drawn")
        assert (len(room.taken), room.codes) == (2, [visits.TOO_MANY])
        await room.leave()
        await room.open(b"drawn")
        assert len(room.taken) == 3
        await room.leave()

    during(visit())
