"""Limits of uploads: the bytes that have arrived count until their request ends, however it ends."""

import asyncio
from unittest.mock import AsyncMock

import anyio
import pytest
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from mnist.web.server import upload_limits as limits
from tools.harness.running import in_event_loop

UPLOAD: Scope = {"type": "http", "method": "PUT", "path": f"{limits.UPLOAD_PATH}session/file", "headers": []}
HALF = {"type": "http.request", "body": bytes(limits.MAX_UPLOADED_BYTES // 2), "more_body": True}
half, never = AsyncMock(return_value=HALF), AsyncMock(side_effect=anyio.sleep_forever)


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that holds nothing yet."""
    monkeypatch.setattr(limits, "held_bytes", lambda: 0)


@in_event_loop
async def test_bytes_count_until_their_request_ends() -> None:
    taken: list[bool] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        taken.append(True)
        await asyncio.sleep(0)  # the others come
        raise ConnectionError

    limited = limits.UploadLimitsMiddleware(app)
    for _ in range(2):
        ends = await asyncio.gather(*(limited(UPLOAD, half, AsyncMock()) for _ in range(3)), return_exceptions=True)
        assert [type(end) for end in ends] == [ConnectionError, ConnectionError, HTTPException]
        assert str(ends[-1]) == f"413: {limits.FULL}"
    assert len(taken) == 4


@in_event_loop
async def test_an_upload_that_never_arrives_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOAD_TIMEOUT_SECONDS", 0.01)
    send = AsyncMock()
    await limits.UploadLimitsMiddleware(take_three)(UPLOAD, never, send)
    start, body = (call.args[0] for call in send.call_args_list)
    assert (start["status"], body["body"].decode()) == (408, limits.TOO_SLOW)


@in_event_loop
async def test_an_address_that_no_page_uses_is_refused() -> None:
    app, send = AsyncMock(), AsyncMock()
    await limits.UploadLimitsMiddleware(app)({**UPLOAD, "path": limits.UPLOAD_PATH + 300 * "x"}, half, send)
    assert send.call_args_list[0].args[0]["status"] == 404
    assert not app.called


@in_event_loop
async def test_other_requests_are_not_counted() -> None:
    await limits.UploadLimitsMiddleware(take_three)({**UPLOAD, "path": "/api/predict"}, half, AsyncMock())


async def take_three(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that takes three parts of a request."""
    for _ in range(3):
        await receive()
