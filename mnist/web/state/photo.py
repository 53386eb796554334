"""A photo that a visitor sent: the digits read on it, what was put right by hand, and the tables to take away."""

import csv
import io
import json
import math
import weakref
import zlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from mnist.errors import UserError
from mnist.reading import find_digits, images
from mnist.reading.framing import Box
from mnist.reading.lattice import Lattice, LeftOut
from mnist.reading.readings import Digit, Reading, Verdict
from mnist.web import pictures
from mnist.web.state.reader import Reader

SHOWN_SIDE_PIXELS = 1280  # longer side of a picture as it is shown
MAX_HELD_BYTES = 300_000_000  # of all visitors' photos together: some 1,500
FULL = "the server holds too many pictures now; remove some, or send it again later"
MARK_BYTES, LEFT_OUT_BYTES = 5_000, 300  # that a mark takes, most of them its sample, and a box left out
COLUMNS = ("file", "row", "column", "number", "confidence")


@dataclass(frozen=True)
class Mark:
    """A digit on a photo, as it was read or as a person corrected it (`by_hand`)."""

    read: Digit
    by_hand: bool = False

    @property
    def box(self) -> Box:
        """Its box in the file's own pixels."""
        return self.read.framed.box

    @property
    def kind(self) -> str:
        """Its certainty: a key of `palette.BOXES`."""
        if self.by_hand:
            return "by-hand"
        return "rejected" if self.read.digit is None else "sure" if self.read.sure else "doubtful"


class Photo:
    """One photo: its lines of marks, top to bottom, the boxes left out and why, and the picture as it is shown.

    Boxes lie in the file's own pixels, the picture turned upright.
    """

    def __init__(self, name: str, content: bytes, reader: Reader) -> None:
        """Read a file's bytes with a reader that is ready.

        Raises UserError if they are no picture, or the server holds too many.
        """
        if held() > MAX_HELD_BYTES:
            raise UserError(FULL)
        self.name = name
        picture = images.decode(content)
        self._see(find_digits.in_picture(picture), reader)
        self._before: list[tuple[list[list[Mark]], Reading]] = []  # each change, as it was before it
        self._shape, self._factor = picture.lightness.shape, picture.factor
        self._margin = find_digits.edge_margin(picture)
        self._mask = zlib.compress(np.packbits(picture.ink.mask).tobytes(), 1)  # to add boxes and to turn it
        del picture  # before the file is decoded once more: both are large
        shown = images.shown(content, SHOWN_SIDE_PIXELS)
        self._jpeg = pictures.jpeg(shown)  # a class sends hundreds: pixels would take ten times as much
        self.scale = shown.width / (self._shape[1] * self._factor)  # of the file's pixels
        self.version = 0  # counts changes
        _photos.add(self)

    def _see(self, lattice: Lattice, reader: Reader) -> None:
        reading = reader.read(lattice)
        assert reading is not None  # noqa: S101 - the reader is ready
        self.lines = [[Mark(digit) for digit in line] for line in reading.lines]
        self._read = replace(reading, lines=())

    @property
    def held(self) -> int:
        """About how many bytes it takes."""
        files = len(self._jpeg) + len(self._mask)
        states = [(self.lines, self._read), *self._before]
        marks = {id(mark) for lines, _ in states for line in lines for mark in line}
        left_out = {id(each) for _, read in states for each in read.left_out}
        return files + MARK_BYTES * len(marks) + LEFT_OUT_BYTES * len(left_out)

    @property
    def picture(self) -> Image.Image:
        """The picture as it is shown, upright, without marks."""
        return Image.open(io.BytesIO(self._jpeg), formats=("JPEG",)).rotate(-self._read.turned, expand=True)

    @property
    def jpeg(self) -> bytes:
        """The picture as it is shown, upright, without marks, as a JPEG file."""
        return self._jpeg if self._read.turned == 0 else pictures.jpeg(self.picture)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Boxes of what was left out, each with the reason."""
        return self._read.left_out

    @property
    def is_changed(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._before)

    @property
    def marks(self) -> list[Mark]:
        """All marks, in reading order."""
        return [mark for line in self.lines for mark in line]

    @property
    def reading(self) -> Reading:
        """The marks as a reading."""
        lines = tuple(tuple(mark.read for mark in line) for line in self.lines)
        if not lines:
            return replace(self._read, verdict="not_a_digit" if self.left_out else "empty")
        kinds = {mark.kind for mark in self.marks}
        verdict: Verdict = "not_a_digit" if "rejected" in kinds else "unsure" if "doubtful" in kinds else "digit"
        return replace(self._read, verdict=verdict, lines=lines)

    def correct(self, index: int, digit: int) -> None:
        """Correct the mark with that number: it is this digit, for certain."""
        certain = np.eye(10)[digit]
        self._replace(index, [replace(self.marks[index].read, digit=digit, probabilities=certain, sure=True)], True)

    def remove(self, index: int) -> None:
        """Remove the mark with that number."""
        self._replace(index, [])

    def turn(self, reader: Reader) -> None:
        """Turn the picture clockwise by 90 degrees and read its ink once more."""
        degrees = (self._read.turned + 90) % 360
        self._remember()
        self._see(find_digits.in_mask(self._ink(degrees), self._factor, degrees, self._margin), reader)
        self._read = replace(self._read, turned=degrees)

    def undo(self) -> None:
        """Take the last change back, if there is one."""
        if self._before:
            self.lines, self._read = self._before.pop()
            self.version += 1

    def _remember(self) -> None:
        self._before.append(([list(line) for line in self.lines], self._read))
        self.version += 1

    def _ink(self, degrees: int) -> np.ndarray:
        packed = np.frombuffer(zlib.decompress(self._mask), np.uint8)
        return find_digits.turned(np.unpackbits(packed, count=math.prod(self._shape)).reshape(self._shape), degrees)

    def _replace(self, index: int, digits: list[Digit], by_hand: bool = False) -> None:
        self._remember()
        for line in self.lines:
            if index < len(line):
                line[index : index + 1] = [Mark(digit, by_hand) for digit in digits]
                break
            index -= len(line)
        self.lines = [line for line in self.lines if line]

    def add(self, box: Box, reader: Reader) -> bool:
        """Read the ink in a box, in the file's pixels, as one digit and mark it. Return whether there is ink."""
        lattice = find_digits.in_box(self._ink(self._read.turned), self._factor, box)
        reading = reader.read(lattice)
        if reading is None or reading.verdict == "empty":
            return False
        rejected = Digit(None, np.full(10, 0.1), lattice.parts[0].framed, sure=False)
        mark = Mark(reading.digits[0] if reading.digits else rejected)
        self._remember()
        middle = mark.box[1] + mark.box[3] / 2
        for line in self.lines:
            if min(m.box[1] for m in line) <= middle <= max(m.box[1] + m.box[3] for m in line):
                line.append(mark)
                line.sort(key=lambda other: other.box[0])
                break
        else:
            self.lines.append([mark])
            self.lines.sort(key=lambda line: line[0].box[1])
        return True


