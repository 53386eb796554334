"""The page that a browser gets first: Streamlit's own, with our title, and a pad until all else has come.

On the drawing page one can draw on it; what is drawn is on the page's own pad afterwards. On others it is an outline.
If a script does not arrive, it says so and loads the page again.
"""

import gzip
import re
from importlib.metadata import distribution
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist.web import palette

STATIC = Path(__file__).parents[1] / "static"
CONDITIONS = (b"if-none-match", b"if-modified-since")
NO_SCRIPT = "This page needs JavaScript. Programs can send a picture to <code>api/predict</code> instead."


def _ours(name: str) -> str:
    return (STATIC / name).read_text("utf-8")


REPLACED = {
    r"<title>Streamlit</title>": "<title>Draw a digit</title>",
    r'<link rel="service-desc"[^>]*>': "",  # of what nobody here needs (hidden_routes.py)
    r"(?s)(?<=<noscript>).*(?=</noscript>)": f"<p>{NO_SCRIPT}</p>",
    r"</head>": f"<style>{palette.custom_properties()}{_ours('front_page.css')}</style></head>",
    r"</body>": f"{_ours('front_page.html')}<script>{_ours('early_pad.js')}</script></body>",
}


def content() -> str:
    """Return the page. Raises ValueError if Streamlit's is not what we know."""
    page = Path(str(distribution("streamlit").locate_file("streamlit/static/index.html"))).read_text("utf-8")
    for known, ours in REPLACED.items():
        page, count = re.subn(known, ours.replace("\\", r"\\"), page)
        if count != 1:
            raise ValueError(f"Streamlit's index.html has {known} {count} times; front_page.py expects it once")
    # what is read on the early pad need not wait in a row with sixty scripts
    return page.replace('rel="modulepreload"', 'rel="modulepreload" fetchpriority="low"')


class FrontPageMiddleware:
    """Gives this page to browsers wherever Streamlit would give its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        body = content().encode()
        self._bodies = {"identity": body, "gzip": gzip.compress(body)}  # by Content-Encoding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and replace the body of an answer that is Streamlit's page."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        replaced = False
        if not scope["path"].startswith("/static/"):  # a browser may have kept Streamlit's page: it gets ours
            headers = [(name, value) for name, value in scope["headers"] if name not in CONDITIONS]
            scope = {**scope, "headers": headers}
        encoding = "gzip" if "gzip" in Headers(scope=scope).get("accept-encoding", "") else "identity"
        body = self._bodies[encoding]

        async def send_ours(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                replaced = message["status"] == 200 and answered.get("content-type", "").startswith("text/html")
                if replaced:
                    answered.update({"Content-Length": str(len(body)), "Content-Encoding": encoding})
                    answered.add_vary_header("Accept-Encoding")
                    del answered["etag"], answered["last-modified"]  # they name Streamlit's
            elif replaced:
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": body if scope["method"] == "GET" else b""}
            await send(message)

        await self._app(scope, receive, send_ours)
