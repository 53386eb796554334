"""A photo as its page shows it: the picture with a box on each digit, and phrases for what was left out."""

from collections import Counter

from PIL import Image, ImageDraw, ImageFont

from mnist.reading.classifier import NOT_A_DIGIT
from mnist.reading.find_digits import RULE
from mnist.reading.framing import Box
from mnist.reading.patches import AT_EDGE, TOO_SMALL
from mnist.web import palette
from mnist.web.state.photo import Photo

PHRASES = {
    TOO_SMALL: ("one spot that is too small to be a digit", "{} spots that are too small to be digits"),
    AT_EDGE: ("one shape at the edge of the picture", "{} shapes at the edge of the picture"),
    NOT_A_DIGIT: ("one shape that is not a digit", "{} shapes that are not digits"),
    RULE: ("a line of the cell", "{} lines of the cell"),
}


def annotated(photo: Photo, chosen: int | None = None) -> Image.Image:
    """Return the picture with a box and the digit on each mark, and boxes around signs.

    Thin boxes are around what was left out. The box of the mark with the number `chosen` is thicker.
    """
    picture = photo.picture
    draw = ImageDraw.Draw(picture)
    for box, _ in photo.left_out:
        draw.rectangle(_place(photo, box, 2), outline=palette.BOXES["rejected"])
    for sign in photo.reading.signs:
        draw.rounded_rectangle(_place(photo, sign.box, 4), 6, outline=palette.BOXES["sure"], width=3)
    for number, mark in enumerate(photo.marks):
        place = _place(photo, mark.box, 4)
        size = min(44.0, max(16.0, 0.4 * (place[3] - place[1])))
        draw.rounded_rectangle(place, 6, outline=palette.BOXES[mark.kind], width=6 if number == chosen else 3)
        left, bottom = place[0], max(place[1], size)
        chip = left, bottom - size, left + 0.9 * size, bottom
        draw.rounded_rectangle(chip, 4, fill=palette.BOXES[mark.kind])
        middle = (chip[0] + chip[2]) / 2, (chip[1] + chip[3]) / 2
        draw.text(middle, mark.read.character, "white", ImageFont.load_default(0.85 * size), "mm")
    return picture


def _place(photo: Photo, box: Box, room: float) -> tuple[float, float, float, float]:
    x, y, width, height = (side * photo.scale for side in box)
    return x - room, y - room, x + width + room, y + height + room


def why_left_out(photo: Photo) -> list[str]:
    """Return a phrase for each reason why something was left out, with the count."""
    counts = Counter(why for _, why in photo.left_out)
    return [PHRASES[why][count > 1].format(count) for why, count in counts.items()]
