"""The numbers of photos, to take home: as a table, where they stand, or as the command line's JSON."""

import csv
import io
import json
import re
from typing import Any

from mnist.web.state.photo import Photo

NUMBER = re.compile(r"-?\d+([.,]\d+)?")  # that a spreadsheet takes for one
COLUMNS = ("file", "row", "column", "number", "confidence")


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
    """Return the numbers of each photo where they stand, a row of cells for each line; an empty row between photos.

    Numbers that stand in one cell of a table are parted by a space.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    for place, photo in enumerate(photos):
        if place:
            writer.writerow([])
        cells: dict[tuple[int, int], list[str]] = {}
        for number in photo.reading.numbers:
            cells.setdefault((number.row, number.column), []).append(number.text)
        if photo.reading.mesh is not None:
            rows, columns = photo.reading.mesh.shape
        else:
            rows, columns = (max((place[axis] + 1 for place in cells), default=0) for axis in (0, 1))
        for row in range(rows):
            writer.writerow([_plain(" ".join(cells.get((row, column), []))) for column in range(columns)])
    return file.getvalue()


def _plain(number: str) -> str:
    """Return a number's text so that a spreadsheet takes it for no formula: it would work out =5 and -5-3."""
    return f"'{number}" if number[:1] in ("=", "-") and not NUMBER.fullmatch(number) else number


def as_json(photos: list[Photo]) -> str:
    """Return the command line's JSON of each photo, with `by_hand` for each digit: whether a person corrected it."""
    answers: list[dict[str, Any]] = [{"file": photo.name, **photo.reading.as_dict()} for photo in photos]
    for photo, answer in zip(photos, answers, strict=True):
        for entry, mark in zip(answer["digits"], photo.marks, strict=True):
            entry["by_hand"] = mark.by_hand
    return json.dumps(answers, ensure_ascii=False, indent=1)
