"""`python -m tools.load.measure_forgers`: measure what forged messages and heavy files cost (SECURITY.md).

Forty open pages send a drawing of empty lists each; the drawings that take longest are drawn, of all that are let
through; and the files of `tools.harness.heavy` are sent. All of it is on this machine.
"""

import time
from contextlib import AsyncExitStack

import numpy as np
from streamlit.proto.WidgetStates_pb2 import WidgetState

from mnist.reading.drawings.rendering import render
from mnist.reading.drawings.strokes import MAX_LENGTH_IN_SIDES, MAX_POINTS
from mnist.web.state.pad import PAD_SIDE
from tools.harness import heavy
from tools.harness.running import Server, during
from tools.load.crowd import Forger

FORGERS = 40
LISTS = 149_000  # in a drawing; little else of its length fills memory as "[]" does


async def fill(server: Server) -> None:
    """Let the forgers send their drawings; print how many were let through and how much memory that took."""
    value = '{"drawing": {"raw": {"objects": [' + ", ".join(["[]"] * LISTS) + "]}}}"
    async with AsyncExitStack() as stack:
        forgers = [await stack.enter_async_context(Forger(server.url)) for _ in range(FORGERS)]
        before = server.memory()
        for forger in forgers:
            await forger.forge(WidgetState(id=forger.canvas, json_value=value))
        taken = (server.memory() - before) / 1e6
        through = sum(forger.open_still for forger in forgers)
    print(f"of {FORGERS} drawings of {LISTS:,} empty lists {through} let through: {taken:,.0f} MB more", flush=True)


def draw() -> None:
    """Print how long a picture takes of as many points as are allowed, in one place or going to and fro there."""
    middle = np.full((MAX_POINTS, 2), PAD_SIDE / 2)
    turns = np.arange(MAX_POINTS)[:, None] % [2, 3] * (MAX_LENGTH_IN_SIDES * PAD_SIDE / MAX_POINTS)
    for name, line, pen in (
        ("in place, by a pen as wide as the pad", middle, float(PAD_SIDE)),
        ("to and fro, by a pen as wide as the pad", middle + turns, float(PAD_SIDE)),
        ("to and fro, by a pen without width", middle + turns, 0.0),
    ):
        began = time.perf_counter()
        render([line], [pen], (PAD_SIDE, PAD_SIDE))
        print(f"the picture of {MAX_POINTS:,} points {name}: {time.perf_counter() - began:.1f} s", flush=True)


def read(server: Server) -> None:
    """Print how long each of the heavy files takes over HTTP, and how much memory at its peak."""
    contents = {name: content for name, (content, _) in heavy.REFUSED.items()}
    for name, content in (contents | heavy.READ).items():
        sent, before = content(), server.memory()
        server.forget_peak()
        began = time.perf_counter()
        status, _ = server.predict(sent)
        seconds, taken = time.perf_counter() - began, server.memory("VmHWM") - before
        print(f"{name}, {len(sent):,} bytes: {status} after {seconds:.1f} s, {taken / 1e6:.0f} MB more")


def main() -> None:
    """Measure and print."""
    with Server() as server:
        during(fill(server))
    draw()
    with Server() as server:
        read(server)


if __name__ == "__main__":
    main()
