"""POST /api/predict: a picture or drawing in, the command line's JSON out. GET /api describes it, as OpenAPI 3.1."""

import json
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio.from_thread
import anyio.to_thread
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mnist.errors import TooLargeError, UnknownKindError, UserError
from mnist.reading import find_digits, images, strokes
from mnist.reading.batch import to_dict
from mnist.reading.classifier import Reading
from mnist.reading.grouping import Ways
from mnist.web.server.arriving import Arriving
from mnist.web.state.reader import reader
from mnist.web.state.turns import turns

log = logging.getLogger(__name__)
MOST, MOST_SAMPLES = 32, 6_000  # requests read in one batch, and samples, of which the last may bring as many more
SOON = 1.0  # seconds after which a batch is read as it is: a large picture holds up nothing that came before it
LONGEST = 64  # requests that wait for their turn
LIMIT = max(images.MAX_BYTES, strokes.MAX_BYTES)  # bytes of a request
ROOM = 4 * LIMIT  # bytes of all requests that are on their way or wait for their turn
PATIENCE = 120  # seconds that a request may take to arrive
MultiPartParser.spool_max_size = LIMIT  # what people send, here or on the page, is never put in a file
FIELD = "file"  # of a multipart form
STATUSES: dict[type[UserError], int] = {TooLargeError: 413, UnknownKindError: 415, UserError: 422}
DESCRIPTION: dict[str, Any] = json.loads(Path(__file__).with_name("api.json").read_text("utf-8"))


@dataclass(frozen=True)
class Waiting:
    """What was sent, its answer, and what tells whether whoever sent it is gone."""

    content: bytes
    gone: Callable[[], Coroutine[Any, Any, bool]]
    answer: Future[Reading | None] = field(default_factory=Future)


waiting: deque[Waiting] = deque()
arriving = Arriving()
one_batch_at_a_time = anyio.CapacityLimiter(1)


async def describe(_: Request) -> JSONResponse:
    """What this interface takes and gives."""
    return JSONResponse(DESCRIPTION)


async def predict(request: Request) -> JSONResponse:
    """Read what is sent; an error is `{"error": what is wrong}`."""
    try:
        with arriving.counted(request.receive, _check_room) as receive:
            counted = Request(request.scope, receive)
            with anyio.fail_after(PATIENCE):
                content = await _content(counted)
            if not content:
                raise HTTPException(400, "nothing was sent")
            reading = await _read(content, counted.is_disconnected)
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


async def _read(content: bytes, gone: Callable[[], Coroutine[Any, Any, bool]]) -> Reading | None:
    """What the content holds; read together with whatever else is waiting when its turn comes."""
    if len(waiting) >= LONGEST:
        raise HTTPException(503, "too many requests wait for their turn; try again in a few seconds")
    one = Waiting(content, gone)
    waiting.append(one)
    while not one.answer.done():
        await anyio.to_thread.run_sync(_read_waiting, limiter=one_batch_at_a_time)
    return one.answer.result()


def _read_waiting() -> None:
    """Answer those that wait, at least the first of them: as many as make one batch."""
    found: list[tuple[Ways, Future[Reading | None]]] = []
    samples, began = 0, time.monotonic()
    while waiting and len(found) < MOST and samples < MOST_SAMPLES and time.monotonic() - began < SOON:
        one = waiting.popleft()
        try:
            ways = _find_digits(one)
        except UserError as error:
            one.answer.set_exception(type(error)(str(error)))  # without what it was raised with: a picture's arrays
        except Exception as error:  # noqa: BLE001 - whatever it is, it is for the one who sent it
            one.answer.set_exception(error)
        else:
            found.append((ways, one.answer))
            samples += sum(len(line.parts) for line in ways.lines)
    try:
        readings = reader.read_all([ways for ways, _ in found])
    except Exception as error:  # noqa: BLE001 - nobody is to wait for ever
        for _, answer in found:
            answer.set_exception(error)
        return
    for (_, answer), reading in zip(found, readings, strict=True):
        answer.set_result(reading)


def _find_digits(one: Waiting) -> Ways:
    """What was sent, framed, where somebody still waits for it."""
    if anyio.from_thread.run(one.gone):
        raise HTTPException(408, "nobody waits for the answer any more")
    with turns.picture():
        return find_digits.in_file(one.content)


def _error(what: str, status: int) -> JSONResponse:
    log.warning("a request to /api/predict was answered with %d", status)
    return JSONResponse({"error": what}, status)


ROUTES = [Route("/api", describe), Route("/api/predict", predict, methods=["POST"])]
