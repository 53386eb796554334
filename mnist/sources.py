"""What a file holds, drawing or picture, framed as MNIST's digits are: the one door for all that comes from outside."""

from mnist import grouping, images, strokes
from mnist.framing import Framed
from mnist.grouping import Ways
from mnist.strokes import Strokes

BLANKS = b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"  # what may stand before JSON: white space and byte order marks


def find_digits(content: bytes) -> Ways:
    """The digits in a file's bytes, a saved drawing (JSON) or a picture. Raises UserError where it is neither.

    A drawing may hold numbers, in lines; a picture holds one digit.
    """
    if _is_json(content):
        return of_strokes(strokes.parse(content))
    framed = images.frame(images.decode(content))
    return () if framed is None else grouping.one_digit(framed)


def of_strokes(drawn: Strokes) -> Ways:
    """The digits in a drawing, which may hold numbers."""
    return grouping.ways(strokes.middle_lines(drawn), lambda some: strokes.frame([drawn[i] for i in some]))


def one_digit(content: bytes) -> Framed | None:
    """All ink in a file's bytes as one digit, or None where there is none. Raises UserError as `find_digits` does."""
    if _is_json(content):
        drawn = strokes.parse(content)
        return strokes.frame(drawn) if drawn else None
    return images.frame(images.decode(content))


def _is_json(content: bytes) -> bool:
    return content.lstrip(BLANKS)[:1] in (b"{", b"[")
