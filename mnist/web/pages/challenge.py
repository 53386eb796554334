"""The challenge: it asks for digits, a visitor draws them, and its mistakes are counted, corrected and taken home."""

import time
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from mnist.data.drawings import as_json_lines
from mnist.data.labelled_images import as_idx, as_npz, as_png
from mnist.errors import UserError
from mnist.reading.outputs import NO_DIGIT
from mnist.reading.readings import Reading
from mnist.web.components import canvas, matrix, tab_memory, tiles
from mnist.web.components.tiles import Tile
from mnist.web.parts import drawing_reading, guess_sentence, page_frame, reading_panel
from mnist.web.parts.wording import with_article
from mnist.web.state import session
from mnist.web.state.pad import PAD_SIDE, PEN_WIDTHS
from mnist.web.state.reader import reader
from mnist.web.state.scorebook import KEPT_IN_TAB, Entry, Scorebook
from mnist.web.state.turns import turns

CANVAS, TILES = "challenge_canvas", "drawn"
ASKING, KEPT = "asking", "kept"  # the fragments


def page() -> None:
    """Show the page."""
    with page_frame.framed("Challenge", "challenge"):
        if page_frame.reader_has_failed():
            return
        book = session.SCOREBOOK.get()
        canvas.adapt()
        asking(book)
        kept(book)


@st.fragment(key=ASKING)
@turns.reading()
def asking(book: Scorebook) -> None:
    """Show the digit asked for, the pad, what is read and the score: all that a stroke changes."""
    left, right = st.columns([2, 3], gap="large")
    with left, st.container(key="pad"):
        st.container(key="asked").markdown(f"Draw {with_article(book.asked)}")
        with st.container(key="slate"):
            pad = canvas.show_canvas(PEN_WIDTHS["Medium"], PAD_SIDE, CANVAS)
        with st.container(horizontal=True, key="tools", gap="small"):
            canvas.show_undo_and_clear(CANVAS)
        st.button(
            "Done", key="done", type="primary", shortcut="Mod+Enter", width="stretch", on_click=_count, args=(book,),
            disabled=not reader.ready or book.full,
        )  # fmt: skip
    drawing = drawing_reading.read_pad(pad, as_one_digit=True)
    if drawing.strokes:
        book.begin(time.monotonic())
    with right:
        sentence = drawing.problem or _sentence(book, drawing.reading)
        reading_panel.show_guess(drawing.reading, sentence, canvas.loaded(pad))
        _show_score(book)
        with st.container(key="doodle", horizontal_alignment="center"):
            if book.doodle and not drawing.strokes:
                st.button("It was a doodle: strike it out", key="strike_out", on_click=_strike_out, args=(book,))
        _show_counts(book)
    if session.CELEBRATES.get():
        st.balloons()
    session.PRESSED_IN_VAIN.set(False)  # both count for one run
    session.CELEBRATES.set(False)


def _show_score(book: Scorebook) -> None:
    correct, total = book.score
    score = f"It got **{correct} of {total}** right." if total else "Nothing counted yet."
    if book.rejected:
        score += f" It saw no digit in {book.rejected}."
    st.container(key="score").markdown(score)


def _show_counts(book: Scorebook) -> None:
    """Show how often which digit was read as which, and in words the number that was chosen."""
    counts, in_words = book.counts, "Choose a number to see it in words."
    if cell := matrix.show_matrix(counts, "matrix"):
        meant, read = with_article(cell[0]), _name(cell[1])
        in_words = f"Times you meant {meant}: {counts[cell[0]].sum()}. Times it read {read}: {counts[cell]}."
    st.container(key="cell").markdown(in_words)


def _count(book: Scorebook) -> None:
    """Count what is on the pad, and run both fragments again."""
    pad = canvas.pad_now(CANVAS)
    drawing = drawing_reading.read_pad(pad, as_one_digit=True)
    if drawing.framed and drawing.reading:
        read = NO_DIGIT if drawing.digit is None else drawing.digit
        book.keep(drawing.framed.sample, drawing.strokes, read, time.monotonic())
        pad.begin_anew()
        session.CELEBRATES.set(book.ended is not None)
        st.rerun([ASKING, KEPT])
    session.PRESSED_IN_VAIN.set(not drawing.strokes)