_photos = weakref.WeakSet[Photo]()


def held() -> int:
    """Return about how many bytes the photos of all visitors take."""
    return sum(photo.held for photo in list(_photos))


def as_csv(photos: list[Photo]) -> str:
    """Return all numbers of all photos, a row each; a name or number that begins like a formula is made plain text.

    The confidence is 1 for digits that a person decided, and empty if a part of the number is no digit.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for photo in photos:
        name = f"'{photo.name}" if photo.name[:1] in "=+-@\t\r" else photo.name
        for number in photo.reading.numbers:
            sure = None if number.confidence is None else round(number.confidence, 4)
            writer.writerow([name, number.row + 1, number.column + 1, _plain(number.text), sure])
    return file.getvalue()


def as_grid(photos: list[Photo]) -> str:
    """Return the numbers of each photo where they stand, a row of cells for each line; an empty row between photos."""
    file = io.StringIO()
    writer = csv.writer(file)
    for place, photo in enumerate(photos):
        if place:
            writer.writerow([])
        for row in photo.reading.rows:
            cells = {number.column: _plain(number.text) for number in row}
            writer.writerow([cells.get(column, "") for column in range(max(cells) + 1)])
    return file.getvalue()


def _plain(number: str) -> str:
    """Return a number's text so that a spreadsheet takes it for no formula, if an equals sign opens it."""
    return f"'{number}" if number.startswith("=") else number


def as_json(photos: list[Photo]) -> str:
    """Return the command line's JSON of each photo, with `by_hand` for each digit: whether a person corrected it."""
    answers: list[dict[str, Any]] = [{"file": photo.name, **photo.reading.as_dict()} for photo in photos]
    for photo, answer in zip(photos, answers, strict=True):
        for entry, mark in zip(answer["digits"], photo.marks, strict=True):
            entry["by_hand"] = mark.by_hand
    return json.dumps(answers, ensure_ascii=False, indent=1)
