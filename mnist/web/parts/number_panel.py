"""The right side of the page for a number: the guess, a sentence, a row for each digit, and their samples."""

import streamlit as st

from mnist.reading.classifier import Digit, Reading
from mnist.web import pictures
from mnist.web.parts.reading_panel import NAMED, show_guess, with_article

SHOWN = 12  # digits in the list and samples under it; more would leave the screen


def show(reading: Reading | None, sentence: str | None = None) -> None:
    """The whole panel; None while there is no reading, for which `sentence` tells why."""
    show_guess(reading, sentence or describe(reading))
    st.html(f"<style>:root {{ --length: {longest(reading)}; }}</style>")
    st.html(rows(reading))
    st.html(samples(reading))


def longest(reading: Reading | None) -> int:
    """How many digits the longest line has; at least 1."""
    return max((len(line) for line in reading.lines), default=1) if reading else 1


def describe(reading: Reading | None) -> str:
    """The reading in a sentence a child understands."""
    if reading is None or reading.verdict == "empty":
        return "Write a number."
    refused = sum(digit.digit is None for digit in reading.digits)
    if reading.text is None:
        return "This does not look like a number."
    if refused:
        return "One part does not look like a digit." if refused == 1 else f"{refused} parts do not look like digits."
    doubtful = min(reading.digits, key=lambda digit: digit.confidence or 0.0)
    what = f"Looks like {' and '.join(reading.text.splitlines())}."
    if reading.verdict == "unsure" or doubtful.probabilities[doubtful.second] >= NAMED:
        return f"{what} The {doubtful.digit} could also be {with_article(doubtful.second)}."
    return what


def rows(reading: Reading | None) -> str:
    """A row for each digit: itself, a bar for how sure it is, its percentage and the second guess."""
    digits = reading.digits[:SHOWN] if reading else ()
    return f"<ol class='bars digits'>{''.join(map(_row, digits))}</ol>"


def _row(digit: Digit) -> str:
    if digit.confidence is None:
        return "<li class='refused'><b>?</b><i></i><span>no digit</span><em></em></li>"
    second = f"or {digit.second}" if digit.probabilities[digit.second] >= 0.01 else ""
    return (
        f"<li class='best'><b>{digit.digit}</b><i><s style='width:{digit.confidence:.1%}'></s></i>"
        f"<span>{digit.confidence:.0%}</span><em>{second}</em></li>"
    )


def samples(reading: Reading | None) -> str:
    """What the network saw of each digit, 28 × 28 pixels."""
    digits = reading.digits[:SHOWN] if reading else ()
    cells = (
        f"<figure><div><img src='{pictures.png_url(digit.framed.sample)}' alt=''></div>"
        f"<figcaption>{_label(digit)}</figcaption></figure>"
        for digit in digits
    )
    return f"<div class='stages samples'>{''.join(cells)}</div>"


def boxes(reading: Reading | None) -> str:
    """A box on the pad around each digit, with what it was read as."""
    return f"<div class='boxes' aria-hidden='true'>{''.join(map(_box, reading.digits)) if reading else ''}</div>"


def _box(digit: Digit) -> str:
    x, y, width, height = digit.framed.box
    kind = "refused" if digit.digit is None else "sure" if digit.sure else "doubtful"
    label = f"<b class='{'above' if y > 26 else 'inside'}'>{_label(digit)}</b>"
    place = f"left:{x - 5:.0f}px;top:{y - 5:.0f}px;width:{width + 10:.0f}px;height:{height + 10:.0f}px"
    return f"<div class='{kind}' style='{place}'>{label}</div>"


def _label(digit: Digit) -> str:
    return "?" if digit.digit is None else str(digit.digit)
