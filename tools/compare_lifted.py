"""Compare two commits' wait from a lifted pen to the guess: `python -m tools.compare_lifted BASE [STROKES]`.

One Chromium draws on both servers in turn, a stroke here and a stroke there, so that a machine that becomes slower
becomes so for both. Prints the median and 95th percentile of each, and the mean of their differences with its standard
error. The commit that BASE is compared with is what lies in this folder.
"""

import argparse
import statistics
import subprocess
import tarfile
import tempfile
from pathlib import Path

from playwright.sync_api import Locator, expect, sync_playwright

from mnist.files import ROOT
from tools.bench.__main__ import WATCHED_MILLISECONDS
from tools.harness import hand
from tools.harness.running import Server, chromium_options
from tools.harness.visitor import NO_GUESS, Visitor

GUESS = ".guess:not([hidden]), .st-key-guess"  # as it was called until November 2026
WATCH = """(selector) => {
    let began = null;
    const guess = () => document.querySelector(selector)?.textContent.trim();
    window.addEventListener('pointerup', () => { began = performance.now(); }, true);
    new MutationObserver(() => {
        if (began === null || guess() === '–') return;
        window.waited = performance.now() - began;
        began = null;
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


class VisitorOfAnyVersion(Visitor):
    """A visitor who finds the guess of earlier versions, too."""

    @property
    def guess(self) -> Locator:
        """The guess that is seen, alone."""
        return self.page.locator(GUESS).first


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", metavar="BASE")
    parser.add_argument("strokes", nargs="?", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        check_out(options.base, Path(temporary))
        with program_in(Path(temporary)) as base, program_in(ROOT) as here:
            before, after = waits((base.url, here.url), options.strokes)
    for name, each in ((options.base, before), ("here", after)):
        print(f"{name}: {statistics.median(each):.1f} ms, 95th percentile {high(each):.1f} ms, {len(each)} strokes")
    differences = [there - here for here, there in zip(before, after, strict=True)]
    error = statistics.stdev(differences) / len(differences) ** 0.5
    print(f"here minus {options.base}, stroke by stroke: {statistics.mean(differences):+.1f} ± {error:.1f} ms")


def check_out(commit: str, folder: Path) -> None:
    """Put a commit's files into a folder."""
    archive = folder / "commit.tar"
    subprocess.run(["git", "archive", "-o", str(archive), commit], cwd=ROOT, check=True)
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")


def program_in(folder: Path) -> Server:
    """Return the program that lies in a folder, as people install it."""
    absent = ROOT / "tools" / "absent"
    return Server(environment={"PYTHONPATH": f"{folder}:{absent}"}, under=("env", "-C", str(folder)))


def waits(urls: tuple[str, str], strokes: int) -> list[list[float]]:
    """Return how many milliseconds each stroke waited for its guess, for each of two servers."""
    with sync_playwright() as playwright, playwright.chromium.launch(**chromium_options()) as browser:
        visitors = [VisitorOfAnyVersion(browser.new_context(), url) for url in urls]
        for visitor in visitors:
            visitor.page.evaluate(WATCH, GUESS)
        each: list[list[float]] = [[], []]
        for number in range(strokes):
            for program in (0, 1) if number % 2 else (1, 0):
                each[program].append(draw(visitors[program], (3, 7)[number // 2 % 2]))
    return each


def high(waited: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(waited, n=20, method="inclusive")[-1]


def draw(visitor: Visitor, digit: int) -> float:
    """Draw a digit of one stroke, clear the pad again, and return how many milliseconds the guess took."""
    visitor.page.bring_to_front()
    visitor.draw(hand.DIGITS[digit][0])
    visitor.page.wait_for_timeout(WATCHED_MILLISECONDS)
    expect(visitor.guess).not_to_have_text(NO_GUESS)
    waited: float = visitor.page.evaluate("window.waited")
    visitor.press("clear")
    visitor.expect_guess(NO_GUESS)
    visitor.page.wait_for_timeout(WATCHED_MILLISECONDS)
    return waited


if __name__ == "__main__":
    main()
