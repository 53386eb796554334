"""Lone digits in cells: the rules at a picture's edge are told from the digit, which is read at any size."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from mnist.reading.drawings.rendering import render
from mnist.reading.pictures import cells, images
from mnist.reading.pictures.picture import Picture
from mnist.reading.pictures.small_pictures import RULE
from tools.harness import hand

LEFT, RIGHT, TOP, BOTTOM = range(4)


def digit(label: int, side: int, share: float = 0.55) -> np.ndarray:
    """Ink (side, side) uint8 of a digit in the middle, `share` of the side tall."""
    strokes = hand.strokes(label)
    points = np.concatenate([stroke.points for stroke in strokes])
    scale = share * side / np.ptp(points, axis=0).max()
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    lines = [(stroke.points - middle) * scale + side / 2 for stroke in strokes]
    return (render(lines, [max(1.5, side / 14)] * len(lines), (side, side)) > 0.5).astype(np.uint8)


def ruled(side: int, sides: set[int], width: int, inset: int = 0) -> np.ndarray:
    """Rules (side, side) uint8 along those sides."""
    rules = np.zeros((4, side, side), np.uint8)
    rules[LEFT, :, inset : inset + width] = rules[TOP, inset : inset + width] = 1
    rules[RIGHT, :, side - inset - width : side - inset] = rules[BOTTOM, side - inset - width : side - inset] = 1
    return rules[sorted(sides)].max(axis=0)


SIDES = st.sets(st.integers(0, 3), min_size=1)


@given(SIDES, st.integers(28, 200), st.integers(0, 9), st.floats(0.01, 0.07), st.floats(0.0, 0.05))
def test_rules_are_found_and_the_digit_is_not(
    sides: set[int], side: int, label: int, width: float, inset: float
) -> None:
    written, rules = digit(label, side), ruled(side, sides, max(1, round(width * side)), round(inset * side))
    assert np.array_equal(cells.rules_of(written | rules), rules.astype(bool))
    assert not cells.rules_of(written).any()
    assert not cells.rules_of(rules).any()  # alone they may be a digit


def test_a_rule_that_the_digit_touches_is_found() -> None:
    written = np.vstack([np.zeros((20, 100), np.uint8), digit(4, 100)[:-20]])  # its foot on the lower rule
    rules = ruled(100, {BOTTOM, RIGHT}, 4)
    assert (written & rules).any()
    assert np.array_equal(cells.rules_of(written | rules), rules.astype(bool))


def tilted(shape: tuple[int, int], degrees: float, width: int) -> np.ndarray:
    """A rule (h, w) uint8 some 3 pixels inside the upper edge, which it may leave through that edge."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    depth = y - 3 - np.tan(np.deg2rad(degrees)) * (x - shape[1] / 2)
    return ((depth >= 0) & (depth < width)).astype(np.uint8)


@given(
    st.tuples(st.integers(40, 64), st.integers(120, 240)), st.integers(-3, 3), st.integers(2, 4), st.booleans(),
    st.lists(st.tuples(st.integers(25, 75), st.integers(12, 20)), min_size=1, max_size=3),
)  # fmt: skip
def test_a_tilted_rule_of_a_strip_is_found_and_the_feet_that_touch_it_are_not(
    shape: tuple[int, int], degrees: int, width: int, bottom: bool, feet: list[tuple[int, int]]
) -> None:
    """Each is an upright stroke that ends on the rule, and a level one beside its end, as a 2 has."""
    rule = tilted(shape, degrees, width)
    inside = np.maximum.accumulate(rule)
    inside[3 * shape[0] // 4 :] = 0
    written = np.zeros(shape, np.uint8)
    for share, length in feet:
        left = share * shape[1] // 100
        written[:, left : left + 3] |= inside[:, left : left + 3]
        written[width:, left : left + length] |= rule[:-width, left : left + length]
    direction = -1 if bottom else 1
    found = cells.rules_of((written | rule)[::direction])[::direction]
    assert found[rule > 0].mean() > 0.9
    assert found[written > rule].mean() < 0.1


def test_digits_on_one_line_are_no_rule() -> None:
    assert not cells.rules_of((strip("23286", 40, set()) < 128).astype(np.uint8)).any()


def cropped(ink: np.ndarray) -> np.ndarray:
    ys, xs = np.nonzero(ink)
    return ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]


