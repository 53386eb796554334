"""Ink as pieces of digits: where each lies, also in tilted writing; what is left out; where touching digits part."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mnist.reading.drawings.rendering import render
from mnist.reading.framing import Box
from mnist.reading.lattice import Lattice, Line, Part
from mnist.reading.pictures import ink_pieces, markings, tilt
from mnist.reading.pictures.find_markings import DOT, FRAME, HASH, PLUS, UNDERLINE
from mnist.reading.pictures.ink_pieces import lattice_of
from mnist.reading.pictures.writing import AT_EDGE, TOO_SMALL
from tools.harness import hand

SHAPE = (600, 900)  # height and width, pixels
PEN = 9.0
ONE_STROKE = (0, 1, 2, 3, 6, 7, 8, 9)  # digits that the tests' own hand writes in one

Lines = list[np.ndarray]  # points (n, 2) of each stroke


def digit(label: int, at: tuple[float, float], scale: float = 0.5) -> Lines:
    return [stroke.points for stroke in hand.strokes(label, scale, at)]


def row(labels: Sequence[int], at: tuple[float, float] = (150.0, 200.0), pitch: float = 150.0) -> list[Lines]:
    return [digit(label, (at[0] + i * pitch, at[1])) for i, label in enumerate(labels)]


def turned(digits: list[Lines], degrees: float) -> list[Lines]:
    """Turned about the picture's middle, clockwise."""
    angle, middle = np.deg2rad(degrees), np.array(SHAPE[::-1]) / 2
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return [[(line - middle) @ turn.T + middle for line in lines] for lines in digits]


def inked(*digits: Lines, pen: float = PEN) -> np.ndarray:
    lines = [line for one in digits for line in one]
    return (render(lines, [pen] * len(lines), SHAPE) > 0.5).astype(np.uint8)


def bounds(mask: np.ndarray) -> Box:
    ys, xs = np.nonzero(mask)
    return float(xs.min()), float(ys.min()), float(np.ptp(xs) + 1), float(np.ptp(ys) + 1)


def boxes_of(digits: Sequence[Lines]) -> list[Box]:
    return [bounds(inked(one)) for one in digits]


def corners(box: Box) -> np.ndarray:
    x, y, width, height = box
    return np.array([x, y, x + width, y + height])


def boxes_in(lattice: Lattice) -> np.ndarray:
    return np.array([*(part.framed.box for part in lattice.parts), *(box for box, _ in lattice.left_out)])


def divided(found: Lattice, boxes: Sequence[Box], slack: float) -> list[Part]:
    """How the line of all ink can be divided into parts with those boxes, left to right. Fails where it cannot."""
    last = max(line.after for line in found.lines)
    whole = next(line for line in found.lines if (line.first, line.after) == (0, last))
    return division(whole, boxes, slack)


def division(line: Line, boxes: Sequence[Box], slack: float) -> list[Part]:
    """Parts of the line that follow one another, from its first piece to its last, their boxes as given."""
    begun: list[list[Part]] = [[]]
    for box in boxes:
        near = [part for part in line.parts if np.abs(corners(part.framed.box) - corners(box)).max() <= slack]
        begun = [[*some, part] for some in begun for part in near if part.first == (some[-1].after if some else 0)]
    last = max(part.after for part in line.parts)
    whole = [some for some in begun if some[-1].after == last]
    assert whole, (boxes, [part.framed.box for part in line.parts])
    return whole[0]


OF_TWO_PATCHES = [np.array([[310.0, 220.0], [312.0, 300.0]]), np.array([[345.0, 210.0], [350.0, 320.0]])]
AT_LEFT_EDGE = row((2, 6, 3), at=(-42.0, 200.0))  # without a margin that counts


@pytest.mark.parametrize(
    "digits", [*map(row, [(3,), (2, 0), (7, 1, 3, 6), (9, 8, 2)]), [*row([7]), OF_TWO_PATCHES], AT_LEFT_EDGE]
)
def test_boxes_lie_where_the_ink_is(digits: list[Lines]) -> None:
    found = lattice_of(inked(*digits))
    divided(found, boxes_of(digits), slack=0)
    assert found.left_out == ()


