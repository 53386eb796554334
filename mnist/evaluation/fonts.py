"""What fonts hold, to measure on: digits and letters of single strokes, and letters of alphabets that no training sees.

The Hershey fonts are strokes (A. V. Hershey, 1967), written here by hands of our writers. DejaVu Sans is an outline
font, which matplotlib carries; its pen is as thick as MNIST's, and its letters are read as pictures, each bent a little
otherwise. Left out are the characters that happen to look like a digit. The packages are needed only here: without them
their sets are left out. Of the Hershey letters only the Japanese are of a script that `synthesis/non_digits.py` holds
nothing of; of DejaVu's alphabets it holds none.
"""

import unicodedata
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mnist.handwriting.styles import Knots

# of each Hershey font what is taken
DIGITS = {"futural": "0123456789", "rowmans": "0123456789", "scripts": "0123456789", "cursive": "0123456789"}
LETTERS = {
    "greeks": "ACDEGJKLMNPQRSTUVWXaceghjklmnpqstuvwx",
    "japanese": "ABDEFGHIJKLMNOPTUVWXYZabcdefghlnoqrsxyz",
    "scripts": "ABCEFGHKLMNRTUWXYacdhijkmnprtuvwx",
}
SYMBOLS = {"astrology": "!$%'-:;<=>@[]^{|}~", "symbolic": "abcdefghjklmnpwALMNORSTXYZ_]^~"}
# first and last letter of DejaVu's alphabets, and those in between that look like a digit, or like a dot: by eye, a few
# of them (Շ, Դ, Ղ, Ⴢ, Ⴣ, ߕ, ߤ, წ) after a network had taken them for a digit
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
EM = 100  # pixels: size at which DejaVu is drawn
ROOM = 60  # pixels of paper around a letter
MOVED = 9  # pixels: how far the corners of that paper are moved


def hershey(fonts: dict[str, str]) -> list[list[Knots]]:
    """The characters of those fonts as strokes, a capital one high. Raises ImportError without Hershey-Fonts."""
    from HersheyFonts import HersheyFonts

    found = []
    for font, characters in fonts.items():
        reader = HersheyFonts()
        reader.load_default_font(font)
        found += [[np.array(line, np.float64) / 21 for line in reader.strokes_for_text(c)] for c in characters]
    return found  # a capital is 21 units high


def dejavu() -> ImageFont.FreeTypeFont:
    """The font of many alphabets. Raises ImportError without matplotlib."""
    import matplotlib

    path = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
    return ImageFont.truetype(path, EM, layout_engine=ImageFont.Layout.BASIC)


def alphabets(count: int, rng: np.random.Generator) -> list[np.ndarray]:
    """`count` letters of DejaVu, every alphabet as often, white on black, 0 to 255. Raises ImportError as `dejavu`."""
    font = dejavu()
    letters = [rng.permutation(letters_of(name, font)) for name in ALPHABETS]
    chosen = (divmod(number, len(letters)) for number in range(count))
    return [_bent(letters[alphabet][turn % len(letters[alphabet])], font, rng) for turn, alphabet in chosen]


def letters_of(alphabet: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """The letters of that alphabet that the font has, without those left out."""
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
    """The letter slanted, turned, stretched and tapered, as if the corners of its paper had been moved."""
    left, top, right, bottom = font.getbbox(letter)
    size = np.array([right - left, bottom - top]) + 2 * ROOM
    paper = Image.new("L", (round(size[0]), round(size[1])))
    ImageDraw.Draw(paper).text((ROOM - left, ROOM - top), letter, font=font, fill=255)
    corners = np.array([[0, 0], [0, 1], [1, 1], [1, 0]]) * size + rng.normal(0, MOVED, (4, 2))
    corners[[0, 3], 0] += rng.normal(MOVED, MOVED)  # most hands lean to the right
    bent = paper.transform(paper.size, Image.Transform.QUAD, corners.ravel().tolist(), Image.Resampling.BICUBIC)
    return np.asarray(bent)
