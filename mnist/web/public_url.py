"""The address at which others reach this server, where it cannot know it: behind a proxy or in a container."""

import os
from urllib.parse import SplitResult, urlsplit

from mnist.errors import UserError

PUBLIC_URL = "PUBLIC_URL"  # in the environment
DEFAULT_PORTS = {"http": 80, "https": 443}  # browsers leave them out


def public_url() -> SplitResult | None:
    """Return PUBLIC_URL of the environment as browsers write it, None if it is not set.

    That is in lower case, and without a port that goes without saying. Raises UserError if it is no address.
    """
    text = os.environ.get(PUBLIC_URL, "").strip()
    if not text:
        return None
    try:
        url = urlsplit(text.rstrip("/"))
        port = "" if url.port in (None, DEFAULT_PORTS.get(url.scheme)) else f":{url.port}"
        is_address = url.scheme in DEFAULT_PORTS and url.hostname and url.port != 0
    except ValueError:  # a bracket that is not closed, a port that is no number
        is_address = False
    if not is_address or any(sign in text for sign in "@?# ") or not text.isascii():
        raise UserError(
            f"{PUBLIC_URL} is “{text}”, which is not an address like https://digits.example.org or "
            "http://192.168.1.20:8501. Give the whole address of one server, with http:// or https:// in front"
        )
    host = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname
    return url._replace(netloc=f"{host}{port}")
