"""The guess while the pen moves: what is answered is what the page shows, and nothing takes more than its share."""

import itertools
import time
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import anyio
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from mnist.reading.drawings import address
from mnist.reading.drawings.strokes import Stroke, Strokes
from mnist.web.parts import drawing_reading, reading_html
from mnist.web.server import guess_api
from mnist.web.state.reader import Reader
from mnist.web.state.turns import turns
from tools.harness import hand
from tools.harness.running import during

pytestmark = pytest.mark.network
APP = Starlette(routes=guess_api.ROUTES)
NUMBER = hand.strokes(4, 0.5) + hand.strokes(2, 0.5, (130, 0))
DOT = [Stroke(np.array([[140.0, 140.0]]), 8.0)]


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> Reader:
    """A reader in the place of the server's."""
    monkeypatch.setattr(drawing_reading, "reader", loaded)
    return loaded


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(APP) as client:
        yield client


def sent(drawn: Strokes) -> bytes:
    return np.array(address.to_numbers(drawn), "<i2").tobytes()


def refusal(answer: Any) -> tuple[int, str]:
    assert list(answer.json()) == ["error"]
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_is_answered_as_the_page_shows_it(client: TestClient, digit: int) -> None:
    drawn = hand.strokes(digit)
    reading = drawing_reading.read_strokes(address.from_numbers(np.array(address.to_numbers(drawn)))).reading
    assert client.post("/guess", content=sent(drawn)).json() == {
        "guess": str(digit),
        "sentence": f"Looks like {'an' if digit == 8 else 'a'} {digit}.",
        "rows": reading_html.bars(reading),
        "boxes": reading_html.boxes(None),
    }


def test_a_number_has_a_row_and_a_box_for_each_digit(client: TestClient) -> None:
    answer = client.post("/guess", content=sent(NUMBER)).json()
    assert (answer["guess"], answer["sentence"]) == ("42", "Looks like 42.")
    assert answer["rows"].count("<li") == 2
    assert answer["boxes"].count("<b class") == 2


@pytest.mark.parametrize("drawn", [[], DOT], ids=["nothing", "a dot"])
def test_nothing_is_said_of_what_is_no_digit_so_far(client: TestClient, drawn: Strokes) -> None:
    answer = client.post("/guess", content=sent(drawn))
    assert (answer.status_code, answer.json()) == (200, {})


def test_nothing_is_said_while_the_model_is_not_loaded(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_reading, "reader", Reader())
    assert client.post("/guess", content=sent(NUMBER)).json() == {}


def test_what_is_no_drawing_is_refused(client: TestClient) -> None:
    assert refusal(client.post("/guess", content=b"\0")) == (422, "it is damaged")
    assert refusal(client.post("/guess", content=b"\3\0\1\0")) == (422, "it is damaged")
    large = bytes(guess_api.MAX_REQUEST_BYTES + 2)
    assert refusal(client.post("/guess", content=large)) == (413, "a drawing too large to be read while it is drawn")
    assert client.get("/guess").status_code == 405
    assert guess_api.arriving.size == 0


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(
    content=st.binary(max_size=200) | st.lists(st.integers(-300, 300)).map(lambda some: np.array(some, "<i2").tobytes())
)
def test_any_bytes_are_answered_or_refused(client: TestClient, content: bytes) -> None:
    assert client.post("/guess", content=content).status_code in (200, 422)


def test_too_many_are_sent_away(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guess_api, "MAX_WAITING_REQUESTS", 0)
    answer = client.post("/guess", content=sent(NUMBER))
    assert refusal(answer) == (503, "too many are drawing; try again in a second")
    monkeypatch.setattr(guess_api, "MAX_ARRIVING_BYTES", 0)
    answer = client.post("/guess", content=sent(NUMBER))
    assert refusal(answer) == (503, "too much is arriving at once; try again in a second")


def answer_to(receive: Any) -> int:
    """The status of the answer to a request that arrives as `receive` has it."""
    scope = {"type": "http", "method": "POST", "path": "/guess", "query_string": b"", "headers": []}
    return during(guess_api.guess(Request(scope, receive))).status_code


def test_a_request_has_to_arrive_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guess_api, "REQUEST_TIMEOUT_SECONDS", 0.01)
    assert answer_to(anyio.sleep_forever) == 408


@pytest.mark.parametrize("arrived", [False, True])
def test_nothing_is_read_for_a_pen_that_was_lifted_and_nothing_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, arrived: bool
) -> None:
    read = Mock()
    monkeypatch.setattr(guess_api, "read", read)
    body: Message = {"type": "http.request", "body": sent(NUMBER), "more_body": False}
    messages: list[Message] = [body] * arrived + [{"type": "http.disconnect"}]

    async def receive() -> Message:
        return messages.pop(0)

    assert answer_to(receive) == 408
    read.assert_not_called()
    assert caplog.messages == []


def test_all_together_take_half_a_core_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    spans: list[tuple[float, float]] = []

    def read_strokes(*_: Any) -> Any:
        began = time.monotonic()
        time.sleep(0.02)
        spans.append((began, time.monotonic()))
        return Mock(reading=None)

    async def receive() -> Message:
        await anyio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def ask_four_at_once() -> None:
        scope = {"type": "http", "method": "POST", "path": "/guess", "query_string": b"", "headers": []}
        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(guess_api.guess, Request(scope, receive))

    monkeypatch.setattr(drawing_reading, "read_strokes", read_strokes)
    during(ask_four_at_once())
    assert len(spans) == 4
    for (_, ended), (begun, _) in itertools.pairwise(spans):
        assert begun - ended >= 0.018


def test_what_is_done_is_read_first_and_waiting_for_it_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    took: list[float] = []

    def read_strokes(*_: Any) -> Any:
        order.append("passing")
        return Mock(reading=None)

    def read() -> None:
        took.append(guess_api.read(sent(NUMBER))[1])

    monkeypatch.setattr(drawing_reading, "read_strokes", read_strokes)
    monkeypatch.setattr("mnist.web.state.turns.MAX_WAIT_SECONDS", 60)

    async def ask_while_a_drawing_is_read() -> None:
        async with anyio.create_task_group() as group:
            with turns.reading():
                group.start_soon(anyio.to_thread.run_sync, read)
                await anyio.sleep(0.1)
                order.append("done")

    during(ask_while_a_drawing_is_read())
    assert order == ["done", "passing"]
    assert took[0] < 0.1
