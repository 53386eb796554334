"""Pictures as files, and files as a browser uploads them."""

import io

from PIL import Image

FORM_TYPE = "multipart/form-data; boundary=x"


def file(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """Return the picture as a file's bytes, in a format of Pillow."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def form(content: bytes) -> bytes:
    """Return the body of a request that uploads a file, of type FORM_TYPE; Streamlit looks at the name's ending."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n'
    return head + content + b"\r\n--x--\r\n"
