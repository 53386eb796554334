"""Which strokes make a digit, and which of the ways to see a drawing is taken."""

import itertools
from collections.abc import Sequence
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist.evaluation.samples import as_png
from mnist.handwriting.numbers import in_order, own_styles, write_number
from mnist.handwriting.writer import Writer
from mnist.reading import find_digits
from mnist.reading.best_path import best_path
from mnist.reading.classifier import Classifier
from mnist.reading.drawings.rendering import render
from mnist.reading.drawings.strokes import Stroke
from mnist.reading.framing import Box, Framed
from mnist.reading.grouping import CUT_ONE_COST, CUT_ONE_COST_IN_PICTURES, NESTED_COST, Pieces, _lines, build_lattice
from mnist.reading.lattice import NO_DIGIT_COST, Lattice, Line, Part
from mnist.reading.readings import Reading
from tools.harness import hand


def frame(pieces: Sequence[int]) -> Framed:
    """No picture: the pieces themselves, as a box that tells them."""
    return Framed(np.zeros((28, 28), np.float32), (float(min(pieces)), float(max(pieces)), float(len(pieces)), 0.0))


def members(lattice: Lattice) -> set[tuple[int, ...]]:
    """First, last and count of the pieces of every part."""
    return {tuple(int(number) for number in part.framed.box[:3]) for line in lattice.lines for part in line.parts}


def row(*digits: int, left: float = 20.0, top: float = 20.0, scale: float = 0.4, pitch: float = 90.0) -> list[Stroke]:
    """Digits of the tests' own hand side by side, as strokes."""
    return [s for i, digit in enumerate(digits) for s in hand.strokes(digit, scale, (left + i * pitch, top))]


@pytest.mark.parametrize("digits", [(2, 0, 2, 6), (4, 5), (7, 1, 4), (5, 5, 5), (1, 1), (9, 3, 8, 6)])
def test_a_row_of_digits_is_a_number(classifier: Classifier, digits: tuple[int, ...]) -> None:
    reading = classifier.read(find_digits.of_strokes(row(*digits)))
    assert reading.text == "".join(map(str, digits))
    lefts = [digit.framed.box[0] for digit in reading.digits]
    assert lefts == sorted(lefts)


def test_the_order_of_the_strokes_makes_no_difference(classifier: Classifier, rng: np.random.Generator) -> None:
    drawn = row(4, 5, 7)
    mixed = [drawn[i] for i in rng.permutation(len(drawn))]
    assert classifier.read(find_digits.of_strokes(mixed)).text == "457"


def test_two_rows_are_two_lines(classifier: Classifier) -> None:
    reading = classifier.read(find_digits.of_strokes(row(2, 4) + row(5, 1, 7, top=150.0)))
    assert reading.text == "24\n517"
    assert [len(line) for line in reading.lines] == [2, 3]


def test_far_strokes_of_one_digit_stay_one(classifier: Classifier) -> None:
    roof, body = Stroke(np.array([[110.0, 40.0], [190.0, 38.0]]), 12.0), hand.strokes(5)[0]
    apart = [Stroke(body.points + np.array([0.0, 20.0]), 12.0), Stroke(roof.points - np.array([0.0, 10.0]), 12.0)]
    assert classifier.read(find_digits.of_strokes(apart)).text == "5"


LETTERS = {
    "W": [[(0, 0), (50, 200), (90, 60), (130, 200), (180, 0)]],
    "M": [[(0, 200), (0, 0)], [(0, 0), (70, 120), (140, 0), (140, 200)]],
    "N": [[(0, 0), (0, 200)], [(0, 0), (120, 200)], [(120, 0), (120, 200)]],
    "K": [[(0, 0), (0, 200)], [(110, 0), (5, 100), (110, 200)]],
}


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_not_divided_into_a_number(classifier: Classifier, letter: str) -> None:
    drawn = [Stroke(np.array(line, np.float64) + 30.0, 14.0) for line in LETTERS[letter]]
    assert classifier.read(find_digits.of_strokes(drawn)) == Reading("not_a_digit")


def test_a_stroke_below_a_sevens_bar_makes_it_a_letter(classifier: Classifier) -> None:
    he = [(0, 0), (80, 0), (88, 15), (86, 130)], [(16, 45), (16, 130)]
    lines = [np.array(line, np.float64) + 100.0 for line in he]
    letter = 235 - 200 * render(lines, [16.0, 16.0], (400, 400))
    assert classifier.read(find_digits.in_file(as_png(letter))).verdict == "not_a_digit"


