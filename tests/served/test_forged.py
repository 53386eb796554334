"""A real server under attack: one visitor sends what no page would while another draws, who must not notice.

Each message is refused within its own session, with one line in the log that repeats nothing of it.
"""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import DoubleArray, StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState

from mnist.errors import UserError
from mnist.files import ROOT
from mnist.reading.drawings import strokes
from tools.harness import heavy
from tools.harness.image_files import file
from tools.harness.running import Server, ask, during
from tools.harness.session import Session
from tools.load.crowd import Forger, Photographer

LogLines = tuple[int, int]  # about an attack, at least and at most
MARK = "evil"
SCRIPT = f"<script>{MARK}()</script>\n[{MARK}](http://{MARK}.example)"
PHOTOGRAPH = min((ROOT / "tests" / "photographs").glob("*_paper.jpg"))
PAGES = ("", "inside", "break", "train", "report", "challenge", "photos")
MEGABYTE = 1_000_000
MAX_GROWTH_BYTES = 250 * MEGABYTE  # of the server: more than what is sent takes, much less than it would unpacked
PAGE_MESSAGES = 30  # before a forger opens another page: more at once would have to wait
MAX_WAIT_SECONDS = 20.0  # for a drawing to be read: no promise, but not for ever
NESTED_LISTS = "[" * 100_000 + "]" * 100_000
PATH = {"type": "Path", "path": [["M", 1, 1], ["L", 9, 9]], "strokeWidth": 8, "stroke": "#ffffff"}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="module")
def server(log: Path) -> Iterator[Server]:
    with Server(log=log) as server:
        yield server


def canvas(raw: Any, picture: str = MARK) -> str:
    return json.dumps({"drawing": {"raw": raw, "data": f"data:image/png;base64,{picture}"}})


VALUES = [
    WidgetState(bool_value=True),
    WidgetState(double_value=float("nan")),
    WidgetState(string_value=SCRIPT),
    WidgetState(string_array_value=StringArray(data=[SCRIPT, ""])),
    WidgetState(double_array_value=DoubleArray(data=[float("inf"), 1e308])),
    WidgetState(json_value=SCRIPT),
    WidgetState(json_value=json.dumps(SCRIPT)),
    WidgetState(json_value='{"drawing": ' + NESTED_LISTS + "}"),
    WidgetState(json_value=json.dumps({"chosen": SCRIPT, "selection": {"rows": [SCRIPT]}, "secure": [], "drawing": 7})),
    WidgetState(bytes_value=SCRIPT.encode()),
]
DRAWINGS = [
    {"objects": [{**PATH, "path": [["M", float("nan"), 1]]}]},
    {"objects": [{**PATH, "path": [["L", SCRIPT, 1]]}]},
    {"objects": [{**PATH, "type": SCRIPT}]},
    {"objects": [{**PATH, "originX": SCRIPT}]},
    {"objects": [{**PATH, "stroke": SCRIPT, "strokeWidth": 1e6, "left": 1e6, "top": -1e6}]},
    {"objects": [{**PATH, "type": "Image", "src": f"http://{MARK}.example"}]},
    {"objects": [PATH] * 10_000},
]
BOX = {"left": 10, "top": 10, "width": 50, "height": 50}
BOXES = [
    WidgetState(json_value=canvas(raw))
    for raw in (
        MARK,
        [SCRIPT],
        {"objects": SCRIPT},
        {"objects": [SCRIPT]},
        {"objects": [{**BOX, "left": SCRIPT}]},
        {"objects": [{**BOX, "width": float("nan")}]},
        {"objects": [{**BOX, "left": -1e308, "top": float("inf")}]},
        {"objects": [{**BOX, "width": 1e308, "height": 1e308}]},
        {"objects": [BOX] * 30_000},
    )
]
CROWDED = [{"objects": [{**PATH, "path": [["L", 1, 1]] * 150_000}]}, {"objects": [[]] * 500_000}]
CROWD = 12  # visitors who send it: each would take 40 MB


