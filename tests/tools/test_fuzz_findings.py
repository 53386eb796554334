"""The first inputs of `make fuzz` and all its findings: each is read, or refused by a sentence."""

from pathlib import Path

import pytest

from mnist.files import ROOT
from tools.fuzz import targets

FOUND = ROOT / "tools" / "fuzz" / "found"


@pytest.mark.parametrize("target", targets.TARGETS)
def test_no_first_input_is_a_finding(target: str) -> None:
    for seed in targets.seeds(target):
        targets.run(target, seed)


def test_first_cards_are_accepted() -> None:
    for seed in targets.seeds("card"):
        targets.card(seed)


@pytest.mark.parametrize("finding", sorted(FOUND.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name[-8:]}")
def test_no_input_is_a_finding_again(finding: Path) -> None:
    targets.run(finding.parent.name, finding.read_bytes())