@pytest.mark.parametrize(
    ("left", "width", "nested"), [(0, 10, True), (30, 10, True), (-8, 10, False), (34, 10, False), (0, 3, False)]
)
def test_no_digit_stands_above_or_below_its_neighbour(left: float, width: float, nested: bool) -> None:
    """Nor may most of it; but something thin is a 1 below the bar of a 7."""
    lattice = build_lattice(Pieces([(0, 0, 40, 60), (left, 20, width, 60)], frame))
    line = max(lattice.lines, key=lambda line: line.after)
    part = next(part for part in line.parts if part.framed.box[:3] == (1, 1, 1))
    assert (part.fit <= -NESTED_COST) == nested


def test_a_made_up_writers_numbers_are_read(classifier: Classifier) -> None:
    rng = np.random.default_rng(77)
    right = 0
    for _ in range(60):
        writer, styles = Writer.random(rng, (1.0, 1.0)), own_styles(rng)
        digits = rng.integers(0, 10, rng.integers(1, 5)).tolist()
        drawn = in_order(write_number(digits, rng, writer, styles), rng)
        right += classifier.read(find_digits.of_strokes(drawn)).text == "".join(map(str, digits))
    assert right >= 57


def test_nothing_has_an_empty_lattice() -> None:
    assert build_lattice(Pieces([], frame)) == Lattice()
    assert best_path(Lattice(), [], []) == []


TWO_DIGITS_OR_ONE = {(0, 0, 1), (1, 1, 1), (0, 1, 2)}


@pytest.mark.parametrize(
    ("lefts", "expected"),
    [
        ([0], {(0, 0, 1)}),
        ([0, 14], TWO_DIGITS_OR_ONE),
        ([0, 200], TWO_DIGITS_OR_ONE),
        ([0, 100, 200], {(0, 0, 1), (1, 1, 1), (2, 2, 1), (0, 2, 3)}),
    ],
    ids=["one", "near", "far apart", "three far apart"],
)
def test_only_near_pieces_or_all_may_be_one_digit(lefts: list[float], expected: set[tuple[int, ...]]) -> None:
    assert members(build_lattice(Pieces([(left, 0, 10, 20) for left in lefts], frame))) == expected


def test_a_page_of_numbers_is_not_too_many() -> None:
    rows: list[Box] = [(50.0 * x, 40.0 * y, 20.0, 30.0) for y in range(7) for x in range(4)]
    assert len(build_lattice(Pieces(rows, frame)).lines) > 7


@pytest.mark.parametrize("side", [0.0, 9.0])
@pytest.mark.parametrize("spread", [(1.0, 100.0), (100.0, 1.0), (100.0, 100.0)], ids=["stacked", "in a row", "strewn"])
def test_too_many_pieces_are_one_thing(side: float, spread: tuple[float, float], rng: np.random.Generator) -> None:
    places = rng.uniform(0, 1, (2000, 2)) * spread
    framer = Mock(wraps=frame)
    assert len(build_lattice(Pieces([(float(x), float(y), side, side) for x, y in places], framer)).lines) == 1
    assert [len(call.args[0]) for call in framer.call_args_list] == [2000]  # nothing else was tried


def test_pieces_that_take_too_long_to_frame_are_one_thing() -> None:
    pieces = Pieces([(0, 0, 10, 20), (14, 0, 10, 20)], frame, effort=lambda some: 5 * len(some))  # 5 + 5 + 10
    assert members(build_lattice(pieces, max_effort=20)) == TWO_DIGITS_OR_ONE
    assert members(build_lattice(pieces, max_effort=19)) == {(0, 1, 2)}


def by_hand(parts: Sequence[Part], scores: Sequence[float]) -> float:
    """The highest sum of scores of parts that follow one another, by trying all."""
    end = max(part.after for part in parts)
    sums = []
    for count in range(1, end + 1):
        for some in itertools.permutations(range(len(parts)), count):
            joints = [0, *(parts[i].after for i in some)]
            if all(parts[i].first == joint for i, joint in zip(some, joints, strict=False)) and joints[-1] == end:
                sums.append(sum(scores[i] + parts[i].fit for i in some))
    return max(sums)


