"""How much of what was sent the server holds at once: Streamlit bounds each file, and not how many there are."""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.runtime.stats import CacheStat

PATH = "/_stcore/upload_file/"
MOST = 200_000_000  # bytes of all visitors together, in a container that has a quarter of a gigabyte left for them


class Bounded:
    """Middleware that turns files away while too many are held, or are on their way."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._coming = 0  # bytes of requests that have begun

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it before its file is read."""
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(PATH):
            await self._app(scope, receive, send)
            return
        size = int(Headers(scope=scope).get("content-length", config.get_option("server.maxUploadSize") * 2**20))
        if held() + self._coming + size > MOST:
            await PlainTextResponse("The server holds too many files. Try again later.", 413)(scope, receive, send)
            return
        self._coming += size
        try:
            await self._app(scope, receive, send)
        finally:
            self._coming -= size


def held() -> int:
    """The bytes of all files that were sent and neither taken away nor left behind long ago."""
    statistics = runtime.get_instance().uploaded_file_mgr.get_stats()
    return sum(part.byte_length for family in statistics.values() for part in family if isinstance(part, CacheStat))
