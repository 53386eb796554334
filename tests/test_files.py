"""Whole or not at all."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from mnist.errors import CannotWriteError
from mnist.files import sha256, write_whole


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "card.json"
    target.write_text("old")

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(CannotWriteError, match=r"card.json: cannot be written \(No space left on device\). Make room"):
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
