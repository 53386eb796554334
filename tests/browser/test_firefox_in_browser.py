"""The pad in Firefox, by the protocol that browsers have in common (WebDriver BiDi)."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from tests.conftest import skip_outside_ci
from tools.harness import hand
from tools.harness.running import Server, free_port
from tools.harness.visitor import MAX_WAIT_SECONDS

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
PAD = """[...document.querySelectorAll('.st-key-pad *')].map((each) => each.shadowRoot?.querySelector('.upper-canvas'))
    .find((each) => each)"""


class Firefox:
    def __init__(self, profile: Path) -> None:
        port = free_port()
        assert FIREFOX is not None
        options = ["--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", str(port)]
        nowhere = subprocess.DEVNULL
        self._process = subprocess.Popen([FIREFOX, *options], stdout=nowhere, stderr=nowhere)
        self._socket = self._connect(f"ws://127.0.0.1:{port}/session")
        self._number = 0
        self.call("session.new", capabilities={})
        self.window = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def _connect(self, url: str) -> ClientConnection:
        deadline = time.monotonic() + 3 * MAX_WAIT_SECONDS
        while True:
            try:
                return connect(url, max_size=None)
            except (OSError, InvalidHandshake):
                assert self._process.poll() is None, "Firefox did not start"
                assert time.monotonic() < deadline, "Firefox does not answer"
                time.sleep(0.2)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv(timeout=3 * MAX_WAIT_SECONDS))
            if answer.get("id") == self._number:
                assert answer["type"] == "success", answer
                result: dict[str, Any] = answer["result"]
                return result

    def ask(self, expression: str) -> Any:
        """What a JavaScript expression is worth in the page, by way of JSON."""
        target = {"context": self.window}
        wrapped = f"JSON.stringify(({expression}) ?? null)"
        answer = self.call("script.evaluate", expression=wrapped, target=target, awaitPromise=False)
        return json.loads(answer["result"]["value"])

    def wait_for(self, expression: str) -> Any:
        deadline = time.monotonic() + 2 * MAX_WAIT_SECONDS
        while not (worth := self.ask(expression)):
            assert time.monotonic() < deadline, f"in vain: {expression}"
            time.sleep(0.1)
        return worth

    def pad(self) -> list[float]:
        """Return x, y and height of the pad in the window, once it does not move any more."""
        shown = (f"(({PAD})?.getBoundingClientRect()) && (() => {{ const box = ({PAD})"
                 ".getBoundingClientRect(); return [box.x, box.y, box.height]; })()")  # fmt: skip
        before, box = None, self.wait_for(shown)
        while box != before:
            time.sleep(0.2)
            before, box = box, self.wait_for(shown)
        return list(box)

    def draw(self, line: list[tuple[float, float]]) -> None:
        """One stroke by mouse; points are in the pad's own pixels."""
        x, y, height = self.pad()
        places = [(round(x + across * height / 280), round(y + down * height / 280)) for across, down in line]
        moves = [{"type": "pointerMove", "x": across, "y": down, "duration": 30} for across, down in places]
        actions = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
        self.call("input.performActions", context=self.window, actions=[
            {"type": "pointer", "id": "mouse", "actions": actions}
        ])  # fmt: skip

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(MAX_WAIT_SECONDS)


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    if FIREFOX is None:
        skip_outside_ci("there is no Firefox; Debian's package is firefox-esr")
    firefox = Firefox(tmp_path)
    yield firefox
    firefox.close()


def test_digits_are_drawn_and_read_in_firefox(firefox: Firefox, server: Server) -> None:
    firefox.call("browsingContext.navigate", context=firefox.window, url=server.url, wait="complete")
    nothing = "document.querySelector('.guess')?.textContent.trim() === '–'"
    firefox.wait_for(nothing)
    for digit in (7, 3):
        for line in hand.DIGITS[digit]:
            firefox.draw(line)
        firefox.wait_for(f"document.querySelector('.guess')?.textContent.trim() === '{digit}'")
        said = "document.querySelector('.st-key-announcement [role=status]')?.textContent"
        firefox.wait_for(f"{said}?.includes('a {digit}.')")
        firefox.ask("document.querySelector('.st-key-clear button').click()")
        firefox.wait_for(nothing)
