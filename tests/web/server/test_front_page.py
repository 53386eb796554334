"""The front page: Streamlit's own with our title and outline, wherever Streamlit gives its own."""

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from mnist.web.server import front_page
from mnist.web.server.front_page import FrontPageMiddleware


async def streamlits(request: Request) -> Response:
    status = 404 if request.url.path == "/missing" else 200
    return HTMLResponse("<p>Streamlit's own, which is shorter or longer</p>", status, {"ETag": '"theirs"'})


async def text(request: Request) -> Response:
    return PlainTextResponse("ok")


@pytest.fixture(scope="module")
def client() -> TestClient:
    routes = [Route("/ready", text), Route("/{path:path}", streamlits)]
    compressing = Middleware(GZipMiddleware, minimum_size=1)  # as Streamlit does under some addresses
    return TestClient(Starlette(routes=routes, middleware=[Middleware(FrontPageMiddleware), compressing]))


def test_it_has_our_title_an_outline_and_all_of_streamlits_scripts() -> None:
    page = front_page.content()
    assert re.findall("<title>(.*)</title>", page) == ["Draw a digit"]
    assert "One moment. The pad is on its way." in page
    assert page.count('<div id="root"></div>') == 1
    assert page.count('rel="modulepreload"') == page.count('fetchpriority="low"') > 20
    assert "openapi" not in page


@pytest.mark.parametrize("path", ["/", "/inside"])
def test_it_takes_the_place_of_streamlits(client: TestClient, path: str) -> None:
    for encoding in ("identity", "gzip"):
        answer = client.get(path, headers={"Accept-Encoding": encoding})
        assert answer.text == front_page.content()
        assert answer.headers["content-encoding"] == encoding
        assert "etag" not in answer.headers
    head = client.head(path)
    assert (head.text, head.headers["content-length"]) == ("", answer.headers["content-length"])


def test_all_else_stays(client: TestClient) -> None:
    assert client.get("/ready").text == "ok"
    missing = client.get("/missing")
    assert (missing.status_code, missing.headers["etag"]) == (404, '"theirs"')
    assert "Streamlit's own" in missing.text


def test_another_page_of_streamlits_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(front_page.REPLACED, "<nothing>", "")
    with pytest.raises(ValueError, match="has <nothing> 0 times"):
        front_page.content()
