"""Compare two commits' wait from a lifted pen to the guess: `python -m tools.compare_lifted BASE [STROKES]`.

One Chromium draws on both servers in turn, a stroke here and a stroke there, so that a machine that becomes slower
becomes so for both. Prints the median and 95th percentile of each, and the mean of their differences with its standard
error. The commit that BASE is compared with is what lies in this folder.
"""

import argparse
import statistics
import subprocess
import tarfile
import tempfile
from pathlib import Path

from mnist.files import ROOT
from tools.harness.lifted import waits
from tools.harness.running import Server
from tools.harness.waits import percentile_95


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", metavar="BASE")
    parser.add_argument("strokes", nargs="?", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        check_out(options.base, Path(temporary))
        with program_in(Path(temporary)) as base, program_in(ROOT) as here:
            before, after = waits((base.url, here.url), options.strokes)
    for name, each in ((options.base, before), ("here", after)):
        high = percentile_95(each)
        print(f"{name}: {statistics.median(each):.1f} ms, 95th percentile {high:.1f} ms, {len(each)} strokes")
    differences = [there - here for here, there in zip(before, after, strict=True)]
    error = statistics.stdev(differences) / len(differences) ** 0.5
    print(f"here minus {options.base}, stroke by stroke: {statistics.mean(differences):+.1f} ± {error:.1f} ms")


def check_out(commit: str, folder: Path) -> None:
    """Put a commit's files into a folder."""
    archive = folder / "commit.tar"
    subprocess.run(["git", "archive", "-o", str(archive), commit], cwd=ROOT, check=True)
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")


def program_in(folder: Path) -> Server:
    """Return the program that lies in a folder, as people install it."""
    absent = ROOT / "tools" / "absent"
    return Server(environment={"PYTHONPATH": f"{folder}:{absent}"}, under=("env", "-C", str(folder)))


if __name__ == "__main__":
    main()
