"""The challenge, as a pupil takes it: three digits drawn, one of them misread and put right, all taken home."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from mnist.data import people
from tests.browser.conftest import Visit, sideways, write
from tools.harness.visitor import NO_GUESS, Visitor, go_to


def asked(visitor: Visitor) -> int:
    return int(visitor.page.locator(".st-key-asked").inner_text().strip()[-1])


@pytest.mark.parametrize(("width", "height", "dark"), [(1280, 800, False), (390, 844, True)])
def test_three_digits_are_asked_drawn_put_right_and_taken_home(
    visit: Visit, width: int, height: int, dark: bool, tmp_path: Path
) -> None:
    visitor = visit(width, height, dark=dark, touch=dark)
    page, score = visitor.page, visitor.page.locator(".st-key-score")
    write(visitor, 5, dark)
    visitor.expect_guess("5")
    go_to(page, "Challenge")
    expect(page.locator(".st-key-asked")).to_contain_text("Draw a")
    visitor.expect_guess(NO_GUESS)
    expect(page.locator(".guess")).to_be_hidden()  # no giant dash before there is something to say
    visitor.wait_for_pad()

    labels = []
    for number in range(2):
        labels.append(asked(visitor))
        write(visitor, labels[-1], dark)
        visitor.expect_guess(str(labels[-1]))
        expect(page.locator(".guess")).to_be_visible()
        page.keyboard.press("ControlOrMeta+Enter") if number else visitor.press("done")
        expect(score).to_have_text(f"It got {number + 1} of {number + 1} right.")
        visitor.expect_inked(0, 0)
    wrong = (asked(visitor) + 1) % 10
    write(visitor, wrong, dark)  # and pressed at once, before it is read
    visitor.press("done")
    expect(score).to_have_text("It got 2 of 3 right.")
    visitor.screenshot(f"challenge-{width}")
    assert sideways(page) == 0

    tiles = page.locator(".tiles button")
    expect(tiles).to_have_count(3)
    expect(tiles.first).to_have_attribute("data-mark", str(wrong))
    tiles.first.focus()
    page.keyboard.press("Enter")
    page.locator(".st-key-teaching").get_by_text(str(wrong), exact=True).click()
    expect(score).to_have_text("It got 3 of 3 right.")
    visitor.screenshot(f"challenge-taught-{width}")
    assert sideways(page) == 0

    visitor.wait_for_run()  # a press while the run replaces the buttons would be lost
    for name in ("my_digits.jsonl.gz", "my_digits.npz", "my_digits_idx.zip", "my_digits_png.zip"):
        with page.expect_download() as started:
            page.locator(f".st-key-{name.replace('.', '-')} button").click()
        assert started.value.suggested_filename == name
        started.value.save_as(tmp_path / name)
        found = people.samples(people.read([tmp_path / name]))
        assert sorted(found.labels.tolist()) == sorted([*labels, wrong])

    go_to(page, "Draw")
    visitor.expect_guess("5")  # what was drawn there is still there
    go_to(page, "Challenge")
    expect(score).to_have_text("It got 3 of 3 right.")
