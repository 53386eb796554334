"""The reading panel: the guess, a sentence, and below them how it came about, of one digit or of several."""

import streamlit as st

from mnist.reading.drawings.strokes import Strokes, bounds
from mnist.reading.framing import Box, Framed, ink_box
from mnist.reading.readings import Reading
from mnist.web import palette, pictures
from mnist.web.components import announcement
from mnist.web.parts import drawing_reading, guess_sentence, reading_html
from mnist.web.parts.drawing_reading import DrawingReading
from mnist.web.state.pad import PAD_SIDE, PAD_WIDTH

CAPTIONS = ("your drawing", "cropped", "scaled to 20", "centred in 28")


def show_reading(drawing: DrawingReading, problem: str | None, notes: str) -> None:
    """Show the whole panel for a drawing; `problem` takes the place of the sentence. Of an empty one there is none.

    `notes` are HTML that cannot be seen, and comes with it.
    """
    reading = drawing.reading
    sentence = problem or guess_sentence.of_drawing(reading, drawing_reading.mirrored(drawing))
    rows = reading_html.rows(reading) if reading and drawing.strokes else "<ol class='bars'></ol>"
    pictured = stages(drawing.strokes, drawing.framed) if drawing.framed else _samples(reading)
    # one element: a browser takes its time for each
    st.html(_answer(reading, sentence) + rows + pictured + notes)


def show_guess(reading: Reading | None, sentence: str, notes: str = "") -> None:
    """Show the guess, large, and under it the sentence, which a screen reader says; `notes` as above."""
    st.html(_answer(reading, sentence) + notes)


def _answer(reading: Reading | None, sentence: str) -> str:
    digits = reading.digits if reading and reading.verdict == "digit" else ()
    confidence = digits[0].confidence if len(digits) == 1 else None
    return reading_html.answer(reading, sentence) + announcement.announced(sentence, confidence)


def _samples(reading: Reading | None) -> str:
    """Return what the network sees of each of several digits as HTML."""
    digits = reading.digits[: reading_html.MAX_DIGITS_SHOWN] if reading else ()
    samples = (pictures.figure(pictures.png_url(digit.framed.sample), digit.character) for digit in digits)
    return f"<div class='stages samples'>{''.join(samples)}</div>"


def stages(drawn: Strokes, framed: Framed) -> str:
    """Return the four steps from the drawing to the sample as HTML, pictures with a caption each."""
    box = ink_box(framed.sample, 0.0)
    urls = [""] * len(CAPTIONS)
    if box:
        x, y, width, height = box
        urls = [
            *pictures.strokes_urls(drawn, [square_of_pad(drawn), framed.box], palette.CHALK),
            pictures.png_url(framed.sample[y : y + height, x : x + width]),
            pictures.png_url(framed.sample),
        ]
    return f"<div class='stages'>{''.join(map(pictures.figure, urls, CAPTIONS))}</div>"


def square_of_pad(drawn: Strokes) -> Box:
    """Return the square of the pad, as high as it is, that has the drawing in its middle, as far as the pad reaches."""
    x, _, width, _ = bounds(drawn)
    return max(0.0, min(x + width / 2 - PAD_SIDE / 2, float(PAD_WIDTH - PAD_SIDE))), 0.0, PAD_SIDE, PAD_SIDE
