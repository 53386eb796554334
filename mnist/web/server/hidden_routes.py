"""The routes of Streamlit that nobody here needs: its statistics, agents and logins."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HIDDEN_PATHS = ("/_stcore/metrics", "/_stcore/agent/", "/auth/", "/oauth2callback")


class HiddenRoutesMiddleware:
    """Answers requests for hidden routes with 404."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer that there is nothing."""
        hidden = scope["type"] == "http" and scope["path"].startswith(HIDDEN_PATHS)
        await (PlainTextResponse("There is nothing here.", 404) if hidden else self._app)(scope, receive, send)
