"""A container that is given too little memory is told so."""

from pathlib import Path

import pytest

from mnist import memory
from mnist.errors import UserError


@pytest.mark.parametrize("limit", ["max", "1073741824"])
def test_enough_memory_is_nothing_to_talk_about(tmp_path: Path, limit: str) -> None:
    path = tmp_path / "memory.max"
    path.write_text(limit + "\n")
    memory.check(700_000_000, (path, tmp_path / "none"))


def test_too_little_memory_is_told(tmp_path: Path) -> None:
    path = tmp_path / "memory.max"
    path.write_text("314572800\n")
    message = r"may use 315 MB of memory, and 700 are needed. Give it more: docker run --memory 0.7g"
    with pytest.raises(UserError, match=message):
        memory.check(700_000_000, (tmp_path / "none", path))
