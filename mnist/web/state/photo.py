"""A photo that a visitor sent: the digits read on it, and what was put right by hand."""

import io
import math
import weakref
import zlib
from collections import deque
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from mnist.errors import UserError
from mnist.reading import find_digits
from mnist.reading.framing import Box
from mnist.reading.lattice import Lattice, LeftOut
from mnist.reading.pictures import images, masks, small_pictures, tables
from mnist.reading.pictures.picture import MAX_CELL_PIXELS, Picture
from mnist.reading.readings import Digit, Reading, Verdict
from mnist.web import pictures
from mnist.web.state.reader import Reader

SHOWN_SIDE_PIXELS = 1280  # longer side of a picture as it is shown
MAX_HELD_BYTES = 300_000_000  # of all visitors' photos together: some 1,500
MAX_CHANGES = 20  # of a photo that can be undone
FULL = "the server holds too many pictures now; remove some, or try again later"
MARK_BYTES, LEFT_OUT_BYTES = 5_000, 300  # that a mark takes, most of them its sample, and a box left out


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
        return "by-hand" if self.by_hand else self.read.certainty


class Photo:
    """One photo: its lines of marks, top to bottom, the boxes left out and why, and the picture as it is shown.

    Boxes lie in the file's own pixels, the picture turned upright. A change raises UserError if the server holds too
    many photos; nothing has changed then.
    """

    def __init__(self, name: str, content: bytes, reader: Reader) -> None:
        """Read a file's bytes with a reader that is ready.

        Raises UserError if they are no picture, or the server holds too many.
        """
        _check_room()
        self.name = name
        picture = images.decode(content)
        lattice = find_digits.in_picture(picture)
        self._see(lattice, reader)
        self._has_table = lattice.mesh is not None
        self._before = deque[tuple[list[list[Mark]], Reading]](maxlen=MAX_CHANGES)  # as it was before each change
        self._shape, self._factor = picture.lightness.shape, picture.factor
        self._margin = picture.edge_margin
        ink = picture.ink.mask
        if lattice.mesh is not None:
            ink = lattice.mesh.scaled(1 / picture.factor).without_rules(ink)
        self._mask = zlib.compress(np.packbits(ink).tobytes(), 1)  # to add boxes and to turn it
        small = small_pictures.small_strip(picture)
        is_small = max(small.lightness.shape) <= MAX_CELL_PIXELS  # then it is read by its light, not by its ink alone
        self._light = (small.lightness * 255).round().astype(np.uint8) if is_small else None
        self._light_factor = small.factor
        del picture, ink, lattice  # before the file is decoded once more: both are large
        shown = images.shown(content, SHOWN_SIDE_PIXELS)
        self._jpeg = pictures.jpeg(shown)  # a class sends hundreds: pixels would take ten times as much
        self.scale = shown.width / (self._shape[1] * self._factor)  # of the file's pixels
        self.version = 0  # counts changes
        _photos.add(weakref.ref(self, _photos.discard))

    def _see(self, lattice: Lattice, reader: Reader) -> None:
        reading = reader.read(lattice)
        assert reading is not None  # noqa: S101 - the reader is ready
        self.lines = [[Mark(digit) for digit in line] for line in reading.lines]
        self._read = replace(reading, lines=())

    @property
    def held(self) -> int:
        """About how many bytes it takes."""
        files = len(self._jpeg) + len(self._mask) + (0 if self._light is None else self._light.size)
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
        """Turn the picture clockwise by 90 degrees and read it once more.

        Raises UserError, too, if that takes too much.
        """
        degrees = (self._read.turned + 90) % 360
        table = None
        if self._has_table:  # its ink alone shows no rules
            light = np.asarray(self.picture.rotate(-90, expand=True).convert("L"), np.float32) / 255
            table = tables.lattice_of(light)
        if table is not None:
            lattice = table.scaled(1 / self.scale)
        elif self._light is None:
            lattice = masks.lattice_of(self._ink(degrees), self._factor, degrees, self._margin)
        else:
            light = masks.turned(self._light, degrees).astype(np.float32) / 255
            lattice = find_digits.in_picture(Picture(light, self._light_factor))
        self._remember()
        self._see(lattice, reader)
        self._read = replace(self._read, turned=degrees)

    def undo(self) -> None:
        """Take the last change back, if there is one."""
        if self._before:
            self.lines, self._read = self._before.pop()
            self.version += 1

    def _remember(self) -> None:
        _check_room()
        self._before.append(([list(line) for line in self.lines], self._read))
        self.version += 1

    def _ink(self, degrees: int) -> np.ndarray:
        packed = np.frombuffer(zlib.decompress(self._mask), np.uint8)
        return masks.turned(np.unpackbits(packed, count=math.prod(self._shape)).reshape(self._shape), degrees)

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
        lattice = masks.in_box(self._ink(self._read.turned), self._factor, box)
        reading = reader.read(lattice)
        if reading is None or reading.verdict == "empty":
            return False
        rejected = Digit(None, np.full(10, 0.1), lattice.parts[0].framed, sure=False)
        mark = Mark(reading.digits[0] if reading.digits else rejected)
        self._remember()
        left_out = [each for each in self.left_out if not _has_its_middle_in(each[0], box)]
        self._read = replace(self._read, left_out=tuple(left_out))
        line = next((line for line in self.lines if self._belongs_to(mark, line)), [])
        line.append(mark)
        line.sort(key=lambda other: other.box[0])
        if len(line) == 1:
            self.lines.append(line)
            self.lines.sort(key=lambda line: self._place(line[0]))
        return True

    def _belongs_to(self, mark: Mark, line: list[Mark]) -> bool:
        if self._read.mesh is not None and self._place(mark)[:2] != self._place(line[0])[:2]:
            return False
        middle = mark.box[1] + mark.box[3] / 2
        return min(m.box[1] for m in line) <= middle <= max(m.box[1] + m.box[3] for m in line)

    def _place(self, mark: Mark) -> tuple[float, ...]:
        """Return where a mark's line comes among others: by its top, in a table first by row and column."""
        cell = () if self._read.mesh is None else self._read.mesh.cells([mark.box])[0]
        return *cell, mark.box[1]


def _has_its_middle_in(inner: Box, outer: Box) -> bool:
    x, y = inner[0] + inner[2] / 2, inner[1] + inner[3] / 2
    return outer[0] <= x <= outer[0] + outer[2] and outer[1] <= y <= outer[1] + outer[3]


_photos: set[weakref.ref[Photo]] = set()  # no WeakSet: other visitors' threads add to it while it is listed


def _check_room() -> None:
    if held() > MAX_HELD_BYTES:
        raise UserError(FULL)


def held() -> int:
    """Return about how many bytes the photos of all visitors take."""
    return sum(photo.held for reference in list(_photos) if (photo := reference()))
