"""The right side of a page: the guess, a sentence, ten bars, and how the drawing became what the network sees."""

import re

import streamlit as st

from mnist.reading.classifier import Reading
from mnist.reading.framing import Framed, ink_box
from mnist.reading.strokes import Strokes
from mnist.web import pictures
from mnist.web.components import announcement
from mnist.web.state import board

NO_GUESS = "–"
NAMED = 0.05  # a second guess at least this likely could also be meant
CAPTIONS = ("your drawing", "cropped", "scaled to 20", "centred in 28")


def show(reading: Reading | None, drawn: Strokes, framed: Framed | None, sentence: str | None = None) -> None:
    """The whole panel for a drawing, framed as one digit, and its reading.

    None while there is no reading, for which `sentence` tells why.
    """
    show_guess(reading, sentence or describe(reading))
    st.html(bars(reading))
    st.html(stages(drawn, framed))


def show_guess(reading: Reading | None, sentence: str) -> None:
    """The guess, large, and the sentence under it, which a screen reader says."""
    with st.container(key="guess"):
        st.markdown(reading.text.replace("\n", "  \n") if reading and reading.text else NO_GUESS)
    with st.container(key="sentence"):
        st.markdown(sentence)
    digits = reading.digits if reading and reading.verdict == "digit" else ()
    announcement.announce(sentence, digits[0].confidence if len(digits) == 1 else None)


def plain(text: str) -> str:
    """The text for st.markdown as it stands: what a file put into a message becomes no link, picture or formula."""
    return re.sub(r"([\\`*_\[\]<>$|~])", r"\\\1", text)


def describe(reading: Reading | None) -> str:
    """The reading in a sentence a child understands."""
    if reading is None or reading.verdict == "empty":
        return "Draw a digit from 0 to 9."
    if reading.verdict == "not_a_digit":
        return "This does not look like a digit."
    digit = reading.digits[0]
    guess, second = with_article(digit.digit), with_article(digit.second)
    if reading.verdict == "unsure":
        return f"Hard to say: {guess} or {second}?"
    if digit.probabilities[digit.second] >= NAMED:
        return f"Looks like {guess}. Could also be {second}."
    return f"Looks like {guess}, much more than {second}."


def bars(reading: Reading | None) -> str:
    """Ten rows: label, bar, percentage. The same rows, empty, where there is no reading."""
    digit = reading.digits[0] if reading and reading.digits else None
    rows = []
    for label in range(10):
        probability = float(digit.probabilities[label]) if digit else 0.0
        best = " class='best'" if digit and label == digit.digit else ""
        percent = f"{probability:.0%}" if digit else ""
        rows.append(
            f"<li{best}><b>{label}</b><i><s style='width:{probability:.1%}'></s></i><span>{percent}</span></li>"
        )
    return f"<ol class='bars'>{''.join(rows)}</ol>"


def stages(drawn: Strokes, framed: Framed | None) -> str:
    """The four steps from the drawing to the sample, as pictures with a word each."""
    box = ink_box(framed.sample, 0.0) if framed else None
    if framed and box:
        x, y, width, height = box
        urls = [
            pictures.strokes_url(drawn, board.WHOLE, board.CHALK),
            pictures.strokes_url(drawn, framed.box, board.CHALK),
            pictures.png_url(framed.sample[y : y + height, x : x + width]),
            pictures.png_url(framed.sample),
        ]
    else:
        urls = [""] * len(CAPTIONS)
    images = [f"<img src='{url}' alt=''>" if url else "" for url in urls]
    cells = [
        f"<figure><div>{image}</div><figcaption>{caption}</figcaption></figure>"
        for image, caption in zip(images, CAPTIONS, strict=True)
    ]
    return f"<div class='stages'>{''.join(cells)}</div>"


def with_article(digit: int | None) -> str:
    """The digit as one says it."""
    return f"an {digit}" if digit == 8 else f"a {digit}"
