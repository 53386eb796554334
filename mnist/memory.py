"""How much memory a container may use, so that one that is given too little says so instead of being killed."""

from pathlib import Path

from mnist.errors import UserError

SERVING = 700_000_000  # bytes: what the server and TensorFlow take before the first page is opened
TRAINING = 3_000_000_000  # what is drawn to learn from is held in memory
TRYING = 1_500_000_000  # a dry run
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))  # cgroups 2 and 1


def check(needed: int, limits: tuple[Path, ...] = LIMITS) -> None:
    """Raise UserError where this container may use less than `needed` bytes."""
    for path in limits:
        text = path.read_text().strip() if path.is_file() else "max"
        if text.isdecimal() and int(text) < needed:
            raise UserError(
                f"this container may use {int(text) / 1e6:.0f} MB of memory, and {needed / 1e6:.0f} are needed. "
                f"Give it more: docker run --memory {needed / 1e9:.1f}g"
            )
