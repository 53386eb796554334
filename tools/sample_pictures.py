"""`python -m tools.sample_pictures`: draw `data/`, a few pictures to try the command line on."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from mnist.evaluation.samples import PAD_SIDE, as_json, on_pad
from mnist.files import ROOT
from mnist.handwriting.non_digits import GLYPHS
from mnist.handwriting.styles import STYLES
from mnist.handwriting.writer import Writer
from mnist.reading.drawings.strokes import Stroke, ink

FOLDER = ROOT / "data"
PAPER, INK = np.array([246, 242, 230]), np.array([38, 48, 96])
BOARD, CHALK = np.array([30, 62, 50]), np.array([235, 238, 230])
DIGITS = {  # file: style, ground, colour of the pen
    "zero.png": ("slashed", BOARD, CHALK),
    "one.jpg": ("flag_long", PAPER, INK),
    "two.png": ("looped", PAPER, INK),
    "four.webp": ("open_angular", PAPER, INK),
    "seven.png": ("crossed", PAPER, INK),
    "nine.jpg": ("with_hooked_tail", BOARD, CHALK),
}


def main(folder: Path = FOLDER) -> None:
    """Draw all of them anew, always alike."""
    rng = np.random.default_rng(7)
    folder.mkdir(exist_ok=True)
    hand = Writer.random(rng, (0.3, 0.3))
    styles = {style.name: style for style in STYLES}
    for name, (style, ground, colour) in DIGITS.items():
        strokes = on_pad(hand.write(styles[style].draw(rng), rng), 14, rng)
        picture(strokes, ground, colour, rng).save(folder / name)
    three = on_pad(hand.write(styles["round_with_cusp"].draw(rng), rng), 14, rng)
    (folder / "three.json").write_bytes(as_json(three) + b"\n")
    letter = on_pad(hand.write(GLYPHS[0], rng), 14, rng)  # an A
    picture(letter, PAPER, INK, rng).save(folder / "letter.png")


def picture(strokes: list[Stroke], ground: np.ndarray, colour: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """Return the strokes in a colour on a ground, a little uneven as paper is."""
    size = (PAD_SIDE, PAD_SIDE)
    pixels = ground + (colour - ground) * ink(strokes, size)[..., None] + rng.normal(0, 2, (*size, 1))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))


if __name__ == "__main__":
    main()
