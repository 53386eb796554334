"""How many pages may be open at once, and how much what they sent may fill: Streamlit bounds each message alone."""

import asyncio
import logging
from typing import Any

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

log = logging.getLogger(__name__)

MOST_PAGES = 500  # open at once: what a page is run for takes 0.2 MB, and as much again while it is being run
VALUE = 64  # bytes that a value of a message takes at least once it is unpacked, be it "[]"
STATE = 500  # bytes that a widget's state takes, be it empty
ORDINARY = 1_000_000  # bytes, unpacked, of a message that is always let through: a minute's scribble
LARGEST = 12_000_000  # of any message: the longest drawing that is read takes 7 million
MOST = 200_000_000  # of all beyond the ordinary, the largest of each page that is open or was just left
MOST_ITEMS = 1_000  # widgets, names of files and values of lists in a message: a page has some dozens
# what a page sends; Streamlit would also run git for whoever asks, or clear what it keeps for everybody
KINDS = ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "deferred_file")
UNKNOWN, TOO_BIG, TOO_MANY = 1008, 1009, 1013  # RFC 6455 and IANA's registry of what a WebSocket is closed with


class Limited:
    """Middleware that hangs up on pages beyond so many, and on whoever sends what would fill the memory."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._pages = 0
        self._kept = 0  # bytes, of MOST

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the page's messages on, until one is too much."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
        elif self._pages >= MOST_PAGES:
            log.warning("a page was turned away: %d are open", self._pages)
            await receive()
            await send({"type": "websocket.close", "code": TOO_MANY})
        else:
            await self._visit(scope, receive, send)

    async def _visit(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = 0

        async def limited() -> Message:
            nonlocal kept
            message = await receive()
            if message.get("code") == TOO_BIG:  # the server below has hung up, without a word
                log.warning("a message was refused that is longer than any may be")
            content = message.get("bytes") or b""
            size = unpacked(content)
            largest = max(kept, size if size > ORDINARY else 0)
            refused = 0
            if size > LARGEST or (largest > kept and self._kept + largest - kept > MOST):
                log.warning("a message was refused that takes %d bytes", size)
                refused = TOO_BIG
            elif not known(content):
                log.warning("a message was refused that no page sends")
                refused = UNKNOWN
            if refused:
                await send({"type": "websocket.close", "code": refused})
                return {"type": "websocket.disconnect", "code": refused}
            self._kept += largest - kept
            kept = largest
            return message

        self._pages += 1
        try:
            await self._app(scope, limited, send)
        finally:
            self._pages -= 1
            dropped = st.get_option("server.disconnectedSessionTTL")  # seconds
            asyncio.get_running_loop().call_later(dropped, self._forget, kept)

    def _forget(self, kept: int) -> None:
        """The page has been left for so long that Streamlit has dropped what it sent."""
        self._kept -= kept


def unpacked(content: bytes) -> int:
    """About how many bytes a message takes once it is unpacked.

    Commas stand between the values of its JSON; the byte of a newline begins each widget's state, and its name.
    """
    return len(content) + VALUE * content.count(b",") + STATE // 2 * content.count(b"\n")


def known(content: bytes) -> bool:
    """Whether it is a message that a page may send, or none at all."""
    try:
        message = BackMsg.FromString(content)
    except DecodeError:
        return False
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        kind = message.backend_operation_request.WhichOneof("payload")
    return not content or (kind in KINDS and _items(message) <= MOST_ITEMS)


def _items(message: Any) -> int:
    """How many things the lists of a message hold, at least where that is more than MOST_ITEMS."""
    items = 0
    for field, value in message.ListFields():
        if field.is_repeated:
            items += len(value)
        if field.message_type and items <= MOST_ITEMS:
            items += sum(map(_items, value if field.is_repeated else [value]))
    return items
