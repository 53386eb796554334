"""How much of what was sent the server holds at once: Streamlit bounds each file, and not how many there are."""

import asyncio
import logging

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.stats import CacheStat

from mnist.web.server.arriving import Arriving

log = logging.getLogger(__name__)
PATH = "/_stcore/upload_file/"
MOST = 300_000_000  # bytes of all visitors together: a class of thirty sends two photographs of 5 MB each
FILE = 10_000  # bytes that a file takes with its name, be it empty
LONGEST = 200  # characters of the address that the page sends a file to; it has half as many
PATIENCE = 300.0  # seconds that a file may be on its way
FULL = "The server holds too many files now. Take some away, or try again later."
SLOW = "The file took too long to arrive. Try again, or send a smaller one."


class Bounded:
    """Middleware that turns files away while too many are held or on their way, and those that never end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._arriving = Arriving()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, until it brings too much or takes too long."""
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(PATH):
            await self._app(scope, receive, send)
            return
        if len(scope["path"]) > LONGEST:
            await PlainTextResponse("There is no such address.", 404)(scope, receive, send)
            return
        try:
            with self._arriving.counted(receive, self._check_room) as counted:
                async with asyncio.timeout(PATIENCE):
                    await self._app(scope, counted, send)
        except TimeoutError:
            log.warning("a file was turned away: it took too long")
            await PlainTextResponse(SLOW, 408)(scope, receive, send)

    def _check_room(self, _: int) -> None:
        if held() + self._arriving.size > MOST:
            log.warning("a file was turned away: the server holds too many")
            raise HTTPException(413, FULL)


def held() -> int:
    """About how many bytes all files take that were sent and neither taken away nor left behind long ago."""
    manager = runtime.get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)  # noqa: S101 - there is no other
    count = sum(map(len, list(manager.file_storage.values())))
    parts = (part for family in manager.get_stats().values() for part in family)
    return FILE * count + sum(part.byte_length for part in parts if isinstance(part, CacheStat))
