"""The sentence beside a guess: what a digit or a number looks like, in words that a child understands."""

from mnist.reading.readings import Reading
from mnist.web.parts.wording import with_article


def of_drawing(reading: Reading | None, mirrored: int | None = None) -> str:
    """Return the sentence for a drawing that is read as what it is, a digit or several.

    `mirrored` is the digit that one which is none would be in a mirror.
    """
    if reading is None or reading.verdict == "empty":
        return "Draw a digit or a number."
    if mirrored is not None:
        return f"This does not look like a digit. Is it a mirrored {mirrored}?"
    return of_number(reading) if len(reading.text or "") > 1 else of_digit(reading)


def of_digit(reading: Reading | None) -> str:
    """Return the sentence for a drawing that is read as one digit."""
    if reading is None or reading.verdict == "empty":
        return "Draw a digit from 0 to 9."
    if reading.verdict == "not_a_digit":
        return "This does not look like a digit."
    digit = reading.digits[0]
    guess, unsure = with_article(digit.digit), reading.verdict == "unsure"
    if digit.alternative is None:
        return f"Hard to say: perhaps {guess}." if unsure else f"It's {guess}."
    second = with_article(digit.alternative)
    return f"Hard to say: {guess} or {second}?" if unsure else f"Looks like {guess}. Could also be {second}."


def of_number(reading: Reading) -> str:
    """Return the sentence for a drawing that is read as several digits."""
    rejected = sum(digit.digit is None for digit in reading.digits)
    if rejected:
        return "One part does not look like a digit." if rejected == 1 else f"{rejected} parts do not look like digits."
    least_sure = min(reading.digits, key=lambda digit: digit.confidence or 0.0)
    numbers = _numbers(reading)
    if least_sure.alternative is not None:
        return f"Looks like {numbers}. The {least_sure.digit} could also be {with_article(least_sure.alternative)}."
    return f"Hard to say: perhaps {numbers}." if reading.verdict == "unsure" else f"It's {numbers}."


def while_drawing(reading: Reading) -> str:
    """Return the sentence for a drawing whose pen still moves: it changes only when the guess does."""
    numbers = _numbers(reading)
    return f"Looks like {numbers if len(numbers) > 1 else with_article(reading.digits[0].digit)}."


def _numbers(reading: Reading) -> str:
    return " and ".join((reading.text or "").splitlines())
