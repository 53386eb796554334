"""What a browser is told with every response: whose scripts run, who may frame the page, what else it does not need."""

import base64
import hashlib
import re
from importlib.metadata import distribution
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist.web.server.frames import ancestors

OFF = ("microphone", "geolocation", "display-capture", "payment", "usb", "midi")


def own_scripts() -> list[str]:
    """The hashes of the scripts that stand in Streamlit's page itself, as a policy names them."""
    page = Path(str(distribution("streamlit").locate_file("streamlit/static/index.html"))).read_text("utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def policy(addresses: list[str]) -> str:
    """The Content-Security-Policy for pages that those addresses may frame: nothing, but what is named."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(own_scripts())} blob:",  # canvas.js and its like come as blobs
            "style-src 'self' 'unsafe-inline'",  # Streamlit writes all of its look into the page
            "img-src 'self' data:",
            "font-src 'self' data:",  # formulas' fonts
            "connect-src 'self' data:",  # the camera's picture is such an address
            "base-uri 'none'",
            "form-action 'none'",
            " ".join(("frame-ancestors 'self'", *addresses)),
        )
    )


class Guarded:
    """Middleware that adds these headers to every response, and to its cookies the flags that the address allows.

    Where something fails before a response begins, it answers itself: what Starlette says then comes without headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        addresses = ancestors()
        self._framed = bool(addresses)
        self._headers = {
            "Content-Security-Policy": policy(addresses),
            "Permissions-Policy": ", ".join(["camera=(self)", *(f"{name}=()" for name in OFF)]),
            "Referrer-Policy": "same-origin",  # an address may hold a drawing
            "X-Content-Type-Options": "nosniff",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its response with these headers back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        by_https = "https" in (scope["scheme"], Headers(scope=scope).get("x-forwarded-proto"))
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                if by_https:
                    message["headers"] = [(name, self._flagged(name, value)) for name, value in message["headers"]]
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception:
            if not begun:
                answer = PlainTextResponse("Something went wrong here; the server's log says what.", 500)
                await answer(scope, receive, guarded)
            raise  # for the log (one_line.py)

    def _flagged(self, name: bytes, value: bytes) -> bytes:
        """A cookie's flags for HTTPS; where pages of other sites frame this one, browsers have to send it there too."""
        if name != b"set-cookie":
            return value
        if self._framed:
            value = value.replace(b"SameSite=Lax", b"SameSite=None") + b"; Partitioned"
        return value + b"; Secure"
