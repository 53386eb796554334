"""`python -m tools.load.measure_growth`: the server's memory after visitors who are gone, of whom nothing should stay.

A visitor draws ten digits, sends ten photographs, or has a net learn, and leaves; then the next comes. Prints a table
in Markdown.
"""

import asyncio
import itertools
import time
from collections.abc import Callable, Coroutine
from typing import Any

from tools.harness.running import AS_INSTALLED, Server, during
from tools.harness.session import Session
from tools.load.crowd import PHOTOGRAPHS, Photographer, Trainer

EACH = 10  # drawings or photographs of a visitor
LESSON_SECONDS = 20.0  # that a visitor looks on
STEPS = 5  # rows for each kind of visitor
REST_SECONDS = 180.0  # at the end of each kind: Streamlit keeps who is gone for two minutes, in case they come back


async def draws(url: str) -> None:
    """Draw ten digits."""
    async with Session(url) as session:
        for digit in range(EACH):
            await session.draw(digit)


async def photographs(url: str) -> None:
    """Send ten photographs."""
    async with Photographer(url, "photos") as session:
        for photograph in itertools.islice(itertools.cycle(PHOTOGRAPHS), EACH):
            await session.upload(photograph)


async def has_a_net_learn(url: str) -> None:
    """Have a net learn, and look on."""
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(LESSON_SECONDS, over.set)
    await Trainer(url, "train").train(over)


VISITS: list[tuple[str, int, int, Callable[[str], Coroutine[Any, Any, None]]]] = [
    ("drawings", 50, EACH, draws),
    ("photographs", 10, EACH, photographs),
    ("nets", 2, 1, has_a_net_learn),
]  # what there is to count, visitors for a row, and how many of it each makes


def main() -> None:
    """Measure and print."""
    print("| after | memory | at most meanwhile |\n| --- | ---: | ---: |")
    with Server(environment=AS_INSTALLED) as server:
        for what, visitors, each, visit in VISITS:
            during(visit(server.url))  # what is loaded once
            for step in range(STEPS + 1):
                server.forget_peak()
                for _ in range(visitors * (step > 0)):
                    during(visit(server.url))
                say(f"{step * visitors * each} {what}", server)
            server.forget_peak()
            time.sleep(REST_SECONDS)
            during(visit(server.url))  # who comes has those who are gone forgotten
            say("three minutes' rest and another visitor", server)


def say(after: str, server: Server) -> None:
    """Print a row."""
    now, most = server.memory() / 1e6, server.memory("VmHWM") / 1e6
    print(f"| {after} | {now:.0f} MB | {most:.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