def _strike_out(book: Scorebook) -> None:
    book.strike_out()
    st.rerun([ASKING, KEPT])


def _sentence(book: Scorebook, reading: Reading | None) -> str:
    if book.full:
        return "It keeps no more drawings than these. Throw some away to go on."
    if reading and reading.verdict != "empty":
        return guess_sentence.of_digit(reading)
    if session.PRESSED_IN_VAIN.get():
        return f"The pad is empty. First draw {with_article(book.asked)}."
    if book.ended:
        return f"A round of ten in {book.ended.seconds:.0f} seconds, and it read {book.ended.right} of them right!"
    if book.latest:
        return _of_latest(book.latest)
    return f"Draw {with_article(book.asked)} and press Done."


def _of_latest(entry: Entry) -> str:
    if entry.read == NO_DIGIT:
        return f"You were asked for {with_article(entry.asked)}, and it saw no digit."
    return f"That was {_name(entry.label)}, and it read {with_article(entry.read)}."


def _name(label: int) -> str:
    return "no digit" if label == NO_DIGIT else with_article(label)


@st.fragment(key=KEPT)
def kept(book: Scorebook) -> None:
    """Show everything drawn, to correct and to take home."""
    entries = book.entries
    with st.container(key="kept"):
        if entries:
            st.markdown(
                "**Everything you drew.** Mistakes come first, marked with what it read. Choose one to correct it."
            )
            choices = [_tile(entry) for entry in entries]
            chosen = tiles.chosen_tile(choices, TILES)
            left, right = st.columns([3, 2], gap="large")
            with left, st.container(key="everything"):
                tiles.show_tiles(choices, np.stack([entry.sample for entry in entries], axis=2), chosen, TILES)
            with right, st.container(key="teaching"):
                _show_correction(book, next((entry for entry in entries if entry.number == chosen), None))
        with st.container(key="take_away", horizontal=True):
            save = partial(st.download_button, on_click="ignore", disabled=not entries)
            save(
                "As pen strokes (JSON lines)", lambda: as_json_lines(book.drawings), "my_digits.jsonl.gz",
                key="my_digits.jsonl.gz",
            )  # fmt: skip
            save("For Keras (NPZ)", lambda: as_npz(book.labelled), "my_digits.npz", key="my_digits.npz")
            save(
                "As MNIST's own files (idx)", lambda: as_idx(book.labelled), "my_digits_idx.zip",
                key="my_digits_idx.zip",
            )  # fmt: skip
            save("As pictures (PNG)", lambda: as_png(book.labelled), "my_digits_png.zip", key="my_digits_png.zip")
        st.markdown(
            f"Nothing is stored on the server: this tab keeps your newest {KEPT_IN_TAB} drawings until you close it. "
            "Take all of them home: a network can learn your handwriting from them."
        )
    tab_memory.keep("challenge", book.to_keep(time.monotonic()) if entries else None, _bring_back)


def _bring_back(kept: Any) -> None:
    """Go on with the challenge that the tab has kept, unless this one has begun."""
    with suppress(UserError):  # forged: it is not worth a sentence
        session.SCOREBOOK.get().bring_back(kept, time.monotonic())
    st.rerun([ASKING, KEPT])


def _tile(entry: Entry) -> Tile:
    mark = "" if not entry.misread else "–" if entry.read == NO_DIGIT else str(entry.read)
    return Tile(entry.number, f"{_name(entry.label)}, read as {_name(entry.read)}", mark)


def _show_correction(book: Scorebook, entry: Entry | None) -> None:
    if entry is None:
        return
    st.markdown(f"You were asked for {with_article(entry.asked)}, and it read {_name(entry.read)}.")
    label = st.segmented_control(
        "What was it really?", [*range(10), NO_DIGIT], default=entry.label, required=True, key=f"label_{entry.number}",
        format_func=lambda label: "no digit" if label == NO_DIGIT else str(label),
    )  # fmt: skip
    if label is not None and label != entry.label:
        book.relabel(entry.number, label)
        st.rerun()
    if st.button("Throw it away", key=f"throw_{entry.number}"):
        book.throw_away(entry.number)
        st.rerun()
