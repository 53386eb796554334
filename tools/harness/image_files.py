"""Pictures as files."""

import io

from PIL import Image


def file(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The picture as a file's bytes, in that format."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
