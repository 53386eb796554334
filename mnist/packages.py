"""Packages that are not everywhere where this program runs."""

import importlib.util

from mnist.errors import UserError

TO_TRAIN = ("tensorflow", "keras", "onnx", "tf2onnx")


def check_tensorflow() -> None:
    """Raise UserError if TensorFlow, or what exports its networks, is not installed: reading needs none of it."""
    missing = [name for name in TO_TRAIN if importlib.util.find_spec(name) is None]
    if missing:
        raise UserError(
            f"This needs TensorFlow, and {missing[0]} is not installed here. The whole image has it (this may be the "
            "small one, `reader`); without an image, install requirements.txt."
        )
