"""The library's door: `from mnist import read` reads a file, bytes, an array or strokes in one call."""

from collections.abc import Mapping, Sequence
from functools import cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mnist.errors import UserError

if TYPE_CHECKING:  # importing `mnist` loads nothing heavy; the first call does
    import numpy as np

    from mnist.reading.classifier import Classifier
    from mnist.reading.drawings.strokes import Stroke
    from mnist.reading.lattice import Lattice
    from mnist.reading.readings import Reading

    Source = str | PathLike[str] | bytes | bytearray | memoryview | np.ndarray | Mapping[str, Any] | Sequence[Stroke]


def read(source: "Source", model: str | PathLike[str] | None = None) -> "Reading":
    """Read the digits of a picture or drawing.

    >>> reading = read("data/seven.png")
    >>> reading.text, reading.verdict
    ('7', 'digit')
    >>> x, y, width, height = reading.digits[0].framed.box  # pixels of the picture

    Args:
        source: The path of a file; a file's bytes (PNG, JPEG, WebP, HEIF, BMP, GIF, TIFF, PDF, or a saved drawing in
            JSON); a picture as an array of uint8, grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4); the canvas's JSON as a
            dictionary; or strokes (`mnist.reading.drawings.strokes.Stroke`: points (n, 2) and the pen's width, in
            pixels).
        model: The path of another model's file (.keras), its card beside it. Each model is loaded once, on its first
            call.

    Returns:
        The reading: `text` (None if there is no digit), `verdict`, `confidence` (0 to 1), and `lines` of digits with
        their probabilities and boxes.

    Raises:
        UserError: The source is no picture or drawing, or too large; the model is missing or damaged.
        OSError: The file cannot be opened.
    """
    return _classifier(None if model is None else Path(model)).read(_lattice(source))


@cache
def _classifier(model: Path | None) -> "Classifier":
    from mnist.reading.classifier import Classifier

    return Classifier.load() if model is None else Classifier.load(model)


def _lattice(source: Any) -> "Lattice":
    import numpy as np

    from mnist.reading import find_digits
    from mnist.reading.drawings import strokes
    from mnist.reading.pictures import images

    if isinstance(source, str | PathLike):
        source = images.read_file(source)
    if isinstance(source, bytes | bytearray | memoryview):
        return find_digits.in_file(bytes(source))
    if isinstance(source, np.ndarray):
        return find_digits.in_picture(images.from_array(source))
    if isinstance(source, Mapping):
        return find_digits.of_strokes(strokes.from_drawing(dict(source)))
    if not isinstance(source, Sequence):
        raise UserError(
            f"{type(source).__name__} is no picture or drawing; give a path, a file's bytes, an array of uint8, the "
            "canvas's JSON as a dictionary, or a list of strokes"
        )
    return find_digits.of_strokes(strokes.checked(source))
