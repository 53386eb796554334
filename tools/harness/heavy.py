"""Small files that would take minutes to read, or gigabytes, and the sentences that refuse them.

`tests/reading/test_heavy_files.py` reads them, `tools.load.measure_forgers` measures what each takes.
"""

import json
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from mnist.reading.pictures import image_limits
from tools.harness.image_files import file

SIDE = 2000  # pixels


def nested_pdf(depth: int) -> bytes:
    """Return a PDF whose page draws a form ten times, which draws another ten times, and so on."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
    deeper = [_stream(b"/F Do\n" * 10, form + b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + i)) for i in range(depth)]
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        _stream(b"/F Do\n" * 10),
        *deeper,
        _stream(b"0 0 m 9 9 l S\n", form),
    ]
    numbered = (b"%d 0 obj\n%s\nendobj\n" % (number, item) for number, item in enumerate(objects, 1))
    return b"%PDF-1.7\n" + b"".join(numbered) + b"trailer<</Root 1 0 R>>\n%%EOF"


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def many_scans() -> bytes:
    """Return a progressive JPEG with its last scan, which changes nothing, again and again."""
    content = file(Image.new("L", (800, 800), 255), "JPEG", progressive=True)[:-2]
    tables = content.rindex(b"\xff\xc4", 0, content.rindex(image_limits.START_OF_SCAN))
    return content + content[tables:] * 200 + b"\xff\xd9"


def many_chunks() -> bytes:
    """Return a PNG of a hundred thousand empty chunks."""
    content = file(Image.new("L", (8, 8)), "PNG")
    header = len(b"\x89PNG\r\n\x1a\n") + 25  # the signature and the first chunk
    empty = bytes(4) + b"abCd" + zlib.crc32(b"abCd").to_bytes(4, "big")
    return content[:header] + empty * 100_000 + content[header:]


def many_pictures() -> bytes:
    """Return a TIFF of a thousand pictures, each of which is found only by way of all before it."""
    dot = Image.new("L", (1, 1))
    return file(dot, "TIFF", save_all=True, append_images=[dot] * 999)


def strip() -> bytes:
    """Return a very long picture."""
    return file(Image.new("L", (40_000, 2)))


def dots() -> bytes:
    """Return a picture of dots of 4 by 4 pixels."""
    places = (np.arange(SIDE) + 2) % 8 // 4
    return _picture(np.outer(places, places))


def bars(down: bool = False) -> bytes:
    """Return bars, 4 pixels thick; turned to the tilt with the fewest rows of ink, each across is as high as all."""
    stripes = np.pad(np.tile(np.arange(SIDE - 20) % 8 // 4, (SIDE - 20, 1)), 10)
    return _picture(stripes if down else stripes.T)


def rings() -> bytes:
    """Return squares, one within the other, 5 pixels thick."""
    from_edge = np.minimum(np.arange(SIDE), np.arange(SIDE)[::-1])
    return _picture(np.minimum.outer(from_edge, from_edge) // 5 % 2)


def open_rings() -> bytes:
    """Return a few squares, one within the other, that a slit opens at the top: closed ones are frames."""
    from_edge = np.minimum(np.arange(SIDE), np.arange(SIDE)[::-1])
    pixels = np.minimum.outer(from_edge, from_edge) // 60 % 2
    pixels[: SIDE // 2, SIDE // 2 - 10 : SIDE // 2 + 10] = 0
    return _picture(pixels)


def tables() -> bytes:
    """Return thousands of shapes, a bar on three legs, each of which might be cut into digits."""
    table = np.zeros((28, 28), np.int64)
    table[2:6, 2:26] = table[2:26, 2:6] = table[2:26, 12:16] = table[2:26, 22:26] = 1
    return _picture(np.tile(table, (50, 50)))


def blots() -> bytes:
    """Return 600 blots, each of which might be cut in several places."""
    blot = np.zeros((SIDE // 25, SIDE // 24), np.int64)
    blot[30:50, 30:50] = 1
    return _picture(np.tile(blot, (25, 24)))


def hatches() -> bytes:
    """Return 2,000 upright strokes, of which up to seven side by side might be a digit."""
    hatch = np.zeros((SIDE // 20, SIDE // 100), np.int64)
    hatch[10:-10, 5:-10] = 1
    return _picture(np.tile(hatch, (20, 100)))


def crosses() -> bytes:
    """Return nearly as many crosses as a picture may have spots of ink, each a part by itself."""
    cross = np.zeros((31, 31), np.int64)
    cross[5:26, 14:17] = cross[14:17, 5:26] = 1
    return _picture(np.tile(cross, (63, 63)))


def pegs() -> bytes:
    """Return as many dots in a row as a picture may have spots of ink."""
    peg = np.zeros((12, 6), np.int64)
    peg[3:9, 1:5] = 1
    return _picture(np.tile(peg, (1, 4_000)))


def _picture(ink: np.ndarray) -> bytes:
    """Return a picture of white ink (h, w), 0 or 1, on black."""
    return file(Image.fromarray((ink * 255).astype(np.uint8)))


def scribbles() -> bytes:
    """Return a drawing of 150 strokes that go to and fro side by side."""
    rng = np.random.default_rng(0)
    strokes = [rng.random((40, 2)) * (3, 200) + (1.8 * number, 0) for number in range(150)]
    return json.dumps(
        {
            "objects": [
                {"type": "path", "path": [["M", *points[0]], *(["L", *point] for point in points[1:])]}
                for points in (stroke.round(2).tolist() for stroke in strokes)
            ]
        }
    ).encode()


def empty_lists() -> bytes:
    """Return a drawing of lists, which take thirty times as much memory once they are unpacked."""
    return b'{"objects": [' + b"[]," * 1_000_000 + b"[]]}"


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {  # with a pattern of the sentence
    "a PDF of forms in forms": (lambda: nested_pdf(8), "the PDF cannot be drawn in 2 seconds and 400 MB"),
    "a JPEG of 200 scans": (many_scans, "a JPEG of 2.. scans; save it again"),
    "a PNG of 100,000 chunks": (many_chunks, "a PNG in more than 20,000 pieces; save it again"),
    "a TIFF of 1,000 pictures": (many_pictures, "a file of several pictures in turn"),
    "a strip": (strip, "a picture 40,000 pixels long; cut it into pieces of at most 32,000"),
    "62,500 dots": (dots, "62,500 separate spots of ink"),
    "250 bars": (bars, "too many shapes lie within one another"),
    "200 rings": (rings, "too many shapes lie within one another"),
    "a million lists": (empty_lists, "a drawing of 1000000 values; at most 500000 are read"),
}
ONE_THING: dict[str, Callable[[], bytes]] = {  # are read as one digit
    "open_rings": open_rings,  # each run of eight may be one digit as large as the picture
    "columns": lambda: bars(down=True),
    "pegs": pegs,
    "hatches": hatches,
    "scribbles": scribbles,
}
READ = {**ONE_THING, "blots": blots, "tables": tables, "crosses": crosses}