@settings(max_examples=60)
@given(st.floats(-12, 12), st.lists(st.sampled_from(ONE_STROKE), min_size=2, max_size=4))
@example(12.0, [1, 1, 1, 1])
@example(-12.0, [7, 7])
def test_boxes_lie_where_the_ink_is_though_the_writing_is_tilted(degrees: float, labels: list[int]) -> None:
    digits = turned(row(labels), degrees)
    found = lattice_of(inked(*digits))
    divided(found, boxes_of(digits), slack=3)
    assert found.left_out == ()


@pytest.mark.parametrize("degrees", [-12.0, -6.0, 5.0, 12.0])
def test_tilted_writing_is_framed_upright(degrees: float) -> None:
    labels = (2, 6, 3, 7)
    digits = row(labels)
    straight = divided(lattice_of(inked(*digits)), boxes_of(digits), slack=0)
    digits = turned(digits, degrees)
    tilted = divided(lattice_of(inked(*digits)), boxes_of(digits), slack=3)
    for part, expected in zip(tilted, straight, strict=True):
        assert np.abs(part.framed.sample - expected.framed.sample).mean() < 0.06


@pytest.mark.parametrize("degrees", [0.0, -8.0, 11.0])
def test_two_lines_are_seen_as_two(degrees: float) -> None:
    upper, lower = turned(row((7, 1, 3), (150, 100)), degrees), turned(row((2, 6, 9), (160, 300)), degrees)
    lines = lattice_of(inked(*upper, *lower)).lines
    after = max(line.after for line in lines)
    (middle,) = {line.after for line in lines if line.first == 0} - {after}
    spans = {(line.first, line.after): line for line in lines}
    first, second = spans[0, middle], spans[middle, after]
    division(first, boxes_of(upper), slack=3)
    division(second, boxes_of(lower), slack=3)


def test_specks_are_left_out() -> None:
    digits = row((2, 6, 3))
    specks = [np.array([[80.0, 80.0], [83.0, 82.0]])], [np.array([[700.0, 500.0]])]
    dirty = np.maximum(inked(*digits), inked(*specks, pen=4.0))
    found = lattice_of(dirty)
    divided(found, boxes_of(digits), slack=0)
    assert set(found.left_out) == {(bounds(inked(speck, pen=4.0)), TOO_SMALL) for speck in specks}


@pytest.mark.parametrize("points", [5, 60])
def test_a_ring_or_box_around_writing_is_left_out(points: int) -> None:
    digits = row((3, 1))
    boxes = np.array([bounds(inked(each)) for each in digits])
    middle = ((boxes[:, :2] + boxes[:, 2:] / 2).min(axis=0) + (boxes[:, :2] + boxes[:, 2:] / 2).max(axis=0)) / 2
    frame = ring(float(middle[0]), float(middle[1]), 260.0, 210.0, points)
    found = lattice_of(inked(*digits, frame))
    assert dict(found.left_out) == {bounds(inked(frame)): FRAME}
    assert divided(found, [bounds(inked(each)) for each in digits], slack=1.0)
    alone = lattice_of(inked(frame))
    assert not alone.left_out
    assert alone.parts


@pytest.mark.parametrize(
    "inside",
    [
        [],
        [np.array([(300.0, 300.0), (301.0, 300.0)])],  # a point
        [np.array([(335.0, 240.0), (265.0, 360.0)])],  # a slash
    ],
)
def test_a_zero_with_a_slash_or_a_point_is_no_frame(inside: Lines) -> None:
    found = lattice_of(inked(ring(300.0, 300.0, 80.0, 110.0), inside))
    assert FRAME not in dict(found.left_out).values()


def test_the_outline_of_an_eight_is_no_frame() -> None:
    angles = np.linspace(0, 2 * np.pi, 200)
    waist = 1 - 0.45 * np.exp(-((np.sin(angles)) ** 2) / 0.1)
    outline = [np.stack([300 + 90 * np.cos(angles) * waist, 300 + 150 * np.sin(angles)], axis=1)]
    loops = [ring(300.0, y, 40.0, 45.0) for y in (225.0, 375.0)]
    assert FRAME not in dict(lattice_of(inked(outline, *loops)).left_out).values()


