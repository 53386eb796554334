"""What the lessons share: they work on the drawing that is on the pad, or in the address, or on a ready one."""

import logging

import streamlit as st

from mnist.errors import UserError
from mnist.reading import address
from mnist.reading.strokes import Strokes
from mnist.web.components import canvas
from mnist.web.parts import reading_panel
from mnist.web.parts.ready_drawings import READY_DRAWINGS
from mnist.web.state.pad import Pad

log = logging.getLogger(__name__)
DRAWING = "drawing"  # in the address
KNOWN = "addresses_of_session"
READY = next(ready for ready in READY_DRAWINGS if ready.name == "7")


def open_address() -> Pad:
    """The session's pad, with the drawing that the address names, the first time that it names it."""
    pad = canvas.pad_now()
    named, known = st.query_params.get(DRAWING), st.session_state.setdefault(KNOWN, set())
    if named is not None and hash(named) not in known:
        known.add(hash(named))  # the text itself may be long, and another each time
        try:
            pad.load_strokes(address.from_text(named))
        except UserError as error:
            log.warning("a drawing in an address was refused")
            st.warning(reading_panel.plain(f"The drawing in this address cannot be opened: {error}."))
    return pad


def drawing() -> Strokes:
    """The drawing that a lesson works on; the address is made to name it."""
    pad = open_address()
    try:
        drawn = pad.strokes
    except UserError as error:
        st.warning(reading_panel.plain(f"Something went wrong: {error}."))
        drawn = []
    text = address.to_text(drawn) if drawn else None
    if text is None:
        st.query_params.pop(DRAWING, None)
    elif st.query_params.get(DRAWING) != text:
        st.session_state[KNOWN].add(hash(text))
        st.query_params[DRAWING] = text
    if not drawn:
        st.caption("The pad is empty, so this is a ready-made 7. Draw your own, and come back.")
    return drawn or READY.strokes
