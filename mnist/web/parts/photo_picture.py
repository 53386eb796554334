"""A photo as its page shows it: the picture with a box on each digit, and phrases for what was left out."""

from collections import Counter

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mnist.reading.framing import Box
from mnist.reading.judgement import NOT_A_DIGIT
from mnist.reading.pictures.find_markings import DOT, FRAME, HASH, PLUS, UNDERLINE
from mnist.reading.pictures.second_looks import SMALL_MARK
from mnist.reading.pictures.small_pictures import RULE
from mnist.reading.pictures.tables import BESIDE
from mnist.reading.pictures.writing import AT_EDGE, TOO_SMALL
from mnist.web import palette
from mnist.web.components.boxed_picture import PictureBox
from mnist.web.state.photo import Mark, Photo

DASHES = {"doubtful": (10, 6), "rejected": (3, 5)}  # pixels of a box's line and of the gap after them; others have none
PHRASES = {
    TOO_SMALL: ("one spot that is too small to be a digit", "{} spots that are too small to be digits"),
    AT_EDGE: ("one shape at the edge of the picture", "{} shapes at the edge of the picture"),
    NOT_A_DIGIT: ("one shape that is not a digit", "{} shapes that are not digits"),
    RULE: ("a line of the cell", "{} lines of the cell"),
    FRAME: ("a frame around writing", "{} frames around writing"),
    UNDERLINE: ("a line below writing", "{} lines below writing"),
    DOT: ("a filled dot", "{} filled dots"),
    HASH: ("a # beside a number", "{} # beside numbers"),
    PLUS: ("a plus beside a number", "{} pluses beside numbers"),
    BESIDE: ("one thing beside the table", "{} things beside the table"),
    SMALL_MARK: ("one small mark beside the writing", "{} small marks beside the writing"),
}


def annotated(photo: Photo) -> Image.Image:
    """Return the picture with a box and the digit on each mark, boxes around signs, thin ones on what was left out."""
    picture = photo.picture
    draw = ImageDraw.Draw(picture)
    for box in picture_boxes(photo):
        x, y, width, height = box.box
        place, colour = (x, y, x + width, y + height), palette.BOXES[box.kind]
        _outline(draw, place, colour, 1 if box.thin else 3, DASHES.get(box.kind))
        if box.character:
            size = min(44.0, max(16.0, 0.4 * height))
            bottom = max(y, size)
            chip = x, bottom - size, x + 0.9 * size, bottom
            draw.rounded_rectangle(chip, 4, fill=colour)
            middle = (chip[0] + chip[2]) / 2, (chip[1] + chip[3]) / 2
            draw.text(middle, box.character, palette.TEXT[0], ImageFont.load_default(0.85 * size), "mm")
    return picture


def _outline(draw: ImageDraw.ImageDraw, place: Box, colour: str, width: int, dash: tuple[int, int] | None) -> None:
    """Draw a box of these corners, with a solid line or a dashed one."""
    if dash is None:
        draw.rounded_rectangle(place, 6, outline=colour, width=width)
        return
    left, top, right, bottom = place
    mark, gap = dash
    for x in np.arange(left, right, mark + gap):
        for y in (top, bottom - width):
            draw.rectangle((x, y, min(x + mark - 1, right), y + width - 1), fill=colour)
    for y in np.arange(top, bottom, mark + gap):
        for x in (left, right - width):
            draw.rectangle((x, y, x + width - 1, min(y + mark - 1, bottom)), fill=colour)


def picture_boxes(photo: Photo) -> list[PictureBox]:
    """Return the boxes on the shown picture: what was left out, signs, and by name the marks in their order."""
    return [
        *(PictureBox(_place(photo, box, 2), "rejected", thin=True) for box, _ in photo.left_out),
        *(
            PictureBox(_place(photo, sign.box, 4), "doubtful" if sign.doubtful else "sure")
            for sign in photo.reading.signs
        ),
        *(
            PictureBox(_place(photo, mark.box, 4), mark.kind, f"No. {number}: {_in_words(mark)}", mark.read.character)
            for number, mark in enumerate(photo.marks, 1)
        ),
    ]


def _in_words(mark: Mark) -> str:
    return "no digit" if mark.read.digit is None else f"{mark.read.digit}{', doubtful' * (mark.kind == 'doubtful')}"


def _place(photo: Photo, box: Box, room: float) -> Box:
    x, y, width, height = (side * photo.scale for side in box)
    return x - room, y - room, width + 2 * room, height + 2 * room


def why_left_out(photo: Photo) -> list[str]:
    """Return a phrase for each reason why something was left out, with the count."""
    counts = Counter(why for _, why in photo.left_out)
    return [PHRASES[why][count > 1].format(count) for why, count in counts.items()]
