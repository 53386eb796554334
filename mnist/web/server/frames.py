"""Whose pages may show this one in a frame: its own, and those of the addresses that FRAME_ANCESTORS names."""

import os
import re

from mnist.errors import UserError

FRAME_ANCESTORS = "FRAME_ANCESTORS"
ADDRESS = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?", re.IGNORECASE)


def ancestors() -> list[str]:
    """The addresses that FRAME_ANCESTORS in the environment names. Raises UserError for what is none."""
    addresses = os.environ.get(FRAME_ANCESTORS, "").split()
    for address in addresses:
        if not ADDRESS.fullmatch(address):
            raise UserError(
                f"{FRAME_ANCESTORS} holds “{address}”, which is no address like https://moodle.example.org or "
                "https://*.example.org. Write one or several, with spaces between them and nothing after the name"
            )
    return addresses
