"""The drawing page: a pad to draw a digit or a number on, and what the network reads."""

import json
from contextlib import suppress
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist.errors import UserError
from mnist.reading.drawings import address, strokes
from mnist.reading.drawings.strokes import Strokes
from mnist.web import palette, pictures
from mnist.web.components import canvas, passing_guess, projector, share, tab_memory
from mnist.web.parts import drawing_reading, guess_sentence, lesson_drawing, page_frame, reading_html, reading_panel
from mnist.web.parts.ready_drawings import READY_BOX, READY_DRAWINGS
from mnist.web.state import session
from mnist.web.state.pad import MARGIN, PAD_SIDE, PAD_WIDTH, PEN_WIDTHS, Pad, kept_strokes
from mnist.web.state.training_queue import trainings
from mnist.web.state.turns import turns

PAD_AND_READING = "pad_and_reading"  # the fragment that a stroke runs
KEPT = "drawing"  # in the tab's memory
LOST = "Connection lost. Your drawing is kept. Trying again."


def page() -> None:
    """Show the page."""
    with page_frame.framed("Draw a digit", heading="Draw a digit. A network reads it.", lost=LOST):
        # before the fragment: when the fragment sends one style more, Streamlit replaces the next one with it
        st.html(f"<style>{_ready_drawing_pictures()}</style>")
        projector.show_projector_button()
        pad = lesson_drawing.open_address()
        canvas.adapt()
        passing_guess.follow()
        _remember()  # before the fragment, whose note it may answer at once
        left, right, below = st.columns(3, gap="medium")
        with right:
            panel = st.container(key="reading")
        with left, st.container(key="pad"):
            with st.container(key="slate"):
                pad_and_reading(panel)
            _show_tools(pad)
        with below:
            _show_samples()


@st.fragment(key=PAD_AND_READING)
@turns.reading()
def pad_and_reading(panel: DeltaGenerator) -> None:
    """Show the pad, and in `panel` what is read on it: all that a stroke changes.

    Nothing else on the page is run or sent again for a stroke.
    """
    pen = PEN_WIDTHS[session.PEN.get()]
    pad = canvas.show_canvas(pen, PAD_WIDTH)
    drawing = drawing_reading.read_pad(pad)
    lesson_drawing.leave_address(drawing.strokes)
    hint = "" if drawing.strokes else "<p class='hint'>Draw a digit here</p>"
    st.html(reading_html.shown(drawing.strokes) + reading_html.boxes(drawing.reading) + hint + canvas.loaded(pad))
    numbers = address.to_numbers(drawing.strokes)
    kept = tab_memory.kept(KEPT, {"numbers": numbers} if numbers else None)
    with panel:
        notes = passing_guess.drawn(numbers, pen, PAD_WIDTH) + kept
        reading_panel.show_reading(drawing, pad.problem or drawing.problem, notes)


# What follows are fragments of their own: a stroke does not send them again, and what they change is no run of the
# page, at whose beginning Streamlit forgets the files that can be saved.


@st.fragment
def _remember() -> None:
    tab_memory.remember(KEPT, _bring_back)


def _bring_back(kept: Any) -> None:
    """Put the drawing that the tab has kept on the pad, unless something is on it.

    What is drawn on the front page's pad (static/early_pad.js) may come in several times, each time all of it, with how
    many strokes the pad was given before.
    """
    pad = canvas.pad_now()
    numbers, handed = (kept.get("numbers"), kept.get("handed")) if isinstance(kept, dict) else (None, None)
    if numbers is None or (pad.objects and not isinstance(handed, int)):
        return
    with suppress(UserError):  # forged: it is not worth a sentence
        since = pad.strokes[handed:] if isinstance(handed, int) else []
        drawn = [*kept_strokes(numbers), *since]
        pad.load(strokes.to_drawing(drawn, pad.chalk)["objects"])
        st.rerun(PAD_AND_READING)


@st.fragment
def _show_samples() -> None:
    with st.container(key="samples", horizontal=True, gap="small"):
        for number, (name, ready) in enumerate(READY_DRAWINGS.items()):
            st.button(name, key=f"sample_{number}", on_click=_load, args=(ready,))


