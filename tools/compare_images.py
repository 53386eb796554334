"""Compare two images, file by file: `python -m tools.compare_images ONE OTHER`, with CONTAINER_ENGINE as in the tests.

Compared are kind, rights, owner, content and aim of a link, not when a file was written. Prints what differs, and ends
with status 1 if anything does.
"""

import argparse

from tools.harness.engine import Engine

# what the engine itself puts into a container, and what belongs to the machine
LEFT_OUT = ("/proc", "/sys", "/dev", "/run", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/etc/mtab")
PRUNE = " -o ".join(f"-path {path}" for path in LEFT_OUT)
KINDS = f"find / \\( {PRUNE} \\) -prune -o -printf '%p\\t%M %U:%G %l\\n'"
CONTENTS = f"find / \\( {PRUNE} \\) -prune -o -type f -exec sha256sum {{}} +"


def main() -> int:
    """Print the files that differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("one")
    parser.add_argument("other")
    options = parser.parse_args()
    one, other = files(options.one), files(options.other)
    differing = sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))
    for path in differing:
        print(f"{path}: {one.get(path, 'missing')} | {other.get(path, 'missing')}")
    print(f"{len(one)} files; {len(differing)} differ")
    return 1 if differing else 0


def files(image: str) -> dict[str, str]:
    """Return what is compared of each file of an image, by its path."""
    engine = Engine()
    engine.image = image
    found = dict(line.split("\t", 1) for line in lines(engine, KINDS))
    for line in lines(engine, CONTENTS):
        digest, path = line.split("  ", 1)
        found[path] += f" {digest}"
    return found


def lines(engine: Engine, command: str) -> list[str]:
    """Return what a shell says in a container of the image. Raises RuntimeError if it fails."""
    done = engine.run("sh", "-c", command, options=("--user", "0", "--network", "none"))
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return done.stdout.decode().splitlines()


if __name__ == "__main__":
    raise SystemExit(main())
