"""`python -m tools.load`: measure how long a class waits at one server, ours and a usual one (`make load`).

`--soak MINUTES` measures the server's memory while thirty people come and go (`make soak`). The server and the people
are on this machine, which therefore does the work of both; nobody has a browser. Prints tables in Markdown.
"""

import argparse
import asyncio
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

from tools.harness.running import AS_INSTALLED, Server, during
from tools.harness.session import Session
from tools.load import crowd

PEOPLE = 30
ARRIVAL_SECONDS = 2.0  # within which they all come
PHOTOGRAPHERS = 10
SECONDS_BETWEEN_PHOTOGRAPHS = 5.0
DRAWINGS_OF_A_STAY = 20  # of each person before another comes, in the soak
MB = 1_000_000
HEAD = "| what | read | median | 95th percentile | longest | misread | lost |\n" + "| --- |" + 6 * " ---: |"
# the usual settings, where ours differ
COLLECTING = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true", "STREAMLIT_RUNNER_MAGIC_ENABLED": "true"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.load")
    parser.add_argument("--seconds", type=float, default=300, help="that they draw (default: %(default)s)")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="only this")
    options = parser.parse_args()
    print(f"on {os.cpu_count()} cores ({platform.machine()}), server and people side by side\n")
    if options.soak:
        with Server(environment=AS_INSTALLED) as server:
            soak(server, options.soak * 60)
        return
    print(HEAD)
    with Server(environment=AS_INSTALLED) as server:
        notes = ours(server, options.seconds)
    plain = Server("tools/load/plain_app.py", {**AS_INSTALLED, **COLLECTING})
    plain.start("/_stcore/health")
    try:
        usual(plain, options.seconds / 5)
    finally:
        plain.stop()
    print("", *notes, sep="\n")


def ours(server: Server, seconds: float) -> list[str]:
    """Print a row for each kind of load on our app; return sentences on its memory and on the training."""
    started = server.memory()
    during(crowd.draw_together(server.url, 1, 1.0, 1.0))  # the first visitor has all pages imported
    rest = server.memory()
    each = during(memory_of_people(server, rest))
    arriving(server, "thirty come within 2 s, each draws at once", Session)
    drawing(server, "30 people, each draws once a second", (30, 1.0, seconds), Session)
    drawing(server, "60 people, each draws every 2 s", (60, 2.0, seconds), Session)
    with_guesses(server, seconds / 5)
    told = during(beside_photographs(server, seconds / 5))
    return [
        f"memory when started {started / MB:,.0f} MB, at rest after the first visitor {rest / MB:,.0f} MB",
        f"{each / MB:.1f} MB more for each person whose page is open",
        f"what the page of the training said at the end: {told}",
    ]


def usual(server: Server, seconds: float) -> None:
    """Print rows for the same loads on the usual app, for a shorter time."""
    during(crowd.draw_together(server.url, 1, 1.0, 3.0, crowd.SessionWithPicture))  # the network is loaded
    arriving(server, "usual way: thirty come", crowd.SessionWithPicture)
    drawing(server, "usual way: 30 people, once a second", (30, 1.0, seconds), crowd.SessionWithPicture)


def arriving(server: Server, what: str, kind: Callable[[str], Session]) -> None:
    """Print a row: how long people who come all at once wait for their first answer."""
    print(during(crowd.arrive(server.url, PEOPLE, ARRIVAL_SECONDS, kind)).row(what), flush=True)


def drawing(server: Server, what: str, rhythm: tuple[int, float, float], kind: Callable[[str], Session]) -> None:
    """Print a row: how long people wait for each answer.

    `rhythm` is the number of people, the seconds between the drawings of each, and the seconds that they draw.
    """
    tally = during(crowd.draw_together(server.url, *rhythm, kind))
    print(tally.row(f"{what}, for {rhythm[-1]:.0f} s"), flush=True)
    for failure in sorted(set(tally.failed)):
        print(f"{tally.failed.count(failure)} × {failure}", file=sys.stderr)


def with_guesses(server: Server, seconds: float) -> None:
    """Print two rows: how long people wait for answers who draw all the time, and for guesses while their pens move."""
    sessions: list[crowd.SessionWithMovingPen] = []

    def kind(url: str) -> Session:
        sessions.append(crowd.SessionWithMovingPen(url))
        return sessions[-1]

    drawing(server, "30 people, each draws once a second, with guesses", (30, 1.0, seconds), kind)
    guesses = crowd.Tally([wait for session in sessions for wait in session.guesses])
    sent_away = sum(session.sent_away for session in sessions)
    print(guesses.row(f"and those guesses, up to 15 a second from each; {sent_away} sent away"), flush=True)


async def beside_photographs(server: Server, seconds: float) -> str:
    """Print two rows, of pads and of photographs, while somebody trains a net; return what that page said at last."""
    over, waits = asyncio.Event(), list[float]()
    trainer = crowd.Trainer(server.url, "train")
    async with asyncio.TaskGroup() as group:
        group.create_task(trainer.train(over))
        for number in range(PHOTOGRAPHERS):
            first = number * 4
            group.create_task(crowd.send_photographs(server.url, SECONDS_BETWEEN_PHOTOGRAPHS, over, first, waits))
        tally = await crowd.draw_together(server.url, 10, 1.0, seconds)
        over.set()
    print(tally.row(f"10 people draw once a second, beside {PHOTOGRAPHERS} with photographs and a training"))
    print(crowd.Tally(waits).row("and those photographs, one every 5 s from each"), flush=True)
    return trainer.told


async def memory_of_people(server: Server, rest: int) -> float:
    """Return how many bytes the server needs for each person who has opened the page, drawn, and stays."""
    async with AsyncExitStack() as stack:
        for number in range(PEOPLE):
            session = await stack.enter_async_context(Session(server.url))
            await session.draw(number % 10)
        return (server.memory() - rest) / PEOPLE


def soak(server: Server, seconds: float) -> None:
    """Let people come, draw and go; print the server's memory, a row a minute, and how far it grew after the first."""
    began, minutes = time.perf_counter(), list[float]()

    async def seat(tally: crowd.Tally) -> None:
        while (left := began + seconds - time.perf_counter()) > 0:
            async with Session(server.url) as session:
                await crowd.draw_in_time(session, 1.0, min(left, DRAWINGS_OF_A_STAY), len(tally.waits), tally)
            tally.failed.extend(session.exceptions)

    async def watch() -> None:
        print("| minute | memory |\n| ---: | ---: |", flush=True)
        while (left := began + seconds - time.perf_counter()) > 0:
            samples = []
            for _ in range(6):
                await asyncio.sleep(min(10, max(0.0, left)))
                samples.append(server.memory() / MB)
            minutes.append(statistics.mean(samples))
            print(f"| {len(minutes)} | {minutes[-1]:,.1f} MB |", flush=True)

    async def everybody() -> crowd.Tally:
        tally = crowd.Tally()
        await asyncio.gather(watch(), *(seat(tally) for _ in range(PEOPLE)))
        return tally

    tally = during(everybody())
    print(f"\n{HEAD}\n{tally.row(f'{PEOPLE} people, each gone after {DRAWINGS_OF_A_STAY} drawings')}\n")
    print(f"memory after the first minute {minutes[0]:,.1f} MB, in the last {minutes[-1]:,.1f} MB: ", end="")
    print(f"{minutes[-1] / minutes[0] - 1:+.1%}")


if __name__ == "__main__":
    main()
