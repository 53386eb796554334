"""POST /api/predict: a picture or drawing in, the command line's JSON out. GET /api describes it, as OpenAPI 3.1."""

import json
from pathlib import Path
from typing import Any

import anyio
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Message, Receive

from mnist import images, sources, strokes
from mnist.classifier import Reading
from mnist.errors import TooLargeError, UnknownKindError, UserError
from mnist.prediction import to_dict
from mnist.web.reader import reader

LIMIT = max(images.MAX_BYTES, strokes.MAX_BYTES)  # bytes of a request
FIELD = "file"  # of a multipart form
STATUSES: dict[type[UserError], int] = {TooLargeError: 413, UnknownKindError: 415, UserError: 422}
DESCRIPTION: dict[str, Any] = json.loads(Path(__file__).with_name("api.json").read_text("utf-8"))

one_at_a_time = anyio.CapacityLimiter(1)  # a large picture needs a core, and memory that two would not find


async def describe(_: Request) -> JSONResponse:
    """What this interface takes and gives."""
    return JSONResponse(DESCRIPTION)


async def predict(request: Request) -> JSONResponse:
    """Read what is sent; an error is `{"error": what is wrong}`."""
    try:
        content = await _content(Request(request.scope, _limited(request.receive)))
        if not content:
            return _error("nothing was sent", 400)
        reading = await anyio.to_thread.run_sync(_read, content, limiter=one_at_a_time)
    except UserError as error:
        return _error(str(error), STATUSES[type(error)])
    except HTTPException as error:  # Starlette's, on a form that cannot be taken apart
        return _error(error.detail, 400)
    if reading is None:
        return _error(reader.error or "the model is not loaded yet; try again in a few seconds", 503)
    return JSONResponse(to_dict(reading))


def _limited(receive: Receive) -> Receive:
    """The request's parts, until there are too many."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LIMIT:
            raise TooLargeError(f"a request of more than {LIMIT / 1e6:.0f} MB")
        return message

    return limited


async def _content(request: Request) -> bytes:
    """The bytes of the request's file: the form's field, or the whole body."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await request.body()
    async with request.form(max_files=1, max_fields=10) as form:
        sent = form.get(FIELD)
        return await sent.read() if isinstance(sent, UploadFile) else (sent or "").encode("utf-8", "replace")


def _read(content: bytes) -> Reading | None:
    return reader.read(sources.find_digits(content))


def _error(what: str, status: int) -> JSONResponse:
    return JSONResponse({"error": what}, status)


ROUTES = [Route("/api", describe), Route("/api/predict", predict, methods=["POST"])]
