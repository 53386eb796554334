"""The paths of the program and its model, checksums, and files that are written whole or not at all."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from mnist.errors import CannotWriteError

ROOT = Path(__file__).parents[1]  # of the checkout, or the folder in the image
MODEL = ROOT / "models" / "digits.keras"


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, then rename it to `path`, so that nobody sees half of it.

    Raises CannotWriteError if there is no room, or no permission; an older file then stays as it was.
    """
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        write(temporary)
        sync(temporary)
        temporary.replace(path)
    except OSError as error:
        raise CannotWriteError(
            f"{path}: cannot be written ({error.strerror or error}). Make room there, or choose another place."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until the file is on the disk: a remote disk says only then that it is full, and the power may fail."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sha256(path: Path) -> str:
    """Return the file's SHA-256 as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