def is_refused(drawing: Any) -> bool:
    try:
        strokes.from_drawing(drawing)
    except UserError:
        return True
    return False


def meanwhile(server: Server, attack: Callable[[], Awaitable[LogLines]], log: Path) -> None:
    """Let a visitor draw during the attack; then check the server's memory and log."""

    async def both() -> LogLines:
        attacked = asyncio.ensure_future(attack())
        async with Session(server.url) as session:
            while not attacked.done():
                for digit in (7, 3):
                    assert await session.draw(digit) < MAX_WAIT_SECONDS
                await asyncio.sleep(0.3)
        assert session.exceptions == []
        return await attacked

    before, said = server.memory(), log.stat().st_size
    server.forget_peak()
    least, most = during(both())
    lines = log.read_text()[said:].splitlines()
    assert server.memory("VmHWM") - before < MAX_GROWTH_BYTES
    assert MARK not in "".join(lines)
    assert all(len(line) < 500 for line in lines)
    assert least <= len(lines) <= most


@pytest.mark.parametrize("page", PAGES)
def test_any_value_for_any_widget(server: Server, log: Path, page: str) -> None:
    async def attack() -> LogLines:
        forger, failed, bad = Forger(server.url, page), 0, 0
        await forger.open()
        for widget in list(forger.widgets):
            for state in VALUES:
                state.id = widget
                await forger.forge(state)
                bad += 1
                if forger.exceptions or bad % PAGE_MESSAGES == 0:
                    failed += bool(forger.exceptions)  # within Streamlit: the session is spoilt for good
                    await forger.close()
                    forger = Forger(server.url, page)
                    await forger.open()
        await forger.close()
        return failed, bad

    meanwhile(server, attack, log)


class PhotographForger(Photographer, Forger):
    """A forger who has sent a photograph as anybody does, and is about to draw a box on it."""

    async def begin(self) -> list[str]:
        """Open the page and send a photograph; returns the widgets that came with it, by name."""
        await self.open()
        before = set(self.widgets)
        await self.upload(PHOTOGRAPH)
        self.adding = WidgetState(id=next(name for name in self.widgets if "adding_" in name), bool_value=True)
        await self.forge(self.adding)
        assert self.exceptions == []
        return sorted(set(self.widgets) - before - {self.adding.id}, key=lambda name: (name.split("-", 2)[2], name))


def test_any_value_for_what_comes_with_a_photograph(server: Server, log: Path) -> None:
    async def attack() -> LogLines:
        forger, failed, bad = PhotographForger(server.url, "photos"), 0, 0
        widgets = await forger.begin()
        assert sum("-box_" in name for name in widgets) == 1
        for number in range(len(widgets)):
            boxed = "-box_" in widgets[number]
            for state in BOXES if boxed else VALUES:
                state.id = widgets[number]
                await forger.forge(state, forger.adding, forger.sent)
                assert forger.said != []
                bad += 1
                failed += bool(forger.exceptions)
                if forger.exceptions or boxed:  # a box that was read is another digit, and the canvas is another
                    await forger.close()
                    forger = PhotographForger(server.url, "photos")
                    widgets = await forger.begin()
        await forger.close()
        return failed, bad

    meanwhile(server, attack, log)


def test_drawings_that_nobody_drew(server: Server, log: Path) -> None:
    async def attack() -> LogLines:
        async with Forger(server.url) as forger:
            state = WidgetState(id=forger.canvas)
            for drawing in DRAWINGS:
                state.json_value = canvas(drawing)
                await forger.forge(state)
                assert forger.exceptions == []
            bomb = file(Image.new("1", (20_000, 20_000)))  # as text 60 kB, decoded 1.6 GB
            state.json_value = canvas({"objects": [PATH]}, base64.b64encode(bomb).decode())
            await forger.forge(state)
            await forger.draw(7)
        return sum(map(is_refused, DRAWINGS)), len(DRAWINGS)

    meanwhile(server, attack, log)


