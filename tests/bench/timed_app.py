"""The app as it is, with a clock around each reading and a route that tells what it showed."""

import time
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mnist.classifier import Reading
from mnist.grouping import Ways
from mnist.web import server
from mnist.web.reader import reader

seconds: list[float] = []
read = reader.read


def timed_read(found: Ways) -> Reading | None:
    """Read, and note how long it took where there was something to read."""
    began = time.perf_counter()
    reading = read(found)
    if found.lines:
        seconds.append(time.perf_counter() - began)
    return reading


async def times(_: Request) -> JSONResponse:
    """What the clock showed, seconds."""
    return JSONResponse(seconds)


reader.read = timed_read  # type: ignore[method-assign]
page = Path(__file__).parents[2] / "mnist" / "web" / "draw.py"
routes = [*server.ROUTES, Route("/times", times)]
app = st.App(page, lifespan=server.lifespan, routes=routes, middleware=server.MIDDLEWARE)
