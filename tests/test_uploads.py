"""Files on their way count as if they were there, and no longer once their request has ended, however it ended."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from mnist.web import uploads

HALF = uploads.MOST // 2


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that holds nothing."""
    monkeypatch.setattr(uploads, "held", lambda: 0)


def request(size: int) -> Scope:
    headers = [(b"content-length", str(size).encode())]
    return {"type": "http", "method": "PUT", "path": f"{uploads.PATH}session/file", "headers": headers}


async def nothing() -> Message:
    return {"type": "http.request"}


@pytest.mark.usefixtures("held")
def test_what_is_on_its_way_counts() -> None:
    statuses: list[int] = []

    async def visit() -> None:
        arrived = asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await arrived.wait()
            await send({"type": "http.response.start", "status": 204})

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        bounded = uploads.Bounded(app)
        first, second = (asyncio.create_task(bounded(request(HALF), nothing, send)) for _ in range(2))
        await asyncio.sleep(0)
        await bounded(request(1), nothing, send)
        arrived.set()
        await asyncio.gather(first, second)
        await bounded(request(2 * HALF), nothing, send)

    asyncio.run(visit())
    assert statuses == [413, 204, 204, 204]


@pytest.mark.usefixtures("held")
def test_a_request_that_breaks_off_counts_no_longer() -> None:
    tried = 0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal tried
        tried += 1
        raise ConnectionError

    bounded = uploads.Bounded(app)
    for _ in range(3):
        with pytest.raises(ConnectionError):
            asyncio.run(bounded(request(HALF), nothing, None))  # type: ignore[arg-type]
    assert tried == 3
