"""How much of what was sent the server holds at once: Streamlit bounds each file, and not how many there are."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.stats import CacheStat

from mnist.web.arriving import Arriving

PATH = "/_stcore/upload_file/"
MOST = 300_000_000  # bytes of all visitors together: a class of thirty sends two photographs of 5 MB each
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
        try:
            with self._arriving.counted(receive, self._check_room) as counted:
                async with asyncio.timeout(PATIENCE):
                    await self._app(scope, counted, send)
        except TimeoutError:
            await PlainTextResponse(SLOW, 408)(scope, receive, send)

    def _check_room(self, _: int) -> None:
        if held() + self._arriving.size > MOST:
            raise HTTPException(413, FULL)


def held() -> int:
    """The bytes of all files that were sent and neither taken away nor left behind long ago."""
    statistics = runtime.get_instance().uploaded_file_mgr.get_stats()
    return sum(part.byte_length for family in statistics.values() for part in family if isinstance(part, CacheStat))
