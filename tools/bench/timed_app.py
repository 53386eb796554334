"""The app as it is, with a clock around each reading and a route that returns what the clock showed."""

import time

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mnist.files import ROOT
from mnist.reading.lattice import Lattice
from mnist.reading.readings import Reading
from mnist.web.server import app
from mnist.web.state.reader import reader

seconds: list[float] = []
read = reader.read


def timed_read(lattice: Lattice) -> Reading | None:
    """Read, and note how long that took if there was something to read."""
    began = time.perf_counter()
    reading = read(lattice)
    if lattice.lines:
        seconds.append(time.perf_counter() - began)
    return reading


async def times(_: Request) -> JSONResponse:
    """Answer GET /times: the seconds of each reading."""
    return JSONResponse(seconds)


reader.read = timed_read  # type: ignore[method-assign]

routes = [*app.ROUTES, Route("/times", times)]
timed = st.App(ROOT / "streamlit_pages.py", lifespan=app.lifespan, routes=routes, middleware=app.MIDDLEWARE)
