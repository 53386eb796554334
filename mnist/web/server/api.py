"""The HTTP interface: POST /api/predict reads a picture or drawing, GET /api describes it as OpenAPI 3.1.

The answer is the JSON that `python -m mnist predict --json` prints, without the file's name.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
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

from mnist import __version__
from mnist.errors import TooLargeError, UserError
from mnist.reading import find_digits
from mnist.reading.drawings import strokes
from mnist.reading.lattice import Lattice
from mnist.reading.pictures import image_limits
from mnist.reading.readings import Reading
from mnist.web.server.json_answers import answered
from mnist.web.server.upload_limits import ByteCounter
from mnist.web.state.reader import reader
from mnist.web.state.turns import turns

MAX_REQUEST_BYTES = max(image_limits.MAX_FILE_BYTES, strokes.MAX_DRAWING_BYTES)
MAX_ARRIVING_BYTES = 4 * MAX_REQUEST_BYTES  # of all requests that are arriving or waiting
REQUEST_TIMEOUT_SECONDS = 120  # for a request to arrive
MAX_WAITING_REQUESTS = 64
MAX_BATCH_REQUESTS = 32
MAX_BATCH_SAMPLES = 6_000  # the request that passes it still belongs to the batch
MAX_BATCH_SECONDS = 1.0  # then nothing more is taken into the batch; whoever is in it waits for all of it
MultiPartParser.spool_max_size = MAX_REQUEST_BYTES  # uploads, here or on a page, never become temporary files
FORM_FIELD = "file"  # what is sent in a form as text
MAX_FILES = 30  # of a form: a class
MAX_FIELDS = 10  # of a form, beside the files
DESCRIPTION: dict[str, Any] = json.loads(Path(__file__).with_name("api.json").read_text("utf-8"))
DESCRIPTION["info"]["version"] = __version__


@dataclass(frozen=True)
class WaitingRequest:
    """A client's request: its content, the answer to come, and a call that tells whether the client has gone."""

    content: bytes
    is_gone: Callable[[], Coroutine[Any, Any, bool]]
    answer: Future[Reading | None] = field(default_factory=Future)


waiting: deque[WaitingRequest] = deque()
arriving = ByteCounter()
one_batch_at_a_time = anyio.CapacityLimiter(1)


async def describe(_: Request) -> JSONResponse:
    """Answer GET /api: the description of this interface."""
    return JSONResponse(DESCRIPTION)


async def predict(request: Request) -> JSONResponse:
    """Answer POST /api/predict: the reading, or `{"error": sentence}` with the status that api.json lists."""
    return await answered(_predicted(request), "/api/predict", REQUEST_TIMEOUT_SECONDS)


async def _predicted(request: Request) -> dict[str, Any] | list[dict[str, Any]]:
    """Return what was read in what is sent: of several files a list."""
    with arriving.count(request.receive, _check_size) as receive:
        counted = Request(request.scope, receive)
        with anyio.fail_after(REQUEST_TIMEOUT_SECONDS):
            sent = await _sent(counted)
        if not any(content for _, content in sent):
            raise HTTPException(400, "nothing was sent")
        if len(sent) > 1:
            return await _answers(sent, counted.is_disconnected)
        return (await _read(sent[0][1], counted.is_disconnected)).as_dict()


def _check_size(size: int) -> None:
    """Raise TooLargeError if `size` bytes are too many for one request, HTTPException if all requests hold too many."""
    if size > MAX_REQUEST_BYTES:
        raise TooLargeError(f"the request is larger than {MAX_REQUEST_BYTES / 1e6:.0f} MB")
    if arriving.size > MAX_ARRIVING_BYTES:
        raise HTTPException(503, "too much is arriving at once; try again in a few seconds")


async def _sent(request: Request) -> list[tuple[str, bytes]]:
    """Return what was sent, each with its name: the files of a form, whatever its fields are called, or the body."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return [("", await request.body())]
    async with request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_REQUEST_BYTES) as form:
        fields = form.multi_items()
        files = [(sent.filename or "", await sent.read()) for _, sent in fields if isinstance(sent, UploadFile)]
        texts = [
            ("", sent.encode("utf-8", "replace"))
            for name, sent in fields
            if name == FORM_FIELD and isinstance(sent, str)
        ]
        return files or texts


async def _answers(
    sent: list[tuple[str, bytes]], is_gone: Callable[[], Coroutine[Any, Any, bool]]
) -> list[dict[str, Any]]:
    """Return an answer to each of several files, in turn: others' requests come in between.

    Raises HTTPException if the client has gone, or too much is being read for the first one already.
    """
    answers: list[dict[str, Any]] = []
    for name, content in sent:
        try:
            answers.append({"file": name, **(await _read(content, is_gone)).as_dict()})
        except UserError as error:
            answers.append({"file": name, "error": str(error)})
        except HTTPException as error:
            if error.status_code != 503 or not answers:
                raise
            answers.append({"file": name, "error": error.detail})
    return answers


async def _read(content: bytes, is_gone: Callable[[], Coroutine[Any, Any, bool]]) -> Reading:
    """Read the content in one batch with the other requests that are waiting.

    Raises HTTPException while the model is loading, or if too many are waiting.
    """
    if len(waiting) >= MAX_WAITING_REQUESTS:
        raise HTTPException(503, "too many requests are waiting; try again in a few seconds")
    waiting.append(request := WaitingRequest(content, is_gone))
    while not request.answer.done():
        await anyio.to_thread.run_sync(_read_batch, limiter=one_batch_at_a_time)
    reading = request.answer.result()
    if reading is None:
        raise HTTPException(503, reader.error or "the model is not loaded yet; try again in a few seconds")
    return reading


def _read_batch() -> None:
    """Answer the first waiting request, and as many of the next ones as fit into its batch."""
    batch: list[tuple[Lattice, Future[Reading | None]]] = []
    samples, end = 0, time.monotonic() + MAX_BATCH_SECONDS
    while waiting and len(batch) < MAX_BATCH_REQUESTS and samples < MAX_BATCH_SAMPLES and time.monotonic() < end:
        request = waiting.popleft()
        try:
            if anyio.from_thread.run(request.is_gone):
                raise HTTPException(408, "the client has gone")
            with turns.pictures.turn():
                lattice = find_digits.in_file(request.content)
            lattice = replace(lattice, again=partial(_in_turn, lattice))
        except UserError as error:
            request.answer.set_exception(type(error)(str(error)))  # without its traceback, which holds the picture
        except Exception as error:  # noqa: BLE001 - it goes to the client that caused it
            request.answer.set_exception(error)
        else:
            batch.append((lattice, request.answer))
            samples += len(lattice.parts)
    try:
        readings = reader.read_all([lattice for lattice, _ in batch])
    except Exception as error:  # noqa: BLE001 - or they would wait for ever
        for _, answer in batch:
            answer.set_exception(error)
        return
    for (_, answer), reading in zip(batch, readings, strict=True):
        answer.set_result(reading)


def _in_turn(lattice: Lattice, degrees: Sequence[int]) -> Iterator[Lattice]:
    """Look at a picture again when it is its turn: the server holds the pixels of one at a time."""
    with turns.pictures.turn():
        yield from lattice.again(degrees)


ROUTES = [Route("/api", describe), Route("/api/predict", predict, methods=["POST"])]
