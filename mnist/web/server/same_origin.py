"""The check that a request comes from a page of this server."""

import logging
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from mnist.web.public_url import public_url
from mnist.web.server.hosts import MAX_NAME_CHARACTERS, asked_for

log = logging.getLogger(__name__)


class SameOriginMiddleware:
    """Refuses requests and WebSockets from pages of other servers; pages of this one may have any name it is known by.

    Streamlit knows no name that a proxy has replaced, and asks an outside service for this machine's address before it
    refuses a WebSocket. It is therefore told that all that passes here comes from localhost.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        public = public_url()
        self._public = public.netloc if public else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer with 403, or close the WebSocket, if its Origin is another server's."""
        if scope["type"] == "lifespan" or "origin" not in (headers := Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif self._is_own(_server_of(headers["origin"]), headers):
            MutableHeaders(scope=scope)["origin"] = "http://localhost"
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            log.warning("a WebSocket was refused: a page of %r opened it. %s", *_advice(headers))
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # RFC 6455: policy violation
        else:
            log.warning("a request was refused: a page of %r sent it. %s", *_advice(headers))
            await PlainTextResponse("Pages of other servers may not use this one.", 403)(scope, receive, send)

    def _is_own(self, server: str, headers: Headers) -> bool:
        """Tell whether a host and port are those that were asked for, or PUBLIC_URL's."""
        return bool(server) and server in (*asked_for(headers), self._public)


def _advice(headers: Headers) -> tuple[str, str]:
    """Return the server that an Origin header names, and what to do if that is a page of this one all the same."""
    origin = headers["origin"][:MAX_NAME_CHARACTERS]
    if origin == "null":
        return origin, "If it is this server's own page in a frame, the frame's sandbox has to have allow-same-origin"
    return origin, f"If a proxy shows this server there, set PUBLIC_URL={origin}, or let it pass on the Host header"


def _server_of(origin: str) -> str:
    """Return the host and port that an Origin header names, or "" if it names none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
