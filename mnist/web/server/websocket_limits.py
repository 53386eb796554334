"""Limits of the pages' WebSockets: how many pages are open, what they send, how often, and how much memory it takes.

Streamlit limits each message alone, by its length.
"""

import asyncio
import logging
import time
from contextlib import suppress
from typing import Any

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from mnist.web.server import connections, message_pace

log = logging.getLogger(__name__)

MAX_OPEN_PAGES = 500  # each takes 0.1 MB (docs/performance.md), and as much again while its script runs
MESSAGES_OF_OPENING = 6  # that a page sends at most, reconnected and with a drawing, before anything is done in it
BYTES_PER_VALUE = 64  # that a value of a message takes at least once it is unpacked, even "[]"
BYTES_PER_WIDGET = 500  # that a widget's state takes, even an empty one
MAX_MESSAGE_BYTES = 12_000_000  # unpacked; the longest drawing that is read takes 7 million
ORDINARY_MESSAGE_BYTES = 1_000_000  # unpacked, of a message that always passes: a minute's scribble
MAX_LARGE_MESSAGES_BYTES = 200_000_000  # unpacked, of the largest message beyond the ordinary of each page
MAX_LIST_ITEMS = 1_000  # widgets, names of files and values of lists in a message; a page has some dozens
# the messages that pages send; by others anybody could run git on the server, or clear what it keeps for everybody
ALLOWED_KINDS = ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "deferred_file")
# IANA, WebSocket Close Code Number Registry (RFC 6455)
POLICY_VIOLATION, MESSAGE_TOO_BIG, TRY_AGAIN_LATER = 1008, 1009, 1013


class WebSocketLimitsMiddleware:
    """Closes the WebSockets of pages that send what is not allowed or too large, and of those beyond MAX_OPEN_PAGES.

    When so many are open, the oldest of those in which nothing was ever done is closed for a new one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open: dict[Send, int] = {}  # how many messages each page has sent; the one opened first comes first
        self._runs = message_pace.of_all_runs(time.monotonic)
        self._large_bytes = 0  # of MAX_LARGE_MESSAGES_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a page's messages on, until one goes beyond a limit."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        if len(self._open) >= MAX_OPEN_PAGES:
            await self._give_way()
        if len(self._open) >= MAX_OPEN_PAGES:
            log.warning("a page was refused: %d are open", len(self._open))
            await receive()
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
        else:
            await self._serve(scope, receive, send)

    async def _give_way(self) -> None:
        """Close the page that was opened first of those in which nothing was done, if there is one."""
        untouched = (close for close, messages in self._open.items() if messages <= MESSAGES_OF_OPENING)
        if close := next(untouched, None):
            log.warning("a page in which nothing was done was closed for a new one: %d are open", len(self._open))
            del self._open[close]
            with suppress(OSError, RuntimeError):  # it has gone meanwhile, or reads nothing
                async with asyncio.timeout(connections.CLOSING_SECONDS):
                    await close({"type": "websocket.close", "code": TRY_AGAIN_LATER})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        pace, runs = message_pace.of_a_page(time.monotonic), message_pace.of_its_runs(time.monotonic)
        largest = 0  # bytes of this page's largest message beyond the ordinary

        async def checked() -> Message:
            nonlocal largest
            message = await receive()
            if message.get("code") == MESSAGE_TOO_BIG:  # uvicorn has closed the socket without a word
                log.warning("a message was refused: it is longer than any may be")
            content = message.get("bytes") or b""
            size = unpacked_bytes(content)
            growth = max(size - largest, 0) if size > ORDINARY_MESSAGE_BYTES else 0
            too_large = size > MAX_MESSAGE_BYTES or (growth and self._large_bytes + growth > MAX_LARGE_MESSAGES_BYTES)
            sent = None if too_large else unpacked(content)
            if sent is None:
                reason = f"it takes {size} bytes" if too_large else "no page sends one like it"
                log.warning("a message was refused: %s", reason)
                refusal = MESSAGE_TOO_BIG if too_large else POLICY_VIOLATION
                await send({"type": "websocket.close", "code": refusal})
                return {"type": "websocket.disconnect", "code": refusal}
            self._large_bytes += growth  # before others are let in
            largest += growth
            if message["type"] == "websocket.receive":
                if send in self._open and not sent.rerun_script.is_auto_rerun:
                    self._open[send] += 1
                await pace.keep()
                if runs_page(sent):
                    await runs.keep()
                    await self._runs.keep()
            return message

        self._open[send] = 0
        try:
            await self._app(scope, checked, send)
        finally:
            self._open.pop(send, None)
            # seconds, after which Streamlit drops what the page sent
            asyncio.get_running_loop().call_later(st.get_option("server.disconnectedSessionTTL"), self._forget, largest)

    def _forget(self, size: int) -> None:
        self._large_bytes -= size


def unpacked_bytes(content: bytes) -> int:
    """Estimate how many bytes of memory a message takes once it is unpacked.

    Commas stand between the values of its JSON; a byte 10, a newline, begins each widget's state and each name.
    """
    return len(content) + BYTES_PER_VALUE * content.count(b",") + BYTES_PER_WIDGET // 2 * content.count(b"\n")


def unpacked(content: bytes) -> BackMsg | None:
    """Return the message if it is empty, or one that a page may send."""
    try:
        message = BackMsg.FromString(content)
    except DecodeError:
        return None
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        kind = message.backend_operation_request.WhichOneof("payload")
    is_allowed = not content or (kind in ALLOWED_KINDS and _list_items(message) <= MAX_LIST_ITEMS)
    return message if is_allowed else None


def runs_page(message: BackMsg) -> bool:
    """Tell whether a message runs the whole page, not a fragment of it."""
    return message.WhichOneof("type") == "rerun_script" and not message.rerun_script.fragment_id


def _list_items(message: Any) -> int:
    """Count the items of all lists in a message; stops somewhere beyond MAX_LIST_ITEMS."""
    items = 0
    for field, value in message.ListFields():
        if field.is_repeated:
            items += len(value)
        if field.message_type and items <= MAX_LIST_ITEMS:
            items += sum(map(_list_items, value if field.is_repeated else [value]))
    return items
