"""What a file holds, drawing or picture, as framed digits: the one door for everything that comes from outside."""

from mnist import images, strokes
from mnist.framing import Framed

BLANKS = b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"  # what may stand before JSON: white space and byte order marks


def find_digits(content: bytes) -> list[Framed]:
    """The digits in a file's bytes: a saved drawing (JSON) or a picture. Raises UserError where it is neither."""
    if content.lstrip(BLANKS)[:1] in (b"{", b"["):
        return strokes.find_digits(strokes.parse(content))
    return images.find_digits(images.decode(content))
