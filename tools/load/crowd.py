"""People at one server, who draw in time, come all at once, send photographs, train a net, or forge messages."""

import asyncio
import base64
import contextlib
import http.client
import itertools
import math
import re
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import numpy as np
import websockets
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLsRequest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from mnist.files import ROOT
from mnist.reading.drawings import address, strokes
from mnist.reading.drawings.strokes import Stroke, Strokes
from mnist.web.state.pad import PAD_SIDE
from tools.harness import hand
from tools.harness.image_files import FORM_TYPE, file, form
from tools.harness.running import ask
from tools.harness.session import MAX_ANSWER_SECONDS, MisreadError, Session
from tools.harness.waits import percentile_95

PEN_SECONDS = 0.7  # that a digit takes to draw
PENS = ThreadPoolExecutor(100)  # each waits for its own answer
GUESS_SECONDS = 1 / 15  # between two requests of one pen, at least
PHOTOGRAPHS = sorted((ROOT / "tests" / "photographs").glob("*.jpg"))


class SessionWithPicture(Session):
    """A session at an app that asks the canvas for its picture as well, and shows none of its own."""

    def _wanted(self, digit: int, drawing: dict[str, Any]) -> set[str]:  # noqa: ARG002
        return {str(digit)}

    def _reported(self, drawn: Strokes) -> dict[str, Any]:
        ink = (strokes.ink(drawn, (PAD_SIDE, PAD_SIDE)) * 255).astype(np.uint8)
        picture = base64.b64encode(file(Image.fromarray(ink).convert("RGBA"))).decode()
        return {**super()._reported(drawn), "data": f"data:image/png;base64,{picture}"}


@dataclass
class SessionWithMovingPen(Session):
    """A session whose browser asks what the drawing looks like while it grows; `guesses` has how long each took."""

    guesses: list[float] = field(default_factory=list)
    sent_away: int = 0  # times that the server was too busy

    async def draw(self, digit: int, shift: float = 0.0) -> float:
        """Draw the digit in PEN_SECONDS, with guesses; return the seconds from lifting the pen until it was read."""
        drawn, began = hand.strokes(digit, at=(shift, 0.0)), time.perf_counter()
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=MAX_ANSWER_SECONDS)
        while (passed := time.perf_counter() - began) < PEN_SECONDS:
            await self._ask(connection, _begun(drawn, passed / PEN_SECONDS))
            await asyncio.sleep(max(0.0, began + passed + GUESS_SECONDS - time.perf_counter()))
        connection.close()
        return await super().draw(digit, shift)

    async def _ask(self, connection: http.client.HTTPConnection, drawn: Strokes) -> None:
        began = time.perf_counter()
        body = np.array(address.to_numbers(drawn), "<i2").tobytes()
        status = await asyncio.get_running_loop().run_in_executor(PENS, _post, connection, body)
        if status == 503:
            self.sent_away += 1
        else:
            assert status == 200, status
            self.guesses.append(time.perf_counter() - began)


def _post(connection: http.client.HTTPConnection, body: bytes) -> int:
    """Ask for a passing guess; return the answer's status."""
    connection.request("POST", "/guess", body)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _begun(drawn: Strokes, share: float) -> Strokes:
    """Return the beginning of each stroke."""
    return [Stroke(stroke.points[: math.ceil(share * len(stroke.points)) or 1], stroke.width) for stroke in drawn]


@dataclass
class Tally:
    """The experience of a crowd: seconds from each drawing to its answer, and what went wrong."""

    waits: list[float] = field(default_factory=list)
    misread: int = 0  # answers that were another digit, somebody else's perhaps, or none
    failed: list[str] = field(default_factory=list)  # exceptions shown on the page, answers that never came

    async def draw(self, session: Session, digit: int, shift: float = 0.0, waited: float = 0.0) -> bool:
        """Let a person draw a digit who has waited so many seconds already; return whether there was an answer."""
        try:
            self.waits.append(waited + await session.draw(digit, shift))
        except MisreadError as answer:
            self.waits.append(waited + answer.seconds)
            self.misread += 1
        except TimeoutError:
            self.failed.append("no answer")
            return False
        return True

    def row(self, what: str) -> str:
        """Return a row of the table."""
        waits = self.waits or [float("nan")]
        seconds = statistics.median(waits), percentile_95(waits), max(waits)
        times = " | ".join(f"{1000 * value:,.0f} ms" for value in seconds)
        return f"| {what} | {len(self.waits):,} | {times} | {self.misread} | {len(self.failed)} |"


async def draw_in_time(session: Session, every: float, seconds: float, first: int, tally: Tally) -> None:
    """Draw digit after digit, one every so many seconds, or at once if the last answer took longer than that."""
    began = time.perf_counter()
    for number in itertools.count():
        pause = began + number * every - time.perf_counter()
        if number * every >= seconds or time.perf_counter() - began >= seconds:
            return
        await asyncio.sleep(max(0.0, pause))
        if not await tally.draw(session, (first + number) % 10, shift=first / 4 + number % 7):  # no two draw the same
            return


async def draw_together(
    url: str, people: int, every: float, seconds: float, kind: Callable[[str], Session] = Session
) -> Tally:
    """Let so many people draw, each once every so many seconds, not all at the same moment."""
    tally = Tally()

    async def person(number: int) -> None:
        await asyncio.sleep(number * every / people)
        async with kind(url) as session:
            await draw_in_time(session, every, seconds, first=number, tally=tally)
        tally.failed.extend(session.exceptions)

    await asyncio.gather(*(person(number) for number in range(people)))
    return tally


