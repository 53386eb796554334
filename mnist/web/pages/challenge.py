"""The challenge: it asks for digits, somebody draws them, and what it read is counted, put right and taken home."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from mnist.data import exported_drawings
from mnist.data.labelled import Labelled
from mnist.errors import UserError
from mnist.reading import grouping, strokes
from mnist.reading.classifier import NO_DIGIT, Reading
from mnist.reading.grouping import Ways
from mnist.reading.strokes import Strokes
from mnist.web.components import canvas, matrix, tiles
from mnist.web.components.tiles import Tile
from mnist.web.parts import page_frame, reading_panel
from mnist.web.parts.reading_panel import with_article
from mnist.web.state import board
from mnist.web.state.pad import Pad
from mnist.web.state.reader import reader
from mnist.web.state.scorebook import MOST, Entry, Scorebook
from mnist.web.state.turns import turns

STATIC = Path(__file__).parents[1] / "static"
STYLE = (STATIC / "look.css").read_text("utf-8") + (STATIC / "look_challenge.css").read_text("utf-8")
BOOK, CANVAS, TILES, IN_VAIN = "scorebook", "challenge_canvas", "drawn", "pressed_in_vain"
ASKING, KEPT = "asking", "kept"  # the parts of the page that are run by themselves
LABELS = [*range(10), NO_DIGIT]
DOWNLOADS = (
    ("For Keras (NPZ)", exported_drawings.as_npz, "my_digits.npz"),
    ("As MNIST's own files (idx)", exported_drawings.as_idx, "my_digits_idx.zip"),
    ("As pictures (PNG)", exported_drawings.as_png, "my_digits_png.zip"),
)


def page() -> None:
    """The page, top to bottom."""
    st.set_page_config(page_title="Challenge", page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(f"<style>{STYLE}</style><h1>Challenge</h1>")
    reader.start()
    if BOOK not in st.session_state:
        st.session_state[BOOK] = Scorebook(np.random.default_rng())
    book: Scorebook = st.session_state[BOOK]
    if reader.error:
        st.warning(reading_panel.plain(f"Something went wrong. {reader.error}"))
    else:
        asking(book)
        kept(book)
    page_frame.for_reader()


@st.fragment(key=ASKING)
@turns.reading()
def asking(book: Scorebook) -> None:
    """What changes with a stroke: the pad and what is read."""
    left, right = st.columns([2, 3], gap="large")
    with left, st.container(key="pad"):
        with st.container(key="asked"):
            st.markdown(f"Draw {with_article(book.asked)}")
        with st.container(key="slate"):
            pad = canvas.show_canvas(board.PENS["Medium"], board.SIDE, CANVAS)
        with st.container(horizontal=True, key="tools", gap="small"):
            canvas.show_undo_and_clear(CANVAS)
        st.button(
            "Done", key="done", type="primary", shortcut="D", width="stretch", on_click=_count, args=(book,),
            disabled=not reader.ready or book.full,
        )  # fmt: skip
    drawn, problem = _strokes(pad)
    reading = _read(drawn)
    in_vain = st.session_state.pop(IN_VAIN, False)
    with right:
        reading_panel.show_guess(reading, problem or _sentence(book, reading, in_vain))
        with st.container(key="score"):
            right_ones, all_of_them = book.score
            st.markdown(f"It read **{right_ones} of {all_of_them}**." if all_of_them else "Nothing counted yet.")
        cell = matrix.show_matrix(book.counts, "matrix")
        with st.container(key="cell"):
            st.markdown(_of_cell(book.counts, *cell) if cell else "Choose a number to see it in words.")


def _count(book: Scorebook) -> None:
    """Done: what is on the pad is counted, and both parts of the page are run again."""
    pad = canvas.pad_now(CANVAS)
    drawn, _ = _strokes(pad)
    reading = _read(drawn)
    if drawn and reading:
        book.keep(strokes.frame(drawn).sample, _label(reading))
        pad.clear()
        st.rerun([ASKING, KEPT])
    st.session_state[IN_VAIN] = not drawn


def _read(drawn: Strokes) -> Reading | None:
    return reader.read(grouping.one_digit(strokes.frame(drawn)) if drawn else Ways())


def _strokes(pad: Pad) -> tuple[Strokes, str | None]:
    """What is on the pad, and what is wrong with it, if something is."""
    try:
        return pad.strokes, None
    except UserError as error:
        return [], reading_panel.plain(f"Something went wrong: {error}.")


def _label(reading: Reading) -> int:
    digit = reading.digits[0].digit if reading.digits else None
    return NO_DIGIT if digit is None else digit


def _sentence(book: Scorebook, reading: Reading | None, in_vain: bool) -> str:
    if reading is None:
        return "Waking up. You can draw already."
    if book.full:
        return f"{MOST:,} drawings are kept, and no more. Throw some away to go on."
    if reading.verdict != "empty":
        return reading_panel.describe(reading)
    if in_vain:
        return f"The board is empty. First draw {with_article(book.asked)}."
    if book.latest:
        return f"That was {_said(book.latest.label)}, and it read {_said(book.latest.read)}."
    return f"Draw {with_article(book.asked)} and press Done."


def _of_cell(counts: np.ndarray, meant: int, read: int) -> str:
    """A number of the matrix in words."""
    digit = with_article(meant).capitalize()
    return f"{digit} was meant: {counts[meant].sum()}, and {_said(read)} was read: {counts[meant, read]}."


def _said(label: int) -> str:
    return "no digit" if label == NO_DIGIT else with_article(label)


@st.fragment(key=KEPT)
def kept(book: Scorebook) -> None:
    """Everything drawn, to put right and to take away."""
    entries = book.entries
    with st.container(key="kept"):
        if entries:
            st.markdown(
                "**Everything you drew.** Misread ones come first, marked with what it read. Choose one to teach it."
            )
            choices = [Tile(entry.number, _name(entry), _mark(entry)) for entry in entries]
            chosen = tiles.chosen_tile(choices, TILES)
            left, right = st.columns([3, 2], gap="large")
            with left, st.container(key="everything"):
                tiles.show_tiles(choices, np.stack([entry.sample for entry in entries], axis=2), chosen, TILES)
            with right, st.container(key="teaching"):
                _teaching(book, next((entry for entry in entries if entry.number == chosen), None))
        _taking_away(book)


def _name(entry: Entry) -> str:
    return f"{_said(entry.label)}, read as {_said(entry.read)}"


def _mark(entry: Entry) -> str:
    return "" if not entry.misread else "–" if entry.read == NO_DIGIT else str(entry.read)


def _teaching(book: Scorebook, entry: Entry | None) -> None:
    """What the chosen drawing was asked to be, what it was read as, and what it really is."""
    if entry is None:
        return
    st.markdown(f"You were asked for {with_article(entry.asked)}, and it read {_said(entry.read)}.")
    label = st.segmented_control(
        "What was it really?", LABELS, default=entry.label, required=True, key=f"label_{entry.number}",
        format_func=lambda label: "no digit" if label == NO_DIGIT else str(label),
    )  # fmt: skip
    if label is not None and label != entry.label:
        book.teach(entry.number, label)
        st.rerun()
    if st.button("Throw it away", key=f"throw_{entry.number}"):
        book.throw_away(entry.number)
        st.rerun()


def _taking_away(book: Scorebook) -> None:
    """The three files, and what becomes of the drawings otherwise."""
    with st.container(key="take_away", horizontal=True):
        for name, write, file in DOWNLOADS:
            st.download_button(
                name, partial(_file, write, book), file, key=file, on_click="ignore", disabled=not book.entries
            )
    st.markdown(
        "Nothing is stored on the server: what you draw is kept only while this page is open. Take it home, and train "
        "a network that knows your hand:"
    )
    st.code("python -m mnist train --extra my_digits.npz", language="sh", wrap_lines=True)


def _file(write: Callable[[Labelled], bytes], book: Scorebook) -> bytes:
    return write(book.labelled)
