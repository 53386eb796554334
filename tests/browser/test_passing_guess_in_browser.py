"""The guess while the pen moves, in Chromium: it follows, does not flicker, and gives way to the lifted pen's."""

import itertools
import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tools.harness import hand
from tools.harness.visitor import NO_GUESS, Points, Visitor

SEVEN, THREE = hand.DIGITS[7][0], hand.DIGITS[3][0]
SCRIBBLE = [(40.0, 40.0), (240.0, 60.0), (40.0, 100.0), (240.0, 130.0), (40.0, 180.0), (240.0, 210.0), (40.0, 240.0)]
COPIES = ".passing"
STEP_MILLISECONDS = 25
ASKED = "performance.getEntriesByType('resource').filter(each => each.name.endsWith('/guess'))"  # for a passing guess
# the milliseconds from the pen's first touch to the first passing guess
FIRST_GUESS = """() => {
    let began = null;
    window.addEventListener('mousedown', () => { began ??= performance.now(); }, true);
    new MutationObserver(() => {
        if (document.querySelector('.passing')) window.first ??= performance.now() - began;
    }).observe(document.body, { childList: true, subtree: true });
}"""


def drag(visitor: Visitor, line: Points, finger: bool = False) -> Callable[[], object]:
    """Draw a line as slowly as people do, and leave the pen down at its end; return what lifts it."""
    touch = visitor.context.new_cdp_session(visitor.page) if finger else None
    places = [
        (a[0] + (b[0] - a[0]) * part / 10, a[1] + (b[1] - a[1]) * part / 10)
        for a, b in itertools.pairwise(line)
        for part in range(10)
    ]
    for number, place in enumerate([*places, line[-1]]):
        x, y = visitor.at(*place)
        if touch:
            kind = "touchMove" if number else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        else:
            visitor.page.mouse.move(x, y)
            if not number:
                visitor.page.mouse.down()
        visitor.page.wait_for_timeout(STEP_MILLISECONDS)
    if touch:
        return lambda: touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    return visitor.page.mouse.up


def expect_passing(visitor: Visitor, guess: str) -> None:
    expect(visitor.page.locator(f".guess{COPIES}")).to_have_text(guess)
    expect(visitor.page.locator(f".guess{COPIES}")).to_be_visible()


def expect_no_copies(visitor: Visitor) -> None:
    expect(visitor.page.locator(COPIES)).to_have_count(0)
    expect(visitor.page.locator(".st-key-reading [hidden], .st-key-slate [hidden]")).to_have_count(0)


def answer_with(visitor: Visitor, guesses: Iterator[str]) -> None:
    """Let the server's passing guesses be these, one after the other."""

    def answer(route: Route) -> None:
        guess = next(guesses)
        said = {"guess": guess, "sentence": f"Looks like a {guess}.", "rows": "<ol class='bars'></ol>", "boxes": ""}
        route.fulfill(status=200, content_type="application/json", body=json.dumps(said))

    visitor.page.route("**/guess", answer)


def asked(visitor: Visitor) -> list[float]:
    """Return when the browser asked for a guess, in milliseconds."""
    times: list[float] = visitor.page.evaluate(f"{ASKED}.map(each => each.startTime)")
    return times


@pytest.mark.parametrize("finger", [False, True], ids=["mouse", "finger on a phone"])
def test_the_guess_is_there_before_the_pen_is_lifted(visit: Visit, finger: bool) -> None:
    visitor = visit(390, 844, touch=True) if finger else visit()
    announcement = visitor.page.locator(".st-key-announcement").get_by_role("status")
    lift = drag(visitor, SEVEN, finger)
    expect_passing(visitor, "7")
    expect(visitor.page.locator(f".sentence{COPIES}")).to_have_text("Looks like a 7.")
    expect(visitor.page.locator(".bars.passing .best b")).to_have_text("7")
    expect(visitor.page.locator(f"{COPIES}:not([aria-hidden=true])")).to_have_count(0)
    expect(announcement).to_have_text("Draw a digit or a number.")
    visitor.screenshot(f"passing-{'phone' if finger else 'desk'}")
    lift()
    expect(announcement).to_contain_text("It's a 7.")
    expect_no_copies(visitor)
    visitor.expect_guess("7")


def test_digits_of_a_number_have_boxes_while_they_are_drawn(visitor: Visitor) -> None:
    for digit, right in ((3, -100.0), (7, 80.0)):
        drag(visitor, [(x * 0.6 + right + 30, y * 0.6 + 50) for x, y in hand.DIGITS[digit][0]])
        expect_passing(visitor, "37"[: 1 if digit == 3 else 2])
        expect(visitor.page.locator(".boxes.passing > div")).to_have_count(0 if digit == 3 else 2)
        expect(visitor.page.locator(".bars.passing > li")).to_have_count(10 if digit == 3 else 2)
        visitor.page.mouse.up()
        expect_no_copies(visitor)
    visitor.expect_guess("37")


def test_a_second_stroke_is_read_with_the_first(visitor: Visitor) -> None:
    visitor.draw(hand.DIGITS[4][0])
    visitor.expect_strokes(1)
    drag(visitor, hand.DIGITS[4][1])
    expect_passing(visitor, "4")
    visitor.page.mouse.up()
    visitor.expect_guess("4")
    expect_no_copies(visitor)