def test_messages_that_would_fill_the_memory(server: Server, log: Path) -> None:
    async def attack() -> LogLines:
        crowd = [Forger(server.url) for _ in range(CROWD)]
        for number, forger in enumerate(crowd):
            await forger.open()
            await forger.forge(WidgetState(id=forger.canvas, json_value=canvas(CROWDED[number % len(CROWDED)])))
            assert not forger.open_still
        return CROWD, CROWD

    meanwhile(server, attack, log)


def test_files_that_would_take_too_much(server: Server, log: Path, tmp_path: Path) -> None:
    refused = {name: make() for name, (make, _) in heavy.REFUSED.items()} | {SCRIPT: SCRIPT.encode()}

    async def attack() -> LogLines:
        for content in refused.values():
            status, said = await asyncio.to_thread(server.predict, content)
            assert status in (413, 415, 422)
            assert list(json.loads(said)) == ["error"]
        for drawn in heavy.READ.values():
            assert (await asyncio.to_thread(server.predict, drawn()))[0] == 200
        async with Photographer(server.url, "photos") as session:
            for name in ("250 bars", "a PDF of forms in forms"):
                (tmp_path / MARK).write_bytes(refused[name])
                await session.upload(tmp_path / MARK)
        assert session.exceptions == []
        return len(refused) + 2, len(refused) + 2

    meanwhile(server, attack, log)


def test_messages_that_are_none(server: Server, log: Path) -> None:
    async def attack() -> LogLines:
        large, names, git = BackMsg(), BackMsg(), BackMsg()
        names.file_urls_request.file_names.extend([""] * 1_400_000)
        git.load_git_info = True
        large.rerun_script.widget_states.widgets.add(id=MARK, json_value="[" * 4 * MEGABYTE)
        forged = (sent.SerializeToString() for sent in (large, names, git))
        messages = [SCRIPT, b"\xff" * 100, *forged, bytes(30 * MEGABYTE)]
        for message in messages:
            forger = Forger(server.url)
            await forger.open()
            await forger.send(message)
            assert not forger.open_still
        return len(messages), len(messages)

    meanwhile(server, attack, log)


def test_passing_guesses_that_nobody_draws(server: Server, log: Path) -> None:
    comb = np.array([(x, 279 * (x % 2)) for x in range(560)], "<i2")  # from top to bottom and back, 280 times
    numbers = [len(comb), 16, *comb[0], *np.diff(comb, axis=0).ravel()]
    worst = [np.array(each, "<i2").tobytes() for each in (numbers, [1, 16, 9, 9] * 900, [2, 300, 0, 0, 279, 1] * 600)]
    refused = [SCRIPT.encode() * 3, bytes(9_000), b"\1", np.full(40, -1, "<i2").tobytes()]

    async def attack() -> LogLines:
        for content in worst:
            assert (await asyncio.to_thread(ask, server.url, "POST", "/guess", content))[0] == 200
        for content in refused:
            status, said = await asyncio.to_thread(ask, server.url, "POST", "/guess", content)
            assert status in (413, 422)
            assert list(json.loads(said)) == ["error"]
        return len(refused), len(refused)

    meanwhile(server, attack, log)


def test_names_that_are_none(server: Server, log: Path) -> None:
    async def attack() -> LogLines:
        lost = BackMsg()
        lost.rerun_script.fragment_id = SCRIPT
        queries = (f"drawing={SCRIPT}", f"drawing={'A' * 50_000}", "drawing=" * 5_000, f"{SCRIPT}=1&drawing=%00%ff")
        async with Forger(server.url) as forger:
            await forger.whisper(lost.SerializeToString())
            await forger.forge(WidgetState(id=SCRIPT, json_value=canvas({"objects": [PATH]})))
            await forger.forge(fragment=False, page_script_hash=SCRIPT)
            await forger.forge(fragment=False, page_name=SCRIPT)
            for query in queries:
                await forger.forge(fragment=False, query_string=query)
        assert forger.exceptions == []
        return 2, 8  # the addresses that are no drawing

    meanwhile(server, attack, log)
