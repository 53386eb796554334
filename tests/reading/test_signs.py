"""Signs beside digits: which low patches of ink are a minus, a point or a comma, and which are none."""

from dataclasses import replace

import numpy as np
import pytest

from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from mnist.reading.drawings.strokes import Stroke, ink
from mnist.reading.framing import Box
from mnist.reading.signs import Sign, find
from tests.reading.test_photographs import PAPER, photograph
from tools.harness import hand

PEN, HEIGHT = 10.0, 100.0
MARKS = {  # by lines from a point at the foot
    ".": [[(0.0, -2.0), (1.0, 0.0)]],
    ",": [[(2.0, -4.0), (-4.0, 22.0)]],
    ":": [[(0.0, -12.0), (1.0, -10.0)], [(0.0, -72.0), (1.0, -70.0)]],
    "-": [[(0.0, -60.0), (38.0, -61.0)]],
}
DIGITS: list[Box] = [(100.0, 0.0, 60.0, 100.0), (190.0, 0.0, 60.0, 100.0)]


@pytest.mark.parametrize(
    ("box", "sign"),
    [
        ((40.0, 45.0, 40.0, 10.0), "-"),
        ((40.0, 5.0, 40.0, 10.0), None),  # too high
        ((40.0, 95.0, 40.0, 10.0), None),  # at the foot
        ((40.0, 30.0, 40.0, 40.0), None),  # no dash
        ((-80.0, 45.0, 40.0, 10.0), None),  # too far away
        ((158.0, 45.0, 34.0, 8.0), None),  # it joins two digits
        ((110.0, 45.0, 40.0, 10.0), None),  # a part of a digit
        ((360.0, 45.0, 40.0, 10.0), None),  # too far behind
        ((270.0, 95.0, 40.0, 10.0), None),  # behind, at the foot
        ((169.0, 88.0, 12.0, 12.0), "."),
        ((169.0, 99.0, 12.0, 12.0), "."),  # a little below the line
        ((169.0, 40.0, 12.0, 12.0), None),  # in mid air
        ((173.0, 95.0, 3.0, 3.0), None),  # dirt
        ((167.0, 94.0, 18.0, 3.0), None),  # a scrap of a line: no pen is as thin
        ((80.0, 88.0, 12.0, 12.0), None),  # before the number
        ((168.0, 85.0, 12.0, 35.0), ","),
        ((168.0, 102.0, 12.0, 35.0), ","),
        ((157.0, 85.0, 12.0, 35.0), ","),  # its end below the digit
        ((150.0, 85.0, 12.0, 35.0), None),
        ((168.0, 60.0, 12.0, 35.0), None),  # it stands on the line
    ],
)
def test_a_sign_is_told_by_place_and_shape(box: Box, sign: str | None) -> None:
    assert find([*DIGITS, box], PEN, HEIGHT) == ({(2,): Sign(sign, box)} if sign else {})


@pytest.mark.parametrize("gap", [-5.0, 15.0, 60.0])
@pytest.mark.parametrize(
    ("box", "sign"),
    [((169.0, 88.0, 12.0, 12.0), "."), ((168.0, 85.0, 12.0, 35.0), ","), ((40.0, 45.0, 40.0, 10.0), "-")],
)
def test_a_line_close_below_takes_no_sign_away(gap: float, box: Box, sign: str) -> None:
    below = [(x - 10, y + 100 + gap, width, height) for x, y, width, height in [*DIGITS, (150.0, 0.0, 60.0, 100.0)]]
    assert find([*DIGITS, *below, box], PEN, HEIGHT) == {(5,): Sign(sign, box)}


def test_a_dash_between_digits_may_be_a_minus() -> None:
    dash = (164.0, 45.0, 22.0, 8.0)
    assert find([*DIGITS, dash], PEN, HEIGHT) == {(2,): Sign("-", dash, doubtful=True)}


def test_a_mark_that_hardly_hangs_below_the_line_or_is_small_may_be_dirt() -> None:
    mark, small = (168.0, 75.0, 12.0, 35.0), (173.0, 95.0, 4.0, 4.0)
    assert find([*DIGITS, mark], PEN, HEIGHT) == {(2,): Sign(",", mark, doubtful=True)}
    assert find([*DIGITS, small], PEN, HEIGHT) == {(2,): Sign(".", small, doubtful=True)}


def test_strokes_of_one_digit_are_one_neighbour() -> None:
    four: list[Box] = [(190.0, 0.0, 65.0, 60.0), (250.0, 15.0, 12.0, 85.0)]
    point, minus = (169.0, 88.0, 12.0, 12.0), (40.0, 55.0, 40.0, 10.0)
    drawn: list[Box] = [DIGITS[0], *four, point]
    assert find(drawn, PEN, HEIGHT, as_strokes=True) == {(3,): Sign(".", point)}
    before: list[Box] = [(100.0, 0.0, 65.0, 60.0), (160.0, 15.0, 12.0, 85.0), minus]
    assert find(before, PEN, HEIGHT, as_strokes=True) == {(2,): Sign("-", minus)}