def _read_again() -> None:
    """Run the pad's fragment alone.

    The canvas reports what it has loaded at once. If that comes while the whole page is being run, Streamlit drops what
    the fragment has not sent yet and takes the run for finished: the reading would be gone until the next one.
    """
    st.rerun(PAD_AND_READING)


@st.fragment
def _show_tools(pad: Pad) -> None:
    with st.container(horizontal=True, key="tools", gap="small"):
        canvas.show_undo_and_clear(then=_read_again)
        with st.popover("File", key="file"):
            pressed = st.button("Share", key="share", width="stretch")
            share.show_share_sheet(_shared(pad) if pressed else None)
            save = partial(st.download_button, on_click="ignore", width="stretch")
            save("Save as picture", lambda: _picture(pad, ""), "drawing.png", key="save_png")
            save("Save with the guess", lambda: _picture(pad, _said(pad)), "drawing.png", key="save_guess")
            save("Save as drawing", lambda: json.dumps(pad.drawing), "drawing.json", key="save_json")
            st.file_uploader("Open a saved drawing", type="json", key=session.OPENED_FILE.key, on_change=_open_file)
            st.button(
                "Forget everything", key="forget", on_click=_forget, width="stretch",
                help="Takes away all it has of you: drawings, challenge, pictures, net. This cannot be undone.",
            )  # fmt: skip
        st.segmented_control(
            "Pen", list(PEN_WIDTHS), default=session.PEN.default, required=True, key=session.PEN.key,
            on_change=_read_again, label_visibility="collapsed", width="stretch",
        )  # fmt: skip


def _picture(pad: Pad, caption: str) -> bytes:
    """Return the square in the pad's middle, or all of it if ink lies outside, with a caption below if there is one."""
    drawn, _ = drawing_reading.strokes_on(pad)
    x, _, extent, _ = strokes.bounds(drawn) if drawn else (MARGIN, 0, 0, 0)
    left, width = (MARGIN, PAD_SIDE) if x >= MARGIN and x + extent <= MARGIN + PAD_SIDE else (0, PAD_WIDTH)
    return pictures.drawing_png(drawn, left, width, PAD_SIDE, caption)


def _said(pad: Pad) -> str:
    """Return the sentence about what is on the pad."""
    drawn, problem = drawing_reading.strokes_on(pad)
    with turns.reading():
        drawing = drawing_reading.read_strokes(drawn)
        mirrored = drawing_reading.mirrored(drawing)
    return problem or drawing.problem or guess_sentence.of_drawing(drawing.reading, mirrored)


def _shared(pad: Pad) -> tuple[bytes, str, str | None] | None:
    """Return what is shared of the pad, unless it is empty: its picture, its sentence, the drawing for a link."""
    drawn, _ = drawing_reading.strokes_on(pad)
    if not drawn:
        st.toast("The pad is empty. Draw something first.")
        return None
    said = _said(pad)
    return _picture(pad, said), said, address.to_text(drawn)


def _open_file() -> None:
    file, pad = session.OPENED_FILE.get(), canvas.pad_now()
    if file is None:
        pad.problem = None
    else:
        pad.open_file(file.getvalue())
    _read_again()


def _forget() -> None:
    """Forget the visitor here and, by the page's memory, in the browser, which then begins anew."""
    if (ticket := session.TICKET.get()) and not ticket.over:
        trainings.leave(ticket)
    st.session_state.clear()
    session.FORGETS.set(True)
    _read_again()


def _load(ready: Strokes) -> None:
    canvas.pad_now().load_strokes(ready)
    _read_again()


@st.cache_data
def _ready_drawing_pictures() -> str:
    urls = [pictures.strokes_url(ready, READY_BOX, palette.CHALK) for ready in READY_DRAWINGS.values()]
    return "".join(
        f'.st-key-sample_{number} button {{ background-image: url("{url}"); }}\n' for number, url in enumerate(urls)
    )
