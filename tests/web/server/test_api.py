"""The HTTP interface: its answers, its errors, and that both keep to its own description."""

import json
import re
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import AsyncMock, Mock

import anyio
import numpy as np
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from mnist import __version__
from mnist.cli import main
from mnist.errors import UserError
from mnist.files import ROOT
from mnist.reading import find_digits
from mnist.reading.drawings import strokes
from mnist.reading.framing import Framed
from mnist.reading.lattice import Lattice
from mnist.reading.pictures import second_looks
from mnist.reading.readings import Digit, Number
from mnist.web.server import api
from mnist.web.state.reader import Reader
from mnist.web.state.turns import turns
from tests.reading.test_batch import picture
from tools.harness import hand
from tools.harness.running import during

pytestmark = pytest.mark.network
SEVEN = picture(7)
NUMBER = json.dumps(hand.canvas_drawing(hand.strokes(4, 0.5) + hand.strokes(2, 0.5, (130, 0)))).encode()
APP = Starlette(routes=api.ROUTES)
WENT_WRONG = "something went wrong; the server's log says what"


STILL_THERE, GONE = AsyncMock(return_value=False), AsyncMock(return_value=True)


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> Reader:
    """A reader in the place of the server's."""
    monkeypatch.setattr(api, "reader", loaded)
    return loaded


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(APP) as client:
        yield client


