"""The first page: a pad to draw a digit on, and what the network reads."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist.errors import UserError
from mnist.reading import find_digits, grouping, strokes
from mnist.reading.classifier import Reading
from mnist.reading.framing import Framed
from mnist.reading.grouping import Ways
from mnist.reading.rendering import render
from mnist.reading.strokes import Stroke, Strokes
from mnist.web import pictures
from mnist.web.components import canvas
from mnist.web.parts import lesson_drawing, number_panel, page_frame, reading_panel
from mnist.web.parts.ready_drawings import READY_DRAWINGS
from mnist.web.state import board
from mnist.web.state.pad import Pad
from mnist.web.state.reader import reader
from mnist.web.state.turns import turns

STATIC = Path(__file__).parents[1] / "static"
STYLE = (STATIC / "look.css").read_text("utf-8")
NUMBER_STYLE = (STATIC / "look_number.css").read_text("utf-8")
PART = "pad_and_reading"  # the part of the page that is run by itself


def page() -> None:
    """The page, top to bottom."""
    st.set_page_config(page_title="Draw a digit", page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(f"<style>{STYLE}{_ready_drawing_pictures()}</style>")
    reader.start()
    pad = lesson_drawing.open_address()
    left, right = st.columns([2, 3], gap="large")
    with right:
        panel = st.container(key="reading")
    with left, st.container(key="pad"):
        _mode()
        with st.container(key="slate"):
            pad_and_reading(panel)
        _tools(pad)
    ready_drawings()
    page_frame.for_reader()


@st.fragment(key=PART)
@turns.reading()
def pad_and_reading(panel: DeltaGenerator) -> None:
    """All that changes with a stroke, and only that: nothing else on the page is run or sent again for it.

    What is read is shown in `panel`.
    """
    mode = st.session_state.get("mode") or board.ONE_DIGIT  # a forged message may leave nothing chosen
    number, width = mode == board.NUMBER, board.WIDTHS[mode]
    st.html(f"<style>:root {{ --pad: {width}px; }}\n{NUMBER_STYLE if number else ''}</style>")
    pad = canvas.show_canvas(board.PENS[st.session_state.get("pen") or "Medium"], width)
    reading, drawn, framed, problem = _read(pad, number)
    if pad.problem:
        problem = reading_panel.plain(pad.problem)
    if number:
        st.html(number_panel.boxes(reading))
    with panel:
        if number:
            number_panel.show(reading, problem)
        else:
            reading_panel.show(reading, drawn, framed, problem)


def _read(pad: Pad, number: bool) -> tuple[Reading | None, Strokes, Framed | None, str | None]:
    """The reading of what is on the pad, its strokes, these framed as one digit, and why there is no reading.

    Only a drawing, and no number, is framed as one digit.
    """
    try:
        drawn = pad.strokes
    except UserError as error:
        return None, [], None, reading_panel.plain(f"Something went wrong: {error}.")
    framed = strokes.frame(drawn) if drawn and not number else None
    if framed:
        reading = reader.read(grouping.one_digit(framed))
    else:
        reading = reader.read(find_digits.of_strokes(drawn) if number else Ways())
    return reading, drawn, framed, _why_none(reading)


def _mode() -> None:
    modes = list(board.WIDTHS)
    st.segmented_control(
        "What is drawn", modes, default=modes[0], required=True, key="mode", on_change=_widen,
        label_visibility="collapsed", width="stretch",
    )  # fmt: skip


def _widen() -> None:
    canvas.pad_now().widen(board.WIDTHS[st.session_state["mode"] or board.ONE_DIGIT])
    read_again()


def _why_none(reading: Reading | None) -> str | None:
    if reading is not None:
        return None
    return (
        reading_panel.plain(f"Something went wrong. {reader.error}")
        if reader.error
        else "Waking up. You can draw already."
    )


def read_again() -> None:
    """Run the pad's part alone.

    The canvas reports what it has loaded at once. Where that comes while the whole page is being run, Streamlit drops
    what of the part was not yet sent, takes the run for finished, and the reading is gone until the next one.
    """
    st.rerun(PART)


def _tools(pad: Pad) -> None:
    with st.container(horizontal=True, key="tools", gap="small"):
        canvas.show_undo_and_clear(then=read_again)
        with st.popover("File", key="file"):
            _save_and_open(pad)
    pens = list(board.PENS)
    st.segmented_control(
        "Pen", pens, default=pens[1], required=True, key="pen", on_change=read_again,
        label_visibility="collapsed", width="stretch",
    )  # fmt: skip


def _save_and_open(pad: Pad) -> None:
    picture, drawing = partial(_picture, pad), partial(_json, pad)
    st.download_button("Save as picture", picture, "drawing.png", key="save_png", on_click="ignore", width="stretch")
    st.download_button("Save as drawing", drawing, "drawing.json", key="save_json", on_click="ignore", width="stretch")
    st.file_uploader("Open a saved drawing", type="json", key="open", on_change=_open)


def _open() -> None:
    file, pad = st.session_state["open"], canvas.pad_now()
    if file is None:
        pad.problem = None
    else:
        pad.open_file(file.getvalue())
    read_again()


def _json(pad: Pad) -> str:
    return json.dumps(pad.drawing)


def _picture(pad: Pad) -> bytes:
    drawn = pad.strokes
    lines, widths = [stroke.points for stroke in drawn], [stroke.width for stroke in drawn]
    return pictures.png(render(lines, widths, (board.SIDE, pad.width)))


def ready_drawings() -> None:
    """A row of drawings to load; outside the fragment, so that a stroke does not send them again."""
    with st.container(key="samples", horizontal=True, gap="small"):
        for number, ready in enumerate(READY_DRAWINGS):
            st.button(ready.name, key=f"sample_{number}", on_click=_load, args=(ready.strokes,))


def _load(ready: Strokes) -> None:
    pad = canvas.pad_now()
    middle = np.array([(pad.width - board.SIDE) / 2, 0.0])
    pad.load_strokes([Stroke(stroke.points + middle, stroke.width) for stroke in ready])
    read_again()


@st.cache_data
def _ready_drawing_pictures() -> str:
    urls = [pictures.strokes_url(ready.strokes, board.WHOLE, board.CHALK) for ready in READY_DRAWINGS]
    return "".join(
        f'.st-key-sample_{number} button {{ background-image: url("{url}"); }}\n' for number, url in enumerate(urls)
    )
