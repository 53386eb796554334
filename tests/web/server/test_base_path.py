"""Below a base path everything is answered as at the root, and guarded as there."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket
from streamlit import config

from mnist.web.server import base_path
from mnist.web.server.base_path import BasePathMiddleware


def client(path: str) -> TestClient:
    """A bare server below that path, which tells what it is asked for."""

    async def asked(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{request.scope['path']} {request.scope['raw_path'].decode()} {request.url.query}")

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(websocket.scope["path"])
        await websocket.close()

    async def to_address(request: Request) -> RedirectResponse:
        return RedirectResponse(request.query_params["address"])

    routes = [WebSocketRoute("/stream", socket), Route("/to", to_address), Route("/{path:path}", asked)]
    middleware = [Middleware(BasePathMiddleware, base_path=path)]
    return TestClient(Starlette(routes=routes, middleware=middleware), follow_redirects=False)


@pytest.mark.parametrize("base", ["", "/mnist", "/a/b"])
@pytest.mark.parametrize("path", ["/", "/ready", "/%C3%A9t%C3%A9/x?y=1", "/_stcore/metrics"])
def test_what_is_below_the_path_is_asked_for_at_the_root(base: str, path: str) -> None:
    assert client(base).get(base + path).text == client("").get(path).text


def test_the_root_answers_as_well_and_nothing_else_is_below_the_path() -> None:
    below = client("/mnist")
    assert below.get("/ready").text.split() == ["/ready", "/ready"]  # a proxy has taken the path away
    assert below.get("/mnistery").text.split() == ["/mnistery", "/mnistery"]


def test_websockets_as_well() -> None:
    with client("/mnist").websocket_connect("/mnist/stream") as websocket:
        assert websocket.receive_text() == "/stream"


def test_the_path_alone_leads_to_the_page() -> None:
    answer = client("/mnist").get("/mnist?drawing=x%20y")
    assert (answer.status_code, answer.headers["location"]) == (307, "/mnist/?drawing=x%20y")


@pytest.mark.parametrize(
    ("address", "led_to"),
    [
        ("/inside?x=1", "/mnist/inside?x=1"),  # as Streamlit answers where a page's address ends in a slash
        ("//other.example/inside", "//other.example/inside"),
        ("https://other.example/inside", "https://other.example/inside"),
    ],
)
def test_an_answer_leads_to_an_address_below_the_path(address: str, led_to: str) -> None:
    for base in ("/mnist", ""):  # a proxy may have taken the path away
        answer = client("/mnist").get(f"{base}/to", params={"address": address})
        assert answer.headers["location"] == led_to
    assert client("").get("/to", params={"address": address}).headers["location"] == address


@pytest.mark.parametrize(("setting", "path"), [("mnist", "/mnist"), ("/a/b/", "/a/b"), ("", "")])
def test_streamlit_itself_serves_at_the_root(setting: str, path: str) -> None:
    config.set_option(base_path.SETTING, setting)
    assert base_path.taken_over() == path
    assert config.get_option(base_path.SETTING) == ""
