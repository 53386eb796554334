"""Answers in JSON to requests whose content is read; where it cannot be, a sentence and a status."""

import logging
from collections.abc import Awaitable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from mnist.errors import TooLargeError, UnknownKindError, UserError

log = logging.getLogger(__name__)
STATUSES: dict[type[UserError], int] = {TooLargeError: 413, UnknownKindError: 415, UserError: 422}


async def answered(content: Awaitable[Any], route: str, timeout_seconds: int) -> JSONResponse:
    """Answer with the content, or `{"error": sentence}` and a status; log the status, but nothing of what was sent.

    A TimeoutError is one of the request that took longer than `timeout_seconds` to arrive.
    """
    try:
        return JSONResponse(await content)
    except ClientDisconnect:
        return JSONResponse({}, 408)  # it broke off what it sent: nobody listens, and nothing is wrong
    except UserError as error:
        sentence, status = str(error), STATUSES[type(error)]
    except HTTPException as error:  # Starlette raises it too, for a form that it cannot parse
        sentence, status = error.detail, error.status_code
    except TimeoutError:
        sentence, status = f"the request took more than {timeout_seconds} seconds to arrive", 408
    except Exception:
        log.exception("reading a request to %s failed", route)
        sentence, status = "something went wrong; the server's log says what", 500
    log.warning("a request to %s was answered with %d", route, status)
    return JSONResponse({"error": sentence}, status)
