"""The session: each value that this program keeps for a visitor, and each widget whose value is read by its key.

Streamlit keeps both as untyped entries of `st.session_state`; here each has a name and a type. Components read their
own values by the key that they are given.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mnist.reading.classifier import Classifier
from mnist.web.state.album import Album
from mnist.web.state.pad import Pad
from mnist.web.state.scorebook import Scorebook
from mnist.web.state.training_queue import Ticket

T = TypeVar("T")


@dataclass(frozen=True)
class SessionValue(Generic[T]):
    """A value that is kept for one visitor; `make` returns the first one."""

    key: str
    make: Callable[[], T]

    def get(self) -> T:
        """Return the value."""
        if self.key not in st.session_state:
            self.set(self.make())
        value: T = st.session_state[self.key]
        return value

    def set(self, value: T) -> None:
        """Keep another value."""
        st.session_state[self.key] = value


@dataclass(frozen=True)
class WidgetValue(Generic[T]):
    """The value of a widget, also for code that runs before the widget; `default` stands in if nothing is chosen.

    A forged message may leave nothing chosen where a person cannot.
    """

    key: str
    default: T

    def get(self) -> T:
        """Return the value."""
        value: T | None = st.session_state.get(self.key)
        return self.default if value is None else value


@dataclass(frozen=True)
class SliderStart:
    """The values that a button last gave to the sliders that spoil a drawing, by field.

    Each `number` gives the sliders new keys, each `mended` gives the switch a new one. A message that the browser sent
    before it knew them names the old keys, so it cannot undo what the button did.
    """

    values: dict[str, int]
    number: int = 0
    mended: int = 0


def pad(canvas_key: str) -> SessionValue[Pad]:
    """Return the pad of the canvas with that key."""
    return SessionValue(f"pad_of_{canvas_key}", Pad)


# every page
WORD = SessionValue("word", lambda: secrets.token_hex(8))  # by which a tab tells this session from others
FORGETS = SessionValue("forgets", bool)  # everything, as the visitor wished

# draw, and every page that works on its drawing
PEN = WidgetValue("pen", "Medium")
OPENED_FILE: WidgetValue[UploadedFile | None] = WidgetValue("open", None)
OPENED_ADDRESSES: SessionValue[set[int]] = SessionValue("addresses_of_session", set)  # hashes of the drawings in them

# challenge
SCOREBOOK = SessionValue("scorebook", lambda: Scorebook(np.random.default_rng()))
CELEBRATES = SessionValue("celebrates", bool)  # a round that has just ended
PRESSED_IN_VAIN = SessionValue("pressed_in_vain", bool)  # Done, with nothing on the pad

# look inside
STEP: WidgetValue[str | None] = WidgetValue("layer", None)  # also in the address

# break it
SLIDER_START = SessionValue("break_it_start", lambda: SliderStart({}))

# train it
TICKET: SessionValue[Ticket | None] = SessionValue("training_of_session", lambda: None)
OWN_NET: SessionValue[Classifier | None] = SessionValue("net_of_session", lambda: None)  # trained or opened last
OWN_NET_FILE = SessionValue("file_of_net", bytes)  # to save it in
LOST_NET = SessionValue("lost_net", bool)
DRAWING_WITH_OWN_NET = SessionValue("drawing_with_net", bool)
TRAINING_DATA = WidgetValue("data", "Made-up digits")
OPENED_NET: WidgetValue[UploadedFile | None] = WidgetValue("open_net", None)
NET_PROBLEM = SessionValue("net_problem", str)  # of the file opened last

# report
MISTAKE_ANSWERS: SessionValue[list[int]] = SessionValue("answers_to_mistakes", list)  # one after the other
MISTAKE_NUMBER = SessionValue("number_of_mistake", int)


def mistake_answer(number: int) -> WidgetValue[Any]:
    """Return the answer to the mistake with that number."""
    return WidgetValue(f"mistake_{number}", None)


# photos
PHOTOS: SessionValue[Album] = SessionValue("photos_of_session", Album)
LOST_PHOTOS: SessionValue[list[str]] = SessionValue("lost_photos", list)  # names
UPLOADER: WidgetValue[list[UploadedFile] | None] = WidgetValue("photos", None)
SENT_FILES: SessionValue[set[str]] = SessionValue("sent_files_of_session", set)  # ids, since the page was opened
TAKEN_PHOTO: WidgetValue[UploadedFile | None] = WidgetValue("taken", None)
