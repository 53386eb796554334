"""`python -m tests.load.measure_forgers`: what it costs when somebody sends what no page would (SECURITY.md).

Forty open pages that each send a drawing of empty lists, and the picture of the drawing that takes longest to be drawn
of all that are let through. On this machine alone.
"""

import time

import numpy as np
from streamlit.proto.WidgetStates_pb2 import WidgetState

from mnist import strokes
from mnist.strokes import MAX_POINTS
from mnist.web import board
from tests.load.forger import Forger
from tests.running import Server, during

FORGERS = 40
LISTS = 149_000  # "[]" fills memory as little else of its length does


async def fill(server: Server) -> None:
    """Have the forgers send theirs, and print how many were let through and what the server took for it."""
    forgers = [Forger(server.url) for _ in range(FORGERS)]
    for forger in forgers:
        await forger.open()
    before = server.memory()
    value = '{"drawing": {"raw": {"objects": [' + ", ".join(["[]"] * LISTS) + "]}}}"
    for forger in forgers:
        widget = next(name for name in forger.widgets if name.endswith("-canvas"))
        await forger.forge(WidgetState(id=widget, json_value=value))
    taken = (server.memory() - before) / 1e6
    through = sum(forger.open_still for forger in forgers)
    print(f"of {FORGERS} drawings of {LISTS:,} empty lists {through} let through: {taken:,.0f} MB more", flush=True)
    for forger in forgers:
        await forger.close()


def draw_in_place() -> None:
    """Print how long the picture takes of a pen as wide as the pad that stays where it is."""
    middle = np.full((MAX_POINTS, 2), board.SIDE / 2)
    began = time.perf_counter()
    strokes.render([middle], [float(board.SIDE)], (board.SIDE, board.SIDE))
    print(f"the picture of {MAX_POINTS:,} points in place: {time.perf_counter() - began:.1f} s", flush=True)


def main() -> None:
    """Print a line for each."""
    server = Server()
    server.start()
    during(fill(server))
    server.stop()
    draw_in_place()


if __name__ == "__main__":
    main()
