"""Rules that a pen drew between numbers are taken away; writing stays as it is."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist.reading.mesh import Mesh
from mnist.reading.pictures import pen_rules, table_rules

SHAPE = (600, 800)
PEN = 5
PLACES = [(x, y) for y in (60, 180, 300, 420) for x in (60, 120, 300, 360, 540, 600)]  # corners of digits


def writing(places: list[tuple[int, int]]) -> np.ndarray:
    """A mask (h, w) uint8 of rings 40 wide and 70 high in these places."""
    mask = np.zeros(SHAPE, np.uint8)
    for x, y in places:
        cv2.ellipse(mask, (x + 20, y + 35), (20, 35), 0, 0, 360, 1, PEN)
    return mask


def rule(start: tuple[float, float], end: tuple[float, float], bow: float = 0.0) -> np.ndarray:
    """A mask of a rule from x and y to x and y, whose middle is off to one side by some pixels."""
    share = np.linspace(0, 1, 80)[:, None]
    points = np.array(start) + share * np.subtract(end, start)
    aside = np.array([end[1] - start[1], start[0] - end[0]]) / np.hypot(*np.subtract(end, start))
    points += bow * np.sin(np.pi * share) * aside
    return cv2.polylines(np.zeros(SHAPE, np.uint8), [points.round().astype(np.int32)], False, 1, PEN)


DIGITS = writing(PLACES)
DIGITS_OF_SUM = [(x, y) for y in (100, 220, 340) for x in range(150, 600, 75)]  # the second line's stand on y = 290


@settings(max_examples=30)
@given(lean=st.floats(-50, 50), bow=st.floats(-6, 6))
def test_upright_rules_are_taken_away_and_told(lean: float, bow: float) -> None:
    rules = [rule((x - lean, 20), (x + lean, 560), bow) for x in (240, 480)]
    mask = np.maximum.reduce([DIGITS, *rules])
    found = pen_rules.without(mask, mask)
    assert (found.mask != DIGITS).sum() < 0.02 * DIGITS.sum()
    assert len(found.upright) == 2
    assert found.level == ()
    for (left, top, right, bottom), x in zip(sorted(found.upright), (240, 480), strict=True):
        assert (left, right) == pytest.approx((x - lean, x + lean), abs=12)
        assert (top, bottom) == pytest.approx((20, 560), abs=12)


@settings(max_examples=30)
@given(lean=st.floats(-40, 40), bow=st.floats(-6, 6))
def test_level_rules_are_taken_away(lean: float, bow: float) -> None:
    line = rule((30, 155 - lean / 8), (770, 155 + lean / 8), bow)
    mask = np.maximum(DIGITS, line)
    found = pen_rules.without(mask, mask)
    assert (found.mask != DIGITS).sum() < 0.02 * DIGITS.sum()
    assert (len(found.level), found.upright) == (1, ())


def test_a_stroke_that_crosses_a_rule_stays_whole() -> None:
    mask = np.maximum(DIGITS, rule((30, 335), (770, 335)))  # through the third line's digits
    found = pen_rules.without(mask, mask).mask
    assert cv2.connectedComponents(found)[0] == cv2.connectedComponents(DIGITS)[0]
    assert (found != DIGITS).sum() < 0.05 * DIGITS.sum()


@pytest.mark.parametrize("rules", [(155,), (155, 275), (155, 275, 395)])
def test_a_tail_that_crosses_one_of_several_rules_stays_whole(rules: tuple[int, ...]) -> None:
    written = DIGITS.copy()
    for y in rules:
        for x in (80, 320, 560):
            cv2.line(written, (x, y - 30), (x, y + 15), 1, PEN)
    mask = np.maximum.reduce([written, *(rule((30, y), (770, y)) for y in rules)])
    found = pen_rules.without(mask, mask).mask
    assert (found != written).sum() < 0.02 * written.sum()
    assert all(found[y - 30 : y + 15, x].all() for y in rules for x in (80, 320, 560))


@pytest.mark.parametrize("below", [False, True], ids=["above", "above and below"])
def test_a_sum_s_line_is_taken_away_where_digits_touch_it(below: bool) -> None:
    rings = (
        [(x + 37 * (y == 300), y) for y in (100, 220, 300, 420) for x in range(150, 600, 75)]
        if below
        else DIGITS_OF_SUM
    )
    mask = np.maximum(writing(rings), rule((10, 296), (790, 298)))
    found = pen_rules.without(mask, mask)
    assert len(found.level) >= 1
    assert cv2.connectedComponents(found.mask)[0] == len(rings) + 1
    assert (found.mask != writing(rings)).sum() < 0.08 * writing(rings).sum()


def test_a_long_rule_is_found_below_many_short_strokes() -> None:
    short = [rule((x, y), (x + 60, y)) for y in range(10, 170, 14) for x in range(10, 750, 70)]
    assert len(short) > pen_rules.MAX_RULES
    small = writing([(x, y) for x, y in PLACES if y > 200])
    line = rule((20, 400), (780, 400))
    mask = np.maximum.reduce([small, line, *short])
    found = pen_rules._level_rules(mask, 40.0)
    assert max(each.pixels.shape[1] for each in found) > 700


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(4, 60))
def test_any_strokes_at_all_can_be_looked_at(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    mask = np.zeros((90, 160), np.uint8)
    for x, y, length, tilt, pen in zip(
        *rng.integers((0, 0, 2, -9, 1), (160, 90, 160, 9, 6), (count, 5)).T, strict=True
    ):
        cv2.line(mask, (int(x), int(y)), (int(x + length), int(y + tilt)), 1, int(pen))
    assert (pen_rules.without(mask, mask).mask <= mask).all()


def test_scraps_of_a_rule_are_taken_away_if_the_whole_rule_is_seen() -> None:
    line = rule((240, 20), (240, 560))
    broken = line.copy()
    broken[150:400] = 0
    found = pen_rules.without(np.maximum(DIGITS, broken), np.maximum(DIGITS, line))
    assert (found.mask != DIGITS).sum() < 0.02 * DIGITS.sum()


def test_what_is_left_of_digits_on_paper_s_rules_stays() -> None:
    paper = np.maximum.reduce([DIGITS, *(rule((0, y), (800, y)) for y in range(20, 600, 40))])
    assert (pen_rules.without(DIGITS, paper).mask == DIGITS).all()


PAPER = np.maximum.reduce([rule((0, y), (800, y)) for y in range(20, 600, 40)])


def test_strokes_that_lie_along_paper_s_rules_stay() -> None:
    digits = np.maximum(DIGITS, rule((300, 340), (440, 340)))  # two digits joined by a bar that lies on a rule
    assert (pen_rules.without(digits, np.maximum(digits, PAPER)).mask == digits).all()


def test_a_rule_that_a_pen_drew_on_ruled_paper_is_taken_away() -> None:
    mask = np.maximum(DIGITS, rule((236, 20), (246, 560)))
    found = pen_rules.without(mask, np.maximum(mask, PAPER))
    assert (found.mask != DIGITS).sum() < 0.02 * DIGITS.sum()
    assert (len(found.upright), found.level) == (1, ())


@pytest.mark.parametrize(
    "line",
    [
        rule((40, 520), (660, 520)),  # below all writing: it is named as such elsewhere
        rule((20, 30), (20, 560)),  # beside it
        rule((240, 200), (240, 300)),  # as short as a digit
        cv2.rectangle(np.zeros(SHAPE, np.uint8), (230, 20), (270, 560), 1, -1),  # too thick: a thumb
    ],
)
def test_what_is_no_rule_stays(line: np.ndarray) -> None:
    mask = np.maximum(DIGITS, line)
    found = pen_rules.without(mask, mask)
    assert (found.mask == mask).all()
    assert found.upright == found.level == ()


def test_strokes_below_one_another_stay_where_nothing_is_beside_them() -> None:
    tallies = np.maximum.reduce([rule((x, y), (x, y + 70)) for x in (100, 200, 300) for y in range(20, 540, 84)])
    assert (pen_rules.without(tallies, tallies).mask == tallies).all()


def test_a_long_one_beside_few_small_digits_stays() -> None:
    mask = np.maximum(writing(PLACES[:2]), rule((110, 20), (110, 400)))
    assert pen_rules.without(mask, mask).mask is mask


def test_a_table_gets_the_rules_that_its_mesh_lacks() -> None:
    corners = np.array([[0, 0], [800, 0], [800, 400], [0, 400]], np.float32)
    mesh = Mesh(corners, np.zeros((4, 10)), (0.0, 0.5, 1.0), (0.0, 0.25, 1.0))
    level = [(20.0, 210.0, 800.0, 190.0), (20.0, 104.0, 800.0, 98.0), (300.0, 300.0, 400.0, 300.0)]
    more = table_rules.with_more(mesh, [(400.0, 5.0, 404.0, 390.0)], level, 0)
    assert more.walls == (0.0, 0.5, 1.0)  # the one that it has
    assert more.floors == (0.0, 0.25, 0.5, 1.0)  # and none for a line below a number
