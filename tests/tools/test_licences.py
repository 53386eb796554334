"""The list of licences has every package that is shipped, with its version."""

import platform

import pytest

from mnist.data.people import TO_DEVELOP_ON, TO_LEARN_FROM, Source
from mnist.files import ROOT
from tools import audit_offline, licences


@pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="the list is the image's, on Linux, x86-64"
)
def test_the_list_is_up_to_date() -> None:
    assert licences.LIST.read_text("utf-8") == licences.as_text(), "run `python -m tools.licences`"


@pytest.mark.parametrize("source", [*TO_LEARN_FROM, *TO_DEVELOP_ON], ids=lambda source: source.file)
@pytest.mark.parametrize("document", ["LICENCES.md", "docs/handwriting.md"])
def test_every_collection_is_named_with_its_terms(document: str, source: Source) -> None:
    rows = [line for line in (ROOT / document).read_text("utf-8").splitlines() if f"| `{source.file}` |" in line]
    assert len(rows) == 1
    assert source.whose in rows[0]
    assert rows[0].endswith(f"| {source.terms} |")


def test_the_listed_versions_are_the_pinned_ones() -> None:
    pinned = {f"{name}=={version}" for name, version in audit_offline.pinned(ROOT / "constraints.txt")}
    packages = licences.shipped()
    assert {"streamlit", "numpy", "uvicorn"} < set(packages)
    assert {f"{name}=={package.version}" for name, package in packages.items()} <= pinned


def test_no_licence_is_unknown() -> None:
    without = [name for name, package in licences.shipped().items() if licences.licence(package) == "see its file"]
    assert without == ["namex"]  # Apache-2.0, by the file that it brings
