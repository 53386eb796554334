"""The figures of the tables of `make load` and `make bench`."""

import pytest

from tools.load.crowd import Tally


@pytest.mark.parametrize("waits", [[0.1], [0.1, 0.3], [0.1] * 9 + [0.3]])
def test_no_percentile_lies_beyond_the_longest_wait(waits: list[float]) -> None:
    *_, high, longest, _, _ = Tally(waits).row("drawings").strip("| ").split(" | ")
    assert 100 <= int(high.removesuffix(" ms")) <= int(longest.removesuffix(" ms"))
