"""Pictures as files."""

import io

from PIL import Image


def file(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """Return the picture as a file's bytes, in a format of Pillow."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
