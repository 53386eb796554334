"""`python -m tools.load.measure_growth`: the server's memory after visitors who are gone, of whom nothing should stay.

A visitor draws ten digits, or sends ten photographs, and leaves; then the next comes. Prints a table in Markdown.
"""

import itertools
import time
from collections.abc import Callable, Coroutine
from typing import Any

from tools.harness.running import AS_INSTALLED, Server, during
from tools.harness.session import Session
from tools.load.crowd import PHOTOGRAPHS, Photographer

EACH = 10  # drawings or photographs of a visitor
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


VISITS: list[tuple[str, int, Callable[[str], Coroutine[Any, Any, None]]]] = [
    ("drawings", 50, draws),
    ("photographs", 10, photographs),
]  # what there is to count, and visitors for a row


def main() -> None:
    """Measure and print."""
    print("| after | memory | at most meanwhile |\n| --- | ---: | ---: |")
    with Server(environment=AS_INSTALLED) as server:
        for what, visitors, visit in VISITS:
            during(visit(server.url))  # what is loaded once
            for step in range(STEPS + 1):
                server.forget_peak()
                for _ in range(visitors * (step > 0)):
                    during(visit(server.url))
                say(f"{step * visitors * EACH} {what}", server)
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
