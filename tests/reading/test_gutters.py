"""Columns of a table without upright rules: by the white space that runs past all of its lines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist.reading import layout
from mnist.reading.framing import Box
from mnist.reading.gutters import Wall, between
from mnist.reading.signs import Sign

WIDE, TALL, PITCH = 60.0, 100.0, 150.0  # of digits, and from line to line


def page(*lines: str, gap: float = 20.0, column: float = 60.0) -> list[list[Box]]:
    """Boxes of digits: a letter stands for one, a space for a column's gap; those of a number are `gap` apart."""
    boxes = []
    for row, line in enumerate(lines):
        x, own = 0.0, []
        for character in line:
            if character != " ":
                own.append((x, row * PITCH, WIDE, TALL))
            x += WIDE + gap if character != " " else column - gap
        boxes.append(own)
    return boxes


def numbers(lines: list[list[Box]], rules: tuple[Wall, ...] = ()) -> list[list[int]]:
    """How many digits each of the numbers of each line has."""
    walls = layout.of_table(rules, lines)
    counts = []
    for line in lines:
        begin = [*layout.starts(line, [layout.walls_before(box, walls) for box in line]), len(line)]
        counts.append(np.diff(begin).tolist())
    return counts


def test_what_has_more_columns_than_any_table_has_none() -> None:
    assert len(between(page(*[" ".join("1" * 50)] * 3, column=80.0))) == 49
    assert between(page(*[" ".join("1" * 100)] * 3, column=80.0)) == ()


def turned(lines: list[list[Box]], degrees: float, scale: float) -> list[list[Box]]:
    """The same boxes around digits of a page that is turned about its corner, and scaled."""
    sin, cos = np.sin(np.deg2rad(degrees)), np.cos(np.deg2rad(degrees))
    moved = []
    for line in lines:
        middles = [(x + width / 2, y + height / 2) for x, y, width, height in line]
        moved.append([
            (scale * (x * cos - y * sin - WIDE / 2), scale * (x * sin + y * cos - TALL / 2), scale * WIDE, scale * TALL)
            for x, y in middles
        ])  # fmt: skip
    return moved


TABLE = page("ab cd ef", "ab cd ef", "ab cd ef", "ab cd ef")


@given(degrees=st.floats(-12, 12), scale=st.floats(0.1, 10))
def test_columns_are_parted_however_the_page_is_turned_and_whatever_its_size(degrees: float, scale: float) -> None:
    assert numbers(turned(TABLE, degrees, scale)) == [[2, 2, 2]] * 4


def test_a_gap_as_narrow_parts_no_numbers_of_a_single_line() -> None:
    assert numbers(TABLE[:1]) == [[6]]


def test_columns_are_counted_past_empty_cells() -> None:
    lines = [TABLE[0], TABLE[1][:2] + TABLE[1][4:], TABLE[2][2:], TABLE[3]]
    walls = layout.of_table((), lines)
    places = layout.columns([[line[i] for i in layout.starts(line, [layout.walls_before(box, walls) for box in line])]
                             for line in lines], walls)  # fmt: skip
    assert places == [[0, 1, 2], [0, 2], [1, 2], [0, 1, 2]]


@pytest.mark.parametrize("gap", [5.0, 20.0, 39.0])
def test_digits_below_one_another_are_no_columns(gap: float) -> None:
    assert numbers(page("abc", "abc", "abc", "abc", gap=gap)) == [[3]] * 4


def test_single_digits_with_room_for_another_between_them_are_columns() -> None:
    assert numbers(page("a b c", "a b c", "a b c", gap=0.0, column=75.0)) == [[1, 1, 1]] * 3


def test_two_lines_are_no_table() -> None:
    assert between(TABLE[:2]) == ()


def test_one_line_that_runs_through_a_gutter_closes_it() -> None:
    lines = [*TABLE, page("abcdefg")[0]]
    lines[-1] = [(x, 4 * PITCH, width, height) for x, _, width, height in lines[-1]]
    assert numbers(lines)[:4] == [[6]] * 4


def test_no_gutter_runs_through_decimal_points() -> None:
    lines = page("a bc", "a bc", "a bc", column=60.0)
    points = [Sign(".", (WIDE + 25.0, row * PITCH + 90.0, 10.0, 10.0)) for row in range(3)]
    assert between(lines) != ()
    assert between(lines, [point.box for point in points]) == ()


def test_a_rule_parts_columns_that_nearly_touch_unless_it_runs_through_digits() -> None:
    lines = page("abcd", "abcd", "abcd", gap=10.0)
    rule = (2 * 70.0 - 5.0, -20.0, 2 * 70.0 - 5.0, 450.0)
    assert numbers(lines) == [[4]] * 3
    assert numbers(lines, (rule,)) == [[2, 2]] * 3
    assert numbers(lines, ((100.0, -20.0, 100.0, 450.0),)) == [[4]] * 3


def test_a_rule_that_was_found_twice_is_one() -> None:
    lines = page("ab cd", "ab cd", "ab cd", column=200.0)
    rules = tuple((x, -20.0, x + 4.0, 450.0) for x in (230.0, 236.0, 241.0, 246.0))
    assert len(layout.of_table(rules, lines)) == 1
