"""Where numbers begin in a line, and in which column of a table they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist.reading import layout
from mnist.reading.framing import Box
from mnist.reading.gutters import Wall
from mnist.reading.signs import Sign


def line(*gaps: float, height: float = 100.0, top: float = 0.0) -> list[Box]:
    """Digits 60 wide with these gaps between them."""
    boxes, x = [(0.0, top, 60.0, height)], 60.0
    for gap in gaps:
        boxes.append((x + gap, top, 60.0, height))
        x += gap + 60.0
    return boxes


@pytest.mark.parametrize(
    ("gaps", "starts"),
    [
        ((), [0]),
        ((20, 25, 15), [0]),
        ((20, 25, 150, 15), [0, 3]),
        ((100,), [0]),  # two digits, written widely
        ((180,), [0, 1]),
        ((160, 150, 170), [0]),  # widely, but evenly
        ((20, 200), [0, 2]),
        ((-5, 90), [0, 2]),  # the first two overlap
        ((2, 5, 1, 70, 3, 68), [0, 4, 6]),  # a telephone number
        ((12, 25, 70, 15), [0]),  # written more loosely
    ],
)
def test_a_wide_gap_parts_numbers(gaps: tuple[float, ...], starts: list[int]) -> None:
    assert layout.starts(line(*gaps)) == starts


@given(st.lists(st.floats(-20, 300), max_size=8), st.floats(0.1, 10))
def test_size_does_not_matter(gaps: list[float], scale: float) -> None:
    boxes = line(*gaps)
    larger = [(x * scale, y * scale, width * scale, height * scale) for x, y, width, height in boxes]
    is_at_limit = any(abs(gap - least) < 1e-6 for gap in gaps for least in (65, 80))
    assert is_at_limit or layout.starts(larger) == layout.starts(boxes)


WALLS: list[Wall] = [(-10.0, -50.0, -10.0, 400.0), (150.0, -50.0, 150.0, 400.0), (310.0, -50.0, 310.0, 400.0)]


def test_a_table_s_walls_part_numbers_and_count_columns() -> None:
    upper, lower = line(10, 30, top=0.0), line(180, top=200.0)
    assert layout.starts(upper, [0, 0, 1]) == [0, 2]
    assert layout.starts(lower, [layout.walls_before(box, WALLS) for box in lower]) == [0, 1]
    assert layout.columns([[upper[0], upper[2]], [lower[1]]], WALLS) == [[0, 1], [1]]
    assert layout.columns([[upper[0], upper[2]], [lower[1]]]) == [[0, 1], [0]]


def test_a_wall_counts_only_beside_itself_and_where_it_stands() -> None:
    leaning: list[Wall] = [(100.0, 0.0, 200.0, 100.0)]
    assert [layout.walls_before((145.0, y - 5.0, 10.0, 10.0), leaning) for y in (20.0, 80.0, 130.0)] == [1, 0, 0]


def test_squared_paper_is_no_table() -> None:
    squares: list[Wall] = [(x, 0.0, x, 500.0) for x in (0.0, 50.0, 100.0, 150.0)]
    assert layout.of_table(squares, [line(10)]) == ()
    assert layout.of_table(WALLS, [line(10)]) == tuple(WALLS)
    assert layout.of_table([], []) == ()


@pytest.mark.parametrize(("beside", "parts"), [(3, False), (0, True)], ids=["squared paper", "a table"])
def test_digits_in_squares_that_go_on_beside_them_are_one_number(beside: int, parts: bool) -> None:
    lines = [[(160.0 * i + 40.0, y, 60.0, 100.0) for i in range(4)] for y in (50.0, 210.0, 370.0)]
    walls: list[Wall] = [(160.0 * i - 10.0, 0.0, 160.0 * i - 10.0, 500.0) for i in range(5 + beside)]
    assert layout.of_table(walls, lines) == (tuple(walls) if parts else ())


def test_signs_stand_before_the_digit_on_their_right() -> None:
    boxes = line(20, 20)
    signs = [
        Sign("-", (-40.0, 45.0, 30.0, 8.0)),
        Sign(".", (64.0, 90.0, 10.0, 10.0)),
        Sign(",", (0.0, 400.0, 9.0, 9.0)),
    ]
    assert layout.signs_beside([boxes], signs) == [({0: [signs[0]], 1: [signs[1]]}, {})]
    trailing = [Sign("-", (180.0, 45.0, 30.0, 8.0), trails=True), Sign(".", (160.0, 90.0, 9.0, 9.0), trails=True)]
    assert layout.signs_beside([line(20)], trailing) == [({}, {1: [trailing[1], trailing[0]]})]
    far = [Sign("-", (480.0, 45.0, 30.0, 8.0), trails=True), Sign("-", (-40.0, 45.0, 30.0, 8.0), trails=True)]
    assert layout.signs_beside([line(20)], far) == [({}, {})]  # its own digits were taken away


def test_a_sign_near_two_lines_belongs_to_the_one_where_it_stands() -> None:
    upper = line(20)
    lower = [(x, y + 110.0, width, height) for x, y, width, height in upper]
    point, comma = Sign(".", (64.0, 90.0, 10.0, 10.0)), Sign(",", (64.0, 92.0, 10.0, 40.0))
    minus = Sign("-", (-40.0, 155.0, 30.0, 8.0))
    for sign in (point, comma):
        assert layout.signs_beside([upper, lower], [sign, minus]) == [({1: [sign]}, {}), ({0: [minus]}, {})]


def test_a_point_makes_no_gap_wide() -> None:
    boxes = line(60, 110, 60)
    points = {i: [Sign(".", (boxes[i][0] - 35.0, 90.0, 10.0, 10.0))] for i in (1, 3)}
    assert layout.starts(boxes, (), points) == [0, 2]
    assert layout.starts(boxes) == [0]


def test_one_or_two_walls_beside_digits_are_no_table() -> None:
    boxes = [line(10, 30)]
    assert layout.of_table(WALLS, boxes) == tuple(WALLS)
    assert layout.of_table(WALLS[:2], boxes) == ()
    elsewhere: Wall = (470.0, 600.0, 470.0, 900.0)
    assert layout.of_table([*WALLS[:2], elsewhere], boxes) == ()