@pytest.mark.parametrize("label", range(10))
def test_a_digit_that_is_cropped_tightly_has_no_rules(label: int) -> None:
    assert not cells.rules_of(cropped(digit(label, 120))).any()


@pytest.mark.parametrize("side", [60, 150, 300])
def test_the_ground_around_a_broad_digit_is_no_rule(side: int) -> None:
    """A zero by so broad a pen that most of the picture is ink: corners and hole differ from what it shows most."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    far = np.hypot(x * 1.2, y)
    ground = (far > 1.02) | (far < 0.3)
    assert ground.mean() < 0.5
    assert not cells.rules_of(ground.astype(np.uint8)).any()
    assert Picture(np.where(ground, 1.0, 0.1).astype(np.float32)).in_cell is None


def test_a_one_beside_another_digit_is_no_rule() -> None:
    """Cropped tightly, a 1 is as long as the picture."""
    written = np.hstack([digit(5, 100, 0.9), np.zeros((100, 10), np.uint8), np.ones((100, 8), np.uint8)])
    assert not cells.rules_of(written).any()


def beside(rule_at: int, *others: np.ndarray) -> np.ndarray:
    """Writing (100, w) uint8 with an upright line as tall as the picture at its left or right."""
    line, gap = np.ones((100, 4), np.uint8), np.zeros((100, 12), np.uint8)
    return np.hstack([line, gap, *others] if rule_at == LEFT else [*others, gap, line])


TALL = [cropped(digit(label, 100, 0.85)) for label in (6, 8)]
TALL = [np.pad(each, ((3, 97 - len(each)), (0, 8))) for each in TALL]  # taller than 0.85 of the strip


@pytest.mark.parametrize("side", [LEFT, RIGHT])
def test_a_line_from_top_to_bottom_of_a_strip_is_a_rule_if_the_strip_is_not_cropped_tightly(side: int) -> None:
    room = np.zeros((100, 15), np.uint8)
    line = np.s_[:, :4] if side == LEFT else np.s_[:, -4:]
    loose = beside(side, *((*TALL, room) if side == LEFT else (room, *TALL)))
    expected = np.zeros(loose.shape, bool)
    expected[line] = True
    assert np.array_equal(cells.rules_of(loose), expected)
    assert not cells.rules_of(cropped(beside(side, *TALL))).any()  # a 1


def test_two_lines_from_top_to_bottom_are_rules_at_both_ends_of_a_strip() -> None:
    strip = beside(RIGHT, beside(LEFT, *TALL))
    assert set(np.flatnonzero(cells.rules_of(strip).any(axis=0))) == {0, 1, 2, 3, *range(strip.shape[1])[-4:]}


def test_a_piece_of_an_upright_rule_that_hangs_together_with_a_level_one_is_no_writing() -> None:
    light = strip("2057", 50, set())
    light[1:4] = light[3:40, 1:3] = light[3:20, 22:24] = 40  # the level one is touched by writing
    rules = cells.rules_of((light < 128).astype(np.uint8))
    assert rules[1:4].all()
    assert rules[5:40, 1:3].all()


def test_a_one_that_stands_on_a_level_rule_is_no_rule() -> None:
    light = strip("53", 50, set())
    light[44:47] = light[10:45, 5:9] = light[30:45, 22:25] = 40
    rules = cells.rules_of((light < 128).astype(np.uint8))
    assert rules[45].all()
    assert not rules[10:40, 5:9].any()


def test_boxes_of_rules() -> None:
    assert cells.boxes_of(ruled(50, {LEFT}, 3) > 0) == [(0.0, 0.0, 3.0, 50.0)]


@pytest.mark.network
@pytest.mark.parametrize("side", [28, 64, 90, 150, 300])
@pytest.mark.parametrize("sides", [{RIGHT}, {RIGHT, BOTTOM}, {LEFT, RIGHT, TOP, BOTTOM}], ids=["right", "two", "all"])
@pytest.mark.parametrize("faint", [False, True], ids=["dark", "faint"])
def test_a_lone_digit_in_a_cell_is_read(classifier: Classifier, sides: set[int], side: int, faint: bool) -> None:
    rules = ruled(side, sides, max(1, side // 25))
    light = 1.0 - 0.95 * np.maximum(digit(5, side) * (0.25 if faint else 1.0), rules)
    reading = classifier.read(find_digits.in_picture(images.from_array((light * 255).astype(np.uint8))))
    assert (reading.text, reading.verdict) == ("5", "digit")
    assert [why for _, why in reading.left_out] == [RULE]


def test_an_empty_cell_has_no_writing() -> None:
    assert Picture(1.0 - ruled(60, {RIGHT, BOTTOM}, 3).astype(np.float32)).in_cell is None


def strip(text: str, height: int, sides: set[int], ink: float = 0.8) -> np.ndarray:
    """A picture (h, w) uint8 of a number in a strip, the rules of its box at those sides."""
    pitch = 0.62 * height
    shape = height, round(pitch * len(text) + 0.5 * height)
    lines, pens = [], []
    for place, character in enumerate(text):
        for stroke in hand.strokes(int(character), 0.55 * height / 280):
            lines.append(stroke.points + np.array([0.3 * height + pitch * place, 0.2 * height]))
            pens.append(height / 16)
    rules = np.zeros(shape, np.float32)
    across = np.arange(shape[1])
    for side in sides:
        if side in (LEFT, RIGHT):
            rules[:, 1:3] = rules[:, 1:3] if side == RIGHT else 1.0
            rules[:, -3:-1] = rules[:, -3:-1] if side == LEFT else 1.0
        else:
            rows = (1 if side == TOP else height - 3) + np.round(across * 0.01).astype(int) * (1 if side == TOP else -1)
            rules[rows, across] = rules[rows + 1, across] = 1.0
    light = 0.9 - ink * np.maximum(render(lines, pens, shape), rules)
    return (light.clip(0, 1) * 255).astype(np.uint8)


@pytest.mark.parametrize("height", [34, 40, 56])
@pytest.mark.parametrize("text", ["46", "2057", "390184"])
@pytest.mark.parametrize("sides", [set[int](), {BOTTOM}, {LEFT, BOTTOM}, {LEFT, RIGHT, TOP, BOTTOM}])
def test_a_number_in_a_strip_is_read(classifier: Classifier, height: int, text: str, sides: set[int]) -> None:
    picture = images.from_array(strip(text, height, sides))
    assert classifier.read(find_digits.in_picture(picture)).text == text


@pytest.mark.parametrize("text", ["46", "2057", "390184"])
@pytest.mark.parametrize("sides", [set[int](), {BOTTOM}, {LEFT, RIGHT, TOP, BOTTOM}])
def test_a_number_in_a_strip_in_uneven_light_is_read(classifier: Classifier, text: str, sides: set[int]) -> None:
    light = strip(text, 44, sides)
    shadow = np.linspace(1.0, 0.6, light.shape[1]) * np.linspace(1.0, 0.9, 44)[:, None]
    reading = classifier.read(find_digits.in_picture(images.from_array((light * shadow).astype(np.uint8))))
    assert reading.text == text


@pytest.mark.network
def test_a_large_strip_upside_down_is_turned_whole_as_pixels_too(classifier: Classifier) -> None:
    large = cv2.resize(strip("25743", 56, set()), None, fx=6, fy=6, interpolation=cv2.INTER_CUBIC)
    light = large * np.linspace(1.0, 0.8, large.shape[1]) + np.random.default_rng(2).normal(0, 3, large.shape)
    picture = images.from_array(light.clip(0, 255).astype(np.uint8)[::-1, ::-1])
    reading = classifier.read(find_digits.in_picture(picture))
    assert (reading.text, reading.turned) == ("25743", 180)


def test_a_picture_a_pixel_wide_is_looked_at_in_every_way() -> None:
    picture = images.from_array(np.random.default_rng(37).integers(0, 255, (830, 2)).astype(np.uint8))
    for look in find_digits.in_picture(picture).again((90,)):
        assert look.turned in (0, 90)


@pytest.mark.parametrize("sides", [{BOTTOM}, {LEFT, BOTTOM}, {LEFT, RIGHT, TOP, BOTTOM}])
def test_a_finely_scanned_strip_is_read_with_boxes_in_its_own_pixels(classifier: Classifier, sides: set[int]) -> None:
    small = strip("2057", 56, sides)
    large = cv2.resize(small, None, fx=6, fy=6, interpolation=cv2.INTER_CUBIC)
    of_small, of_large = (classifier.read(find_digits.in_picture(images.from_array(each))) for each in (small, large))
    assert of_small.text == of_large.text == "2057"
    for one, other in zip(of_small.digits, of_large.digits, strict=True):
        assert np.allclose(np.array(one.framed.box) * 6, other.framed.box, atol=15)


@pytest.mark.network
def test_the_wall_of_a_box_is_no_one_however_finely_it_was_scanned(classifier: Classifier) -> None:
    small = strip("2057", 50, set())
    small[:, 4:6] = 40
    for times in (1, 3):
        large = small.repeat(times, axis=0).repeat(times, axis=1)
        reading = classifier.read(find_digits.in_picture(images.from_array(large)))
        assert (reading.text, [why for _, why in reading.left_out]) == ("2057", [RULE])


@pytest.mark.network
@pytest.mark.parametrize(("gap", "verdict"), [(10, "digit"), (1, "unsure")])
def test_a_point_that_touches_a_rule_is_doubtful(classifier: Classifier, gap: int, verdict: str) -> None:
    light = strip("25", 100, set())
    light[62:68, 87:93] = 45  # a point
    light[68 + gap :] = 230
    light[68 + gap : 72 + gap] = 45
    reading = classifier.read(find_digits.in_picture(images.from_array(light)))
    assert (reading.text, reading.verdict) == ("2.5", verdict)
    assert [why for _, why in reading.left_out] == [RULE]


@pytest.mark.parametrize("degrees", [-2.5, 1.5, 2.5])
@pytest.mark.parametrize("height", [36, 50])
def test_a_number_on_a_tilted_rule_is_read(classifier: Classifier, height: int, degrees: float) -> None:
    light = strip("2057", height, {LEFT})
    light[tilted(light.shape, degrees, 3)[::-1] > 0] = 40
    reading = classifier.read(find_digits.in_picture(images.from_array(light)))
    assert reading.text == "2057"
    assert RULE in [why for _, why in reading.left_out]


@pytest.mark.network
def test_digits_that_touch_in_a_small_strip_are_read_as_doubtful(classifier: Classifier) -> None:
    lines = [stroke.points + np.array((left, 6)) for left in (8, 22) for stroke in hand.strokes(2, 0.1)]
    light = 0.9 - 0.8 * render(lines, [2.5] * len(lines), (40, 60))
    reading = classifier.read(find_digits.in_picture(images.from_array((light * 255).astype(np.uint8))))
    assert (reading.text, reading.verdict) == ("22", "unsure")


def test_grain_is_no_writing_of_a_strip() -> None:
    grain = np.random.default_rng(2).random((60, 300)) < 0.2
    assert Picture(np.where(grain, 0.0, 1.0).astype(np.float32)).strength is None


@pytest.mark.parametrize("shape", [(1, 400), (1, 870), (2, 1500), (2, 300), (3, 90), (400, 1)])
def test_a_strip_of_a_few_pixels_is_not_enlarged_without_end(shape: tuple[int, int]) -> None:
    light = np.full(shape, 255, np.uint8)
    (light if shape[1] > shape[0] else light.T)[:, 40:70] = 0
    picture = images.from_array(light)
    for lattice in (find_digits.in_picture(picture), *find_digits.in_picture(picture).again(())):
        for part in lattice.parts:
            assert max(part.framed.box[2:]) <= max(shape)


@pytest.mark.parametrize("side", [420, 700, 1400])
def test_a_digit_in_the_frame_of_a_large_picture_is_read(classifier: Classifier, side: int) -> None:
    ink = np.maximum(digit(4, side), ruled(side, {LEFT, RIGHT, TOP, BOTTOM}, side // 60))
    reading = classifier.read(find_digits.in_picture(Picture((1.0 - ink).astype(np.float32))))
    assert (reading.text, reading.verdict) == ("4", "digit")
    assert [why for _, why in reading.left_out] == [RULE]


@pytest.mark.parametrize("label", range(10))
@pytest.mark.parametrize("side", [380, 620])
def test_a_digit_cropped_to_its_ink_is_read(classifier: Classifier, label: int, side: int) -> None:
    polygon = np.zeros((side, side), np.uint8)
    for stroke in hand.strokes(label):
        corners = (stroke.points[:: max(1, len(stroke.points) // 9)] * side / 300).round().astype(np.int32)
        cv2.polylines(polygon, [corners], isClosed=False, color=1, thickness=side // 16)
    rows, columns = (np.flatnonzero(polygon.any(axis=axis)) for axis in (1, 0))
    cropped = polygon[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    reading = classifier.read(find_digits.in_picture(Picture(1.0 - cropped.astype(np.float32))))
    assert (reading.text, reading.verdict) == (str(label), "digit")
