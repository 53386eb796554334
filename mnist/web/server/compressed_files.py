"""Streamlit's scripts and style sheets, compressed once for all visitors; Streamlit sends them as they are.

A phone on a slow network has the pad after a third of the time: docs/performance.md.
"""

import gzip

from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = "/static/"
KINDS = ("text/javascript", "application/javascript", "text/css", "application/json")
MAX_FILES = 1_000  # Streamlit has 360


class CompressedFilesMiddleware:
    """Keeps the answers to requests for files that are text, compressed, and gives them to browsers that take them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[str, list[Message]] = {}  # by path: the messages of an answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with what is kept, or pass the request on and keep the answer."""
        if scope["type"] != "http" or not _may_be_compressed(scope):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self._kept:
            answer: list[Message] = []

            async def collect(message: Message) -> None:
                answer.append(message)

            await self._app(scope, receive, collect)
            if len(self._kept) >= MAX_FILES or not _is_text(answer[0]):
                for message in answer:
                    await send(message)
                return
            self._kept[path] = await run_sync(_compressed, answer)
        start, body = self._kept[path]
        await send({**start, "headers": list(start["headers"])})  # the headers' middleware adds to them
        await send(body)


def _may_be_compressed(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    asked = scope["method"] == "GET" and scope["path"].startswith(FOLDER)
    return asked and "gzip" in headers.get("accept-encoding", "") and not {"range", "if-none-match"} & set(headers)


def _is_text(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return bool(start["status"] == 200 and kind.startswith(KINDS))


def _compressed(answer: list[Message]) -> list[Message]:
    """Return an answer's start and its whole body, compressed."""
    start, *bodies = answer
    content = gzip.compress(b"".join(message.get("body", b"") for message in bodies), mtime=0)
    headers = MutableHeaders(raw=list(start["headers"]))
    headers.update({"Content-Encoding": "gzip", "Content-Length": str(len(content))})
    headers.add_vary_header("Accept-Encoding")
    del headers["etag"]  # it names the file as it is
    return [{**start, "headers": headers.raw}, {"type": "http.response.body", "body": content}]
