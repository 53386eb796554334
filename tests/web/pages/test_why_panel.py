"""The sentence about the ink that spoke for a digit: it names the places that the picture shows."""

import numpy as np
import pytest

from mnist.web.pages.inside_parts.why_panel import where


@pytest.mark.parametrize(
    ("spot", "named"),
    [
        ((3, 3), "at the top left"), ((4, 14), "at the top"), ((5, 24), "at the top right"), ((14, 2), "on the left"),
        ((13, 14), "in the middle"), ((12, 22), "on the right"), ((24, 14), "at the bottom"),
    ],
)  # fmt: skip
def test_the_places_are_those_with_most_evidence(spot: tuple[int, int], named: str) -> None:
    evidence = np.zeros((28, 28))
    evidence[spot[0] - 1 : spot[0] + 2, spot[1] - 1 : spot[1] + 2] = 1.0
    evidence[27, 27], evidence[0, 27] = 4.0, -0.1  # strong, but alone
    assert (
        where(evidence, 8) == f"What speaks most for an 8 is {named}. What speaks most against it is at the top right."
    )


def test_without_evidence_it_says_so() -> None:
    assert where(np.zeros((28, 28)), 1) == "Nothing speaks for a 1. Nothing speaks against it."