def test_the_word_on_the_empty_pad_is_gone_with_the_first_touch_and_back_with_clear(visitor: Visitor) -> None:
    word = visitor.page.get_by_text("Draw a digit here")
    expect(word).to_be_visible()
    lift = drag(visitor, SEVEN)
    expect(word).to_be_hidden()
    lift()
    visitor.expect_guess("7")
    expect(word).to_be_hidden()
    visitor.press("clear")
    expect(word).to_be_visible()


def test_nothing_is_said_in_the_first_half_second(visitor: Visitor) -> None:
    visitor.page.evaluate(FIRST_GUESS)
    drag(visitor, SEVEN)
    expect_passing(visitor, "7")
    visitor.page.mouse.up()
    assert visitor.page.evaluate("first") >= 500


def test_a_guess_that_comes_only_once_is_not_shown(visitor: Visitor) -> None:
    answer_with(visitor, itertools.chain(12 * "5", "35353535", itertools.repeat("8")))
    seen: list[str] = []
    visitor.page.expose_function("see", lambda guess: seen.extend([guess]))
    visitor.page.evaluate(
        "new MutationObserver(() => { const copy = document.querySelector('.guess.passing');"
        "if (copy) see(copy.textContent); }).observe(document.body, { childList: true, subtree: true })"
    )
    drag(visitor, THREE)
    expect_passing(visitor, "8")
    visitor.page.mouse.up()
    visitor.expect_guess("3")
    assert set(seen) == {"5", "8"}


def test_what_stands_when_the_pen_is_lifted_is_the_runs(visitor: Visitor) -> None:
    answer_with(visitor, itertools.repeat("9"))
    drag(visitor, SEVEN)
    expect_passing(visitor, "9")
    visitor.page.mouse.up()
    visitor.expect_guess("7")
    expect_no_copies(visitor)
    visitor.press("clear")
    visitor.expect_guess(NO_GUESS)
    drag(visitor, SCRIBBLE)
    expect_passing(visitor, "9")
    visitor.page.mouse.up()
    expect_no_copies(visitor)
    visitor.expect_guess(NO_GUESS)  # as before: nothing of the page's own has changed
    expect(visitor.sentence).to_have_text("This does not look like a digit.")


def test_another_button_draws_nothing_and_a_hovering_mouse_neither(visitor: Visitor) -> None:
    x, y = visitor.at(140, 140)
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down(button="right")
    for step in range(40):
        visitor.page.mouse.move(x + step, y + 2 * step)
        visitor.page.wait_for_timeout(STEP_MILLISECONDS)
    visitor.page.mouse.up(button="right")
    assert asked(visitor) == []
    drag(visitor, SEVEN)
    expect_passing(visitor, "7")
    visitor.page.mouse.up()
    visitor.expect_guess("7")
    expect_no_copies(visitor)


def test_a_stroke_that_the_system_ends_and_a_second_finger_leave_nothing_behind(visit: Visit) -> None:
    visitor = visit(390, 844, touch=True)
    touch = visitor.context.new_cdp_session(visitor.page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
        visitor.page.wait_for_timeout(STEP_MILLISECONDS)

    thumb = visitor.at(10, 330)  # beside the pad
    for a, b in itertools.pairwise(SEVEN):
        for part in range(10):
            place = visitor.at(a[0] + (b[0] - a[0]) * part / 10, a[1] + (b[1] - a[1]) * part / 10)
            if a == SEVEN[0] and part == 0:
                send("touchStart", place)
            send("touchMove", place)
    expect_passing(visitor, "7")
    send("touchStart", visitor.at(*SEVEN[-1]), thumb)
    send("touchCancel")
    expect_no_copies(visitor)
    drag(visitor, THREE, finger=True)()
    expect_no_copies(visitor)
    expect(visitor.guess).not_to_have_text(NO_GUESS)


def test_a_busy_server_is_asked_again_a_second_later(visitor: Visitor) -> None:
    visitor.page.route("**/guess", lambda route: route.fulfill(status=503, body='{"error": "busy"}'))
    drag(visitor, [*THREE, *THREE])
    visitor.page.wait_for_function(f"{ASKED}.length >= 2")
    visitor.page.mouse.up()
    times = asked(visitor)
    assert min(b - a for a, b in itertools.pairwise(times)) >= 990
    visitor.expect_strokes(1)  # the lifted pen's is not refused
    assert {problem[:40] for problem in visitor.problems} == {"console: Failed to load resource: the se"}
    visitor.problems.clear()


def test_it_is_asked_fifteen_times_a_second_at_most(visitor: Visitor) -> None:
    drag(visitor, [*THREE, *THREE])
    visitor.page.mouse.up()
    visitor.page.wait_for_timeout(300)
    times = asked(visitor)
    assert len(times) > 10
    assert (len(times) - 1) / (times[-1] - times[0]) * 1000 <= 15.5
    visitor.page.wait_for_timeout(300)
    assert asked(visitor) == times