@pytest.mark.parametrize("labels", [(7,), (3, 1)])
def test_a_line_below_a_number_is_left_out(labels: tuple[int, ...]) -> None:
    digits = row(labels)
    boxes = np.array([bounds(inked(each)) for each in digits])
    left, right = boxes[:, 0].min() - 15, (boxes[:, 0] + boxes[:, 2]).max() + 15
    foot = (boxes[:, 1] + boxes[:, 3]).max()

    def below(gap: float, start: float = left) -> Lines:
        return [np.array([(start, foot + gap + 5), (right, foot + gap)])]

    underline = below(20.0)
    found = lattice_of(inked(*digits, underline))
    ((box, why),) = found.left_out
    assert why == UNDERLINE
    assert box == pytest.approx(bounds(inked(underline)), abs=2.0)
    assert divided(found, [bounds(inked(each)) for each in digits], slack=2.0)
    for other in (below(80.0), below(20.0, start=left + 40)):  # a minus of the next line; the foot of a digit
        assert UNDERLINE not in dict(lattice_of(inked(*digits, other)).left_out).values()


@pytest.mark.parametrize("radius", [20.0, 40.0])
def test_filled_dots_are_left_out_where_something_else_is(radius: float) -> None:
    dots = [inked([np.array([(x, 270.0)])], pen=2 * radius) for x in (60.0, 700.0)]
    digits = row((0, 8, 6))
    found = lattice_of(np.maximum.reduce([*dots, inked(*digits)]))
    assert {why for _, why in found.left_out} == {DOT}
    assert sorted(box for box, _ in found.left_out) == pytest.approx(np.array([bounds(dot) for dot in dots]), abs=2.0)
    assert divided(found, [bounds(inked(each)) for each in digits], slack=2.0)
    assert lattice_of(dots[0]).left_out == ()


def hash_sign(x: float, y: float, slant: float) -> Lines:
    """The four strokes of a # 90 pixels high."""
    ends = [((30, 0), (20, 90)), ((60, 3), (50, 84)), ((0, 32), (88, 28)), ((2, 62), (80, 60))]
    return [np.array(each, float) + [(x + slant * (45 - end[1]), y) for end in each] for each in ends]


@pytest.mark.parametrize("slant", [0.0, 0.4])
@pytest.mark.parametrize("pen", [5.0, 9.0, 13.0])
def test_a_hash_beside_a_number_is_left_out(slant: float, pen: float) -> None:
    before, after = hash_sign(40.0, 220.0, slant), hash_sign(620.0, 215.0, slant)
    digits = row((3, 7, 4))
    found = lattice_of(inked(before, *digits, after, pen=pen))
    assert dict(found.left_out) == {bounds(inked(each, pen=pen)): HASH for each in (before, after)}
    assert divided(found, [bounds(inked(each, pen=pen)) for each in digits], slack=1.0)
    touching = lattice_of(inked(*digits, hash_sign(520.0, 220.0, slant), pen=pen))
    assert not touching.left_out  # the digit that it touches would be lost
    between = lattice_of(inked(*row((3,)), hash_sign(290.0, 215.0, slant), *row((4,), at=(430.0, 200.0)), pen=pen))
    assert not between.left_out  # there 34 would be another number
    alone = lattice_of(inked(before, pen=pen))
    assert not alone.left_out
    assert alone.parts


def plus(x: float, y: float, half: float, slant: float = 0.0) -> Lines:
    """The two strokes of a plus about a place."""
    return [
        np.array([(x - half, y + slant * half), (x + half, y - slant * half)]),
        np.array([(x + slant * half, y - half), (x - slant * half, y + half)]),
    ]


@pytest.mark.parametrize("slant", [-0.07, 0.0, 0.07])
@pytest.mark.parametrize("pen", [6.0, 10.0, 16.0])
def test_a_plus_at_the_end_of_a_line_is_left_out(slant: float, pen: float) -> None:
    digits, before = row((3, 7, 4), at=(250.0, 200.0)), plus(150.0, 260.0, 32.0, slant)
    found = lattice_of(inked(before, *digits, pen=pen))
    assert found.left_out == ((bounds(inked(before, pen=pen)), PLUS),)
    assert divided(found, [bounds(inked(each, pen=pen)) for each in digits], slack=1.0)
    between = plus(345.0, 260.0, 32.0, slant)  # without it 34 would be one number
    large, close = plus(150.0, 260.0, 46.0, slant), plus(230.0, 260.0, 32.0, slant)  # they may be a 4
    for stays in (between, large, close):
        others = row((3,), at=(200.0, 200.0)) + row((4,), at=(400.0, 200.0)) if stays is between else digits
        assert not lattice_of(inked(*others, stays, pen=pen)).left_out


