"""Short tracebacks: an exception in Streamlit or uvicorn takes one line of the log, without what a visitor sent.

A forged message may give a widget a value of the wrong kind. Streamlit would log fifty lines about each, perhaps with
the value. The exception's type and the lines that led to it are enough to find a mistake of ours.
"""

import logging
import traceback
from collections import deque
from pathlib import Path
from typing import Any

SHORTENED_LOGGERS = ("streamlit", "uvicorn", "asyncio")  # our own modules log their exceptions in full
MAX_FRAMES = 12  # of a traceback, from where the exception was raised


def install() -> None:
    """Shorten tracebacks from now on."""
    logging.setLogRecordFactory(_ShortRecord)


class _ShortRecord(logging.LogRecord):
    """A log record whose traceback is part of its one line, if one of SHORTENED_LOGGERS made it."""

    def __init__(self, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(name, *args, **kwargs)
        if self.exc_info and self.exc_info[1] is not None and name.startswith(SHORTENED_LOGGERS):
            self.msg, self.args = f"{self.getMessage().strip()}: {_summary(self.exc_info[1])}", ()
            self.exc_info = None


def _summary(error: BaseException) -> str:
    frames = deque(traceback.walk_tb(error.__traceback__), MAX_FRAMES)
    lines = (f"{Path(frame.f_code.co_filename).name}:{line}" for frame, line in reversed(frames))
    return f"{type(error).__name__} at {' < '.join(lines)}"
