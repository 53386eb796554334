"""Security headers: on every kind of response, each part of the policy, and the flags of cookies."""

import re

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from mnist.web.server import app
from mnist.web.server.headers import content_security_policy

SCHOOL = "https://moodle.school.example https://*.uni.example:8443"
XSRF = "_streamlit_xsrf=2|a|b|3; Path=/; SameSite=Lax"
BY_HTTPS = {"x-forwarded-proto": "https"}


def client() -> TestClient:
    """A bare server with our routes and middleware, and a page that sets two cookies as Streamlit does."""

    def cookies(request: Request) -> PlainTextResponse:
        answer = PlainTextResponse("")
        answer.raw_headers += [(b"set-cookie", XSRF.encode()), (b"set-cookie", b"other=1; HttpOnly; SameSite=Lax")]
        return answer

    def broken(request: Request) -> PlainTextResponse:
        raise LookupError(request.url.path)

    routes = [*app.ROUTES, Route("/cookies", cookies), Route("/broken", broken)]
    bare = Starlette(routes=routes, middleware=app.MIDDLEWARE)
    return TestClient(bare, base_url="http://pad.local:8501", raise_server_exceptions=False)


def directives(text: str) -> dict[str, set[str]]:
    parts = [part.split() for part in text.split(";")]
    found = {name: set(sources) for name, *sources in parts}
    assert len(found) == len(parts), "browsers take the first of two directives of one name"
    return found


@pytest.mark.parametrize(
    ("method", "path", "origin", "status"),
    [
        ("GET", "/api", None, 200),
        ("GET", "/cookies", None, 200),
        ("HEAD", "/api", None, 200),
        ("POST", "/api/predict", None, 400),
        ("GET", "/api", "https://evil.example", 403),
        ("GET", "/api", "http://[", 403),
        ("GET", "/nothing", None, 404),
        ("GET", "/_stcore/metrics", None, 404),
        ("PUT", "/api", None, 405),
        ("GET", "/broken", None, 500),
        ("GET", "/ready", None, 503),
    ],
)
def test_every_response_has_the_headers(method: str, path: str, origin: str | None, status: int) -> None:
    answer = client().request(method, path, headers={"origin": origin} if origin else {})
    assert answer.status_code == status
    assert directives(answer.headers["content-security-policy"])["default-src"] == {"'none'"}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["permissions-policy"].startswith("camera=(self), microphone=(), ")


def test_the_policy_allows_only_what_the_page_needs() -> None:
    told = directives(content_security_policy([]))
    scripts = told.pop("script-src")
    inline = scripts - {"'self'", "blob:"}
    assert len(inline) == 3  # Streamlit's and the front page's two
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", script) for script in inline)
    assert told == {
        "default-src": {"'none'"},
        "style-src": {"'self'", "'unsafe-inline'"},
        "img-src": {"'self'", "data:"},
        "font-src": {"'self'", "data:"},
        "connect-src": {"'self'", "data:"},
        "base-uri": {"'none'"},
        "form-action": {"'none'"},
        "frame-ancestors": {"'self'"},
    }


def test_only_listed_sites_may_frame_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAME_ANCESTORS", SCHOOL)
    told = directives(client().get("/api").headers["content-security-policy"])
    assert told["frame-ancestors"] == {"'self'", "https://moodle.school.example", "https://*.uni.example:8443"}


@pytest.mark.parametrize(
    ("framed", "url", "headers", "flags"),
    [
        ("", "/cookies", {}, "; SameSite=Lax"),
        ("", "/cookies", BY_HTTPS, "; SameSite=Lax; Secure"),
        ("", "/cookies", {"x-forwarded-proto": "HTTPS, http"}, "; SameSite=Lax; Secure"),  # two proxies
        ("", "/cookies", {"x-forwarded-proto": "http, https"}, "; SameSite=Lax"),
        ("", "https://pad.local/cookies", {}, "; SameSite=Lax; Secure"),  # a server with a certificate of its own
        (SCHOOL, "/cookies", {}, "; SameSite=Lax"),
        (SCHOOL, "/cookies", BY_HTTPS, "; SameSite=None; Partitioned; Secure"),
    ],
)
def test_cookies_are_flagged(
    framed: str, url: str, headers: dict[str, str], flags: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAME_ANCESTORS", framed)
    sent = client().get(url, headers=headers).headers.get_list("set-cookie")
    assert sent == [f"_streamlit_xsrf=2|a|b|3; Path=/{flags}", f"other=1; HttpOnly{flags}"]
