"""The server under test, and visitors of it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tools.harness import hand
from tools.harness.running import Server
from tools.harness.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Open the page as a visitor: `visit(width, height, dark=…, touch=…)`. What went wrong in it fails the test."""
    visitors: list[Visitor] = []

    def open_page(width: int = 1280, height: int = 800, dark: bool = False, touch: bool = False) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", has_touch=touch
        )
        visitors.append(Visitor(context, server.url))
        return visitors[-1]

    yield open_page
    for visitor in visitors:
        problems = visitor.problems + visitor.page.locator("[data-testid=stException]").all_inner_texts()
        visitor.context.close()
        assert problems == []


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    return visit()


def write(visitor: Visitor, digit: int, finger: bool = False) -> None:
    for line in hand.DIGITS[digit]:
        (visitor.touch if finger else visitor.draw)(line)


def sideways(page: Page) -> int:
    """Return how many pixels the page can be scrolled to the side."""
    main = page.locator("[data-testid=stMain]")
    more = "Math.max(main.scrollWidth - main.clientWidth, document.scrollingElement.scrollWidth - innerWidth)"
    return int(main.evaluate(f"main => {more}"))