def error_of(answer: Any) -> tuple[int, str]:
    assert list(answer.json()) == ["error"]
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize(("content", "text"), [(SEVEN, "7"), (NUMBER, "42")], ids=["picture", "drawing"])
def test_a_body_or_a_form_is_answered_as_the_command_line_does(
    client: TestClient, content: bytes, text: str, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(content)
    assert main(["predict", "--json", str(tmp_path / "file")]) == 0
    expected = json.loads(capsys.readouterr().out)
    del expected["file"]
    for answer in (
        client.post("/api/predict", content=content),
        client.post("/api/predict", content=content, headers={"content-type": "text/plain"}),
        client.post("/api/predict", files={"file": ("/etc/passwd", content)}),  # a name is no path to anything
        client.post("/api/predict", files={"file": (None, NUMBER)}) if content == NUMBER else None,
    ):
        if answer:
            assert (answer.status_code, answer.json()) == (200, expected)
            assert answer.json()["text"] == text


@pytest.mark.parametrize(
    ("content", "status", "what"),
    [
        (b"", 400, "nothing was sent"),
        (b"hello", 415, "neither a picture that can be read"),
        (b'{"objects": ', 422, "not a saved drawing: it is not JSON"),
        (b"{}", 422, 'not a saved drawing: it has no list of "objects"'),
        (SEVEN[:200], 422, "the picture is damaged"),
        (
            b'{"objects": [{"type": "path", "path": [["M", 1, 1]], "originX": "\\ud800"}]}',
            422,
            "object 1 of the drawing is damaged: originX is ?",  # half a surrogate pair
        ),
        (b"\x89PNG" + bytes(api.MAX_REQUEST_BYTES), 413, "the request is larger than 30 MB"),
    ],
)
def test_an_error_is_a_sentence_and_a_line_in_the_log_without_what_was_sent(
    client: TestClient, caplog: pytest.LogCaptureFixture, content: bytes, status: int, what: str
) -> None:
    answered, error = error_of(client.post("/api/predict", content=content))
    assert answered == status
    assert error.startswith(what)
    assert caplog.messages == [f"a request to /api/predict was answered with {status}"]


def test_a_form_without_a_file_or_too_large_or_damaged(client: TestClient) -> None:
    assert error_of(client.post("/api/predict", files={"other": b""})) == (400, "nothing was sent")
    assert error_of(client.post("/api/predict", files={"other": (None, NUMBER)})) == (400, "nothing was sent")
    large = client.post("/api/predict", files={"file": bytes(api.MAX_REQUEST_BYTES)})
    assert error_of(large) == (413, "the request is larger than 30 MB")
    damaged = client.post("/api/predict", content=b"x", headers={"content-type": "multipart/form-data; boundary=y"})
    assert error_of(damaged)[0] == 400


def test_a_long_drawing_may_be_sent_as_a_field_of_a_form(client: TestClient) -> None:
    long = NUMBER + b" " * 1_200_000
    assert client.post("/api/predict", files={"file": (None, long)}).json()["text"] == "42"
    too_long = client.post("/api/predict", files={"file": (None, NUMBER + b" " * strokes.MAX_DRAWING_BYTES)})
    assert error_of(too_long) == (413, "a drawing of 5 MB; at most 5 MB are read")
    fields = [(str(number), (None, b"x")) for number in range(api.MAX_FIELDS + 1)]
    assert error_of(client.post("/api/predict", files=fields))[0] == 400


def test_a_picture_is_looked_at_again_in_its_turn(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    held = []

    def again(*_: object) -> Iterator[Lattice]:
        held.append(len(turns.pictures))
        yield from ()

    monkeypatch.setattr(second_looks, "at", again)
    letter = (ROOT / "data" / "letter.png").read_bytes()
    assert client.post("/api/predict", content=letter).json()["verdict"] == "not_a_digit"
    assert held == [1]
    assert len(turns.pictures) == 0


def test_a_file_may_come_in_any_field_and_several_are_answered_in_turn(client: TestClient) -> None:
    assert client.post("/api/predict", files={"image": SEVEN}).json()["text"] == "7"
    sent = [("image", ("a.png", SEVEN)), ("image", ("b.txt", b"hello")), ("more", ("a.png", NUMBER))]
    seven, hello, number = client.post("/api/predict", files=sent).json()
    assert (seven["file"], seven["text"], number["file"], number["text"]) == ("a.png", "7", "a.png", "42")
    assert hello == {"file": "b.txt", "error": hello["error"]}
    assert hello["error"].startswith("neither a picture that can be read")
    many = [("image", SEVEN)] * (api.MAX_FILES + 1)
    assert error_of(client.post("/api/predict", files=many))[0] == 400


def test_before_the_model_is_loaded_it_says_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "reader", Reader())
    told = "the model is not loaded yet; try again in a few seconds"
    assert error_of(client.post("/api/predict", content=SEVEN)) == (503, told)
    assert error_of(client.post("/api/predict", files=[("a", SEVEN), ("b", SEVEN)])) == (503, told)


def test_all_requests_together_may_hold_so_many_bytes(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "MAX_ARRIVING_BYTES", len(SEVEN) + 10)
    monkeypatch.setattr(api.arriving, "size", 11)  # somebody else's
    told = "too much is arriving at once; try again in a few seconds"
    assert error_of(client.post("/api/predict", content=SEVEN)) == (503, told)
    monkeypatch.setattr(api.arriving, "size", 10)
    for _ in range(2):
        assert client.post("/api/predict", content=SEVEN).json()["text"] == "7"
    assert api.arriving.size == 10


def test_a_request_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "REQUEST_TIMEOUT_SECONDS", 0.01)
    parts: list[Message] = [{"type": "http.request", "body": b"x", "more_body": True}]

    async def receive() -> Message:
        if not parts:
            await anyio.sleep_forever()
        return parts.pop()

    request = Request({"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}, receive)
    answer = during(api.predict(request))
    assert (answer.status_code, api.arriving.size) == (408, 0)
    assert b"seconds to arrive" in bytes(answer.body)


def test_a_client_that_breaks_off_what_it_sends_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    parts: list[Message] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": b"--x\r\n", "more_body": True},
    ]

    async def receive() -> Message:
        return parts.pop()

    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    request = Request({"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}, receive)
    assert during(api.predict(request)).status_code == 408
    assert caplog.messages == []


def test_a_refusal_keeps_nothing_of_the_picture() -> None:
    with pytest.raises(UserError) as refused:
        during(api._read(b"hello", STILL_THERE))
    assert refused.value.__context__ is None  # nor the arrays that its frames would hold


def test_requests_at_once_are_read_together_and_each_gets_its_answer(client: TestClient) -> None:
    sent = [SEVEN, NUMBER, SEVEN[:200], b"hello"] * 5
    with ThreadPoolExecutor(len(sent)) as pool:
        answers = list(pool.map(lambda content: client.post("/api/predict", content=content), sent))
    assert [answer.json().get("text") for answer in answers] == ["7", "42", None, None] * 5
    assert [answer.status_code for answer in answers] == [200, 200, 422, 415] * 5
    assert not api.waiting


def test_an_error_in_one_request_leaves_the_others_alone(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    other = api.WaitingRequest(SEVEN, STILL_THERE)
    api.waiting.append(other)
    find = find_digits.in_file
    monkeypatch.setattr(find_digits, "in_file", lambda content: 1 / 0 if content == NUMBER else find(content))
    assert error_of(client.post("/api/predict", content=NUMBER)) == (500, WENT_WRONG)
    reading = other.answer.result(0)
    assert reading is not None
    assert reading.text == "7"


def test_nothing_is_read_for_clients_that_have_gone(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [api.WaitingRequest(NUMBER, GONE) for _ in range(3)]
    api.waiting.extend(others)
    find = Mock(wraps=find_digits.in_file)
    monkeypatch.setattr(find_digits, "in_file", find)
    assert client.post("/api/predict", content=SEVEN).json()["text"] == "7"
    find.assert_called_once_with(SEVEN)
    assert all(other.answer.exception() for other in others)


def test_so_many_requests_may_wait(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [api.WaitingRequest(SEVEN, STILL_THERE) for _ in range(api.MAX_WAITING_REQUESTS)]
    monkeypatch.setattr(api, "waiting", deque(others))
    told = "too many requests are waiting; try again in a few seconds"
    assert error_of(client.post("/api/predict", content=SEVEN)) == (503, told)
    api.waiting.pop()
    assert client.post("/api/predict", content=SEVEN).status_code == 200


def test_of_several_files_those_that_were_read_are_answered(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = find_digits.in_file

    def and_then_others_come(content: bytes) -> Lattice:
        monkeypatch.setattr(api, "MAX_WAITING_REQUESTS", 0)
        return find(content)

    monkeypatch.setattr(find_digits, "in_file", and_then_others_come)
    seven, number = client.post("/api/predict", files=[("a", ("a.png", SEVEN)), ("b", ("b.json", NUMBER))]).json()
    assert seven["text"] == "7"
    assert number == {"file": "b.json", "error": "too many requests are waiting; try again in a few seconds"}


@pytest.mark.parametrize(("limit", "value"), [("REQUESTS", 1), ("SAMPLES", 1), ("SECONDS", 0.001)])
def test_a_batch_ends_at_each_of_its_limits(
    client: TestClient, reader: Reader, monkeypatch: pytest.MonkeyPatch, limit: str, value: float
) -> None:
    monkeypatch.setattr(api, f"MAX_BATCH_{limit}", value)
    read = Mock(wraps=reader.read_all)
    monkeypatch.setattr(reader, "read_all", read)
    api.waiting.extend(api.WaitingRequest(SEVEN, STILL_THERE) for _ in range(2))
    assert client.post("/api/predict", content=SEVEN).json()["text"] == "7"
    assert [len(call.args[0]) for call in read.call_args_list] == [1, 1, 1]


def test_it_waits_for_a_picture_that_is_read_on_the_page(client: TestClient) -> None:
    with ThreadPoolExecutor(1) as pool:
        with turns.pictures.turn():
            answer = pool.submit(client.post, "/api/predict", content=SEVEN)
            with pytest.raises(TimeoutError):
                answer.result(0.3)
        assert answer.result(20).json()["text"] == "7"


def test_if_reading_fails_all_are_answered_and_the_next_is_read(
    client: TestClient, reader: Reader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken, ThreadPoolExecutor(3) as pool:
        broken.setattr(reader, "read_all", lambda _: 1 / 0)
        answers = list(pool.map(lambda content: client.post("/api/predict", content=content), [SEVEN, NUMBER, SEVEN]))
    assert [error_of(answer) for answer in answers] == [(500, WENT_WRONG)] * 3
    assert caplog.messages.count("reading a request to /api/predict failed") == 3
    assert client.post("/api/predict", content=SEVEN).json()["text"] == "7"


def test_the_description_says_the_version_and_other_methods_are_refused(client: TestClient) -> None:
    assert client.get("/api").json()["info"]["version"] == __version__
    assert client.get("/api/predict").status_code == 405
    assert client.post("/api").status_code == 405


@pytest.mark.parametrize(
    ("signs", "end", "text"),
    [
        ({}, "", "25"),
        ({1: ":"}, "", "2:5"),
        ({0: "-"}, "", "-25"),
        ({1: "."}, "", "2.5"),
        ({1: ","}, ".-", "2,5.-"),
        ({0: "="}, "=", "=25="),
    ],
)
def test_a_number_with_its_signs_is_a_text_of_the_description(signs: dict[int, str], end: str, text: str) -> None:
    digits = tuple(Digit(label, np.full(10, 0.1), Framed(np.zeros((28, 28)), (0, 0, 1, 1))) for label in (2, 5))
    number = Number(digits, 0, 0, signs, end).text
    pattern = api.DESCRIPTION["components"]["schemas"]["Reading"]["properties"]["text"]["pattern"]
    assert number == text
    assert re.search(pattern, f"{number} {number}\n7")
    assert not re.search(pattern, f"{number} x")


# a drawing that is wrong may be too large as well, which by itself is not among the ways to refuse what is wrong
REFUSALS = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": [400, 408, 413, 415, 422, 503]}}}
)
schema = schemathesis.openapi.from_asgi("/api", APP, config=REFUSALS)


@schema.parametrize()
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_it_does_what_its_description_says(case: Any) -> None:
    case.call_and_validate(excluded_checks=[positive_data_acceptance])  # no schema can say what a picture is