@pytest.mark.parametrize("pen", [4.0, 9.0, 14.0, 22.0])
def test_no_digit_is_a_plus(pen: float) -> None:
    for label in range(10):
        small = digit(label, (200.0, 240.0), 0.3)
        assert not lattice_of(inked(small, digit(8, (400.0, 200.0)), pen=pen)).left_out


@pytest.mark.parametrize("pen", [4.0, 9.0, 14.0, 22.0])
def test_no_digit_is_a_hash(pen: float) -> None:
    for label in range(10):
        assert not lattice_of(inked(digit(label, (200.0, 200.0)), digit(1, (400.0, 200.0)), pen=pen)).left_out


def test_a_broad_ring_with_rough_edges_is_no_hash() -> None:
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:100, :90]
    distance = np.hypot((x - 45) / 40, (y - 50) / 45) + rng.normal(0, 0.06, x.shape)
    assert not markings.is_hash((distance > 0.45) & (distance < 1.0), pen=6.0)


def test_what_closes_an_amount_before_a_hash_is_a_sign() -> None:
    digits, dash = row((3, 7)), [np.array([(420.0, 262.0), (470.0, 262.0)])]
    found = lattice_of(inked(*digits, dash, hash_sign(500.0, 215.0, 0.0)))
    assert [(sign.character, sign.trails) for sign in found.signs] == [("-", True)]


def thumb(x: float, y: float, reach: float = 40.0) -> np.ndarray:
    """A disc about a point of the edge."""
    return render([np.array([[x, y]])], [2 * reach], SHAPE) > 0.5


@pytest.mark.parametrize("at", [(0.0, 350.0), (900.0, 420.0), (450.0, 600.0), (30.0, 0.0)])
def test_what_reaches_in_from_the_edge_is_left_out(at: tuple[float, float]) -> None:
    digits = row((2, 6, 3))
    covered = np.maximum(inked(*digits), thumb(*at))
    found = lattice_of(covered, margin=0.015)
    divided(found, boxes_of(digits), slack=0)
    assert found.left_out == ((bounds(thumb(*at)), AT_EDGE),)


@pytest.mark.parametrize(("room", "counts"), [(2, True), (0, False)])
def test_a_digit_near_the_edge_counts_if_it_does_not_touch_it(room: int, counts: bool) -> None:
    ink = inked(*row((2, 6, 3)))
    left = int(bounds(ink)[0])
    near = np.hstack([ink[:, left - room :], np.zeros((len(ink), left - room), np.uint8)])
    assert (lattice_of(near, margin=0.015).left_out == ()) == counts


def test_an_upright_line_near_the_edge_is_the_wall_of_a_box() -> None:
    wall = [np.array([(6.0, 180.0), (8.0, 330.0)])]
    found = lattice_of(inked(*row((2, 6, 3)), wall), margin=0.015)
    assert [why for _, why in found.left_out] == [AT_EDGE]


def test_a_long_strip_has_no_broader_edge_than_a_picture_as_high() -> None:
    ink = inked(digit(2, (150.0, 200.0)), digit(6, (300.0, 243.0), 0.2), digit(3, (450.0, 200.0)))
    _, top, _, height = bounds(ink)
    strip = np.pad(ink[int(top) - 12 : int(top + height) + 12], ((0, 0), (0, 900)))
    found = lattice_of(strip, margin=0.02)
    assert found.left_out == ()
    assert len(found.lines[0].parts) >= 3


@pytest.mark.parametrize("at", [(-41.0, 200.0), (300.0, -28.0)])
def test_where_all_ink_lies_at_the_edge_it_is_kept(at: tuple[float, float]) -> None:
    at_edge = digit(7, at)
    assert corners(bounds(inked(at_edge))).min() == 0
    found = lattice_of(inked(at_edge), margin=0.015)
    divided(found, [bounds(inked(at_edge))], slack=0)
    assert found.left_out == ()


def ring(x: float, y: float, rx: float = 45.0, ry: float = 60.0, points: int = 60) -> Lines:
    angles = np.linspace(0, 2 * np.pi, points)
    return [np.stack([x + rx * np.cos(angles), y + ry * np.sin(angles)], axis=1)]


