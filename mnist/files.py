"""Files that are written whole or not at all, and recognised by what they hold; and where the model lies."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

MODEL = Path(__file__).parent.parent / "models" / "digits.keras"
BASELINES = ("softmax", "perceptron", "textbook", "keras_example")  # beside it, to compare it with


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, then rename it to `path`: nobody ever sees half of it."""
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """The file's SHA-256 as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
