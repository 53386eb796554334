"""Limits of the total size of uploads; Streamlit limits each file, not their number."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.stats import CacheStat

log = logging.getLogger(__name__)
UPLOAD_PATH = "/_stcore/upload_file/"
MAX_UPLOADED_BYTES = 300_000_000  # of all visitors together: a class of thirty sends two photographs of 5 MB each
BYTES_PER_FILE = 10_000  # that a file takes beside its content, with its name
MAX_PATH_CHARACTERS = 200  # of an upload's address; the page sends half as many
UPLOAD_TIMEOUT_SECONDS = 300.0  # for a file to arrive
FULL = "The server is holding too many files. Remove some of yours, or try again later."
TOO_SLOW = "The file took too long to arrive. Try again, or send a smaller one."


class ByteCounter:
    """Counts the bytes of all requests of one kind, from their first part to their end.

    Only what has arrived counts: a length that a client announces takes no memory.
    """

    def __init__(self) -> None:
        self.size = 0  # bytes, of all requests

    @contextmanager
    def count(self, receive: Receive, check: Callable[[int], None]) -> Iterator[Receive]:
        """Count a request's bytes until the block ends.

        Yields the `receive` to read the request with; it calls `check` with the request's bytes so far after each
        part. What `check` raises refuses the request.
        """
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            size = len(message.get("body", b""))
            received += size
            self.size += size
            check(received)
            return message

        try:
            yield counted
        finally:
            self.size -= received


class UploadLimitsMiddleware:
    """Refuses uploads while too many bytes are held or arriving, and ends those that take too long."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._arriving = ByteCounter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer an upload with 404, 408 or 413 if it goes beyond a limit."""
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(UPLOAD_PATH):
            await self._app(scope, receive, send)
            return
        if len(scope["path"]) > MAX_PATH_CHARACTERS:
            await PlainTextResponse("There is no such address.", 404)(scope, receive, send)
            return
        try:
            with self._arriving.count(receive, self._check_total) as counted:
                async with asyncio.timeout(UPLOAD_TIMEOUT_SECONDS):
                    await self._app(scope, counted, send)
        except TimeoutError:
            log.warning("an upload was refused: it took too long")
            await PlainTextResponse(TOO_SLOW, 408)(scope, receive, send)

    def _check_total(self, _: int) -> None:
        if held_bytes() + self._arriving.size > MAX_UPLOADED_BYTES:
            log.warning("an upload was refused: the server holds too many files")
            raise HTTPException(413, FULL)


def held_bytes() -> int:
    """Return about how many bytes the files take that visitors sent and have not removed."""
    manager = runtime.get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)  # noqa: S101 - Streamlit has no other
    count = sum(map(len, list(manager.file_storage.values())))
    stats = (stat for family in manager.get_stats().values() for stat in family)
    return BYTES_PER_FILE * count + sum(stat.byte_length for stat in stats if isinstance(stat, CacheStat))
