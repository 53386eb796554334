"""Compare what two commits read, to the bit: `python -m tools.compare_readings BASE [COMMIT] [FOLDER ...]`.

Every picture and drawing in `data/`, `tests/photographs/` and the given folders is read by both commits, and so are
drawings of numbers that this commit writes. Compared are the sample, the ten probabilities, the box and the verdict of
each digit, and what was left out. Ends with status 1 if one differs.
"""

import argparse
import hashlib
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DRAWINGS = 300  # numbers written to be read
SEED = 7


def main() -> int:
    """Read the same files by both commits and print which differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("commit", nargs="?", default="HEAD")
    parser.add_argument("folders", nargs="*", type=Path)
    options = parser.parse_args()
    from mnist.reading.batch import expand  # not at the top: an older checkout that reads may lack it

    with tempfile.TemporaryDirectory() as temporary:
        drawings = Path(temporary, "drawings")
        drawings.mkdir()
        write_drawings(drawings)
        own = [ROOT / "data", ROOT / "tests" / "photographs"]
        files = [file for folder in (*own, drawings, *options.folders) for file in expand(str(folder.resolve()))]
        before, after = (readings_of(commit, files, Path(temporary)) for commit in (options.base, options.commit))
    differing = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    for name in differing:
        print(f"{name}: {before.get(name)} | {after.get(name)}")
    print(f"{len(before)} files; {len(differing)} are read differently")
    return 1 if differing else 0


def write_drawings(folder: Path) -> None:
    """Write drawings of numbers, some with joined digits, and of letters into the folder."""
    import numpy as np

    from mnist.handwriting import numbers, scripts
    from mnist.handwriting.writer import Writer
    from mnist.reading.drawings.strokes import to_drawing

    rng = np.random.default_rng(SEED)
    for number in range(DRAWINGS):
        writer = Writer.random(rng, (1.4, 1.4))
        digits = rng.integers(0, 10, rng.integers(1, 5)).tolist()
        written = numbers.write_number(digits, rng, writer, numbers.own_styles(rng))
        strokes = numbers.joined(written) if number % 3 == 0 else numbers.in_order(written, rng)
        if number % 10 == 9:
            strokes = writer.write(scripts.invented(rng), rng)
        (folder / f"{number:03}.json").write_text(json.dumps(to_drawing(strokes, "#ffffff")))


def readings_of(commit: str, files: list[str], temporary: Path) -> dict[str, str]:
    """Let a commit read the files; return a digest of all that was read by file name."""
    tree = temporary / f"tree-{commit.replace('/', '-')}"
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", tree, commit], cwd=ROOT, check=True)
    try:
        command = [sys.executable, str(Path(__file__).resolve()), "--dump", *files]
        done = subprocess.run(command, cwd=tree, env={"PYTHONPATH": str(tree)}, check=True, stdout=subprocess.PIPE)
        return json.loads(done.stdout)
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)


def dump(files: list[str]) -> None:
    """Print a JSON object: each file's name with its reading's digest, as the checkout that is imported reads it."""
    classifier = module("mnist.reading.classifier", "mnist.classifier").Classifier.load()
    doors = module("mnist.reading.find_digits", "mnist.sources")
    find = getattr(doors, "in_file", None) or doors.find_digits
    error = module("mnist.errors").UserError
    readings = {}
    for file in map(Path, files):
        try:
            readings[str(file)] = digest(classifier.read(find(file.read_bytes())))
        except error:  # the words of a refusal may change, not that it is refused
            readings[str(file)] = "refused"
    print(json.dumps(readings))


def digest(reading: Any) -> str:
    """Return the text of a reading, and a hash of everything in it."""
    known = hashlib.sha256(repr([reading.verdict, [box for box, _ in reading.left_out]]).encode())
    for digit in reading.digits:
        known.update(repr((digit.digit, bool(digit.sure), tuple(map(float, digit.framed.box)))).encode())
        known.update(digit.probabilities.tobytes() + digit.framed.sample.tobytes())
    return f"{reading.text!r} {known.hexdigest()[:16]}"


def module(*names: str) -> Any:
    """Return the first of these modules that the checkout has."""
    name = next(name for name in names if importlib.util.find_spec(name.rpartition(".")[0]))
    return importlib.import_module(name)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--dump"]:
        dump(sys.argv[2:])
    else:
        sys.exit(main())
