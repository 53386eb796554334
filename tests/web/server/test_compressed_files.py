"""Streamlit's files, compressed: the same content, once made, only for browsers that take it."""

import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient
from starlette.types import Message

from mnist.web.server import compressed_files
from mnist.web.server.compressed_files import CompressedFilesMiddleware
from tools.harness.running import during

SCRIPT = "let a = 1;\n" * 500
asked: list[str] = []


async def script(request: Request) -> Response:
    asked.append(request.url.path)
    headers = {"etag": '"x"', "cache-control": "public, immutable"}
    return PlainTextResponse(SCRIPT, media_type="text/javascript", headers=headers)


async def mirror(request: Request) -> Response:
    return PlainTextResponse(f"{request.query_params} {request.headers.get('x-forwarded-host')}")


async def font(request: Request) -> Response:
    asked.append(request.url.path)
    return Response(b"font" * 100, media_type="font/woff2")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    asked.clear()
    monkeypatch.setattr(compressed_files, "paths", lambda: frozenset({"/static/js/a.js", "/static/mirror.js"}))
    routes = [
        Route("/static/js/{name}", script),
        Route("/static/media/{name}", font),
        Route("/static/mirror.js", mirror),
        Route("/other.js", script),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(CompressedFilesMiddleware)]))


def test_a_script_is_compressed_once_and_stays_what_it_is(client: TestClient) -> None:
    for _ in range(3):
        with client.stream("GET", "/static/js/a.js", headers={"accept-encoding": "gzip"}) as answer:
            raw = b"".join(answer.iter_raw())
        assert gzip.decompress(raw).decode() == SCRIPT
        assert len(raw) == int(answer.headers["content-length"]) < len(SCRIPT) / 10
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == "public, immutable"
        assert "etag" not in answer.headers
    assert asked == ["/static/js/a.js"]


def test_nothing_that_the_first_browser_sent_shapes_what_others_get(client: TestClient) -> None:
    headers = {"accept-encoding": "gzip", "x-forwarded-host": "evil.example", "origin": "http://evil.example"}
    assert client.get("/static/mirror.js?evil", headers=headers).text == " None"
    assert client.get("/static/mirror.js", headers={"accept-encoding": "gzip"}).text == " None"


def test_a_browser_that_goes_away_leaves_the_whole_file_to_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.js").write_text(SCRIPT * 100)
    monkeypatch.setattr(compressed_files, "paths", lambda: frozenset({"/a.js"}))
    app = CompressedFilesMiddleware(StaticFiles(directory=tmp_path))
    headers = [(b"accept-encoding", b"gzip")]
    scope = {"type": "http", "method": "GET", "path": "/a.js", "headers": headers, "asgi": {"spec_version": "2.3"}}

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def answer() -> bytes:
        messages: list[Message] = []

        async def send(message: Message) -> None:
            messages.append(message)

        await app(scope, gone, send)
        return b"".join(message.get("body", b"") for message in messages)

    for _ in range(2):
        assert gzip.decompress(during(answer())).decode() == SCRIPT * 100


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/js/a.js", {"accept-encoding": "identity"}),
        ("/static/js/a.js", {"accept-encoding": "gzip", "range": "bytes=0-9"}),
        ("/static/js/a.js", {"accept-encoding": "gzip", "if-none-match": '"x"'}),
        ("/static/media/a.woff2", {"accept-encoding": "gzip"}),
        ("/other.js", {"accept-encoding": "gzip"}),
    ],
)
def test_all_else_passes_as_it_is(client: TestClient, path: str, headers: dict[str, str]) -> None:
    for _ in range(2):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200
        assert "content-encoding" not in answer.headers
    assert asked == [path] * 2


def test_another_spelling_of_a_path_takes_no_memory(client: TestClient) -> None:
    for path in ("/static/js//a.js", "/static/js/%2e/a.js", "/static/js/b.js"):
        answer = client.get(path, headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in answer.headers


def test_streamlits_own_scripts_and_style_sheets_are_meant() -> None:
    named = compressed_files.paths()
    assert len(named) > 100
    assert {path.rpartition(".")[2] for path in named} >= {"js", "css"}
    assert all(path.startswith("/static/") for path in named)
