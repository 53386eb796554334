"""Streamlit's files, compressed: the same content, once made, only for browsers that take it."""

import gzip

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from mnist.web.server import compressed_files
from mnist.web.server.compressed_files import CompressedFilesMiddleware

SCRIPT = "let a = 1;\n" * 500
asked: list[str] = []


async def script(request: Request) -> Response:
    asked.append(request.url.path)
    headers = {"etag": '"x"', "cache-control": "public, immutable"}
    return PlainTextResponse(SCRIPT, media_type="text/javascript", headers=headers)


async def font(request: Request) -> Response:
    asked.append(request.url.path)
    return Response(b"font" * 100, media_type="font/woff2")


@pytest.fixture
def client() -> TestClient:
    asked.clear()
    routes = [Route("/static/js/{name}", script), Route("/static/media/{name}", font), Route("/other.js", script)]
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


def test_what_is_not_there_is_not_kept(client: TestClient) -> None:
    for _ in range(2):
        assert client.get("/static/none.js", headers={"accept-encoding": "gzip"}).status_code == 404


def test_only_so_many_files_are_kept(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed_files, "MAX_FILES", 1)
    encodings = [
        client.get(f"/static/js/{name}.js", headers={"accept-encoding": "gzip"}).headers.get("content-encoding")
        for name in "aab"
    ]
    assert encodings == ["gzip", "gzip", None]
