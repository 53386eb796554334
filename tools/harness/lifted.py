"""Measure how long a guess takes from the lifted pen, in one Chromium at two servers in turn."""

from playwright.sync_api import Locator, expect, sync_playwright

from tools.harness import hand
from tools.harness.running import chromium_options
from tools.harness.visitor import NO_GUESS, Visitor

WATCHED_MILLISECONDS = 250  # after a pen is lifted; to look into the page meanwhile would keep it busy
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
