"""The server under test, and visitors of it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tools.harness.running import Server
from tools.harness.visitor import Visitor


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all tests, ready."""
    with Server() as server:
        yield server


Visit = Callable[..., Visitor]


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
