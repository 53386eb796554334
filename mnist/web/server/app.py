"""The app around the pages: loads the model as the server starts, adds routes and middleware to Streamlit's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mnist import memory
from mnist.web.server import api, base_path, guess_api, short_tracebacks
from mnist.web.server.base_path import BasePathMiddleware
from mnist.web.server.compressed_files import CompressedFilesMiddleware
from mnist.web.server.fonts import FontsMiddleware
from mnist.web.server.front_page import FrontPageMiddleware
from mnist.web.server.greeting import greeting
from mnist.web.server.headers import SecurityHeadersMiddleware
from mnist.web.server.hidden_routes import HiddenRoutesMiddleware
from mnist.web.server.hosts import HostsMiddleware
from mnist.web.server.same_origin import SameOriginMiddleware
from mnist.web.server.upload_limits import UploadLimitsMiddleware
from mnist.web.server.websocket_limits import WebSocketLimitsMiddleware
from mnist.web.state.reader import reader

BASE_PATH = base_path.taken_over()


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Begin to load the model, and print where the pages are."""
    short_tracebacks.install()
    memory.give_back()
    reader.start()
    print(greeting(st.get_option("server.address"), st.get_option("server.port"), BASE_PATH), flush=True)
    yield


async def ready(request: Request) -> JSONResponse:
    """Answer GET /ready: 200 once the model has read a sample, 503 before, 500 if loading it failed."""
    if reader.ready:
        return JSONResponse({"ready": True})
    return JSONResponse({"ready": False, "error": reader.error}, status_code=500 if reader.error else 503)


ROUTES = [Route("/ready", ready), *api.ROUTES, *guess_api.ROUTES]
MIDDLEWARE = [  # a request passes them in this order
    Middleware(SecurityHeadersMiddleware),
    Middleware(HostsMiddleware),
    Middleware(BasePathMiddleware, base_path=BASE_PATH),
    Middleware(HiddenRoutesMiddleware),
    Middleware(SameOriginMiddleware),
    Middleware(WebSocketLimitsMiddleware),
    Middleware(UploadLimitsMiddleware),
    Middleware(FontsMiddleware),
    Middleware(CompressedFilesMiddleware),
    Middleware(FrontPageMiddleware),
]
