"""POST /api/predict: a picture or drawing in, the command line's JSON out. GET /api describes it, as OpenAPI 3.1."""

import json
import logging
from collections import deque
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import anyio
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mnist import images, sources, strokes
from mnist.classifier import Reading
from mnist.errors import TooLargeError, UnknownKindError, UserError
from mnist.prediction import to_dict
from mnist.web.arriving import Arriving
from mnist.web.reader import reader

log = logging.getLogger(__name__)
MOST = 32  # requests read in one batch
LIMIT = max(images.MAX_BYTES, strokes.MAX_BYTES)  # bytes of a request
ROOM = 4 * LIMIT  # bytes of all requests that are on their way or wait for their turn
PATIENCE = 120  # seconds that a request may take to arrive
MultiPartParser.spool_max_size = LIMIT  # what people send, here or on the page, is never put in a file
FIELD = "file"  # of a multipart form
STATUSES: dict[type[UserError], int] = {TooLargeError: 413, UnknownKindError: 415, UserError: 422}
DESCRIPTION: dict[str, Any] = json.loads(Path(__file__).with_name("api.json").read_text("utf-8"))

waiting: deque[tuple[bytes, "Future[Reading | None]"]] = deque()
arriving = Arriving()
one_at_a_time = anyio.CapacityLimiter(1)  # a large picture needs a core, and memory that two would not find


async def describe(_: Request) -> JSONResponse:
    """What this interface takes and gives."""
    return JSONResponse(DESCRIPTION)


async def predict(request: Request) -> JSONResponse:
    """Read what is sent; an error is `{"error": what is wrong}`."""
    try:
        with arriving.counted(request.receive, _check_room) as receive:
            with anyio.fail_after(PATIENCE):
                content = await _content(Request(request.scope, receive))
            if not content:
                raise HTTPException(400, "nothing was sent")
            reading = await _read(content)
    except UserError as error:
        return _error(str(error), STATUSES[type(error)])
    except HTTPException as error:  # Starlette's too, on a form that cannot be taken apart
        return _error(error.detail, error.status_code)
    except TimeoutError:
        return _error(f"the request took more than {PATIENCE} seconds to arrive", 408)
    except Exception:
        log.exception("reading what was sent failed")
        return _error("something went wrong here; the server's log says what", 500)
    if reading is None:
        return _error(reader.error or "the model is not loaded yet; try again in a few seconds", 503)
    return JSONResponse(to_dict(reading))


def _check_room(size: int) -> None:
    """Raise TooLargeError for a request of so many bytes, or HTTPException where all together are too many."""
    if size > LIMIT:
        raise TooLargeError(f"a request of more than {LIMIT / 1e6:.0f} MB")
    if arriving.size > ROOM:
        raise HTTPException(503, "too much is being read at once; try again in a few seconds")


async def _content(request: Request) -> bytes:
    """The bytes of the request's file: the form's field, or the whole body."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await request.body()
    async with request.form(max_files=1, max_fields=10) as form:
        sent = form.get(FIELD)
        return await sent.read() if isinstance(sent, UploadFile) else (sent or "").encode("utf-8", "replace")


async def _read(content: bytes) -> Reading | None:
    """What the content holds; read together with whatever else is waiting when its turn comes."""
    answer: Future[Reading | None] = Future()
    waiting.append((content, answer))
    await anyio.to_thread.run_sync(_read_waiting, limiter=one_at_a_time)
    return answer.result()


def _read_waiting() -> None:
    """Answer those that wait, the first of them for certain: the first MOST in one batch."""
    some = [waiting.popleft() for _ in range(min(MOST, len(waiting)))]
    found = []
    for content, answer in some:
        try:
            found.append((sources.find_digits(content), answer))
        except UserError as error:
            answer.set_exception(type(error)(str(error)))  # without what it was raised with: arrays of a large picture
        except Exception as error:  # noqa: BLE001 - whatever it is, it is for the one who sent it
            answer.set_exception(error)
    try:
        readings = reader.read_all([ways for ways, _ in found])
    except Exception as error:  # noqa: BLE001 - nobody is to wait for ever
        for _, answer in found:
            answer.set_exception(error)
        return
    for (_, answer), reading in zip(found, readings, strict=True):
        answer.set_result(reading)


def _error(what: str, status: int) -> JSONResponse:
    log.warning("a request to /api/predict was answered with %d", status)
    return JSONResponse({"error": what}, status)


ROUTES = [Route("/api", describe), Route("/api/predict", predict, methods=["POST"])]