def test_two_points_one_above_the_other_are_a_colon() -> None:
    lower, upper = (169.0, 86.0, 12.0, 12.0), (171.0, 40.0, 11.0, 12.0)
    assert find([*DIGITS, lower, upper], PEN, HEIGHT) == {(2, 3): Sign(":", (169.0, 40.0, 13.0, 58.0))}
    dirt = (171.0, 60.0, 11.0, 12.0)
    assert find([*DIGITS, lower, upper, dirt], PEN, HEIGHT) == {(2,): Sign(".", lower)}
    for other in ((171.0, -30.0, 11.0, 12.0), (171.0, 40.0, 30.0, 30.0), (171.0, 40.0, 3.0, 3.0)):
        assert find([*DIGITS, lower, other], PEN, HEIGHT) == {(2,): Sign(".", lower)}


def test_a_dash_after_a_number_is_told_with_and_without_a_point() -> None:
    dash, point = (280.0, 45.0, 40.0, 10.0), (260.0, 88.0, 12.0, 12.0)
    assert find([*DIGITS, dash], PEN, HEIGHT) == {(2,): Sign("-", dash, trails=True)}
    assert find([*DIGITS, point], PEN, HEIGHT) == {}
    assert find([*DIGITS, dash, point], PEN, HEIGHT) == {
        (2,): Sign("-", dash, trails=True),
        (3,): Sign(".", point, trails=True),
    }
    below: Box = (100.0, 300.0, 60.0, 100.0)  # in another line, with a full stop
    stop = (164.0, 388.0, 12.0, 12.0)
    assert find([*DIGITS, dash, below, stop], PEN, HEIGHT).keys() == {(2,)}
    following: Box = (420.0, 0.0, 60.0, 100.0)
    assert find([*DIGITS, following, dash, point], PEN, HEIGHT).keys() == {(3,), (4,)}


@pytest.mark.parametrize(
    ("upper", "lower", "sign"),
    [
        ((280.0, 30.0, 50.0, 10.0), (284.0, 60.0, 50.0, 12.0), Sign("=", (280.0, 30.0, 54.0, 42.0), trails=True)),
        ((20.0, 30.0, 50.0, 10.0), (20.0, 60.0, 50.0, 10.0), Sign("=", (20.0, 30.0, 50.0, 40.0))),
        ((280.0, 5.0, 50.0, 10.0), (280.0, 90.0, 50.0, 10.0), None),  # too far from each other
        ((280.0, 60.0, 50.0, 10.0), (280.0, 90.0, 50.0, 10.0), None),  # at the foot: a line drawn twice
        ((400.0, 30.0, 50.0, 10.0), (400.0, 60.0, 50.0, 10.0), None),  # too far from the number
        ((195.0, 30.0, 50.0, 10.0), (195.0, 60.0, 50.0, 10.0), None),  # parts of the digit
        ((280.0, 10.0, 30.0, 25.0), (280.0, 60.0, 50.0, 10.0), None),  # no dash
    ],
)
def test_two_dashes_are_an_equals_sign(upper: Box, lower: Box, sign: Sign | None) -> None:
    found = find([*DIGITS, upper, lower], PEN, HEIGHT)
    assert [each for each in found.values() if each.character == "="] == ([sign] if sign else [])
    assert not sign or found.keys() == {(2, 3)}


def test_of_three_dashes_two_are_an_equals_sign() -> None:
    dashes = [(280.0, top, 50.0, 8.0) for top in (20.0, 40.0, 60.0)]
    assert [members for members in find([*DIGITS, *dashes], PEN, HEIGHT) if len(members) == 2] == [(2, 3)]


def test_hatching_beside_a_digit_is_no_equals_sign() -> None:
    hatching = [(270.0, 30.0 + 0.01 * i, 40.0, 8.0) for i in range(5_000)]
    assert all(len(members) == 1 for members in find([*DIGITS, *hatching], PEN, HEIGHT))


def written(*marks: list[tuple[float, float]]) -> bytes:
    """A photograph of 4 and 2 side by side, with marks of the same pen."""
    strokes = [*hand.strokes(4, 0.8, (300, 300), 12.0), *hand.strokes(2, 0.8, (490, 300), 12.0)]
    drawn = [*strokes, *(Stroke(np.array(mark, float), 12.0) for mark in marks)]
    return photograph(PAPER - 0.6 * ink(drawn, (900, 1200)))


