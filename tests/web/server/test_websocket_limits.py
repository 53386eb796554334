"""Limits of WebSockets: large messages count while they are kept, and an ordinary drawing always passes."""

import asyncio
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from uvicorn.protocols.utils import ClientDisconnected

from mnist.web.server import message_pace
from mnist.web.server import websocket_limits as limits
from tools.harness.running import in_event_loop

PAGE: Scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}


def packed(fields: dict[str, Any]) -> bytes:
    """A message of Streamlit's protocol."""
    content: bytes = ParseDict(fields, BackMsg()).SerializeToString()
    return content


def message(text: str) -> bytes:
    """A message as pages send it, with that text in it."""
    return packed({"rerun_script": {"query_string": text, "fragment_id": "pad"}})


def run_with(*widgets: dict[str, Any]) -> dict[str, Any]:
    """A message that runs a page with these states of its widgets."""
    return {"rerun_script": {"widget_states": {"widgets": widgets}}}


ORDINARY = message("x" * (limits.ORDINARY_MESSAGE_BYTES - 1_000))
LARGE = message("x" * limits.ORDINARY_MESSAGE_BYTES)
LIST = limits.MAX_LIST_ITEMS
MANY = limits.MAX_LARGE_MESSAGES_BYTES // limits.unpacked_bytes(LARGE)  # so many are held


