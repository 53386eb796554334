"""The way from a drawing to its reading, or to a sentence that says why there is none."""

from dataclasses import dataclass, replace

from mnist.errors import UserError
from mnist.reading import find_digits
from mnist.reading.drawings import strokes
from mnist.reading.drawings.strokes import Strokes
from mnist.reading.framing import Framed
from mnist.reading.lattice import Lattice
from mnist.reading.readings import Reading
from mnist.web.state.pad import Pad
from mnist.web.state.reader import reader

MIN_MIRRORED_CONFIDENCE = 0.9  # below, a mirror makes it no plain digit either


@dataclass(frozen=True)
class DrawingReading:
    """A drawing and its reading.

    `framed` is the drawing as one digit, None for an empty one and for several. `lattice` is what a classifier reads.
    `reading` is None while the model is not loaded; `problem` says so, or what else is wrong.
    """

    strokes: Strokes
    framed: Framed | None
    lattice: Lattice
    reading: Reading | None
    problem: str | None

    @property
    def digit(self) -> int | None:
        """The digit that it was read as, None if it is none; of several the first."""
        return self.reading.digits[0].digit if self.reading and self.reading.digits else None


def read_strokes(drawn: Strokes, as_one_digit: bool = False) -> DrawingReading:
    """Read strokes as what they are, a digit or several, or all of them as one."""
    framed = strokes.frame(drawn) if drawn and as_one_digit else None
    lattice = Lattice.one_digit(framed) if framed else find_digits.of_strokes(drawn)
    reading, problem = reader.read(lattice), None
    if reading is None:
        failed = f"Something went wrong. {reader.error}"
        problem = failed if reader.error else "Waking up. You can already draw."
    elif not framed and drawn and len(reading.digits) <= 1:
        framed = reading.digits[0].framed if reading.digits else strokes.frame(drawn)
    if framed and reading and reading.text == "1" and reader.is_mirrored_one(framed.sample):
        reading = Reading("not_a_digit", left_out=reading.left_out)
    return DrawingReading(drawn, framed, lattice, reading, problem)


def mirrored(drawing: DrawingReading) -> int | None:
    """Return the digit that a drawing which is none would be in a mirror, or None."""
    if not drawing.framed or not drawing.reading or drawing.reading.verdict != "not_a_digit":
        return None
    (digit,) = reader.digits(drawing.framed.sample[None, :, ::-1]) or (None,)
    return digit.digit if digit and (digit.confidence or 0.0) >= MIN_MIRRORED_CONFIDENCE else None


def holds_several_digits(drawing: DrawingReading) -> bool:
    """Tell whether a drawing that was read as one digit, and rejected, is read as several."""
    if not drawing.reading or drawing.reading.verdict != "not_a_digit":
        return False
    several = read_strokes(drawing.strokes).reading
    return several is not None and several.verdict != "not_a_digit" and len(several.digits) > 1


def read_pad(pad: Pad, as_one_digit: bool = False) -> DrawingReading:
    """Read what is on the pad likewise; what is no drawing is read as an empty one."""
    drawn, problem = strokes_on(pad)
    drawing = read_strokes(drawn, as_one_digit)
    return replace(drawing, problem=problem) if problem else drawing


def strokes_on(pad: Pad) -> tuple[Strokes, str | None]:
    """Return the strokes on the pad, or none and what is wrong with a forged drawing."""
    try:
        return pad.strokes, None
    except UserError as error:
        return [], f"Something went wrong: {error}."
