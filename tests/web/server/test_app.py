"""The app around the pages: readiness, the greeting, and whose pages may use it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from mnist.files import MODEL
from mnist.reading.classifier import Classifier
from mnist.web.server import app, greeting
from mnist.web.state.reader import Reader


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Reader:
    """A reader of a copy of the model, not started, in the place of the server's."""
    for part in (MODEL.with_suffix(".onnx"), MODEL.with_suffix(".json")):
        shutil.copy(part, tmp_path)
    reader = Reader(tmp_path / MODEL.name)
    monkeypatch.setattr(app, "reader", reader)
    return reader


@pytest.fixture
def client(reader: Reader) -> Iterator[TestClient]:
    """A bare server with our routes and middleware, and two that tell which origin they were shown."""

    def origin(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.headers.get("origin", "none"))

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(websocket.headers.get("origin", "none"))
        await websocket.close()

    routes = [*app.ROUTES, Route("/origin", origin), WebSocketRoute("/socket", socket)]
    bare = Starlette(routes=routes, middleware=app.MIDDLEWARE)
    with TestClient(bare, base_url="http://pad.local:8501") as client:
        yield client


def load(reader: Reader, client: TestClient) -> tuple[int, Any]:
    """Load the model; the answer of /ready then."""
    reader.start().join(60)
    answer = client.get("/ready")
    return answer.status_code, answer.json()


@pytest.mark.network
def test_ready_only_after_a_sample_was_read(client: TestClient, reader: Reader) -> None:
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "error": None})
    assert load(reader, client) == (200, {"ready": True})


def test_never_ready_with_a_broken_model(client: TestClient, reader: Reader, tmp_path: Path) -> None:
    (tmp_path / MODEL.name).with_suffix(".onnx").write_bytes(b"broken")
    assert load(reader, client) == (500, {"ready": False, "error": ANY})
    assert "the model is damaged" in str(reader.error)


def test_an_unexpected_error_in_loading_is_reported(
    client: TestClient, reader: Reader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Classifier, "load", lambda _: 1 / 0)
    sentence = "The model cannot be loaded; the server's log says why."
    assert load(reader, client) == (500, {"ready": False, "error": sentence})
    assert "loading the model failed" in caplog.messages


SAME = {"origin": "http://pad.local:8501"}
BEHIND_A_PROXY = {"origin": "https://front.local", "x-forwarded-host": "front.local"}
SOCKET = "ws://pad.local:8501/socket"


@pytest.mark.parametrize("headers", [SAME, BEHIND_A_PROXY])
def test_own_pages_pass_as_local(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/origin").text == "none"
    assert client.get("/origin", headers=headers).text == "http://localhost"
    with client.websocket_connect(SOCKET, headers=headers) as websocket:
        assert websocket.receive_text() == "http://localhost"


@pytest.mark.parametrize("origin", ["http://evil.example", "http://pad.local", "http://pad.local:8502", "null", ""])
def test_foreign_pages_are_refused(client: TestClient, origin: str) -> None:
    assert client.get("/origin", headers={"origin": origin}).status_code == 403
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(SOCKET, headers={"origin": origin}):
        pass


def test_a_page_in_a_sandbox_is_refused_with_what_its_frame_needs(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/origin", headers={"origin": "null"})
    assert "allow-same-origin" in caplog.text
    assert "PUBLIC_URL" not in caplog.text


def test_the_greeting_has_both_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greeting, "local_address", lambda: "192.168.1.20")
    for everywhere in ("0.0.0.0", None):  # noqa: S104
        lines = greeting.greeting(everywhere, 8600)
        assert "http://localhost:8600" in lines
        assert "http://192.168.1.20:8600" in lines
    assert "http://192.168.1.20:8600/mnist/" in greeting.greeting(None, 8600, "/mnist")
    assert "192.168" not in greeting.greeting("127.0.0.1", 8501)
    assert "http://[::1]:8501" in greeting.greeting("::1", 8501)
    monkeypatch.setattr(greeting, "local_address", lambda: None)
    assert "network" not in greeting.greeting("0.0.0.0", 8501)  # noqa: S104


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])  # noqa: S104
def test_the_greeting_has_public_url_in_place_of_an_address_that_may_be_the_containers_own(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(greeting, "local_address", lambda: "172.17.0.2")
    monkeypatch.setenv("PUBLIC_URL", "https://Digits.example.org:443/mnist")
    lines = greeting.greeting(host, 8501)
    assert "https://digits.example.org/mnist\n" in lines
    assert "172.17" not in lines
