"""What `make fuzz` once found, and what it begins with: each input is taken, or refused with a sentence."""

from pathlib import Path

import pytest

from mnist.files import ROOT
from tools.fuzz import targets

FOUND = ROOT / "tools" / "fuzz" / "found"


@pytest.mark.parametrize("target", targets.TARGETS)
def test_what_is_begun_with_goes_through_no_door(target: str) -> None:
    for seed in targets.seeds(target):
        targets.run(target, seed)


@pytest.mark.parametrize("finding", sorted(FOUND.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name[-8:]}")
def test_what_was_once_found_is_one_no_more(finding: Path) -> None:
    targets.run(finding.parent.name, finding.read_bytes())
