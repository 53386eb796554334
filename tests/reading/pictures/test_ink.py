"""Ink in photographs: found in any light, on paper and on boards; rules and grain are none."""

import cv2
import numpy as np
import pytest

from mnist.reading.drawings import strokes
from mnist.reading.drawings.rendering import render
from mnist.reading.pictures import ink
from tools.harness import hand

SHAPE = (600, 800)  # height and width, pixels
Y, X = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)


def written(*digits: int, pen: float = 9.0, height: float = 0.6, at: tuple[float, float] = (90.0, 180.0)) -> np.ndarray:
    """Digits of the tests' own hand in a row: ink (h, w) in [0, 1]. `height` is in pads."""
    places = ((at[0] + 270 * height * i, at[1]) for i in range(len(digits)))
    drawn = [s for digit, place in zip(digits, places, strict=True) for s in hand.strokes(digit, height, place, pen)]
    return strokes.ink(drawn, SHAPE)


INK = written(2, 0, 7, 4)


def taken(light: np.ndarray, grain: float = 0.015, blur: float = 0.7) -> np.ndarray:
    """Lightness (h, w) as a phone's camera gives it."""
    grainy = light + np.random.default_rng(8).normal(0, grain, light.shape)
    seen: np.ndarray = cv2.GaussianBlur(grainy.clip(0, 1).astype(np.float32), (0, 0), blur)
    return seen


def sheet(paper: float = 0.85, low: float = 0.5) -> np.ndarray:
    """Paper whose light falls off from one corner to the other, to that share."""
    return paper * (1 - (1 - low) * (X / SHAPE[1] + Y / SHAPE[0]) / 2)


def shadow(soft: float = 12.0, depth: float = 0.5) -> np.ndarray:
    """A shadow's edge across the writing, as a factor."""
    across = (X - 430) + 0.4 * (Y - 300)
    return depth + (1 - depth) / (1 + np.exp(-(across / soft).clip(-50, 50)))


def board() -> np.ndarray:
    """A board that was wiped: dark, with smears."""
    smears = np.random.default_rng(3).uniform(0.0, 0.12, (7, 9)).astype(np.float32)
    return 0.2 + cv2.resize(smears, SHAPE[::-1], interpolation=cv2.INTER_CUBIC)


def spot(x: float, y: float, size: float = 1.0) -> np.ndarray:
    """A bright spot there, fading away."""
    return np.asarray(np.exp(-(((X - x) / (110 * size)) ** 2) - ((Y - y) / (80 * size)) ** 2))


def ruled(tilt: float, squared: bool, strength: float = 0.3, pitch: float = 52.0) -> np.ndarray:
    """The rules of paper, tilted by so many degrees, as a factor."""
    slope = np.tan(np.deg2rad(tilt))
    rules = np.abs((Y - slope * X) % pitch - pitch / 2) < 1
    if squared:
        rules |= np.abs((X + slope * Y) % pitch - pitch / 2) < 1
    return 1 - strength * rules


def check(light: np.ndarray, true: np.ndarray, recall: float, precision: float) -> None:
    """Check the shares of sure ink that is found, and of what is found that is ink, or as near as a blurred edge."""
    mask = ink.find(taken(light)).mask
    near = cv2.dilate((true > 0.1).astype(np.uint8), np.ones((5, 5), np.uint8))
    assert mask[true > 0.9].mean() > recall
    assert near[mask > 0].mean() > precision


GROUNDS = {
    "even light": sheet(low=1.0) * (1 - 0.7 * INK),
    "uneven light": sheet(low=0.4) * (1 - 0.7 * INK),
    "a soft shadow": sheet() * shadow(60.0) * (1 - 0.7 * INK),
    "a shadow's edge": sheet() * shadow(4.0) * (1 - 0.7 * INK),
    "pencil": sheet() * (1 - 0.35 * INK),
    "a dim room": sheet(paper=0.3) * (1 - 0.7 * INK),
    "chalk on a board": board() + (0.85 - board()) * INK,
    "faint chalk": board() + (0.55 - board()) * INK,
    "white on black": 0.03 + 0.8 * INK,
    "white on black, half in shadow": (0.03 + 0.8 * INK) * shadow(8.0),
    "a lamp that the sheet reflects": (sheet(paper=0.5) * (1 - 0.8 * INK) + 0.6 * spot(640, 420)).clip(0, 1),
    "a flash on the board": (board() + (0.85 - board()) * INK + 0.5 * spot(640, 480)).clip(0, 1),
    "the light of a torch": (0.1 + 0.85 * spot(400, 300, 3.5)) * (1 - 0.8 * INK),
    "chalk, half in shadow": (board() + (0.85 - board()) * INK) * shadow(8.0),
}


