"""Which digits of a line may be signs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist.reading import look_alikes
from mnist.reading.framing import Framed
from mnist.reading.readings import Digit

UPRIGHT, LEANING, DOT = np.zeros((3, 28, 28), np.float32)
DOT[14, 14] = 1.0
UPRIGHT[4:24, 13:15] = 1.0
for row in range(4, 24):
    LEANING[row, 19 - row // 2 : 21 - row // 2] = 1.0


def line(*parts: tuple[int, float, float], sample: np.ndarray = UPRIGHT, scale: float = 1.0) -> list[Digit]:
    """Parts 20 apart, each a label with its top and its foot, all looking the same."""
    return [
        Digit(label, np.eye(10)[label], Framed(sample, (80 * i * scale, top * scale, 60 * scale, (foot - top) * scale)))
        for i, (label, top, foot) in enumerate(parts)
    ]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([(7, 0, 100), (1, 0, 100), (8, 0, 100)], []),
        ([(7, 0, 100), (1, -20, 120), (8, 0, 100)], [1]),  # 7/8
        ([(1, -20, 120), (4, 0, 100), (2, 5, 95), (1, -20, 115)], [0, 3]),  # (42)
        ([(7, 0, 100), (1, -20, 100), (8, 0, 100)], []),  # a tall 1 stands on the line
        ([(7, 0, 100), (1, 0, 120), (8, 0, 100)], []),  # or hangs down
        ([(7, 0, 100), (4, -20, 120), (8, 0, 100)], []),  # no sign looks like a 4
        ([(5, 0, 100), (2, -20, 40)], [1]),  # the square of 5
        ([(5, 0, 100), (2, 60, 110)], [1]),  # an index
        ([(5, 0, 100), (2, 40, 100)], []),  # a small 2 on the line
        ([(1, 0, 100)], []),
        ([], []),
    ],
)
def test_what_may_be_a_sign(parts: list[tuple[int, float, float]], found: list[int]) -> None:
    assert look_alikes.among(line(*parts)) == found


@pytest.mark.parametrize(
    ("sample", "found"), [(UPRIGHT, []), (LEANING, [1]), (DOT, [])], ids=["upright", "leaning", "faint"]
)
def test_a_slash_is_a_little_longer_than_digits(sample: np.ndarray, found: list[int]) -> None:
    assert look_alikes.among(line((7, 0, 100), (1, -5, 105), (8, 0, 100), sample=sample)) == found


def test_what_stands_far_apart_is_of_another_number() -> None:
    first, *_, last = line((7, 0, 100), (7, 0, 100), (7, 0, 100), (1, -20, 120))
    assert look_alikes.among([first, last]) == []


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(-60, 60), st.integers(61, 160)), max_size=6),
    st.sampled_from([0.125, 0.5, 4.0]),
)
def test_size_does_not_matter(parts: list[tuple[int, float, float]], scale: float) -> None:
    assert look_alikes.among(line(*parts, scale=scale)) == look_alikes.among(line(*parts))
