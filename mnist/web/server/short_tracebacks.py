"""What the log says of an exception that Streamlit or the server below it met: one line, and nothing that was sent.

Whoever sends a widget a value of the wrong kind ends in an exception within Streamlit, which would fill the log with
fifty lines each, the value perhaps among them. The kind of the exception and the way to it, file by file, are enough
to find a mistake of ours by.
"""

import logging
import traceback
from collections import deque
from pathlib import Path
from typing import Any

OTHERS = ("streamlit", "uvicorn", "asyncio")  # loggers; what our own modules log is said by them in full
FRAMES = 12  # of the way to an exception, from where it was raised


def install() -> None:
    """From now on, say it so."""
    logging.setLogRecordFactory(_Record)


class _Record(logging.LogRecord):
    """A record without traceback, where one of the others logs."""

    def __init__(self, name: str, *rest: Any, **more: Any) -> None:
        super().__init__(name, *rest, **more)
        if self.exc_info and self.exc_info[1] is not None and name.startswith(OTHERS):
            self.msg, self.args = f"{self.getMessage().strip()}: {_where(self.exc_info[1])}", ()
            self.exc_info = None


def _where(error: BaseException) -> str:
    """The exception's kind, and the lines that led to it, the last one first."""
    frames = deque(traceback.walk_tb(error.__traceback__), FRAMES)
    lines = (f"{Path(frame.f_code.co_filename).name}:{line}" for frame, line in reversed(frames))
    return f"{type(error).__name__} at {' < '.join(lines)}"