@pytest.mark.parametrize("name", GROUNDS)
def test_ink_is_found_in_any_light(name: str) -> None:
    check(GROUNDS[name], INK, recall=0.97, precision=0.97)


def test_the_mask_is_ones_and_zeros_of_the_pictures_shape() -> None:
    mask = ink.find(taken(GROUNDS["pencil"])).mask
    assert mask.shape == SHAPE
    assert mask.dtype == np.uint8
    assert set(np.unique(mask)) == {0, 1}


@pytest.mark.parametrize("pen", [3.0, 6.0, 14.0, 24.0])
def test_the_pens_width_makes_no_difference(pen: float) -> None:
    true = written(2, 0, 7, 4, pen=pen)
    check(sheet() * (1 - 0.7 * true), true, recall=0.95, precision=0.95)


@pytest.mark.parametrize("pen", [9.0, 20.0, 40.0])
@pytest.mark.parametrize("height", [1.0, 1.6, 2.2])
@pytest.mark.parametrize("digit", [1, 2, 4, 7])
def test_a_large_digit_stays_whole(digit: int, height: float, pen: float) -> None:
    true = written(digit, height=height, pen=pen, at=(400 - 140 * height, 300 - 140 * height))
    check(sheet() * (1 - 0.7 * true), true, recall=0.95, precision=0.95)


@pytest.mark.parametrize("degrees", [0.0, 4.0])
@pytest.mark.parametrize("length", [120.0, 250.0, 450.0])
def test_a_straight_stroke_is_no_rule(length: float, degrees: float) -> None:
    middle = np.array([400.0, 300.0])
    along = length / 2 * np.array([np.sin(np.deg2rad(degrees)), -np.cos(np.deg2rad(degrees))])
    true = render([np.array([middle - along, middle + along])], [12.0], SHAPE)
    check(sheet() * (1 - 0.7 * true), true, recall=0.95, precision=0.0)


@pytest.mark.parametrize("squared", [False, True], ids=["lined", "squared"])
@pytest.mark.parametrize("tilt", [-6.0, -3.2, -0.7, 0.0, 1.4, 4.6, 6.0])
def test_rules_vanish_and_a_digit_written_on_them_stays(tilt: float, squared: bool) -> None:
    check(sheet() * ruled(tilt, squared) * (1 - 0.7 * INK), INK, recall=0.93, precision=0.95)


@pytest.mark.parametrize("squared", [False, True], ids=["lined", "squared"])
@pytest.mark.parametrize("tilt", [-5.0, 0.0, 2.3])
def test_an_empty_sheet_with_rules_is_empty(tilt: float, squared: bool) -> None:
    assert ink.find(taken(sheet() * ruled(tilt, squared))).mask.mean() < 0.001


@pytest.mark.parametrize("grain", [0.005, 0.02, 0.04])
@pytest.mark.parametrize(
    "light", [sheet(), sheet() * shadow(), board(), np.full(SHAPE, 0.04)], ids=["paper", "shadow", "board", "black"]
)
def test_an_empty_sheet_with_grain_is_empty(light: np.ndarray, grain: float) -> None:
    assert ink.find(taken(light, grain)).mask.mean() < 0.001


@pytest.mark.parametrize("shape", [(1, 400), (400, 1), (3, 101), (150, 2000)])
def test_a_picture_of_any_shape_is_taken(shape: tuple[int, int]) -> None:
    assert ink.find(np.full(shape, 0.7, np.float32)).mask.shape == shape


def test_ink_has_half_of_what_lines_have_where_none_crosses() -> None:
    strength = np.zeros((60, 90), np.float32)
    strength[10::15] += 0.4
    strength[:, 12::25] += 0.4
    assert ink.least_of_lines(strength) == pytest.approx(0.2)
    assert ink.least_of_lines(strength, 0.75) == pytest.approx(0.3)
    assert ink.least_of_lines(np.zeros((5, 5), np.float32)) == 0.5


def test_uneven_light_is_made_even_and_ink_keeps_its_share_of_it() -> None:
    light = sheet() * (1 - 0.6 * INK)
    even = ink.flattened(light.astype(np.float32))
    ground = even[INK == 0]
    assert np.ptp(np.quantile(ground, (0.01, 0.99))) < 0.01 < np.ptp(np.quantile(light[INK == 0], (0.01, 0.99)))
    assert np.allclose(even[INK == 1], 0.4 * np.median(ground), atol=0.01)
