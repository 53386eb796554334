"""What surrounds the page: warm-up at start, /ready, who may open a WebSocket, where the page is to be found."""

import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mnist import memory
from mnist.web.server import api, short_tracebacks
from mnist.web.server.headers import Guarded
from mnist.web.server.upload_limits import Bounded
from mnist.web.server.websocket_limits import Limited
from mnist.web.state.reader import reader

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Load the model beside the first page, and say where the page is."""
    short_tracebacks.install()
    hold_search_path()
    memory.give_back()
    reader.start()
    print(greeting(st.get_option("server.address"), st.get_option("server.port")), flush=True)
    yield


def hold_search_path() -> None:
    """Put the pages' folder last where modules are looked for, for good.

    Streamlit puts it first for each run of a page and then takes it away, unless it is there. Python goes through that
    list by number: in another thread an import that is on its way then passes over an entry, and finds no altair.
    """
    sys.path.append(str(Path(__file__).parent))


async def ready(request: Request) -> JSONResponse:
    """200 once a sample has been read, 503 before, 500 if that will never be."""
    if reader.ready:
        return JSONResponse({"ready": True})
    return JSONResponse({"ready": False, "error": reader.error}, status_code=500 if reader.error else 503)


class SameOrigin:
    """Middleware that lets a page of this server in under whatever name it was opened, and no page of another server.

    Streamlit's own check knows only this machine's addresses, and asks an outside service for one of them. What passes
    here is therefore shown to it as coming from localhost; a foreign origin never reaches it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan" or "origin" not in (headers := Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif _server_of(headers["origin"]) in (headers.get("host"), headers.get("x-forwarded-host")):
            MutableHeaders(scope=scope)["origin"] = "http://localhost"
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            log.warning("a page of another server was turned away")
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            log.warning("a request of another server's page was refused")
            await PlainTextResponse("Pages of other servers may not use this one.", 403)(scope, receive, send)


def _server_of(origin: str) -> str:
    """The server that an Origin header names, with its port; "" where it names none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


class Closed:
    """Middleware before what Streamlit serves to everybody and nobody here needs: its figures, agents, logins."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say that there is nothing."""
        closed = scope["type"] == "http" and scope["path"].startswith(CLOSED)
        await (PlainTextResponse("There is nothing here.", 404) if closed else self._app)(scope, receive, send)


def greeting(host: str | None, port: int) -> str:
    """The lines that tell where the page is to be found; `host` is the address served, None or 0.0.0.0 for all."""
    everywhere = host in (None, "0.0.0.0", "::")  # noqa: S104 - compared, not bound
    lines = [f"  Draw a digit:      http://{'localhost' if everywhere else host}:{port}"]
    if everywhere and (address := local_address()) is not None:
        lines.append(f"  on this network:   http://{address}:{port}")
    return "\n".join(["", *lines, ""])


def local_address() -> str | None:
    """This machine's address in its local network, or None without one; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: an address nobody has; connecting UDP only picks the route
        except OSError:
            return None
        return str(probe.getsockname()[0])


ROUTES = [Route("/ready", ready), *api.ROUTES]
CLOSED = ("/_stcore/metrics", "/_stcore/agent/", "/auth/", "/oauth2callback")
MIDDLEWARE = [Middleware(Guarded), Middleware(Closed), Middleware(SameOrigin), Middleware(Limited), Middleware(Bounded)]
