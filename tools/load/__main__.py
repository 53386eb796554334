"""`python -m tools.load`: what a class at one server waits for, ours and a usual one (`make load`).

`--soak MINUTES`: thirty people who come and go for so long, and what becomes of the server's memory (`make soak`).
Server and people are on this machine, which therefore does the work of both; nobody has a browser.
"""

import argparse
import asyncio
import os
import platform
import statistics
import time
from collections.abc import Callable

from tools.harness.running import AS_INSTALLED, Server, during
from tools.harness.session import Session
from tools.load import crowd

PEOPLE = 30
ARRIVAL = 2.0  # seconds within which they all come
PHOTOGRAPHERS, BETWEEN_PHOTOGRAPHS = 10, 5.0  # people, seconds
STAY = 20  # drawings of each person before another comes, in the soak
MB = 1_000_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.load")
    parser.add_argument("--seconds", type=float, default=300, help="that they draw (default: %(default)s)")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="only this")
    options = parser.parse_args()
    print(f"on {os.cpu_count()} cores ({platform.machine()}), server and people side by side\n")
    if options.soak:
        with_server(Server(environment=AS_INSTALLED), lambda server: soak(server, options.soak * 60))
        return
    print("| what | read | median | 95th percentile | longest | misread | lost |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with_server(Server(environment=AS_INSTALLED), lambda server: ours(server, options.seconds))
    collecting = {
        **AS_INSTALLED,
        "STREAMLIT_RUNNER_POST_SCRIPT_GC": "true",
        "STREAMLIT_RUNNER_MAGIC_ENABLED": "true",
    }
    plain = Server("tests/load/plain_app.py", collecting)
    with_server(plain, lambda server: usual(server, options.seconds / 5), "/_stcore/health")


def with_server(server: Server, measure: Callable[[Server], None], ready: str = "/ready") -> None:
    """Start it, measure, and stop it whatever happens."""
    server.start(ready)
    try:
        measure(server)
    finally:
        server.stop()


def ours(server: Server, seconds: float) -> None:
    """Our app: a row for each kind of load, then its memory."""
    rest = server.memory()
    each = during(memory_of_people(server, rest))
    arriving(server, "thirty come within 2 s, each draws at once", Session)
    drawing(server, "30 people, each draws once a second", (30, 1.0, seconds), Session)
    drawing(server, "60 people, each draws every 2 s", (60, 2.0, seconds), Session)
    during(beside_photographs(server, seconds / 5))
    print(f"\nmemory at rest {rest / MB:,.0f} MB, {each / MB:.1f} MB more for each person whose page is open")


def usual(server: Server, seconds: float) -> None:
    """The usual way: the same rows, for a shorter time."""
    during(crowd.draw_together(server.url, 1, 1.0, 3.0, crowd.SessionWithPicture))  # the network is loaded
    arriving(server, "usual way: thirty come", crowd.SessionWithPicture)
    drawing(server, "usual way: 30 people, once a second", (30, 1.0, seconds), crowd.SessionWithPicture)


def arriving(server: Server, what: str, kind: Callable[[str], Session]) -> None:
    """A row of how long those who come all at once wait for their first answer."""
    print(during(crowd.arrive(server.url, PEOPLE, ARRIVAL, kind)).row(what), flush=True)


def drawing(server: Server, what: str, rhythm: tuple[int, float, float], kind: Callable[[str], Session]) -> None:
    """A row of how long they wait for each answer; `rhythm`: people, seconds between drawings of each, seconds."""
    tally = during(crowd.draw_together(server.url, *rhythm, kind))
    print(tally.row(f"{what}, for {rhythm[-1]:.0f} s"), flush=True)
    for failure in sorted(set(tally.failed)):
        print(f"  {tally.failed.count(failure)} × {failure}")


async def beside_photographs(server: Server, seconds: float) -> None:
    """Two rows, of the pads and of the photographs, while somebody trains a net on its page."""
    over, waits = asyncio.Event(), list[float]()
    trainer = crowd.Trainer(server.url, "train")
    async with asyncio.TaskGroup() as group:
        group.create_task(trainer.train(over))
        for number in range(PHOTOGRAPHERS):
            first = number * 4
            group.create_task(crowd.send_photographs(server.url, BETWEEN_PHOTOGRAPHS, over, first, waits))
        tally = await crowd.draw_together(server.url, 10, 1.0, seconds)
        over.set()
    print(tally.row(f"10 people draw once a second, beside {PHOTOGRAPHERS} with photographs and a training"))
    print(crowd.Tally(waits).row("and those photographs, one every 5 s from each"), flush=True)
    print(f"\nwhat the page of the training said at the end: {trainer.told}")


async def memory_of_people(server: Server, rest: int) -> float:
    """Bytes beyond those at rest that it needs for each person who has opened the page, drawn, and stays."""
    sessions = [Session(server.url) for _ in range(PEOPLE)]
    for number, session in enumerate(sessions):
        await session.open()
        await session.draw(number % 10)
    each = (server.memory() - rest) / PEOPLE
    for session in sessions:
        await session.close()
    return each


def soak(server: Server, seconds: float) -> None:
    """People come, draw and go; a row a minute of the server's memory, then by how much it grew after the first."""
    began, minutes = time.perf_counter(), list[float]()

    async def seat(tally: crowd.Tally) -> None:
        while (left := began + seconds - time.perf_counter()) > 0:
            session = Session(server.url)
            await session.open()
            await crowd.draw_in_time(session, 1.0, min(left, STAY), len(tally.waits), tally)
            await session.close()
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

    print("| what | read | median | 95th percentile | longest | misread | lost |")
    print(during(everybody()).row(f"soak: {PEOPLE} people, each gone after {STAY} drawings"))
    print(f"memory after the first minute {minutes[0]:,.1f} MB, in the last {minutes[-1]:,.1f} MB: ", end="")
    print(f"{minutes[-1] / minutes[0] - 1:+.1%}")


if __name__ == "__main__":
    main()
