"""Characters of fonts to measure on: digits and letters of single strokes, and letters of alphabets.

The Hershey fonts are strokes (A. V. Hershey, 1967), which made-up writers write here. DejaVu Sans is an outline font
that comes with matplotlib; its pen is as thick as MNIST's, and its letters are read as pictures, each bent a little
differently. Characters that happen to look like a digit are left out. `handwriting/non_digits.py`, which networks learn
from, contains no letter of DejaVu's alphabets, and of the Hershey letters no Japanese one. Only this module needs the
fonts' packages; without them their sets are left out.
"""

import unicodedata
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mnist.handwriting.styles import Knots

# The characters that are taken from each Hershey font
DIGITS = {"futural": "0123456789", "rowmans": "0123456789", "scripts": "0123456789", "cursive": "0123456789"}
LETTERS = {
    "greeks": "ACDEGJKLMNPQRSTUVWXaceghjklmnpqstuvwx",
    "japanese": "ABDEFGHIJKLMNOPTUVWXYZabcdefghlnoqrsxyz",
    "scripts": "ABCEFGHKLMNRTUWXYacdhijkmnprtuvwx",
}
SYMBOLS = {"astrology": "!$%'-:;<=>@[]^{|}~", "symbolic": "abcdefghjklmnpwALMNORSTXYZ_]^~"}
# First and last letter of each of DejaVu's alphabets, and those between that look like a digit or a dot. These were
# chosen by eye, a few of them (Շ, Դ, Ղ, Ⴢ, Ⴣ, ߕ, ߤ, წ) after a network had taken them for a digit.
ALPHABETS = {
    "Armenian": ("Ա", "և", "ԳԴԶԿՁՂՅՇՉՋՎՏՑՕգզլկձղճշչջվցօ"),
    "Georgian": ("Ⴀ", "ჺ", "ႡႣႤႦႨႩႭႯႷႸႽႲႥႢႣბგევზკნოპსუყცწხჰჳჴჵჷჹ"),
    "Hebrew": ("א", "ת", "אבגדוזטיךכלןנסםפףרש"),
    "Arabic": ("ب", "ي", "ةـهوىرزدذلن"),
    "N'Ko": ("ߊ", "ߪ", "ߊߋߔߕߗߝߞߣߤߟ"),
    "Lao": ("ກ", "ຮ", "ຂງຈຊຣລວອຮ"),
    "Tifinagh": ("ⴰ", "ⵥ", "ⴰⴱⴲⴳⴵⵀⵁⵂⵆⵈⵏⵑⵒⵓⵔⵗⵙⵚ"),
    "Canadian syllabics": ("ᐁ", "ᑉ", "ᐟᐠᐡᐢᐣᐤᐥᐦᐧᐨᐩᐪ"),
}
EM_PIXELS = 100  # size at which DejaVu is drawn
MARGIN_PIXELS = 60  # of paper around a letter
CORNER_PIXELS = 9  # standard deviation of how far the corners of that paper are moved
CAPITAL_UNITS = 21  # height of a capital letter in Hershey's fonts


def hershey(fonts: dict[str, str]) -> list[list[Knots]]:
    """Return the fonts' characters as strokes, a capital letter one high. Raises ImportError without Hershey-Fonts."""
    from HersheyFonts import HersheyFonts

    glyphs = []
    for font, characters in fonts.items():
        reader = HersheyFonts()
        reader.load_default_font(font)
        glyphs += [
            [np.array(line, np.float64) / CAPITAL_UNITS for line in reader.strokes_for_text(each)]
            for each in characters
        ]
    return glyphs


def dejavu() -> ImageFont.FreeTypeFont:
    """Return DejaVu Sans, which has many alphabets. Raises ImportError without matplotlib."""
    import matplotlib

    path = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
    return ImageFont.truetype(path, EM_PIXELS, layout_engine=ImageFont.Layout.BASIC)


def alphabets(count: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Draw `count` letters of DejaVu, each alphabet equally often, white on black, 0 to 255. Raises as `dejavu`."""
    font = dejavu()
    letters = [rng.permutation(letters_of(name, font)) for name in ALPHABETS]
    chosen = (divmod(number, len(letters)) for number in range(count))
    return [_bent(letters[alphabet][turn % len(letters[alphabet])], font, rng) for turn, alphabet in chosen]


def letters_of(alphabet: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Return the letters of an alphabet that the font has, without those left out."""
    first, last, excluded = ALPHABETS[alphabet]
    missing = bytes(font.getmask("\U0010ffff"))  # the box that stands for what a font lacks
    return [
        letter
        for letter in map(chr, range(ord(first), ord(last) + 1))
        if unicodedata.category(letter).startswith("L")
        and letter not in excluded
        and bytes(font.getmask(letter)) != missing
    ]


def _bent(letter: str, font: ImageFont.FreeTypeFont, rng: np.random.Generator) -> np.ndarray:
    """Draw the letter slanted, turned, stretched and tapered, by moving the corners of its paper."""
    left, top, right, bottom = font.getbbox(letter)
    size = np.array([right - left, bottom - top]) + 2 * MARGIN_PIXELS
    paper = Image.new("L", (round(size[0]), round(size[1])))
    ImageDraw.Draw(paper).text((MARGIN_PIXELS - left, MARGIN_PIXELS - top), letter, font=font, fill=255)
    corners = np.array([[0, 0], [0, 1], [1, 1], [1, 0]]) * size + rng.normal(0, CORNER_PIXELS, (4, 2))
    corners[[0, 3], 0] += rng.normal(CORNER_PIXELS, CORNER_PIXELS)  # most hands lean to the right
    bent = paper.transform(paper.size, Image.Transform.QUAD, corners.ravel().tolist(), Image.Resampling.BICUBIC)
    return np.asarray(bent)
