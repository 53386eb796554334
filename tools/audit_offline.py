"""`python -m tools.audit_offline FOLDER`: known vulnerabilities in what is pinned and installed, asked of local files.

FOLDER holds OSV's databases as osv-scanner keeps them: `PyPI/all.zip`, and if it is there `OSS-Fuzz/all.zip`, from
https://osv-vulnerabilities.storage.googleapis.com/ (PyPI/all.zip has some 20 MB). Nothing is asked of anybody. Packages
are those of constraints.txt; libraries are those that lie inside installed wheels, by their files' names. Of most of
these nobody keeps a list by version, and then they are called unknown.

Ends with status 1 if something is vulnerable, or if the database is older than MAX_AGE_DAYS.
"""

import json
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import files, packages_distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from mnist.files import ROOT

MAX_AGE_DAYS = 14
LIBRARY = re.compile(
    r"(lib[a-z0-9_+]+?)-[0-9a-f]{8}\.so\.([\d.]+[a-z]?)$"
)  # as auditwheel names what it puts into a wheel
PROJECTS = {  # OSS-Fuzz's names, where the number of the file is that of the release
    "libopenjp2": "openjpeg", "libde265": "libde265", "libheif": "libheif", "libdav1d": "dav1d", "liblzma": "xz",
    "libzstd": "zstd", "libbrotlidec": "brotli",
}  # fmt: skip

Entry = dict[str, Any]


def entries(archive: Path) -> Iterator[Entry]:
    """Yield the entries of a database that were not withdrawn."""
    with zipfile.ZipFile(archive) as database:
        for name in database.namelist():
            entry = json.loads(database.read(name))
            if "withdrawn" not in entry:
                yield entry


def by_name(found: Iterable[Entry]) -> dict[str, list[tuple[Entry, Entry]]]:
    """Return, by the name of a package, each entry with its part that is about this package."""
    known: dict[str, list[tuple[Entry, Entry]]] = defaultdict(list)
    for entry in found:
        for part in entry.get("affected", []):
            known[canonicalize_name(part.get("package", {}).get("name", ""))].append((entry, part))
    return known


def is_affected(part: Entry, version: str) -> bool:
    """Tell whether a version is among those listed, or in one of the ranges of versions (OSV schema, `affected`)."""
    if {version, f"v{version}"} & set(part.get("versions", [])):
        return True
    spans = (span["events"] for span in part.get("ranges", []) if span["type"] in ("ECOSYSTEM", "SEMVER"))
    return any(_in_range(events, Version(version)) for events in spans)


def _in_range(events: list[dict[str, str]], version: Version) -> bool:
    affected = False
    for kind, bound in sorted(_bounds(events), key=lambda event: event[1]):
        if kind == "introduced" and version >= bound:
            affected = True
        elif (kind == "fixed" and version >= bound) or (kind == "last_affected" and version > bound):
            affected = False
    return affected


def _bounds(events: list[dict[str, str]]) -> Iterator[tuple[str, Version]]:
    for event in events:
        ((kind, text),) = event.items()
        try:
            yield kind, Version(text)
        except InvalidVersion:  # no order is known: it counts as affected
            if kind == "introduced":
                yield kind, Version("0")


def pinned(constraints: Path) -> list[tuple[str, str]]:
    """Return the name and version of each package of a file of constraints."""
    lines = (line.removesuffix("\\") for line in constraints.read_text("utf-8").splitlines())
    wanted = [Requirement(line) for line in lines if line and not line.startswith(("#", " "))]  # hashes are indented
    return [(one.name, next(iter(one.specifier)).version) for one in wanted]


def bundled() -> list[tuple[str, str, str]]:
    """Return the package, name and version of each library inside the wheels that are installed here."""
    names = sorted({name for each in packages_distributions().values() for name in each})
    inside = ((name, LIBRARY.match(file.name)) for name in names for file in files(name) or ())
    return sorted({(name, match[1], match[2]) for name, match in inside if match})


def report(folder: Path, now: datetime, say: Any = print) -> int:
    """Say what is known of each package and library; return the exit status."""
    packages = list(entries(folder / "PyPI" / "all.zip"))
    newest = max(datetime.fromisoformat(entry["modified"]) for entry in packages)
    old = (now - newest).days > MAX_AGE_DAYS
    say(f"The database is of {newest:%-d %B %Y}, {'too old: get a newer one' if old else 'new enough'}.")
    holes = 0
    known = by_name(packages)
    for name, version in pinned(ROOT / "constraints.txt"):
        about = known.get(canonicalize_name(name), [])
        ids = sorted({entry["id"] for entry, part in about if is_affected(part, version)})
        holes += len(ids)
        say(f"{name} {version}: {', '.join(ids) or 'none known'}")
    fuzzed = folder / "OSS-Fuzz" / "all.zip"
    libraries = by_name(entries(fuzzed)) if fuzzed.exists() else {}
    for package, library, version in bundled():
        project = PROJECTS.get(library, "")
        spellings = {version, f"v{version}", f"{project}-{version}"}
        about = libraries.get(project, [])
        ids = sorted({entry["id"] for entry, part in about if spellings & set(part.get("versions", []))})
        holes += len(ids)
        say(f"{library} {version} in {package}: {', '.join(ids) or 'unknown'}")
    return int(old or holes > 0)


def main() -> int:
    """Audit against the folder that the command line names."""
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    return report(Path(sys.argv[1]), datetime.now(UTC))


if __name__ == "__main__":
    sys.exit(main())
