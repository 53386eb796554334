"""Streamlit's scripts and style sheets, compressed once for all visitors; Streamlit sends them as they are.

A phone on a slow network has the pad sooner: docs/performance.md.
"""

import asyncio
import gzip
from importlib.metadata import files

from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = "streamlit/static"  # of the package; the server has what is in it at its root
ENDINGS = (".js", ".css", ".json")


def paths() -> frozenset[str]:
    """Return the paths of all files that are compressed; no other spelling of them counts."""
    names = (str(file) for file in files("streamlit") or ())
    inside = (name.removeprefix(FOLDER) for name in names if name.startswith(f"{FOLDER}/static/"))
    return frozenset(name for name in inside if name.endswith(ENDINGS))


class CompressedFilesMiddleware:
    """Keeps the answers to requests for these files, compressed, and gives them to browsers that take them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._paths = paths()
        self._kept: dict[str, asyncio.Future[list[Message]]] = {}  # by path: the messages of an answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with what is kept, or pass the request on."""
        if scope["type"] != "http" or scope["path"] not in self._paths or not _takes_gzip(scope):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self._kept:
            self._kept[path] = asyncio.ensure_future(self._compressed(scope))
            self._kept[path].add_done_callback(lambda done: done.exception() and self._kept.pop(path))
        start, body = await asyncio.shield(self._kept[path])  # for others, too, if this browser goes away
        await send({**start, "headers": list(start["headers"])})  # the headers' middleware adds to them
        await send(body)

    async def _compressed(self, scope: Scope) -> list[Message]:
        """Return Streamlit's answer to a request, its body compressed.

        Nothing else that this browser sent reaches Streamlit: it might shape what all others get. Nor is Streamlit told
        if the browser goes away: it would break off, and what is kept for everybody would have no end.
        """
        answer: list[Message] = []

        async def collect(message: Message) -> None:
            answer.append(message)

        await self._app({**scope, "headers": [], "query_string": b""}, _nothing_more, collect)
        start, *bodies = answer
        whole = b"".join(message.get("body", b"") for message in bodies)
        content = await run_sync(gzip.compress, whole)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers.update({"Content-Encoding": "gzip", "Content-Length": str(len(content))})
        headers.add_vary_header("Accept-Encoding")
        del headers["etag"]  # it names the file as it is
        return [{**start, "headers": headers.raw}, {"type": "http.response.body", "body": content}]


async def _nothing_more() -> Message:
    """Wait for ever, as for a browser that has asked and stays."""
    await asyncio.Event().wait()
    raise AssertionError


def _takes_gzip(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    whole = not {"range", "if-none-match", "if-modified-since"} & set(headers)
    return scope["method"] == "GET" and whole and "gzip" in headers.get("accept-encoding", "")
