"""Security headers: which scripts may run, whose pages may show this one in a frame, what browsers may not do."""

import base64
import hashlib
import os
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist.errors import UserError
from mnist.web.server import front_page

FRAME_ANCESTORS = "FRAME_ANCESTORS"  # in the environment
ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?", re.IGNORECASE)
DENIED_FEATURES = ("microphone", "geolocation", "display-capture", "payment", "usb", "midi")


def frame_ancestors() -> list[str]:
    """Return the origins that FRAME_ANCESTORS in the environment lists. Raises UserError if one is no origin."""
    origins = os.environ.get(FRAME_ANCESTORS, "").split()
    if wrong := [origin for origin in origins if not ORIGIN.fullmatch(origin)]:
        raise UserError(
            f"{FRAME_ANCESTORS} contains “{wrong[0]}”, which is not an address like https://moodle.example.org or "
            "https://*.example.org. List one or more, separated by spaces, with nothing after the host name"
        )
    return origins


def inline_script_hashes() -> list[str]:
    """Return the hashes of the scripts inside the front page, as a policy lists them."""
    scripts = re.findall(r"<script>(.*?)</script>", front_page.content(), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def content_security_policy(ancestors: list[str]) -> str:
    """Return a policy that forbids all but what the pages need; `ancestors` may show them in a frame."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(inline_script_hashes())} blob:",  # Streamlit loads components as blobs
            "style-src 'self' 'unsafe-inline'",  # Streamlit writes its styles into the page
            "img-src 'self' data:",
            "font-src 'self' data:",  # fonts of formulas
            "connect-src 'self' data:",  # the camera's picture is a data: address
            "base-uri 'none'",
            "form-action 'none'",
            " ".join(("frame-ancestors 'self'", *ancestors)),
        )
    )


class SecurityHeadersMiddleware:
    """Adds security headers to each response, and to its cookies the flags that HTTPS allows.

    It also answers if the app fails before its response begins: Starlette's own answer would lack the headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        ancestors = frame_ancestors()
        self._framed = bool(ancestors)
        self._headers = {
            "Content-Security-Policy": content_security_policy(ancestors),
            "Permissions-Policy": ", ".join(["camera=(self)", *(f"{feature}=()" for feature in DENIED_FEATURES)]),
            "Referrer-Policy": "same-origin",  # an address may hold a drawing
            "X-Content-Type-Options": "nosniff",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        forwarded, *_ = Headers(scope=scope).get("x-forwarded-proto", "").lower().split(",")  # the first proxy's word
        https = "https" in (scope["scheme"], forwarded.strip())
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                if https:
                    message["headers"] = [(name, self._flagged(name, value)) for name, value in message["headers"]]
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            if not started:
                answer = PlainTextResponse("Something went wrong; the server's log says what.", 500)
                await answer(scope, receive, send_with_headers)
            raise  # for the log (short_tracebacks.py)

    def _flagged(self, name: bytes, value: bytes) -> bytes:
        if name != b"set-cookie":
            return value
        if self._framed:  # in a frame of another site browsers send only such cookies
            value = value.replace(b"SameSite=Lax", b"SameSite=None") + b"; Partitioned"
        return value + b"; Secure"
