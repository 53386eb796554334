"""The frame of every page: title, icon, style sheets, heading, and another run as soon as the model is loaded."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from mnist.web.components import announcement, reconnection
from mnist.web.parts.wording import plain
from mnist.web.state.reader import reader

STATIC = Path(__file__).parents[1] / "static"
LOST = "Connection lost. Trying again."
CHECK_SECONDS = 0.3  # between two looks at whether the model is loaded


@contextmanager
def framed(title: str, style: str | None = None, *, heading: str | None = None, lost: str = LOST) -> Iterator[None]:
    """Show what the `with` block shows as a page, under its title or another heading.

    `style` names a style sheet that is added to the one of all pages; `lost` is said while there is no connection.
    """
    st.set_page_config(page_title=title, page_icon=str(STATIC / "icon.svg"), layout="wide")
    sheets = style_sheet("look") + (style_sheet(f"look_{style}") if style else "")
    st.html(f"<style>{sheets}</style><h1>{heading or title}</h1>")
    reader.start()
    reconnection.run_again(lost)
    announcement.show_region()
    yield
    if not reader.ready and reader.error is None:
        _wait_for_reader()


@functools.cache
def style_sheet(name: str) -> str:
    """Return a style sheet of the folder `static`."""
    return (STATIC / f"{name}.css").read_text("utf-8")


def reader_has_failed() -> bool:
    """Tell whether the model could not be loaded; if so, show why."""
    if reader.error:
        st.warning(plain(f"Something went wrong. {reader.error}"))
    return reader.error is not None


@st.fragment(run_every=CHECK_SECONDS)
def _wait_for_reader() -> None:
    if reader.ready or reader.error is not None:
        st.rerun()
