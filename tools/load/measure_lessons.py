"""`python -m tools.load.measure_lessons`: measure how long one waits at the pad while others are at the lessons.

One person draws, others run a lesson's page anew once a second each; at last one network is trained. All of it is on
this machine, over Streamlit's own protocol, without a browser.
"""

import asyncio
import statistics
from contextlib import AsyncExitStack

from tools.harness.running import Server, during
from tools.harness.session import Session
from tools.harness.waits import percentile_95
from tools.load.crowd import Trainer

DRAWINGS = 40
PAUSE_SECONDS = 0.5  # between drawings
LESSONS = ("inside", "break", "report", "challenge")
PUPILS = (0, 1, 3, 5, 10)  # at a lesson


async def look(session: Session, waits: list[float], over: asyncio.Event) -> None:
    """Run a lesson's page once a second until the lesson is over."""
    while not over.is_set():
        waits.append(await session.run_again())
        await asyncio.sleep(max(0.0, 1 - waits[-1]))


async def draw(url: str) -> list[float]:
    """Draw digit after digit; return the seconds until each was read."""
    waits = []
    async with Session(url) as session:
        for number in range(DRAWINGS):
            waits.append(await session.draw(number % 10, shift=float(number % 7)))
            await asyncio.sleep(PAUSE_SECONDS)
    return waits


async def measure(url: str, page: str, pupils: int) -> None:
    """Draw beside so many pupils at a lesson, and print a row."""
    lessons, over = list[float](), asyncio.Event()
    async with AsyncExitStack() as stack:
        others = [await stack.enter_async_context(Session(url, page)) for _ in range(pupils)]
        async with asyncio.TaskGroup() as group:
            for session in others:
                group.create_task(look(session, lessons, over))
            waits = await draw(url)
            over.set()
    assert not any(session.exceptions for session in others), [session.exceptions for session in others]
    at_lesson = f"{1000 * statistics.median(lessons):.0f} ms" if lessons else ""
    print(f"| {page} | {pupils} | {_milliseconds(waits)} | {at_lesson} |", flush=True)


async def measure_training(url: str) -> None:
    """Draw beside a training, begun on its page, and print a row."""
    trainer, over = Trainer(url, "train"), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(trainer.train(over))
        while not trainer.told.startswith("It has seen"):
            await asyncio.sleep(0.1)
        print(f"| training | 1 | {_milliseconds(await draw(url))} | |", flush=True)
        over.set()


def _milliseconds(waits: list[float]) -> str:
    return f"{1000 * statistics.median(waits):.0f} ms | {1000 * percentile_95(waits):.0f} ms"


def main() -> None:
    """Measure and print."""
    with Server() as server:
        print("| lesson | pupils at it | pad, median | pad, 95th percentile | lesson, median |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for page in LESSONS:
            for pupils in PUPILS:
                during(measure(server.url, page, pupils))
        during(measure_training(server.url))


if __name__ == "__main__":
    main()
