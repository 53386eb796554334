"""`make bench`: measure how long a person waits, with the real server in a real browser (docs/performance.md).

Prints a table in Markdown.
With CONTAINER_IMAGE (and CONTAINER_ENGINE, where that is not Docker) the image's start and stop are measured, too.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from mnist.files import ROOT
from tools.harness import hand
from tools.harness.engine import Engine
from tools.harness.lifted import WATCHED_MILLISECONDS
from tools.harness.running import AS_INSTALLED, Server, answers, chromium_options, free_port, wait_until
from tools.harness.visitor import Visitor, go_to
from tools.harness.waits import percentile_95

STROKES = 50
STARTS = 5
MOVES_A_STROKE = 50  # sixty a second
DRAWINGS = 3500
SAMPLES = 500
# milliseconds of each call, in a process that may use one core only, its first calls left out
NETWORK = f"""
import json, os, time
os.sched_setaffinity(0, {{min(os.sched_getaffinity(0))}})
import numpy as np
from mnist.reading.classifier import Classifier
classifier = Classifier.load()
samples = np.random.default_rng(0).random(({SAMPLES} + 50, 1, 28, 28), np.float32)
times = []
for sample in samples:
    began = time.perf_counter()
    classifier.network(sample)
    times.append((time.perf_counter() - began) * 1000)