async def arrive(url: str, people: int, within: float, kind: Callable[[str], Session] = Session) -> Tally:
    """Let so many people come within so many seconds and draw at once; each waits from coming to the first answer."""
    tally = Tally()

    async def person(number: int) -> None:
        await asyncio.sleep(number * within / people)
        began = time.perf_counter()
        await asyncio.to_thread(fetch_page, url)
        async with kind(url) as session:
            await tally.draw(session, number % 10, waited=time.perf_counter() - began)
        tally.failed.extend(session.exceptions)

    await asyncio.gather(*(person(number) for number in range(people)))
    return tally


def fetch_page(url: str) -> None:
    """Fetch the page and all that it names, as a browser does on its first visit."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=MAX_ANSWER_SECONDS)
    connection.request("GET", "/")
    page = connection.getresponse().read()
    for path in re.findall(r'(?:src|href)="(\./static/[^"]+)"', page.decode()):
        connection.request("GET", urljoin("/", path), headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        assert answer.status == 200, f"{path}: {answer.status}"
        answer.read()
    connection.close()


def upload_headers(cookie: str) -> dict[str, str]:
    """Return the headers that prove that the page sends a form."""
    token = cookie.partition("_streamlit_xsrf=")[2].partition(";")[0]
    return {"Cookie": cookie, "X-Xsrftoken": token, "Content-Type": FORM_TYPE}


class Photographer(Session):
    """A person at the page for photographs; `sent` is what the page holds of the last one."""

    sent: WidgetState
    _uploader = ""

    async def upload(self, photograph: Path) -> float:
        """Send one photograph; return the seconds until it has been read."""
        began = time.perf_counter()
        wanted = FileURLsRequest(request_id=photograph.name, file_names=[photograph.name], session_id=self.id)
        await self.whisper(BackMsg(file_urls_request=wanted).SerializeToString())
        answer = await self._receive()
        while answer.WhichOneof("type") != "file_urls_response":
            answer = await self._receive()
        place = answer.file_urls_response.file_urls[0]
        content = photograph.read_bytes()
        headers = upload_headers(self.cookie or "")
        status, _ = await asyncio.to_thread(ask, self.url, "PUT", place.upload_url, form(content), **headers)
        assert status == 204, f"the upload was answered with {status}"
        self.sent = WidgetState(id=self._uploader)
        info = self.sent.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = photograph.name, len(content), place.file_id
        info.file_urls.CopyFrom(place)
        await self._run("", self.sent)
        return time.perf_counter() - began

    def _take(self, message: Any) -> set[str]:
        element = message.delta.new_element
        if element.WhichOneof("type") == "file_uploader":
            self._uploader = element.file_uploader.id
        return super()._take(message)


async def send_photographs(url: str, every: float, over: asyncio.Event, first: int, waits: list[float]) -> None:
    """Open the page for photographs and send one every so many seconds, until `over` is set."""
    photographs = itertools.islice(itertools.cycle(PHOTOGRAPHS), first, None)
    async with Photographer(url, "photos") as session:
        while not over.is_set():
            waits.append(await session.upload(next(photographs)))
            await asyncio.sleep(max(0.0, every - waits[-1]))
    assert not session.exceptions, session.exceptions


class Trainer(Session):
    """A person at the page where a net learns; `told` is the page's sentence about it."""

    told = ""
    _button = ""

    async def train(self, over: asyncio.Event) -> None:
        """Press "Train a net" and look on as the browser does, again and again; leave when it is over."""
        async with self:
            while not over.is_set():
                if self._repeated_fragment:
                    await asyncio.sleep(self._every)
                    await self._run(self._repeated_fragment)
                else:  # none learns yet, or the last one has learned all
                    await self._run("", WidgetState(id=self._button, trigger_value=True))
                    assert self._repeated_fragment, self.told
        assert not self.exceptions, self.exceptions

    def _take(self, message: Any) -> set[str]:
        element = message.delta.new_element
        if element.WhichOneof("type") == "button" and element.button.label in ("Train a net", "Train another"):
            self._button = element.button.id
        elif element.WhichOneof("type") == "markdown" and "\n" not in element.markdown.body:
            self.told = element.markdown.body
        return super()._take(message)


@dataclass
class Forger(Session):
    """A visitor who sends what no page would: any value for any widget, any message.

    `widgets` has the fragment of each widget's id that the page shows, `said` its texts.
    """

    widgets: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    async def forge(self, *states: WidgetState, fragment: bool = True, **client_state: Any) -> None:
        """Send these states of widgets and wait until the run has ended."""
        message = self._rerun(self.widgets.get(states[0].id, "") if fragment and states else "", *states)
        for name, value in client_state.items():
            setattr(message.rerun_script, name, value)
        await self.send(message.SerializeToString())

    async def send(self, content: bytes | str) -> None:
        """Send a message as it stands; wait until its run has ended, or the server has closed the connection."""
        self.said.clear()
        with contextlib.suppress(websockets.ConnectionClosed):
            await self.whisper(content)
            await asyncio.wait_for(self._until_finished(), MAX_ANSWER_SECONDS)

    @property
    def open_still(self) -> bool:
        """True if the server has kept the connection."""
        return self._socket is not None and self._socket.state is websockets.State.OPEN

    def _take(self, message: ForwardMsg) -> set[str]:
        element = message.delta.new_element
        shown = getattr(element, str(element.WhichOneof("type")))
        if getattr(shown, "id", ""):
            self.widgets[shown.id] = message.delta.fragment_id
        self.said.append(str(getattr(shown, "body", "")))
        return super()._take(message)
