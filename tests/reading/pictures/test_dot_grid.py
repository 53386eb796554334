"""The dots of dotted paper are told from points that were written, and from dirt."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist.reading.pictures import dot_grid

PITCH, DOT = 40.0, 6


def patches(middles: np.ndarray, side: int = DOT) -> np.ndarray:
    """Boxes and pixels (n, 5) of round patches as broad as that."""
    corners = np.round(middles - side / 2)
    return np.column_stack([corners, np.full((len(middles), 3), (side, side, int(0.785 * side**2)))]).astype(int)


def grid(turn: float = 0.0, count: int = 8) -> np.ndarray:
    """Middles (n, 2) of a grid's dots, turned by so many radians."""
    places = PITCH * np.stack(np.meshgrid(np.arange(count), np.arange(count)), axis=-1).reshape(-1, 2)
    return places @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) + 500


DIGIT = np.array([[520, 520, 60, 90, 1500]])


@given(turn=st.floats(-0.4, 0.4), x=st.floats(1.3, 5.7), y=st.floats(1.3, 5.7))
@settings(deadline=None)
def test_dots_are_told_from_a_point_written_among_them(turn: float, x: float, y: float) -> None:
    point = grid(turn)[0] + PITCH * (
        np.array([x, y]) @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    )
    found = dot_grid.of(np.concatenate([DIGIT, patches(grid(turn)), patches(point[None], DOT + 1)]))
    assert not found[0]
    assert not found[-1]
    assert found[1:-1].sum() >= 8 * 8 - 4  # but for those beside the point


def test_dots_around_one_that_is_written_over_are_dots() -> None:
    middles = np.delete(grid(), [18, 25, 27, 34], axis=0)  # all around the one in row 3, column 2
    assert dot_grid.of(np.concatenate([DIGIT, patches(middles)]))[1:].all()


def test_dots_in_perspective_are_dots() -> None:
    middles = grid()
    farther = 1 + 0.0002 * (middles[:, 1:] - 500)
    assert dot_grid.of(np.concatenate([DIGIT, patches(middles * farther)]))[1:].all()


@pytest.mark.parametrize(
    "marks",
    [
        patches(np.random.default_rng(3).uniform(0, 800, (200, 2))),  # dirt
        patches(grid(count=3)),  # nine points: too few
        patches(grid() * (1, 1.6)),  # points of a list of dates, or of prices
        patches(grid() * (8, 1)),
        patches(grid() * 4),
        patches(grid() / 2),  # as near to each other as in a dotted line
        np.zeros((0, 5), int),
    ],
    ids=["dirt", "few", "dates", "prices", "table", "dense", "none"],
)
def test_other_marks_are_no_grid(marks: np.ndarray) -> None:
    assert not dot_grid.of(np.concatenate([DIGIT, marks])).any()


def test_a_whole_page_of_dots_is_a_grid() -> None:
    assert dot_grid.of(np.concatenate([DIGIT, patches(grid(count=60))]))[1:].all()


def test_no_ink_is_no_grid() -> None:
    assert len(dot_grid.of(np.zeros((0, 5), int))) == 0
