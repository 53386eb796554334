"""A picture somebody sent: what was read on it, what was put right by hand, and how it is taken away again."""

import csv
import io
import json
import weakref
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mnist.errors import UserError
from mnist.reading import find_digits, images
from mnist.reading.batch import to_dict
from mnist.reading.classifier import Digit, Reading, Verdict
from mnist.reading.grouping import Box
from mnist.web import pictures
from mnist.web.state.reader import Reader

SHOWN = 1280  # longer side of a picture as it is shown, pixels
MOST = 300_000_000  # bytes of all visitors' sheets together: some 1,500 photographs
FULL = "the server holds too many pictures now; take some away, or send it again later"
MARK, LEFT_OUT = 5_000, 300  # bytes that a mark takes, most of them its sample, and what was left out
COLOURS = {"sure": "#1f9d70", "doubtful": "#d9932b", "refused": "#8a8f8c", "by hand": "#3b78c2"}
COLUMNS = ("file", "line", "digit", "confidence", "second", "by_hand", "x", "y", "width", "height")


@dataclass(frozen=True)
class Mark:
    """A digit on a picture, as it was read or as a person put it right (`by_hand`)."""

    read: Digit
    by_hand: bool = False

    @property
    def box(self) -> Box:
        """x, y, width, height in the file's own pixels."""
        return self.read.framed.box

    @property
    def label(self) -> str:
        """The digit, or ? where it is none."""
        return "?" if self.read.digit is None else str(self.read.digit)

    @property
    def odds(self) -> tuple[float | None, int | None]:
        """The network's confidence and its second guess; None where a person decided, or it is no digit."""
        if self.by_hand or self.read.confidence is None:
            return None, None
        return round(self.read.confidence, 4), self.read.second

    @property
    def kind(self) -> str:
        """How sure it is: a key of COLOURS."""
        if self.by_hand:
            return "by hand"
        return "refused" if self.read.digit is None else "sure" if self.read.sure else "doubtful"