class Room:
    """Pages behind the middleware: each sends its messages, then stays until all leave."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.codes: list[int] = []  # that WebSockets were closed with
        self._limited = limits.WebSocketLimitsMiddleware(self._app)
        self._leaving = asyncio.Event()
        self._pages: list[asyncio.Task[None]] = []

    async def _app(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            self.taken.append(message["bytes"])

    async def open(self, *contents: bytes) -> None:
        """Open a page that sends these."""
        messages: list[Message] = [{"type": "websocket.receive", "bytes": content} for content in contents]
        closed = asyncio.Event()

        async def receive() -> Message:
            if messages:
                return messages.pop(0)
            leaving = [asyncio.ensure_future(event.wait()) for event in (self._leaving, closed)]
            await asyncio.wait(leaving, return_when=asyncio.FIRST_COMPLETED)
            return {"type": "websocket.disconnect", "code": 1000}

        async def send(message: Message) -> None:
            self.codes.append(message["code"])
            closed.set()

        self._pages.append(asyncio.ensure_future(self._limited(PAGE, receive, send)))
        await asyncio.sleep(0.001)

    async def draw(self) -> None:
        """Open a page in which something is done."""
        await self.open(*STROKES)
        await asyncio.sleep(0.02)

    async def leave(self) -> None:
        """Close all pages."""
        self._leaving.set()
        await asyncio.gather(*self._pages)
        self._leaving.clear()


@pytest.fixture
def room() -> Room:
    return Room()


@in_event_loop
async def test_so_many_large_messages_are_held_and_ordinary_ones_always_pass(room: Room) -> None:
    for _ in range(MANY):
        await room.open(LARGE, LARGE)  # the second takes the place of the first
    assert (len(room.taken), room.codes) == (2 * MANY, [])
    await room.open(LARGE)
    await room.open(ORDINARY)
    assert (room.taken[2 * MANY :], room.codes) == ([ORDINARY], [limits.MESSAGE_TOO_BIG])


@pytest.mark.parametrize(("kept", "room_again"), [(0, True), (60, False)])
@in_event_loop
async def test_a_message_counts_until_streamlit_drops_it(
    room: Room, monkeypatch: pytest.MonkeyPatch, kept: int, room_again: bool
) -> None:
    monkeypatch.setattr("streamlit.get_option", {"server.disconnectedSessionTTL": kept}.get)
    for _ in range(MANY):
        await room.open(LARGE)
    await room.leave()
    await room.open(LARGE)
    assert room.codes == ([] if room_again else [limits.MESSAGE_TOO_BIG])


@in_event_loop
async def test_a_message_of_more_values_than_any_drawing_has_is_refused(room: Room) -> None:
    most = limits.MAX_MESSAGE_BYTES // (limits.BYTES_PER_VALUE + 1)
    await room.open(message("," * (most - 10)))
    await room.open(message("," * (most + 1)))
    assert (len(room.taken), room.codes) == (1, [limits.MESSAGE_TOO_BIG])


def test_a_message_of_too_many_empty_widgets_is_refused() -> None:
    content = packed(run_with(*({"id": str(number)} for number in range(30_000))))
    assert len(content) < limits.ORDINARY_MESSAGE_BYTES < limits.MAX_MESSAGE_BYTES < limits.unpacked_bytes(content)


@pytest.mark.parametrize(
    "fields",
    [
        run_with({"id": "switch", "bool_value": True}),
        {"stop_script": True},
        {"app_heartbeat": True},
        {"file_urls_request": {"file_names": [f"{number}.jpg" for number in range(LIST)]}},
        {"backend_operation_request": {"deferred_file": {"file_id": "7"}}},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_messages_that_pages_send_pass(fields: dict[str, Any]) -> None:
    assert limits.unpacked(packed(fields)) == ParseDict(fields, BackMsg())


def test_a_run_of_the_whole_page_is_told_from_that_of_a_fragment() -> None:
    assert limits.runs_page(ParseDict(run_with(), BackMsg()))
    assert not limits.runs_page(ParseDict({"rerun_script": {"fragment_id": "pad"}}, BackMsg()))
    assert not limits.runs_page(ParseDict({"app_heartbeat": True}, BackMsg()))


@in_event_loop
async def test_runs_of_pages_keep_to_a_pace_that_strokes_do_not_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_pace, "MAX_BURST_RUNS", 2)
    monkeypatch.setattr(message_pace, "RUNS_PER_SECOND", 1)
    room = Room()
    run = packed(run_with())
    for _ in range(3):
        await room.open(run)
    assert room.taken == [run] * 2
    await room.open(message("stroke"))
    assert room.taken[2:] == [message("stroke")]
    await asyncio.sleep(1.5 / message_pace.RUNS_PER_SECOND)
    assert room.taken[3:] == [run]


@in_event_loop
async def test_large_messages_count_while_they_wait_for_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_pace, "MAX_BURST_RUNS", 0)
    room = Room()
    run = packed({"rerun_script": {"query_string": "x" * limits.ORDINARY_MESSAGE_BYTES}})
    await asyncio.gather(*(room.open(run) for _ in range(MANY + 3)))
    assert room.codes == [limits.MESSAGE_TOO_BIG] * 3


SENT_BY_NOBODY = {
    "git": packed({"load_git_info": True}),
    "cache": packed({"clear_cache": True}),
    "skills": packed({"backend_operation_request": {"install_skills": {}}}),
    "rows": packed({"backend_operation_request": {"dataframe_chunk": {"limit": 1}}}),
    "names": packed({"file_urls_request": {"file_names": [""] * (LIST + 1)}}),
    "numbers": packed(run_with({"id": "switch", "int_array_value": {"data": [1] * LIST}})),  # and the widget
    "hashes": packed({"rerun_script": {"cached_message_hashes": [""] * (LIST + 1)}}),
    "files": packed(run_with({"id": "files", "file_uploader_state_value": {"uploaded_file_info": [{}] * LIST}})),
    "damaged": packed({"app_heartbeat": True}) + b"\xff",
}


@pytest.mark.parametrize("what", SENT_BY_NOBODY)
@in_event_loop
async def test_messages_that_no_page_sends_are_refused(room: Room, what: str) -> None:
    await room.open(SENT_BY_NOBODY[what])
    assert (room.taken, room.codes) == ([], [limits.POLICY_VIOLATION])


STROKES = (message("stroke"),) * (limits.MESSAGES_OF_OPENING + 1)  # of a page in which something is done


@in_event_loop
async def test_so_many_pages_may_be_open(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_OPEN_PAGES", 2)
    for _ in range(3):
        await room.draw()
    assert (len(room.taken), room.codes) == (2 * len(STROKES), [limits.TRY_AGAIN_LATER])
    await room.leave()
    await room.open(ORDINARY)
    assert len(room.taken) == 2 * len(STROKES) + 1


@in_event_loop
async def test_of_too_many_pages_the_oldest_in_which_nothing_was_done_gives_way(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_OPEN_PAGES", 2)
    await room.draw()
    for number in range(20):
        await room.open(message(f"newcomer {number}"))
        assert room.taken[-1] == message(f"newcomer {number}")
        assert room.codes == [limits.TRY_AGAIN_LATER] * number
    for _ in range(50):
        await room.open(*[packed({"rerun_script": {"is_auto_rerun": True, "fragment_id": "wait"}})] * 3)
        assert room.codes[-1] == limits.TRY_AGAIN_LATER  # the page before
    before = len(room.codes)
    await room.leave()
    for _ in range(2):  # all have left: nothing was counted twice
        await room.draw()
    assert len(room.codes) == before


@in_event_loop
async def test_a_page_that_has_just_gone_keeps_no_newcomer_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_OPEN_PAGES", 1)
    entered = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        entered.append(send)
        await asyncio.sleep(0.2)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def gone(_: Message) -> None:
        raise ClientDisconnected

    async def closed(_: Message) -> None:
        raise RuntimeError("Unexpected ASGI message 'websocket.close'")

    async def there(_: Message) -> None:
        pass

    limited = limits.WebSocketLimitsMiddleware(app)
    await asyncio.gather(*(limited(PAGE, receive, send) for send in (gone, closed, there)))
    assert entered == [gone, closed, there]
