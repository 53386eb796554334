"""The drawing that the lessons work on: the one on the pad, else the one in the address, else a ready one."""

import logging

import streamlit as st

from mnist.errors import UserError
from mnist.reading.drawings import address
from mnist.reading.drawings.strokes import Strokes
from mnist.web.components import canvas
from mnist.web.parts import drawing_reading
from mnist.web.parts.ready_drawings import READY_DRAWINGS
from mnist.web.parts.wording import plain
from mnist.web.state import session
from mnist.web.state.pad import Pad

log = logging.getLogger(__name__)
DRAWING = "drawing"  # in the address
SEVERAL = "There are several digits on the pad. This page takes all of it as one: draw a single digit."


def open_address() -> Pad:
    """Return the session's pad; put the drawing on it that the address names, the first time that it names it."""
    pad = canvas.pad_now()
    text, opened = st.query_params.get(DRAWING), session.OPENED_ADDRESSES.get()
    if text is not None and hash(text) not in opened:
        opened.add(hash(text))  # the text itself may be long, and another each time
        try:
            pad.load_strokes(address.from_text(text))
            _name(address.to_text(drawing_reading.strokes_on(pad)[0]) or text)
        except UserError as error:
            log.warning("a drawing in an address was refused")
            st.warning(plain(f"The drawing in this address cannot be opened: {error}."))
    return pad


def _name(text: str) -> None:
    """Have the address name a drawing that is on the pad already."""
    session.OPENED_ADDRESSES.get().add(hash(text))
    st.query_params[DRAWING] = text


def leave_address(drawn: Strokes) -> None:
    """Take the drawing out of the address once another is on the pad: a reload brings back what was there last."""
    if DRAWING in st.query_params and st.query_params[DRAWING] != address.to_text(drawn):
        del st.query_params[DRAWING]


def open_drawing(name: str = "7", ready: Strokes = READY_DRAWINGS["7"]) -> Strokes:
    """Return the drawing that a lesson works on, say what is unusual about it, and have the address name it.

    `ready`, called `name`, stands in for an empty one.
    """
    drawn, problem = drawing_reading.strokes_on(open_address())
    if problem:
        st.warning(plain(problem))
    text = address.to_text(drawn) if drawn else None
    if text is None:
        st.query_params.pop(DRAWING, None)
    elif st.query_params.get(DRAWING) != text:
        _name(text)
    if not drawn:
        st.caption(f"The pad is empty, so this is a ready-made {name}. Draw your own and come back.")
    elif drawing_reading.holds_several_digits(drawing_reading.read_strokes(drawn, as_one_digit=True)):
        st.caption(SEVERAL)
    return drawn or ready
