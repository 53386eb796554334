"""A reading as text and HTML: the guess, ten bars or a row for each digit, boxes on the pad. It needs no Streamlit."""

from mnist.reading.readings import Digit, Reading

NO_GUESS = "–"
MAX_DIGITS_SHOWN = 12  # rows and samples; more would leave the screen


def guess(reading: Reading | None) -> str:
    """Return what was read, a line of text for each line, or a dash."""
    return reading.text if reading and reading.text else NO_GUESS


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


def rows(reading: Reading | None) -> str:
    """Return a row for each digit of a number as HTML: label, bar, percentage, second guess."""
    digits = reading.digits[:MAX_DIGITS_SHOWN] if reading else ()
    return f"<ol class='bars digits'>{''.join(map(_row, digits))}</ol>"


def boxes(reading: Reading | None) -> str:
    """Return a box for each digit as HTML, to lie over the pad, with what the digit was read as."""
    return f"<div class='boxes' aria-hidden='true'>{''.join(map(_box, reading.digits)) if reading else ''}</div>"


def _box(digit: Digit) -> str:
    x, y, width, height = digit.framed.box
    kind = "rejected" if digit.digit is None else "sure" if digit.sure else "doubtful"
    label = f"<b class='{'above' if y > 26 else 'inside'}'>{digit.character}</b>"
    place = f"left:{x - 5:.0f}px;top:{y - 5:.0f}px;width:{width + 10:.0f}px;height:{height + 10:.0f}px"
    return f"<div class='{kind}' style='{place}'>{label}</div>"


def _row(digit: Digit) -> str:
    if digit.confidence is None:
        return "<li class='rejected'><b>?</b><i></i><span>no digit</span><em></em></li>"
    second = f"or {digit.second}" if digit.probabilities[digit.second] >= 0.01 else ""
    return (
        f"<li class='best'><b>{digit.digit}</b><i><s style='width:{digit.confidence:.1%}'></s></i>"
        f"<span>{digit.confidence:.0%}</span><em>{second}</em></li>"
    )
