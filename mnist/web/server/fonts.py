"""Streamlit's two fonts, cut down to what the pages show (tools/subset_fonts.py), at Streamlit's own addresses."""

import re
from pathlib import Path

from starlette.responses import FileResponse
from starlette.types import ASGIApp, Receive, Scope, Send

FONTS = {path.stem: path for path in (Path(__file__).parents[1] / "static" / "fonts").glob("*.woff2")}
ADDRESS = re.compile(rf"/static/media/({'|'.join(FONTS)})\.[\w.-]+\.woff2")  # name, checksum
CACHE = {"Cache-Control": "public, max-age=86400"}  # a day: Streamlit's checksum in the address says nothing of ours


class FontsMiddleware:
    """Answers requests for these fonts. Streamlit takes no routes of ours where its own files are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a font, or pass the request on."""
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and ADDRESS.fullmatch(scope["path"])
        answer = FileResponse(FONTS[asked[1]], headers=CACHE) if asked else self._app
        await answer(scope, receive, send)
