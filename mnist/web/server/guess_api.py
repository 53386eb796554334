"""POST /guess: what is shown of a drawing while the pen still moves (components/passing_guess.js).

Also of one that is done while the page is still on its way (static/early_pad.js).

The browser sends the whole drawing each time: nothing is kept from one request to the next, so any server can answer.
"""

import time
from dataclasses import dataclass

import anyio
import anyio.to_thread
import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mnist.errors import TooLargeError, UserError
from mnist.reading.drawings import address
from mnist.web.parts import drawing_reading, guess_sentence, reading_html
from mnist.web.server.json_answers import answered
from mnist.web.server.upload_limits import ByteCounter
from mnist.web.state.turns import turns

MAX_REQUEST_BYTES = 8_000  # of 4,000 numbers: a number of ten digits has 800; a larger drawing is read when it is done
MAX_ARRIVING_BYTES = 1_000_000  # of all requests that are arriving or waiting
MAX_WAITING_REQUESTS = 60  # each takes 3 to 10 ms; pens that are sent away try again a second later
REQUEST_TIMEOUT_SECONDS = 10  # for a request to arrive
SHOWN_VERDICTS = ("digit", "unsure")  # of what is half drawn nobody wants to hear that it is no digit


@dataclass
class Rest:
    """Until when nothing is read, on the clock of `time.monotonic`, seconds."""

    until: float = 0.0


arriving = ByteCounter()
one_at_a_time = anyio.CapacityLimiter(1)
rest = Rest()  # as long as the last reading took: before the next, so that nobody waits for it who is alone


async def guess(request: Request) -> JSONResponse:
    """Answer with the guess, its sentence, rows and boxes, or with nothing if it is no digit so far.

    The body is the drawing as `address.to_numbers` describes it, each number in two bytes. Whatever one drawing
    takes, all together take half a core at most.
    """
    return await answered(_guessed(request), "/guess", REQUEST_TIMEOUT_SECONDS)


async def _guessed(request: Request) -> dict[str, str]:
    """Return what is shown of the drawing that is sent, once it is its turn."""
    with arriving.count(request.receive, _check_size) as receive:
        counted = Request(request.scope, receive)
        with anyio.fail_after(REQUEST_TIMEOUT_SECONDS):
            body = await counted.body()
        if one_at_a_time.statistics().tasks_waiting >= MAX_WAITING_REQUESTS:
            raise HTTPException(503, "too many are drawing; try again in a second")
        async with one_at_a_time:
            if await counted.is_disconnected():  # the pen was lifted
                raise ClientDisconnect
            await anyio.sleep(max(0.0, rest.until - time.monotonic()))
            shown, seconds = await anyio.to_thread.run_sync(read, body)
            rest.until = time.monotonic() + seconds
            return shown


def read(body: bytes) -> tuple[dict[str, str], float]:
    """Return what a page shows of the drawing in a request's body, and the seconds that reading it took.

    That is nothing if it is no digit so far, or the model is not loaded. Raises UserError if it is no drawing.
    """
    with turns.passing():
        began = time.monotonic()
        if len(body) % 2:
            raise UserError("it is damaged")
        reading = drawing_reading.read_strokes(address.from_numbers(np.frombuffer(body, "<i2"))).reading
        seconds = time.monotonic() - began
    if reading is None or reading.verdict not in SHOWN_VERDICTS:
        return {}, seconds
    return {
        "guess": reading_html.guess(reading),
        "sentence": guess_sentence.while_drawing(reading),
        "rows": reading_html.rows(reading),
        "boxes": reading_html.boxes(reading),
    }, seconds


def _check_size(size: int) -> None:
    if size > MAX_REQUEST_BYTES:
        raise TooLargeError("a drawing too large to be read while it is drawn")
    if arriving.size > MAX_ARRIVING_BYTES:
        raise HTTPException(503, "too much is arriving at once; try again in a second")


ROUTES = [Route("/guess", guess, methods=["POST"])]
