"""A picture that did not arrive: the page says why, and takes it when there is room again."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.browser.test_photos_in_browser import ONE_LINE, OTHER, TEXTS, open_photos, send, texts
from tests.served.test_served import empty, fill
from tools.harness.running import Server, during
from tools.harness.session import Session
from tools.harness.visitor import Visitor


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that holds nobody's pictures yet."""
    with Server() as server:
        yield server


@pytest.mark.parametrize("answer", [lambda route: route.abort(), lambda route: route.fulfill(status=403)])
def test_a_picture_that_did_not_arrive_is_told(visitor: Visitor, answer: Callable[[Route], None]) -> None:
    open_photos(visitor)
    visitor.page.route("**/upload_file/**", answer)
    send(visitor, ONE_LINE)
    expect(visitor.page.get_by_text("The red ones did not arrive. Check the connection")).to_be_visible()
    visitor.page.get_by_role("button", name=f"Remove {ONE_LINE}").click()
    expect(visitor.page.get_by_text("The red ones did not arrive")).to_have_count(0)
    assert all("upload" in problem or "resource" in problem for problem in visitor.problems), visitor.problems
    visitor.problems.clear()


def test_a_refused_picture_is_told(visitor: Visitor, server: Server) -> None:
    open_photos(visitor)
    warning = visitor.page.get_by_text("The red ones did not arrive: the server holds too many pictures now")

    async def others() -> str:
        async with Session(server.url, page="photos") as session:
            await asyncio.to_thread(fill, server, session.id)
        return session.id

    others_id = during(others())
    send(visitor, ONE_LINE)
    expect(warning).to_be_visible()
    expect(texts(visitor)).to_have_count(0)
    visitor.screenshot("refused")
    empty(server, others_id)
    visitor.page.get_by_role("button", name=f"Remove {ONE_LINE}").click()
    expect(warning).to_have_count(0)
    send(visitor, OTHER)
    expect(texts(visitor)).to_have_text([TEXTS[OTHER]["text"]])
    assert all("413" in problem for problem in visitor.problems), visitor.problems
    visitor.problems.clear()
