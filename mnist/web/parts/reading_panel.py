"""The reading panel: the guess, a sentence, ten bars, and the steps from the drawing to what the network sees."""

import streamlit as st

from mnist.reading.framing import Framed, ink_box
from mnist.reading.readings import Reading
from mnist.reading.strokes import Strokes
from mnist.web import palette, pictures
from mnist.web.components import announcement
from mnist.web.parts import guess_sentence, reading_html
from mnist.web.parts.drawing_reading import DrawingReading
from mnist.web.state.pad import PAD_BOX

CAPTIONS = ("your drawing", "cropped", "scaled to 20", "centred in 28")


def show_reading(drawing: DrawingReading, problem: str | None) -> None:
    """Show the whole panel for a drawing that is read as one digit; `problem` takes the place of the sentence."""
    show_guess(drawing.reading, problem or guess_sentence.of_digit(drawing.reading))
    st.html(reading_html.bars(drawing.reading))
    st.html(stages(drawing.strokes, drawing.framed))


def show_guess(reading: Reading | None, sentence: str) -> None:
    """Show the guess, large, and under it the sentence, which a screen reader says."""
    st.container(key="guess").markdown(reading_html.guess(reading).replace("\n", "  \n"))
    st.container(key="sentence").markdown(sentence)
    digits = reading.digits if reading and reading.verdict == "digit" else ()
    announcement.announce(sentence, digits[0].confidence if len(digits) == 1 else None)


def stages(drawn: Strokes, framed: Framed | None) -> str:
    """Return the four steps from the drawing to the sample as HTML, pictures with a caption each."""
    box = ink_box(framed.sample, 0.0) if framed else None
    urls = [""] * len(CAPTIONS)
    if framed and box:
        x, y, width, height = box
        urls = [
            pictures.strokes_url(drawn, PAD_BOX, palette.CHALK),
            pictures.strokes_url(drawn, framed.box, palette.CHALK),
            pictures.png_url(framed.sample[y : y + height, x : x + width]),
            pictures.png_url(framed.sample),
        ]
    return f"<div class='stages'>{''.join(map(figure, urls, CAPTIONS))}</div>"


def figure(url: str, caption: str, kind: str = "", alt: object = "") -> str:
    """Return a picture with its caption as HTML; an empty address leaves its place empty. `kind`: a CSS class."""
    image = f"<img src='{url}' alt='{alt}'>" if url else ""
    return f"<figure><div class='{kind}'>{image}</div><figcaption>{caption}</figcaption></figure>"