print(json.dumps(times[50:]))
"""
# milliseconds from an event to the change in a part of the page that follows, taken inside the page
WATCH = """([event, selector]) => {
    const part = document.querySelector(selector);
    let began = null;
    window.waits = [];
    window.addEventListener('pointerdown', () => { began = null; }, true);  // passing guesses are another matter
    window.addEventListener(event, () => { began = performance.now(); }, true);
    new MutationObserver(() => {
        if (began === null || part.querySelector('.guess.empty')) return;
        window.waits.push(performance.now() - began);
        began = null;
    }).observe(part, { childList: true, characterData: true, attributeFilter: ['src'], subtree: true });
}"""
OTHERS = """
import sys
from tools.harness.running import during
from tools.load.crowd import SessionWithMovingPen, draw_together
during(draw_together(sys.argv[1], 10, 1.0, 600.0, SessionWithMovingPen))
"""
# milliseconds from each move of the pen to the answer to the first request made after it, which shows the guess
MOVES = """() => {
    window.moves = [];
    window.lifted = [];
    performance.setResourceTimingBufferSize(100000);
    window.addEventListener('mousemove', event => { if (event.buttons) moves.push(event.timeStamp); }, true);
    window.addEventListener('mouseup', event => lifted.push(event.timeStamp), true);
}"""
ANSWERED = """() => {
    const asked = performance.getEntriesByType('resource').filter(each => each.name.endsWith('/guess'));
    return moves
        .map(move => [move, asked.find(each => each.startTime >= move), lifted.find(lift => lift > move)])
        .filter(([, next, lift]) => next?.responseStatus === 200 && next.startTime < lift)  // not those at its end
        .map(([move, next]) => next.responseEnd - move);
}"""


def main() -> None:
    """Measure and print."""
    print(f"on {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}\n")
    print("| what | median | 95th percentile | of |")
    print("| --- | ---: | ---: | --- |")
    health, ready = zip(*(start() for _ in range(STARTS)), strict=True)
    row("process start to page", health, "s", f"{STARTS} starts")
    row("process start to model ready", ready, "s", f"{STARTS} starts")
    if "CONTAINER_IMAGE" in os.environ:
        ready, stopped = zip(*(start_container(Engine()) for _ in range(STARTS)), strict=True)
        row("container start to model ready", ready, "s", f"{STARTS} starts")
        row("container asked to stop to its end", stopped, "s", f"{STARTS} stops")
    with Server("tools/bench/timed_app.py", AS_INSTALLED) as server:
        row("pen lifted to guess, in Chromium", draw(server.url), "ms", f"{STROKES} strokes")
        with urllib.request.urlopen(server.url + "/times") as answer:
            row("reading, inside the app", [second * 1000 for second in json.load(answer)], "ms", f"{STROKES} strokes")
    with Server(environment=AS_INSTALLED) as server:
        alone, beside = move(server.url), beside_others(server.url)
        row("pen moving to guess, in Chromium", alone, "ms", f"{len(alone):,} moves in {STROKES} strokes")
        row("the same, while ten others draw", beside, "ms", f"{len(beside):,} moves in {STROKES} strokes")
        row("slider moved to picture, in Chromium", slide(server.url), "ms", f"{STROKES} moves on “Break it”")
    row("network alone, one sample on one core", network(), "ms", f"{SAMPLES} samples, one by one")
    picture = str(ROOT / "data" / "seven.png")
    row("`predict` a picture", [predict(picture) for _ in range(STARTS)], "s", f"{STARTS} runs, start included")
    with tempfile.TemporaryDirectory() as folder:
        write_drawings(Path(folder))
        times = [predict(folder) for _ in range(3)]
    row(f"`predict` a folder of {DRAWINGS:,} drawings", times, "s", "3 runs, start included")


def network() -> list[float]:
    """Return how many milliseconds the network takes for each sample alone, on one core."""
    done = subprocess.run([sys.executable, "-c", NETWORK], capture_output=True, check=True)
    return json.loads(done.stdout)


def write_drawings(folder: Path) -> None:
    """Write a folder of drawings, all different."""
    rng = np.random.default_rng(0)
    for number in range(DRAWINGS):
        drawn = hand.strokes(number % 10, rng.uniform(0.3, 1.2), (rng.uniform(0, 40), rng.uniform(0, 40)))
        Path(folder, f"{number:04}.json").write_text(json.dumps(hand.canvas_drawing(drawn)))


def predict(path: str) -> float:
    """Return how many seconds the command line takes for a picture or a folder."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "mnist", "predict", path]
    subprocess.run(command, env={**os.environ, **AS_INSTALLED}, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def start() -> tuple[float, float]:
    """Return the seconds from the start of the process to the page, and to the model being ready."""
    server = Server(environment=AS_INSTALLED)
    began = time.perf_counter()
    health = server.start("/_stcore/health")
    wait_until(lambda: answers(server.url + "/ready"))
    ready = time.perf_counter() - began
    server.stop()
    return health, ready


def start_container(engine: Engine) -> tuple[float, float]:
    """Return the seconds from a container's start to the model being ready, and from the order to stop to its end."""
    port = free_port()
    name = f"mnist-draw-bench-{port}"
    began = time.perf_counter()
    engine.start("--name", name, "--publish", f"127.0.0.1:{port}:8501", "--read-only", "--tmpfs", "/tmp")  # noqa: S108
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/ready"))
    ready = time.perf_counter() - began
    began = time.perf_counter()
    engine("stop", name)
    stopped = time.perf_counter() - began
    engine("rm", name)
    return ready, stopped


def draw(url: str) -> list[float]:
    """Draw in Chromium; return how many milliseconds each stroke waits for its guess."""
    with sync_playwright() as playwright, playwright.chromium.launch(**chromium_options()) as browser:
        visitor = Visitor(browser.new_context(), url)
        visitor.page.evaluate(WATCH, ["pointerup", ".st-key-reading"])
        for number in range(STROKES):
            digit = (3, 7)[number % 2]
            visitor.draw(hand.DIGITS[digit][0])
            visitor.page.wait_for_timeout(WATCHED_MILLISECONDS)
            visitor.expect_guess(str(digit))
            visitor.press("clear")
            visitor.expect_guess("–")
            visitor.page.wait_for_timeout(200)
        return visitor.page.evaluate("window.waits")


def move(url: str) -> list[float]:
    """Draw slowly in Chromium; return how many milliseconds each move of the pen waits for its passing guess."""
    with sync_playwright() as playwright, playwright.chromium.launch(**chromium_options()) as browser:
        visitor = Visitor(browser.new_context(), url)
        visitor.page.evaluate(MOVES)
        for _ in range(STROKES):
            line = np.array(hand.DIGITS[3][0])
            visitor.page.mouse.move(*visitor.at(*line[0]))
            visitor.page.mouse.down()
            for place in np.linspace(0, len(line) - 1, MOVES_A_STROKE):
                visitor.page.wait_for_timeout(1000 / 60)
                x, y = (np.interp(place, range(len(line)), line[:, axis]) for axis in (0, 1))
                visitor.page.mouse.move(*visitor.at(x, y))
            visitor.page.mouse.up()
            visitor.expect_guess("3")
            visitor.press("clear")
            visitor.expect_guess("–")
        return visitor.page.evaluate(ANSWERED)


def beside_others(url: str) -> list[float]:
    """Return the same while ten people draw once a second, whose browsers ask for guesses as well."""
    crowd = subprocess.Popen([sys.executable, "-c", OTHERS, url])
    try:
        return move(url)
    finally:
        crowd.terminate()
        crowd.wait()


def slide(url: str) -> list[float]:
    """Move a slider in Chromium; return how many milliseconds each move waits for its picture."""
    with sync_playwright() as playwright, playwright.chromium.launch(**chromium_options()) as browser:
        page = Visitor(browser.new_context(), url).page
        go_to(page, "Break it")
        page.locator(".st-key-curve .stVegaLiteChart").wait_for()
        page.evaluate(WATCH, ["keydown", ".st-key-scene"])
        page.get_by_role("slider", name="Turn").focus()
        for number in range(STROKES):
            page.keyboard.press(("ArrowRight", "ArrowLeft")[number // 5 % 2])
            page.wait_for_timeout(500)
        waits: list[float] = page.evaluate("window.waits")
    assert len(waits) == STROKES, f"{len(waits)} of {STROKES} moves were seen"
    return waits


def row(what: str, values: list[float] | tuple[float, ...], unit: str, sample: str) -> None:
    """Print a row of the table."""
    places = 2 if unit == "s" or max(values) < 20 else 0
    times = " | ".join(f"{value:.{places}f} {unit}" for value in (statistics.median(values), percentile_95(values)))
    print(f"| {what} | {times} | {sample} |", flush=True)


if __name__ == "__main__":
    main()
