"""Limits of WebSockets: large messages count while they are kept, and an ordinary drawing always passes."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from mnist.web.server import websocket_limits as limits
from tools.harness.running import in_event_loop

PAGE: Scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}


def message(text: str) -> bytes:
    """A message as pages send it, with that text in it."""
    sent = BackMsg()
    sent.rerun_script.query_string = text
    return sent.SerializeToString()


ORDINARY = message("x" * (limits.ORDINARY_MESSAGE_BYTES - 1_000))
LARGE = message("x" * limits.ORDINARY_MESSAGE_BYTES)
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
    sent = BackMsg()
    for number in range(30_000):
        sent.rerun_script.widget_states.widgets.add(id=str(number))
    content = sent.SerializeToString()
    assert len(content) < limits.ORDINARY_MESSAGE_BYTES < limits.MAX_MESSAGE_BYTES < limits.unpacked_bytes(content)


def sent_by_pages() -> list[BackMsg]:
    """A message of each kind that a page sends."""
    run, stop, beat, files, download = (BackMsg() for _ in range(5))
    run.rerun_script.widget_states.widgets.add(id="switch", bool_value=True)
    stop.stop_script = beat.app_heartbeat = True
    files.file_urls_request.file_names.extend(f"{number}.jpg" for number in range(limits.MAX_LIST_ITEMS))
    download.backend_operation_request.deferred_file.file_id = "7"
    return [run, stop, beat, files, download]


def sent_by_nobody() -> dict[str, BackMsg]:
    """Messages that Streamlit would take, by what is wrong with them."""
    git, cache, skills, rows, names, numbers, hashes, files = (BackMsg() for _ in range(8))
    git.load_git_info = cache.clear_cache = True
    skills.backend_operation_request.install_skills.SetInParent()
    rows.backend_operation_request.dataframe_chunk.limit = 1
    names.file_urls_request.file_names.extend([""] * (limits.MAX_LIST_ITEMS + 1))
    state = numbers.rerun_script.widget_states.widgets.add(id="switch")
    state.int_array_value.data.extend([1] * limits.MAX_LIST_ITEMS)  # and the widget
    hashes.rerun_script.cached_message_hashes.extend([""] * (limits.MAX_LIST_ITEMS + 1))
    state = WidgetState(id="files")
    for _ in range(limits.MAX_LIST_ITEMS):
        state.file_uploader_state_value.uploaded_file_info.add()
    files.rerun_script.widget_states.widgets.append(state)
    return {
        "git": git, "cache": cache, "skills": skills, "rows": rows,
        "names": names, "numbers": numbers, "hashes": hashes, "files": files, "damaged": BackMsg(app_heartbeat=True),
    }  # fmt: skip


@pytest.mark.parametrize("sent", sent_by_pages(), ids=lambda sent: sent.WhichOneof("type"))
def test_messages_that_pages_send_pass(sent: BackMsg) -> None:
    assert limits.is_allowed(sent.SerializeToString())


@pytest.mark.parametrize("what", sent_by_nobody())
@in_event_loop
async def test_messages_that_no_page_sends_are_refused(room: Room, what: str) -> None:
    await room.open(sent_by_nobody()[what].SerializeToString() + b"\xff" * (what == "damaged"))
    assert (room.taken, room.codes) == ([], [limits.POLICY_VIOLATION])


@in_event_loop
async def test_so_many_pages_may_be_open(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_OPEN_PAGES", 2)
    for _ in range(3):
        await room.open(ORDINARY)
    assert (len(room.taken), room.codes) == (2, [limits.TRY_AGAIN_LATER])
    await room.leave()
    await room.open(ORDINARY)
    assert len(room.taken) == 3
