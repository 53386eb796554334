"""A reading as text and HTML: the guess and its sentence, ten bars or a row for each digit, boxes on the pad.

It needs no Streamlit.
"""

import html
from collections.abc import Sequence

from mnist.reading.drawings.strokes import Strokes
from mnist.reading.framing import Box
from mnist.reading.readings import Digit, Reading
from mnist.web.state.pad import PAD_SIDE, PAD_WIDTH, is_wide

NO_GUESS = "–"
BOX_ROOM = 5  # pixels of the pad between a digit and its box
LABEL_WIDTH, LABEL_HEIGHT = 16, 24  # of the pad, in pixels; above the topmost box it may stand above the pad
MAX_DIGITS_SHOWN = 12  # rows and samples; more would leave the screen


def guess(reading: Reading | None) -> str:
    """Return what was read, a line of text for each line, or a dash."""
    return reading.text if reading and reading.text else NO_GUESS


def cells(reading: Reading) -> str:
    """Return the numbers of a ruled table where they stand as HTML, those of one cell one below the other."""
    assert reading.mesh is not None  # noqa: S101 - it has a table
    rows, columns = reading.mesh.shape
    texts: dict[tuple[int, int], list[str]] = {}
    for number in reading.numbers:
        texts.setdefault((number.row, number.column), []).append(number.text)
    body = ""
    for row in range(rows):
        line = "".join(f"<td>{'<br>'.join(texts.get((row, column), []))}</td>" for column in range(columns))
        body += f"<tr>{line}</tr>"
    kind = "cells sudoku" if reading.is_sudoku else "cells"
    label = "The numbers where they stand"
    return f"<div class='{kind}' tabindex='0' role='region' aria-label='{label}'><table>{body}</table></div>"


def answer(reading: Reading | None, sentence: str) -> str:
    """Return the guess, large, and below it the sentence as HTML; the dash is not seen before something is drawn."""
    text = guess(reading)
    kind = "guess empty" if reading is None or reading.verdict == "empty" else "guess"
    length = max(map(len, text.splitlines()))
    return (
        f"<div class='answer'><p class='{kind}' style='--length: {length}'>{text}</p>"
        f"<p class='sentence'>{html.escape(sentence)}</p></div>"
    )


def bars(reading: Reading | None) -> str:
    """Return ten rows as HTML: label, bar, percentage. Without a reading they are empty."""
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


def rows(reading: Reading) -> str:
    """Return the bars of one digit, or a row for each of several as HTML: label, bar, percentage, second guess."""
    if len(reading.digits) <= 1:
        return bars(reading)
    return f"<ol class='bars digits'>{''.join(map(_row, reading.digits[:MAX_DIGITS_SHOWN]))}</ol>"


def shown(drawn: Strokes) -> str:
    """Return the style that says how much of the pad a phone held upright shows: its square, or all of it."""
    return f"<style>:root {{ --shown: {PAD_WIDTH if is_wide(drawn) else PAD_SIDE}; }}</style>"


def boxes(reading: Reading | None) -> str:
    """Return a box for each of several digits as HTML, to lie over the pad, with what the digit was read as."""
    digits = reading.digits if reading and len(reading.digits) > 1 else ()
    taken = [_around(digit) for digit in digits]
    return f"<div class='boxes' aria-hidden='true'>{''.join(_box(digit, taken) for digit in digits)}</div>"


def _around(digit: Digit) -> Box:
    x, y, width, height = digit.framed.box
    return x - BOX_ROOM, y - BOX_ROOM, width + 2 * BOX_ROOM, height + 2 * BOX_ROOM


def _box(digit: Digit, taken: Sequence[Box]) -> str:
    """Return a digit's box as HTML; its label stands above or below it, where it lies in none that is `taken`."""
    x, y, width, height = _around(digit)
    free = not any(_meet((x, y - LABEL_HEIGHT, LABEL_WIDTH, LABEL_HEIGHT), box) for box in taken)
    label = f"<b class='{'above' if free else 'below'}'>{digit.character}</b>"
    place = f"left:{x:.0f}px;top:{y:.0f}px;width:{width:.0f}px;height:{height:.0f}px"
    return f"<div class='{digit.certainty}' style='{place}'>{label}</div>"


def _meet(one: Box, other: Box) -> bool:
    return all(one[i] < other[i] + other[i + 2] and other[i] < one[i] + one[i + 2] for i in (0, 1))


def _row(digit: Digit) -> str:
    if digit.confidence is None:
        return "<li class='rejected'><b>?</b><i></i><span>no digit</span><em></em></li>"
    second = "" if digit.alternative is None else f"or {digit.alternative}"
    return (
        f"<li class='best'><b>{digit.digit}</b><i><s style='width:{digit.confidence:.1%}'></s></i>"
        f"<span>{digit.confidence:.0%}</span><em>{second}</em></li>"
    )
