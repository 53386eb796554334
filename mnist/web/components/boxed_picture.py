"""A photograph with a box on each digit, and each box a button: by click, by touch or by keys a digit is chosen."""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from PIL import Image

from mnist.reading.framing import Box
from mnist.web import pictures
from mnist.web.components import component

_boxed_picture = component.register("boxed_picture", "<div class='picture'><img><div></div></div>")


@dataclass(frozen=True)
class PictureBox:
    """A box on the picture, in its pixels. One with a `name` can be chosen and has its `character` at its corner.

    `kind` names its colour in the palette, --box-<kind>, and its line in the style sheet.
    """

    box: Box
    kind: str
    name: str = ""
    character: str = ""
    thin: bool = False


def chosen_box(key: str, version: int) -> int | None:
    """Return which of the boxes with a name was chosen, by its number among them, or None.

    What was chosen on another version of the boxes counts no longer. The number may be forged.
    """
    match component.sent(key, "chosen"):
        case [int(of_version), int(number)] if of_version == version:
            return number
    return None


def show_boxed_picture(jpeg: bytes, boxes: Sequence[PictureBox], name: str, version: int, key: str) -> None:
    """Show a picture, called `name`, with its boxes."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        size = picture.size
    _boxed_picture(
        data={
            "picture": pictures.jpeg_url(jpeg),
            "size": size,
            "boxes": [asdict(each) for each in boxes],
            "name": name,
            "version": version,
        },
        key=key,
        on_chosen_change=lambda: None,
    )
