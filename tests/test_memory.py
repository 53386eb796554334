"""A container that is given too little memory is told so."""

import subprocess
import sys
from pathlib import Path

import pytest

from mnist import memory
from mnist.errors import UserError
from mnist.files import ROOT


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


@pytest.mark.skipif(sys.platform != "linux", reason="the C library is another")
@pytest.mark.parametrize(("first", "kept"), [("", True), ("memory.give_back()", False)])
def test_what_is_freed_of_large_pieces_goes_back_at_once(first: str, kept: bool) -> None:
    program = f"""
from pathlib import Path
from mnist import memory
rss = lambda: int(Path("/proc/self/statm").read_text().split()[1]) * 4096
{first}
bytearray(31_000_000)  # from now on the C library takes what is smaller for something to keep
before = rss()
large = bytearray(20_000_000)
for place in range(0, len(large), 4096):
    large[place] = 1
after_it = [bytes(100_000) for _ in range(50)]
del large
print(rss() - before > 15_000_000)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == str(kept)


def left(folder: Path, limit: str, used: int, cached: int, available: int) -> None:
    """Check that 500 MB are left where these are the numbers, bytes and for the machine kB."""
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {cached}\nactive_file 7\n")
    (folder / "meminfo").write_text(f"MemTotal:       99 kB\nMemAvailable:   {available} kB\n")
    memory.check_left(500_000_000, (folder / "memory.max", folder / "memory.limit_in_bytes"), folder / "meminfo")


def test_what_is_left_is_enough(tmp_path: Path) -> None:
    left(tmp_path, "2000000000", used=1_600_000_000, cached=100_000_000, available=500_000)
    left(tmp_path, "max", used=10**12, cached=0, available=500_000)
    memory.check_left(10**15, (tmp_path / "none" / "memory.max",), tmp_path / "none")  # a system that does not tell


def test_what_is_left_is_too_little(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="too little memory for this now: 499 MB are left, and 500 are needed"):
        left(tmp_path, "2000000000", used=1_601_000_000, cached=100_000_000, available=900_000)
    with pytest.raises(UserError, match="102 MB are left"):
        left(tmp_path, "max", used=0, cached=0, available=100_000)