class Sheet:
    """One picture: its lines of marks, top to bottom, what was left out and why, and the picture as it is shown."""

    def __init__(self, name: str, content: bytes, reader: Reader) -> None:
        """Read a file's bytes with a reader that is ready.

        Raises UserError where they are no picture, or too many others are held.
        """
        if held() > MOST:
            raise UserError(FULL)
        self.name = name
        image = images.decode(content)
        found = find_digits.in_picture(image)
        reading = reader.read(found)
        assert reading is not None  # noqa: S101 - the reader is ready
        self.lines = [[Mark(digit) for digit in line] for line in reading.lines]
        self.left_out = reading.left_out
        picture = images.shown(content, SHOWN)
        self.size = picture.size  # as it is shown, pixels
        self._jpeg = pictures.jpeg(
            picture
        )  # it waits as a file: a class sends hundreds, and pixels take ten times that
        factor = image.info.get("factor", 1)
        self.scale = picture.width / (image.width * factor)  # of the file's pixels
        self.version = 0  # counts corrections
        _sheets.add(self)

    @property
    def held(self) -> int:
        """About how many bytes it takes."""
        return len(self._jpeg) + MARK * len(self.marks) + LEFT_OUT * len(self.left_out)

    @property
    def picture(self) -> Image.Image:
        """The picture as it is shown, without marks."""
        return Image.open(io.BytesIO(self._jpeg), formats=("JPEG",))

    @property
    def marks(self) -> list[Mark]:
        """All of them, in reading order."""
        return [mark for line in self.lines for mark in line]

    @property
    def reading(self) -> Reading:
        """What stands in the picture, as a reading."""
        lines = tuple(tuple(mark.read for mark in line) for line in self.lines)
        if not lines:
            return Reading("not_a_digit" if self.left_out else "empty", left_out=self.left_out)
        kinds = {mark.kind for mark in self.marks}
        verdict: Verdict = "not_a_digit" if "refused" in kinds else "unsure" if "doubtful" in kinds else "digit"
        return Reading(verdict, lines, self.left_out)

    def correct(self, index: int, digit: int) -> None:
        """The mark with that number is this digit."""
        certain = np.eye(10)[digit]
        self._replace(index, [replace(self.marks[index].read, digit=digit, probabilities=certain, sure=True)], True)

    def remove(self, index: int) -> None:
        """The mark with that number is none."""
        self._replace(index, [])

    def _replace(self, index: int, digits: list[Digit], by_hand: bool = False) -> None:
        for line in self.lines:
            if index < len(line):
                line[index : index + 1] = [Mark(digit, by_hand) for digit in digits]
                break
            index -= len(line)
        self.lines = [line for line in self.lines if line]
        self.version += 1

    def add(self, content: bytes, box: Box, reader: Reader) -> bool:
        """Read what the box (x, y, width, height, in the file's pixels) holds as one digit; whether it holds ink."""
        found = find_digits.in_box(images.decode(content), box)
        reading = reader.read(found)
        if reading is None or reading.verdict == "empty":
            return False
        refused = Digit(None, np.full(10, 0.1), found.lines[0].parts[0].framed, sure=False)
        self._insert(Mark(reading.digits[0] if reading.digits else refused))
        self.version += 1
        return True

    def _insert(self, mark: Mark) -> None:
        middle = mark.box[1] + mark.box[3] / 2
        for line in self.lines:
            if min(m.box[1] for m in line) <= middle <= max(m.box[1] + m.box[3] for m in line):
                line.append(mark)
                line.sort(key=lambda one: one.box[0])
                return
        self.lines.append([mark])
        self.lines.sort(key=lambda line: line[0].box[1])

    def annotated(self, chosen: int | None = None) -> Image.Image:
        """The picture with a box and its digit on each mark; what was left out has a thin one."""
        picture = self.picture
        draw = ImageDraw.Draw(picture)
        for box, _ in self.left_out:
            draw.rectangle(self._place(box, 2), outline=COLOURS["refused"])
        for number, mark in enumerate(self.marks):
            place = self._place(mark.box, 4)
            size = min(44.0, max(16.0, 0.4 * (place[3] - place[1])))
            draw.rounded_rectangle(place, 6, outline=COLOURS[mark.kind], width=6 if number == chosen else 3)
            left, bottom = place[0], max(place[1], size)
            chip = left, bottom - size, left + 0.9 * size, bottom
            draw.rounded_rectangle(chip, 4, fill=COLOURS[mark.kind])
            middle = (chip[0] + chip[2]) / 2, (chip[1] + chip[3]) / 2
            draw.text(middle, mark.label, "white", ImageFont.load_default(0.85 * size), "mm")
        return picture

    def _place(self, box: Box, room: float) -> tuple[float, float, float, float]:
        x, y, width, height = (side * self.scale for side in box)
        return x - room, y - room, x + width + room, y + height + room

    def why_left_out(self) -> list[str]:
        """What was left out, a phrase for each reason, with the count."""
        return [f"{count} {why}" for why, count in Counter(why for _, why in self.left_out).items()]

    def as_dict(self) -> dict[str, Any]:
        """The command line's JSON, and for each digit whether a person put it right."""
        answer = {"file": self.name, **to_dict(self.reading)}
        for entry, mark in zip(answer["digits"], self.marks, strict=True):
            entry["by_hand"] = mark.by_hand
        return answer

    def rows(self) -> list[tuple[Any, ...]]:
        """A row for each mark, as COLUMNS has them."""
        return [
            (self.name, number, mark.read.digit, *mark.odds, mark.by_hand, *(round(side, 1) for side in mark.box))
            for number, line in enumerate(self.lines, 1) for mark in line
        ]  # fmt: skip


_sheets = weakref.WeakSet[Sheet]()


def held() -> int:
    """About how many bytes all sheets take whose visitors are still there."""
    return sum(sheet.held for sheet in list(_sheets))


def as_csv(sheets: list[Sheet]) -> str:
    """All marks of all pictures, a row each; what begins like a formula is no formula in a spreadsheet."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for sheet in sheets:
        for name, *rest in sheet.rows():
            writer.writerow([f"'{name}" if name[:1] in "=+-@\t\r" else name, *rest])
    return file.getvalue()


def as_json(sheets: list[Sheet]) -> str:
    """A list with an object for each picture."""
    return json.dumps([sheet.as_dict() for sheet in sheets], ensure_ascii=False, indent=1)
