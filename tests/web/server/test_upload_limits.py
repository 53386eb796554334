"""Limits of uploads: the bytes that have arrived count until their request ends, however it ends."""

import asyncio

import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from mnist.web.server import upload_limits as limits
from tools.harness.running import during

UPLOAD: Scope = {"type": "http", "method": "PUT", "path": f"{limits.UPLOAD_PATH}session/file", "headers": []}
HALF = bytes(limits.MAX_UPLOADED_BYTES // 2)


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that holds nothing yet."""
    monkeypatch.setattr(limits, "held_bytes", lambda: 0)


async def half() -> Message:
    return {"type": "http.request", "body": HALF, "more_body": True}


async def nothing() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


def test_bytes_count_until_their_request_ends() -> None:
    taken: list[bool] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        taken.append(True)
        await asyncio.sleep(0)  # the others come
        raise ConnectionError

    async def visit() -> None:
        limited = limits.UploadLimitsMiddleware(app)
        for _ in range(2):
            ends = await asyncio.gather(
                *(limited(UPLOAD, half, answer_to([])) for _ in range(3)), return_exceptions=True
            )
            assert [type(end) for end in ends] == [ConnectionError, ConnectionError, HTTPException]
            assert str(ends[-1]) == f"413: {limits.FULL}"

    during(visit())
    assert len(taken) == 4


def test_an_upload_that_never_arrives_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOAD_TIMEOUT_SECONDS", 0.01)
    answer: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    during(limits.UploadLimitsMiddleware(app)(UPLOAD, nothing, answer_to(answer)))
    assert (answer[0]["status"], answer[1]["body"].decode()) == (408, limits.TOO_SLOW)


def test_an_address_that_no_page_uses_is_refused() -> None:
    answer: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError

    during(
        limits.UploadLimitsMiddleware(app)({**UPLOAD, "path": limits.UPLOAD_PATH + 300 * "x"}, half, answer_to(answer))
    )
    assert answer[0]["status"] == 404


def test_other_requests_are_not_counted() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(3):
            await receive()

    during(limits.UploadLimitsMiddleware(app)({**UPLOAD, "path": "/api/predict"}, half, answer_to([])))


def answer_to(messages: list[Message]) -> Send:
    """Where an answer goes: to that list."""

    async def send(message: Message) -> None:
        messages.append(message)

    return send
