"""A model's card: what is known of it, and the checksums by which its files are trusted.

The model, the form of it that is read with, and its card lie side by side (`digits.keras`, `digits.onnx`,
`digits.json`). A file of another checksum than the card's is not opened.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from mnist.errors import UserError

REMEDY = "Restore model and card from the repository, or train again: python -m mnist train"


def read_card(model: Path) -> dict[str, Any]:
    """Return the card beside the model file. Raises UserError if it is missing or is no card."""
    path = model.with_suffix(".json")
    try:
        card = json.loads(path.read_text("utf-8"))
        numbers = [card["temperature"], card["thresholds"]["sure"], *card["thresholds"]["digit"]]
        checksums = [card["sha256"], card["onnx_sha256"]]
        if [*map(type, numbers), *map(type, checksums)] != [float] * (2 + 10) + [str] * 2:
            raise ValueError("a checksum, the temperature or a threshold is of the wrong kind")
    except FileNotFoundError as error:
        raise UserError(f"{path}: the model's card is missing. {REMEDY}") from error
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UserError(f"{path}: not a model's card ({error}). {REMEDY}") from error
    return card


def verified(path: Path, checksum: str) -> bytes:
    """Return the content of a model's file. Raises UserError if it is missing, or has another checksum."""
    if not path.is_file():
        raise UserError(f"{path}: the model is missing. {REMEDY}")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != checksum:
        raise UserError(f"{path}: the model is damaged, its checksum is not the card's. {REMEDY}")
    return content
