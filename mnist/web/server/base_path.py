"""The path below which a proxy shows the pages: https://example.org/mnist/ for Streamlit's `server.baseUrlPath=mnist`.

Whatever is asked for below it is answered as if it had been asked for at the root, so that everything behind this door
knows one path only. What is asked for at the root is answered as well: some proxies take the path away, others do not,
and a health check asks the server itself. Pages find their own server by the address at which they are shown.
"""

from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

SETTING = "server.baseUrlPath"


def taken_over() -> str:
    """Return the path, as "/mnist" or "", and let Streamlit serve at the root from now on."""
    path = (config.get_option(SETTING) or "").strip("/")
    config.set_option(SETTING, "")
    return f"/{path}" if path else ""


class BasePathMiddleware:
    """Takes the base path away from what is asked for, and puts it before the address that an answer leads to.

    A browser that asks for it alone is sent to the page below it.
    """

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self._app = app
        self._base_path = base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        base, path = self._base_path, scope.get("path", "")

        async def send_below(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                location = headers.get("location", "")
                if location.startswith("/") and not location.startswith("//"):
                    headers["location"] = base + location
            await send(message)

        if base and path == base and scope["type"] == "http":
            query = scope["query_string"].decode("ascii", "replace")
            await RedirectResponse(f"{base}/" + (f"?{query}" if query else ""))(scope, receive, send)
        elif base and path.startswith(f"{base}/"):
            inside = path.removeprefix(base)
            await self._app({**scope, "path": inside, "raw_path": quote(inside).encode()}, receive, send_below)
        else:
            await self._app(scope, receive, send_below)
