"""Packages that are not in every image of this program."""

import importlib.util

from mnist.errors import UserError


def check_tensorflow() -> None:
    """Raise UserError if TensorFlow is not installed: the small image reads and serves without it."""
    if importlib.util.find_spec("tensorflow") is None:
        raise UserError(
            "This needs TensorFlow, which is not here: this is the small image, made to read digits. "
            "The whole image of this program has it."
        )