@given(st.lists(st.floats(-12, 0), min_size=6, max_size=6), st.lists(st.floats(-3, 0), min_size=6, max_size=6))
def test_the_best_of_all_divisions_is_taken(scores: list[float], fits: list[float]) -> None:
    places = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    parts = tuple(Part(*place, frame([0]), fit) for place, fit in zip(places, fits, strict=True))
    ((_, chosen, margins),) = best_path(Lattice((Line(0, 1, parts, 0.0),)), scores, range(6))
    total = sum(scores[i] + parts[i].fit for i in chosen)
    assert total == pytest.approx(by_hand(parts, scores))
    for index, margin in zip(chosen, margins, strict=True):  # by how much the best division without it is worse
        others = [i for i in range(len(parts)) if i != index]
        without = by_hand([parts[i] for i in others], [scores[i] for i in others])
        assert total - without == pytest.approx(margin)


@given(
    st.lists(st.floats(-12, 0), min_size=6, max_size=6), st.lists(st.integers(-1, 1), min_size=6, max_size=6),
)  # fmt: skip
def test_a_division_that_reads_the_same_makes_nothing_doubtful(scores: list[float], labels: list[int]) -> None:
    places = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    parts = tuple(Part(*place, frame([0]), 0.0) for place in places)
    ((_, chosen, margins),) = best_path(Lattice((Line(0, 1, parts, 0.0),)), scores, labels)
    ways = [(2,), (1, 5), (0, 4), (0, 3, 5)]
    total = sum(scores[i] for i in chosen)
    text = [labels[i] for i in chosen]
    otherwise = [sum(scores[i] for i in way) for way in ways if [labels[i] for i in way] != text]
    for index, margin in zip(chosen, margins, strict=True):
        without = max(sum(scores[i] for i in way) for way in ways if index not in way)
        assert margin == pytest.approx(total - min(without, max(otherwise, default=-np.inf)))


@pytest.mark.parametrize(
    ("scores", "kept"),
    [
        ([-0.6] * 6, True),  # joined digits: each cut costs something, all of them more than a stray
        ([-0.6] * 5 + [-NO_DIGIT_COST], False),  # letters, some of which look like digits once they are cut
        ([-0.6] * 8 + [-NO_DIGIT_COST], True),  # a row of numbers, one digit of which is not read
        ([-1.5] * 2, False),
    ],
)
def test_a_long_line_of_cut_digits_is_no_stray(scores: list[float], kept: bool) -> None:
    parts = tuple(Part(i, i + 1, frame([0]), 0.0, cut=True) for i in range(len(scores)))
    line = Line(0, 1, parts, 0.0, strays=((0, len(parts)),))
    ((_, chosen, _),) = best_path(Lattice((line,)), scores, [3] * len(scores))
    assert len(chosen) == (len(parts) if kept else 0)


def rejected_whole(boxes: list[Box], in_picture: bool = False) -> float:
    """What it scores to reject all pieces as one thing."""
    lattice = build_lattice(Pieces(boxes, frame), in_picture)
    return next(part.rejected for part in lattice.parts if part.framed.box[2] == len(boxes))


def test_a_drawing_is_rejected_as_a_whole_sooner_than_a_number_or_a_picture() -> None:
    letter: list[Box] = [(0, 0, 4, 20), (5, 0, 10, 20)]
    number: list[Box] = [(0, 0, 10, 20), (16, 0, 10, 20), (32, 0, 10, 20)]
    assert rejected_whole(letter) > rejected_whole(number)
    assert rejected_whole(letter, in_picture=True) == rejected_whole(number, in_picture=True) == -NO_DIGIT_COST


@pytest.mark.parametrize(("in_picture", "cost"), [(False, CUT_ONE_COST), (True, CUT_ONE_COST_IN_PICTURES)])
def test_a_one_that_was_cut_off_from_a_stroke_costs_more(in_picture: bool, cost: float) -> None:
    pieces = Pieces([(0, 0, 10, 20), (10, 0, 10, 20), (30, 0, 10, 20)], frame, cuts=[(0, 1, 0.1)])
    parts = build_lattice(pieces, in_picture).parts
    assert any(part.cut for part in parts)
    assert all(part.as_one == (-cost if part.cut else 0) for part in parts)


def test_of_too_many_parts_no_more_are_listed_than_tell_it() -> None:
    boxes = np.array([(6.0 * number, 0.0, 4.0, 6.0) for number in range(500)])
    ((_, parts),) = _lines(boxes, (), (), max_parts=10)
    assert len(parts) == 11
