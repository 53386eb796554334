"""The number panel: the guess, a sentence, and of each digit a row, a sample and a box on the pad."""

import streamlit as st

from mnist.reading.readings import Digit, Reading
from mnist.web import pictures
from mnist.web.parts import guess_sentence
from mnist.web.parts.reading_panel import figure, show_guess

MAX_DIGITS_SHOWN = 12  # rows and samples; more would leave the screen


def show_number(reading: Reading | None, problem: str | None) -> None:
    """Show the whole panel; `problem` takes the place of the sentence."""
    show_guess(reading, problem or guess_sentence.of_number(reading))
    longest_line = max((len(line) for line in reading.lines), default=1) if reading else 1
    st.html(f"<style>:root {{ --length: {longest_line}; }}</style>")
    digits = reading.digits[:MAX_DIGITS_SHOWN] if reading else ()
    st.html(f"<ol class='bars digits'>{''.join(map(_row, digits))}</ol>")
    samples = (figure(pictures.png_url(digit.framed.sample), digit.character) for digit in digits)
    st.html(f"<div class='stages samples'>{''.join(samples)}</div>")


def _row(digit: Digit) -> str:
    if digit.confidence is None:
        return "<li class='rejected'><b>?</b><i></i><span>no digit</span><em></em></li>"
    second = f"or {digit.second}" if digit.probabilities[digit.second] >= 0.01 else ""
    return (
        f"<li class='best'><b>{digit.digit}</b><i><s style='width:{digit.confidence:.1%}'></s></i>"
        f"<span>{digit.confidence:.0%}</span><em>{second}</em></li>"
    )


def boxes(reading: Reading | None) -> str:
    """Return a box for each digit as HTML, to lie over the pad, with what the digit was read as."""
    return f"<div class='boxes' aria-hidden='true'>{''.join(map(_box, reading.digits)) if reading else ''}</div>"


def _box(digit: Digit) -> str:
    x, y, width, height = digit.framed.box
    kind = "rejected" if digit.digit is None else "sure" if digit.sure else "doubtful"
    label = f"<b class='{'above' if y > 26 else 'inside'}'>{digit.character}</b>"
    place = f"left:{x - 5:.0f}px;top:{y - 5:.0f}px;width:{width + 10:.0f}px;height:{height + 10:.0f}px"
    return f"<div class='{kind}' style='{place}'>{label}</div>"