def side_by_side(left: int, right: int) -> list[Lines]:
    """Two digits of the tests' own hand whose boxes reach over one another by two pixels."""
    first, second = digit(left, (250.0, 225.0)), digit(right, (250.0, 225.0))
    (x, _, width, _), (start, *_) = bounds(inked(first)), bounds(inked(second))
    return [first, [line + np.array([x + width - 2 - start, 0.0]) for line in second]]


TOUCHING: dict[str, list[Lines]] = {
    "two rings": [ring(300, 300), ring(396, 300)],
    "two rings that overlap": [ring(300, 300), ring(390, 300)],
    "three rings": [ring(300, 300), ring(394, 304), ring(489, 297)],
    "a ring and a leaning 1": [ring(300, 300), [np.array([[369.0, 240.0], [339.0, 360.0]])]],
} | {
    f"{left} and {right}": side_by_side(left, right) for left, right in [(2, 2), (3, 8), (6, 6), (8, 3), (9, 9), (0, 6)]
}


@pytest.mark.parametrize("name", TOUCHING)
def test_touching_digits_may_be_parted_or_not(name: str) -> None:
    digits = [*TOUCHING[name], digit(3, (600.0, 225.0))]
    assert bounds(inked(*TOUCHING[name]))[2] < sum(bounds(inked(one))[2] for one in TOUCHING[name])
    found = lattice_of(inked(*digits))
    boxes = boxes_of(digits)
    divided(found, boxes, slack=2 * PEN)
    if len(digits) == 3:
        divided(found, [bounds(inked(*digits[:-1])), boxes[-1]], slack=0)


def test_two_touching_rings_alone_may_be_parted() -> None:
    digits = TOUCHING["two rings"]
    divided(lattice_of(inked(*digits)), boxes_of(digits), slack=2 * PEN)


def test_of_many_patches_the_widest_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = [*TOUCHING["6 and 6"], *row((0, 8, 0, 8), (200.0, 450.0))]
    assert sum(part.cut for part in lattice_of(inked(*digits)).parts) > 2
    monkeypatch.setattr(ink_pieces, "MAX_PATCHES_TO_CUT", 1)
    found = lattice_of(inked(*digits))
    near = bounds(inked(*TOUCHING["6 and 6"]))
    cut = [part.framed.box for part in found.parts if part.cut]
    assert cut
    assert all(y + height <= near[1] + near[3] for _, y, _, height in cut)


def test_boxes_of_a_reduced_picture_are_scaled() -> None:
    digits = row((2, 6, 3))
    found = lattice_of(np.maximum(inked(*digits), thumb(0, 300)), margin=0.015)
    larger = found.scaled(3)
    assert len(boxes_in(found)) > 3
    assert boxes_in(larger) == pytest.approx(3 * boxes_in(found))
    assert [why for _, why in larger.left_out] == [AT_EDGE]


def test_a_long_strip_is_left_as_it_lies() -> None:
    strip = np.zeros((100, 30_000), np.uint8)  # turned it would take seventy times as much
    assert tilt.turned(strip, 18)[0] is strip


@pytest.mark.parametrize("shape", [SHAPE, (1, 1), (1, 300)])
def test_no_ink_has_an_empty_lattice(shape: tuple[int, int]) -> None:
    assert lattice_of(np.zeros(shape, np.uint8)) == Lattice()


def test_ink_with_hardly_any_ground_is_one_patch() -> None:
    mask = np.ones((20, 20), np.uint8)
    mask[10, 10] = 0  # closed, nothing is left of it
    assert np.asarray(boxes_in(lattice_of(mask))).tolist() == [[0, 0, 20, 20]]


@settings(max_examples=80)
@given(st.integers(0, 2**32 - 1), st.integers(2, 200), st.integers(2, 200), st.floats(0.0, 0.95), st.booleans())
def test_any_ink_is_taken(seed: int, height: int, width: int, share: float, photographed: bool) -> None:
    grain = np.random.default_rng(seed).random((height // 4 + 1, width // 4 + 1)) < share
    mask = np.kron(grain, np.ones((4, 4), bool))[:height, :width].astype(np.uint8)
    assume(not mask.all())  # some ground there always is
    for box in boxes_in(lattice_of(mask, 0.015 if photographed else 0.0)):
        assert corners(box)[:2].min() >= -2
        assert (corners(box)[2:] <= np.array([width, height]) + 2).all()
        assert min(box[2:]) > 0.999  # of a pixel; a box turned back is rounded
