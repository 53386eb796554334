"""Many pictures and saved drawings read in batches, and each reading as a line of text or JSON."""

import contextlib
import glob
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from mnist.errors import UserError
from mnist.processes import map_on_all_cores
from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from mnist.reading.lattice import Lattice
from mnist.reading.pictures import images
from mnist.reading.readings import Reading

FILES_PER_BATCH = 256
FILES_FOR_ALL_CORES = 400  # fewer are read sooner than workers begin
FILES_PER_CHUNK = 4  # whoever stops waits for the chunks that are being read
STDIN = "-"
BACKSLASH = "\\"  # between the folders of Windows' paths
ENDINGS = tuple(sorted((".json", *images.ENDINGS)))  # the files of a folder that are read
SENTENCES = {"unsure": "perhaps", "not_a_digit": "not a digit", "empty": "empty"}

Outcome = Reading | UserError


def predict(paths: Sequence[str], model: Path) -> Iterator[tuple[str, Outcome]]:
    """Yield each file's name with its reading, or with what is wrong with it, in the order given, folders sorted.

    Raises UserError if there is nothing to read or the model cannot be loaded.
    """
    names = [name for path in paths for name in expand(path)]
    if not names:
        raise UserError(f"no pictures or drawings in {', '.join(paths)} (looked for {', '.join(ENDINGS)})")
    classifier = Classifier.load(model)
    console = Console(stderr=True)
    tty = sys.stdout.isatty()  # then printed lines go above the bar
    with Progress(console=console, disable=not console.is_terminal, transient=True, redirect_stdout=tty) as progress:
        found = zip(progress.track(names, description="reading"), _find_all(names), strict=True)
        while batch := list(islice(found, FILES_PER_BATCH)):
            readings = iter(classifier.read_all([item for _, item in batch if not isinstance(item, UserError)]))
            for name, item in batch:
                yield name, item if isinstance(item, UserError) else next(readings)


def expand(path: str) -> list[str]:
    """Return the files that `path` names: itself, or a folder's pictures and drawings, or a pattern's files, sorted."""
    try:
        if Path(path).is_dir() and path:
            return _inside(path)
        if path == STDIN or os.path.lexists(path):  # a broken link, too: opening it will say so
            return [path]
        # Windows' shells leave patterns to the program; Path.glob takes none that begins with a folder's whole path
        matching = sorted(glob.glob(path, recursive=True))  # noqa: PTH207
        each_once = dict.fromkeys(file for name in matching for file in expand(name))  # ** names folders, too
        return list(each_once) or [path]
    except OSError:  # a name too long, a folder that may not be read: opening it will say so
        return [path]


def _inside(folder: str) -> list[str]:
    """Return a folder's pictures and drawings, but nothing hidden: a Mac writes `._seven.png` beside `seven.png`."""
    with os.scandir(folder):  # rglob is silent about a folder it may not read
        pass
    inside = sorted(Path(folder).rglob("*"))
    shown = (item for item in inside if not any(part.startswith(".") for part in item.relative_to(folder).parts))
    return [str(item) for item in shown if item.suffix.lower() in ENDINGS and item.is_file()]


def _find_all(names: Sequence[str]) -> Iterator[Lattice | UserError]:
    """Yield what is in each file; where they are many, all cores open them, a little ahead of who asks."""
    if len(names) < FILES_FOR_ALL_CORES or STDIN in names:
        yield from map(find_in, names)
        return
    chunks = [names[start : start + FILES_PER_CHUNK] for start in range(0, len(names), FILES_PER_CHUNK)]
    for found in map_on_all_cores(_find_each, chunks):
        yield from found


def _find_each(names: Sequence[str]) -> list[Lattice | UserError]:
    return [find_in(name) for name in names]


def find_in(name: str) -> Lattice | UserError:
    """Return the lattice of a file, or of standard input; or what is wrong with it.

    To look at a file again it is read again: a batch of them holds no pictures. What a pipe gave cannot be read again.
    """
    try:
        lattice = find_digits.in_file(images.read_file(0 if name == STDIN else name))
        is_kept = name != STDIN and Path(name).is_file()
        return replace(lattice, again=partial(_look_again, name)) if is_kept else lattice
    except OSError as error:
        hint = f" (here paths are written with /: {name.replace(BACKSLASH, '/')})"
        foreign = BACKSLASH in name and os.sep == "/"
        return UserError(f"cannot be opened: {error.strerror}{hint if foreign else ''}")
    except UserError as error:
        return error


def _look_again(name: str, turns: Sequence[int]) -> Iterator[Lattice]:
    with contextlib.suppress(OSError):  # it has gone meanwhile, but it has been read once
        yield from find_digits.look_again(images.read_file(name), turns)


def as_text(name: str, outcome: Outcome) -> str:
    """Return a line for people: `name: 7 (98%)`."""
    if isinstance(outcome, UserError):
        return f"{name}: error: {outcome}"
    if outcome.text is None:
        return f"{name}: {SENTENCES[outcome.verdict]}"
    text = _on_one_line(outcome)
    if outcome.confidence is None:
        return f"{name}: {text} (? is {SENTENCES[outcome.verdict]})"
    if outcome.verdict == "digit":
        return f"{name}: {text} ({outcome.confidence:.0%})"
    return f"{name}: {SENTENCES[outcome.verdict]} {text} ({outcome.confidence:.0%}){_else(outcome)}"


def _else(reading: Reading) -> str:
    """Return the text with its least certain digit replaced by that digit's second guess, if that is likely at all."""
    doubtful = min(reading.digits, key=lambda digit: digit.confidence or 0.0)
    if doubtful.alternative is None:
        return ""
    second = replace(doubtful, digit=doubtful.alternative)
    lines = tuple(tuple(second if digit is doubtful else digit for digit in line) for line in reading.lines)
    return f", else {_on_one_line(replace(reading, lines=lines))}"


def _on_one_line(reading: Reading) -> str:
    return " / ".join((reading.text or "").splitlines())


def as_json(name: str, outcome: Outcome) -> str:
    """Return a JSON object on one line, in ASCII: a terminal may have any encoding, and a name be in none."""
    answer = {"error": str(outcome)} if isinstance(outcome, UserError) else outcome.as_dict()
    return json.dumps({"file": name, **answer})
