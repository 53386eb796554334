"""A visitor without a browser, who opens the page over Streamlit's WebSocket, draws digits and waits for the reading.

The protocol is that of streamlit 1.67: binary protobuf messages on /_stcore/stream. The browser sends `rerun_script`
with the state of every widget, the server answers with deltas and `script_finished`. It only talks to this machine.
"""

import asyncio
import json
import re
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection

from mnist.reading.drawings.strokes import Strokes, from_drawing
from mnist.web import palette, pictures
from mnist.web.parts.reading_panel import square_of_pad
from tools.harness import hand

MAX_ANSWER_SECONDS = 30.0
RECONNECT_SECONDS = 0.25  # between attempts
FINISHED_EARLY_FOR_RERUN = 2
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class MisreadError(AssertionError):
    """An answer that is another digit, or none, or belongs to another drawing; it came after `seconds`."""

    def __init__(self, digit: int, seconds: float) -> None:
        super().__init__(f"a {digit} was drawn and not read")
        self.seconds = seconds


@dataclass
class Session:
    """One open page. `back` has the seconds until the page was there again, for each time that its server went away."""

    url: str
    page: str = ""  # its name in the address; the first one without
    cookie: str | None = None
    id: str = ""  # by which the server knows it
    back: list[float] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    canvas: str = ""  # the id of its widget
    _widgets: dict[str, str] = field(default_factory=dict)
    _fragment: str = ""  # the canvas's
    _repeated_fragment: str = ""  # the one that the browser runs again every so many seconds
    _every: float = 0.0
    _script: str = ""
    _socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Open the page as a browser would, cookie and all, and run it once."""
        assert urlsplit(self.url).hostname in THIS_MACHINE, "only this machine is ever asked"
        if self.cookie is None:
            self.cookie = await asyncio.to_thread(_cookie, self.url)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await websockets.connect(
            address, subprotocols=[websockets.Subprotocol("streamlit")], additional_headers=headers, max_size=None
        )
        await self._run()

    async def draw(self, digit: int, shift: float = 0.0) -> float:
        """Draw the digit and reconnect if the server went away; return the seconds until it was read.

        Raises MisreadError.
        """
        drawing = self._reported(hand.strokes(digit, at=(shift, 0.0)))
        wanted = self._wanted(digit, drawing)
        began = time.perf_counter()
        while True:
            try:
                if self._socket is None:
                    await self._reopen()
                self._widgets[self.canvas] = json.dumps({"drawing": drawing})
                if not wanted <= await self._run(self._fragment):
                    raise MisreadError(digit, time.perf_counter() - began)
                return time.perf_counter() - began
            except (websockets.ConnectionClosed, ConnectionError):
                self._socket = None

    async def run_again(self) -> float:
        """Run the page as after a click on it; return the seconds that took."""
        began = time.perf_counter()
        await self._run()
        return time.perf_counter() - began

    async def close(self) -> None:
        """Leave the page."""
        if self._socket is not None:
            await self._socket.close()

    def _reported(self, drawn: Strokes) -> dict[str, Any]:
        return {"raw": hand.canvas_drawing(list(drawn))}

    def _wanted(self, digit: int, drawing: dict[str, Any]) -> set[str]:
        """Return what the page has to show once it has read the drawing: the digit, and the drawing's own picture."""
        drawn = from_drawing(drawing["raw"])
        return {str(digit), pictures.strokes_url(drawn, square_of_pad(drawn), palette.CHALK)}

    async def _reopen(self) -> None:
        began = time.perf_counter()
        while True:
            try:
                await self.open()
            except (OSError, websockets.InvalidHandshake, websockets.ConnectionClosed):
                if time.perf_counter() - began > MAX_ANSWER_SECONDS:
                    raise
                await asyncio.sleep(RECONNECT_SECONDS)
            else:
                self.back.append(time.perf_counter() - began)
                return

    async def _run(self, fragment: str = "", *states: WidgetState) -> set[str]:
        """Run the page, or one fragment of it; return the texts and addresses of pictures that it then shows."""
        widgets = [WidgetState(id=name, json_value=value) for name, value in self._widgets.items()]
        await self.whisper(self._rerun(fragment, *widgets, *states).SerializeToString())
        return await self._until_finished()

    def _rerun(self, fragment: str, *states: WidgetState) -> BackMsg:
        """Return the message that runs the page, or one fragment of it, with these states of widgets."""
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.page_script_hash = "" if self.page else self._script  # that is the first page's, always
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(states)
        return message

    async def whisper(self, content: bytes | str) -> None:
        """Send a message as it stands and wait for no answer."""
        assert self._socket is not None
        await self._socket.send(content)

    async def _receive(self) -> Any:
        assert self._socket is not None
        raw: Any = await asyncio.wait_for(self._socket.recv(), MAX_ANSWER_SECONDS)
        return ForwardMsg.FromString(raw)

    async def _until_finished(self) -> set[str]:
        """Receive what the server sends until the run ends; return the texts and addresses of pictures among it."""
        seen: set[str] = set()
        while True:
            message = await self._receive()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._script = message.new_session.page_script_hash
                self.id = message.new_session.initialize.session_id
            elif kind == "auto_rerun":
                self._repeated_fragment, self._every = message.auto_rerun.fragment_id, message.auto_rerun.interval
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                seen |= self._take(message)
            elif kind == "script_finished":
                if message.script_finished != FINISHED_EARLY_FOR_RERUN:
                    return seen
                self._repeated_fragment = ""  # the page runs now, which may name another

    def _take(self, message: Any) -> set[str]:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "bidi_component" and element.bidi_component.component_name.endswith("streamlit_drawable_canvas"):
            self.canvas, self._fragment = element.bidi_component.id, message.delta.fragment_id
        elif kind == "exception":
            self.exceptions.append(element.exception.message)
        elif kind == "markdown":
            return {element.markdown.body.strip("* #")}
        elif kind == "html":
            body = element.html.body
            return {*re.findall(r"<img src='([^']+)'", body), *re.findall(r"<p[^>]*>([^<]+)</p>", body)}
        return set()


def _cookie(url: str) -> str:
    """Return the cookies of the server, or of the proxy in front of it."""
    with urllib.request.urlopen(url + "/_stcore/health", timeout=MAX_ANSWER_SECONDS) as answer:
        cookies = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(cookie.split(";")[0] for cookie in cookies)
