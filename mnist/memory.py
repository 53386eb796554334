"""How much memory there is, so that a container with too little says so instead of being killed; and giving it back."""

import ctypes
import sys
from pathlib import Path

from mnist.errors import UserError

SERVING = 700_000_000  # bytes: what the server and TensorFlow take before the first page is opened
TRAINING = 3_000_000_000  # what is drawn to learn from is held in memory
TRYING = 1_500_000_000  # a dry run
LESSON = 500_000_000  # a small network that learns beside the server, in a process of its own
LARGE = 1_000_000
M_MMAP_THRESHOLD = -3  # malloc.h
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))  # cgroups 2 and 1
USED = {
    "memory.max": ("memory.current", "inactive_file"),
    "memory.limit_in_bytes": ("memory.usage_in_bytes", "total_inactive_file"),
}
MACHINE = Path("/proc/meminfo")


def check(needed: int, limits: tuple[Path, ...] = LIMITS) -> None:
    """Raise UserError where this container may use less than `needed` bytes."""
    for path in limits:
        limit = _limit(path)
        if limit is not None and limit < needed:
            raise UserError(
                f"this container may use {limit / 1e6:.0f} MB of memory, and {needed / 1e6:.0f} are needed. "
                f"Give it more: docker run --memory {needed / 1e9:.1f}g"
            )


def check_left(needed: int, limits: tuple[Path, ...] = LIMITS, machine: Path = MACHINE) -> None:
    """Raise UserError where less than `needed` bytes are left now, of this container or of the whole machine."""
    left = min([*_left_of_container(limits), *_left_of_machine(machine)], default=needed)
    if left < needed:
        raise UserError(
            f"There is too little memory for this now: {max(left, 0) / 1e6:.0f} MB are left, and {needed / 1e6:.0f} "
            "are needed."
        )


def give_back() -> None:
    """Have what is freed of LARGE bytes and more go back to the system at once, where the C library is GNU's.

    By itself it keeps ever larger pieces for later once it has seen one, and among them what is free is never whole.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt:
        mallopt(M_MMAP_THRESHOLD, LARGE)


def _limit(path: Path) -> int | None:
    text = path.read_text().strip() if path.is_file() else "max"
    return int(text) if text.isdecimal() else None


def _left_of_container(limits: tuple[Path, ...]) -> list[int]:
    """Bytes; files that were read and may be forgotten again are not counted as used."""
    left = []
    for path in limits:
        limit = _limit(path)
        used, forgettable = USED[path.name]
        if limit is not None and path.with_name(used).is_file():
            cached = _named(path.with_name("memory.stat"), forgettable, " ")
            left.append(limit - int(path.with_name(used).read_text()) + cached)
    return left


def _left_of_machine(path: Path) -> list[int]:
    """Bytes; none where the system does not tell."""
    return [1024 * _named(path, "MemAvailable", ":")] if path.is_file() else []


def _named(path: Path, name: str, separator: str) -> int:
    """The number after that name in a file of a name and a number a line; 0 without one."""
    lines = path.read_text().splitlines() if path.is_file() else []
    return next((int(line.split()[1]) for line in lines if line.partition(separator)[0] == name), 0)
