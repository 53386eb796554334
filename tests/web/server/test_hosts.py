"""By which names the server may be asked for, and what one who asks by another is told."""

import re
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from mnist.files import ROOT
from mnist.web.server import app

EVERYBODYS = (
    *("localhost:8501", "127.0.0.1", "192.168.1.20:8501", "[::1]:8501", "[fe80::1]"),
    *("teacher-laptop:8501", "app", "raspberrypi.local:80", "pad.localhost"),
)
REGISTERED = ("evil.example", "evil.example:8501", "127.0.0.1.evil.example", "EVIL.example.", "localhost.evil.example")


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., TestClient]:
    """Returns a client of a bare server with our middleware, of which the environment says these."""

    def hello(_: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    def client(**environment: str) -> TestClient:
        for name in ("PUBLIC_URL", "ALLOWED_HOSTS"):
            monkeypatch.setenv(name, environment.get(name, ""))
        routes = [Route("/hello", hello), WebSocketRoute("/socket", socket)]
        return TestClient(Starlette(routes=routes, middleware=app.MIDDLEWARE), base_url="http://localhost:8501")

    return client


def asked(client: TestClient, host: str, **headers: str) -> int:
    """The status of a request for a host."""
    return client.get("/hello", headers={"host": host, **headers}).status_code


@pytest.mark.parametrize("host", EVERYBODYS)
def test_addresses_and_local_names_are_always_known(ask: Callable[..., TestClient], host: str) -> None:
    assert asked(ask(), host) == 200


def test_each_recipe_for_caddy_names_the_server_by_which_it_is_asked_for(ask: Callable[..., TestClient]) -> None:
    document = (ROOT / "docs" / "https-and-proxies.md").read_text("utf-8")
    recipes = [text for text in re.findall(r"```sh\n(.*?)```", document, re.DOTALL) if "caddy reverse-proxy" in text]
    for recipe in recipes:
        environment = dict(re.findall(r"\b(PUBLIC_URL|ALLOWED_HOSTS)=(\S+)", recipe))
        assert asked(ask(**environment), re.findall(r"--from (\S+)", recipe)[0]) == 200
    assert len(recipes) == 2


@pytest.mark.parametrize("host", REGISTERED)
def test_other_names_are_refused_with_what_to_do(
    ask: Callable[..., TestClient], host: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = ask()
    answer = client.get("/hello", headers={"host": host})
    name = host.partition(":")[0].lower().rstrip(".")
    assert (answer.status_code, answer.headers["content-type"]) == (421, "text/plain; charset=utf-8")
    assert f"start it with ALLOWED_HOSTS={name}" in answer.text
    assert f"asked for '{name}'; ALLOWED_HOSTS" in caplog.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_websockets_are_refused_alike(ask: Callable[..., TestClient]) -> None:
    headers = {"host": "evil.example", "origin": "http://evil.example"}
    with pytest.raises(WebSocketDisconnect), ask().websocket_connect("/socket", headers=headers):
        pass


@pytest.mark.parametrize(
    ("environment", "known", "unknown"),
    [
        ({"PUBLIC_URL": "https://Digits.example.org:8443/mnist"}, ["digits.example.org"], ["a.digits.example.org"]),
        ({"PUBLIC_URL": " https://digits.example.org:443 "}, ["digits.example.org"], ["example.org"]),
        ({"ALLOWED_HOSTS": "a.example B.example"}, ["a.example:8501", "b.example"], ["c.example"]),
        ({"ALLOWED_HOSTS": "*.example.org"}, ["a.example.org", "b.a.example.org"], ["example.org", "evilexample.org"]),
        ({"ALLOWED_HOSTS": "*"}, ["any.example"], []),
    ],
)
def test_listed_names_are_known(
    ask: Callable[..., TestClient], environment: dict[str, str], known: list[str], unknown: list[str]
) -> None:
    client = ask(**environment)
    assert [asked(client, host) for host in known] == [200] * len(known)
    assert [asked(client, host) for host in unknown] == [421] * len(unknown)


def test_the_name_that_a_proxy_was_asked_for_counts_as_well(ask: Callable[..., TestClient]) -> None:
    forwarded = {"x-forwarded-host": "digits.example.org"}
    assert asked(ask(), "127.0.0.1:8501", **forwarded) == 421
    assert asked(ask(PUBLIC_URL="https://digits.example.org"), "127.0.0.1:8501", **forwarded) == 200


def test_behind_a_proxy_that_names_itself_pages_work_once_public_url_is_set(
    ask: Callable[..., TestClient], caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"host": "127.0.0.1:8501", "origin": "https://digits.example.org"}  # as nginx passes it on by default
    assert ask().get("/hello", headers=headers).status_code == 403
    assert "set PUBLIC_URL=https://digits.example.org, or let it pass on the Host header" in caplog.text
    client = ask(PUBLIC_URL="https://Digits.example.org:443/")  # a port that browsers leave out
    assert client.get("/hello", headers=headers).status_code == 200
    with client.websocket_connect("/socket", headers=headers):
        pass
    assert client.get("/hello", headers={**headers, "origin": "https://evil.example"}).status_code == 403


def test_of_several_proxies_the_first_counts(ask: Callable[..., TestClient]) -> None:
    headers = {"x-forwarded-host": "digits.example.org, inner.example", "origin": "https://digits.example.org"}
    assert ask(ALLOWED_HOSTS="digits.example.org").get("/hello", headers=headers).status_code == 200
    assert asked(ask(ALLOWED_HOSTS="inner.example"), "127.0.0.1", **headers) == 421


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://pupil.school.example", "http://digits.school.example:8502"]
)
@pytest.mark.parametrize("listed", ["*", "*.school.example"])
def test_any_name_is_not_any_page(ask: Callable[..., TestClient], listed: str, origin: str) -> None:
    headers = {"host": "digits.school.example", "origin": origin}
    assert ask(ALLOWED_HOSTS=listed).get("/hello", headers=headers).status_code == 403
