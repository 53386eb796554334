"""Whole or not at all."""

import hashlib
from pathlib import Path

import pytest

from mnist.files import sha256, write_whole


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "card.json"
    target.write_text("old")

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        write_whole(target, fail)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
    write_whole(target, lambda path: path.write_text("new"))
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_checksum(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"digits")
    assert sha256(path) == hashlib.sha256(b"digits").hexdigest()
