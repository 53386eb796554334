"""`python -m tools.load.measure_draw`: measure where the server's time goes while thirty people draw.

A hundred times a second py-spy notes which thread holds Python's lock, for which all the others wait. Such a look
counts for the innermost function of this project on the thread's stack and the library that it has called, or for the
loop of all connections. py-spy has to be allowed to look into another process: on Linux by
`kernel.yama.ptrace_scope`, or as root.
"""

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tools.harness.running import AS_INSTALLED, Server, during
from tools.load import crowd

PEOPLE = 30
MAX_ROWS = 20
SPY = Path(sys.executable).with_name("py-spy")
FRAME = re.compile(r"(?P<function>.+) \((?P<file>.+)\)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.load.measure_draw")
    parser.add_argument("--seconds", type=int, default=60, help="that they draw, twice (default: %(default)s)")
    seconds = parser.parse_args().seconds
    with Server(environment=AS_INSTALLED) as server:
        during(crowd.draw_together(server.url, PEOPLE, 1.0, 10))  # the first people wait for more than a drawing
        spent = server.processor_time()
        tally = during(crowd.draw_together(server.url, PEOPLE, 1.0, seconds))
        each = (server.processor_time() - spent) / len(tally.waits)
        looks = during(watched(server, seconds))
    drawings = f"{len(tally.waits):,} drawings, the pages' opening included"
    print(f"{1000 * each:.1f} ms of processor time for each of {drawings}")
    print(f"\n| where, of {looks.total():,} looks | share |\n| --- | ---: |")
    for place, count in looks.most_common(MAX_ROWS):
        print(f"| {place} | {count / looks.total():.1%} |")


async def watched(server: Server, seconds: int) -> Counter[str]:
    """Count how often each place is met while people draw on."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "stacks")
        spy = [SPY, "record", "--gil", "--nolineno", "--format=raw", f"--duration={seconds}", f"--output={file}"]
        command = [*map(str, spy), f"--pid={server.pid}"]
        async with asyncio.TaskGroup() as group:
            group.create_task(crowd.draw_together(server.url, PEOPLE, 1.0, seconds + 5))
            group.create_task(asyncio.to_thread(subprocess.run, command, check=True, capture_output=True))
        lines = file.read_text().splitlines()
    looks = Counter[str]()
    for stack, _, count in (line.rpartition(" ") for line in lines):
        looks[place(stack.split(";"))] += int(count)
    return looks


def place(frames: list[str]) -> str:
    """Name the place that a look at this stack, the outermost frame first, counts for."""
    parsed = [match.groupdict() for match in map(FRAME.fullmatch, frames) if match]
    if not parsed:
        return "somewhere between two calls"
    library = re.split(r"[/.]", parsed[-1]["file"])[0]
    if any(frame["file"] == "uvicorn/server.py" for frame in parsed):
        return f"connections and messages, in {library}"
    for frame in reversed(parsed):
        if frame["file"].startswith("mnist/"):
            return f"`{frame['file']}`, `{frame['function']}`" + ("" if library == "mnist" else f", in {library}")
    return f"what surrounds a page's run, in {library}"


if __name__ == "__main__":
    main()
