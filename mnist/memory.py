"""Checks that there is enough memory, so that a small container says so instead of being killed; giving it back."""

import ctypes
import sys
from pathlib import Path

from mnist.errors import UserError

SERVING_BYTES = 400_000_000  # the server, and the largest picture that it reads
EXPLAINING_BYTES = 600_000_000  # of TensorFlow, in a process of its own
TRAINING_BYTES = 3_000_000_000  # the whole training set is held in memory
DRY_RUN_BYTES = 1_500_000_000
LIVE_TRAINING_BYTES = 500_000_000  # of a small network on the page, in a process of its own
LARGE_PIECE_BYTES = 1_000_000
M_MMAP_THRESHOLD = -3  # malloc.h
LIMIT_FILES = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)  # cgroups 2 and 1
USED_FILES = {
    "memory.max": ("memory.current", "inactive_file"),
    "memory.limit_in_bytes": ("memory.usage_in_bytes", "total_inactive_file"),
}
MEMINFO_FILE = Path("/proc/meminfo")


def check(needed: int, limits: tuple[Path, ...] = LIMIT_FILES) -> None:
    """Raise UserError if this container may use less than `needed` bytes."""
    for path in limits:
        limit = _limit(path)
        if limit is not None and limit < needed:
            raise UserError(
                f"this container may use {limit / 1e6:.0f} MB of memory, and {needed / 1e6:.0f} are needed. "
                f"Give it more: docker run --memory {needed / 1e9:.1f}g"
            )


def check_left(needed: int, limits: tuple[Path, ...] = LIMIT_FILES, machine: Path = MEMINFO_FILE) -> None:
    """Raise UserError if less than `needed` bytes are left now, of this container or of the whole machine."""
    available = [1024 * _named(machine, "MemAvailable", ":")] if machine.is_file() else []
    left = min([*_left_of_container(limits), *available], default=needed)
    if left < needed:
        raise UserError(
            f"There is too little memory for this now: {max(left, 0) / 1e6:.0f} MB are left, and {needed / 1e6:.0f} "
            "are needed."
        )


def give_back() -> None:
    """Make GNU's C library give freed pieces of memory back to the system at once, if they are large.

    By itself it keeps ever larger pieces for later, and what is free among them falls into small parts.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt:
        mallopt(M_MMAP_THRESHOLD, LARGE_PIECE_BYTES)


def _limit(path: Path) -> int | None:
    text = path.read_text().strip() if path.is_file() else "max"
    return int(text) if text.isdecimal() else None


def _left_of_container(limits: tuple[Path, ...]) -> list[int]:
    """Return the bytes left under each limit; the cache of files, which the system may drop, does not count as used."""
    left = []
    for path in limits:
        limit = _limit(path)
        used, forgettable = USED_FILES[path.name]
        if limit is not None and path.with_name(used).is_file():
            cached = _named(path.with_name("memory.stat"), forgettable, " ")
            left.append(limit - int(path.with_name(used).read_text()) + cached)
    return left


def _named(path: Path, name: str, separator: str) -> int:
    """Return the number after a name in a file with a name and a number on each line; 0 if it is missing."""
    lines = path.read_text().splitlines() if path.is_file() else []
    return next((int(line.split()[1]) for line in lines if line.partition(separator)[0] == name), 0)
