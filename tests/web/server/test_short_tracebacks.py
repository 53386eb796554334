"""An exception in Streamlit's or uvicorn's log: one line that says where, and nothing that was sent."""

import logging
from collections.abc import Iterator

import pytest

from mnist.web.server import short_tracebacks


@pytest.fixture(autouse=True)
def _installed() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    short_tracebacks.install()
    yield
    logging.setLogRecordFactory(before)


def fail(depth: int) -> None:
    if depth:
        fail(depth - 1)
    raise ValueError("<script>\nwhat was sent")


def record_of(name: str, depth: int = 0) -> logging.LogRecord:
    try:
        fail(depth)
    except ValueError as error:
        return logging.getLogRecordFactory()(
            name, logging.ERROR, "", 0, "Run of %s\n", ("a page",), (None, error, None)
        )
    raise AssertionError


@pytest.mark.parametrize("name", ["streamlit.error_util", "uvicorn.error", "asyncio"])
@pytest.mark.parametrize("depth", [0, 900])
def test_an_exception_in_others_code_is_one_line(name: str, depth: int) -> None:
    said = logging.Formatter().format(record_of(name, depth))
    assert said.startswith("Run of a page: ValueError at test_short_tracebacks.py:")
    assert "sent" not in said
    assert "\n" not in said
    assert len(said) < 500


def test_our_own_exceptions_keep_their_traceback() -> None:
    assert record_of("mnist.web.state.reader").exc_info is not None