@pytest.mark.network
def test_signs_are_read_in_a_photograph(classifier: Classifier) -> None:
    four, two = hand.strokes(4, 0.8, (300, 300), 12.0), hand.strokes(2, 0.8, (490, 300), 12.0)
    points = [np.concatenate([stroke.points for stroke in digit]) for digit in (four, two)]
    left, foot = float(points[0][:, 0].min()), float(points[1][:, 1].max())
    inside = (float(points[0][:, 0].max()) + float(points[1][:, 0].min())) / 2
    middle = float(points[0][:, 1].mean())
    minus, point = [(left - 110, middle), (left - 50, middle)], [(inside, foot - 2), (inside + 2, foot)]
    comma = [(inside + 3, foot - 8), (inside - 4, foot + 30)]
    right = float(points[1][:, 0].max())
    dash, last = [(right + 60, middle), (right + 125, middle - 3)], [(right + 24, foot - 2), (right + 26, foot)]
    equals = [[(x, middle + y), (x + 60, middle + y - 3)] for x in (left - 110, right + 60) for y in (-14, 14)]
    for marks, text in (
        (tuple(equals[2:]), "42="), (tuple(equals), "=42="),
        ((), "42"), ((minus,), "-42"), ((point,), "4.2"), ((comma,), "4,2"), ((minus, point), "-4.2"),
        ((last, dash), "42.-"), ((dash,), "42-"), ((last,), "42"),
    ):  # fmt: skip
        reading = classifier.read(find_digits.in_file(written(*marks)))
        assert reading.text == text
        (number,) = reading.numbers
        assert (number.text, number.row, number.column, len(number.digits)) == (text, 0, 0, 2)


@pytest.mark.network
def test_a_number_whose_first_digit_is_taken_away_begins_with_its_point(classifier: Classifier) -> None:
    strokes = [*hand.strokes(4, 0.8, (300, 300), 12.0), *hand.strokes(2, 0.8, (490, 300), 12.0)]
    foot = max(float(stroke.points[:, 1].max()) for stroke in strokes[-1:])
    middle = (max(stroke.points[:, 0].max() for stroke in hand.strokes(4, 0.8, (300, 300), 12.0)) + 490) / 2
    reading = classifier.read(find_digits.in_file(written([(middle, foot - 2), (middle + 2, foot)])))
    assert reading.text == "4.2"
    (line,) = reading.lines
    assert replace(reading, lines=(line[1:],)).text == ".2"


@pytest.mark.parametrize(
    ("signs", "text"),
    [
        ([[(40.0, 114.0), (84.0, 115.0)]], "-37"),
        ([[(198.0, 168.0), (199.0, 169.0)]], "3.7"),
        ([[(199.0, 166.0), (194.0, 196.0)]], "3,7"),
        ([[(333.0, 168.0), (334.0, 169.0)], [(350.0, 114.0), (394.0, 115.0)]], "37.-"),
        ([[(340.0, 104.0), (394.0, 101.0)], [(338.0, 126.0), (392.0, 128.0)]], "37="),
        ([[(340.0, 110.0), (394.0, 108.0)], [(338.0, 120.0), (392.0, 121.0)]], "37="),  # nearer than the pen is broad
    ],
)
def test_signs_among_strokes_are_read(
    classifier: Classifier, signs: list[list[tuple[float, float]]], text: str
) -> None:
    drawn = [*hand.strokes(3, 0.6, (60.0, 30.0), 12.0), *hand.strokes(7, 0.6, (190.0, 30.0), 12.0)]
    drawn += [Stroke(np.array(line), 12.0) for line in signs]
    assert classifier.read(find_digits.of_strokes(drawn)).text == text


@pytest.mark.parametrize(
    ("written", "text", "verdict"),
    [
        ("3.7/2.5", "3.7\n2.5", "digit"),
        ("6.50/7.00", "6.50\n7.00", "digit"),
        ("6,50/7,00", "6,50\n7,00", "digit"),
        ("12.5/3.75/10.25", "12.5\n3.75\n10.25", "digit"),
        ("2.5 3.5", "2.5 3.5", "digit"),
        ("12:30", "12:30", "digit"),
        ("12-34", "12-34", "unsure"),
    ],
)
def test_signs_among_lines_and_numbers_are_read(classifier: Classifier, written: str, text: str, verdict: str) -> None:
    drawn = []
    for line, characters in enumerate(written.split("/")):
        left, foot = 40.0, 180.0 + 175.0 * line
        for character in characters:
            if character.isdigit():
                digit = hand.strokes(int(character), 0.6, (0.0, 0.0), 12.0)
                points = np.concatenate([stroke.points for stroke in digit])
                by = np.array([left - points[:, 0].min(), foot - points[:, 1].max()])
                drawn += [Stroke(stroke.points + by, 12.0) for stroke in digit]
                left += float(np.ptp(points[:, 0])) + 32
            elif character == " ":
                left += 120
            else:
                drawn += [Stroke(np.array(mark) + np.array([left, foot]), 12.0) for mark in MARKS[character]]
                left += 70 if character == "-" else 32
    reading = classifier.read(find_digits.of_strokes(drawn))
    assert (reading.text, reading.verdict) == (text, verdict)


@pytest.mark.parametrize("digit", range(10))
def test_no_stroke_of_a_digit_is_a_sign(classifier: Classifier, digit: int) -> None:
    lattice = find_digits.of_strokes(hand.strokes(digit))
    assert lattice.signs == ()
    assert classifier.read(lattice).text == str(digit)
