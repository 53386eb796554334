"""The number panel: the guess, a sentence, and of each digit a row and a sample."""

import streamlit as st

from mnist.reading.readings import Reading
from mnist.web import pictures
from mnist.web.parts import guess_sentence, reading_html
from mnist.web.parts.reading_panel import figure, show_guess


def show_number(reading: Reading | None, problem: str | None) -> None:
    """Show the whole panel; `problem` takes the place of the sentence."""
    show_guess(reading, problem or guess_sentence.of_number(reading))
    longest_line = max(map(len, reading_html.guess(reading).splitlines()))
    st.html(f"<style>:root {{ --length: {longest_line}; }}</style>")
    st.html(reading_html.rows(reading))
    digits = reading.digits[: reading_html.MAX_DIGITS_SHOWN] if reading else ()
    samples = (figure(pictures.png_url(digit.framed.sample), digit.character) for digit in digits)
    st.html(f"<div class='stages samples'>{''.join(samples)}</div>")
