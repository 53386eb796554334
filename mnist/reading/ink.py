"""Which pixels of a photograph are ink: darker than their paper, or lighter than their board, and no rule of it.

The ground is the median of a wide neighbourhood, which follows uneven light and the edge of a shadow; ink is what
differs from it by more than grain does. Rules are what is left of the picture when it is opened with lines longer than
any stroke, along the one direction, and across it, in which the picture shows most of them.
"""

import cv2
import numpy as np

GRAIN = 1.0  # deviation of the blur that takes the grain out, pixels
GROUND = 160  # longer side of the picture that the ground is sought in, pixels
WIDE = 6.0  # its neighbourhood: a sixth of that side
WIDEST = 2.0  # and where the ink is BROAD, half
BROAD = 0.2  # half of what the pen is wide, neighbourhoods
LITTLE = 0.0005  # share of a picture that is certainly covered by its ink
SIGMAS = 4.0  # ink differs from the ground by so many deviations of the grain
FAINTEST = 0.06  # and by this share of black to white
DARKEST = 0.15  # ground darker than this is taken to be as light as this when ink is measured against it
RULE = 0.28  # length that no stroke has, longer sides of the picture
THIN = 0.014  # longer sides: a rule is thinner
FEWEST = 4  # fewer long thin lines are strokes, no rules
RULES_TILT = 8.0  # degrees, either way
HALF = 0.5  # of the strongest ink nearby, as seen from afar: less is an edge's blur, a smear, what is left of a rule
NEAR = 12  # nearby is a twelfth of the longer side
FADED = 0.2  # of the picture's strongest


def mask(light: np.ndarray) -> np.ndarray:
    """Ink as (h, w) uint8, 0 or 1, of lightness (h, w) float32 in [0, 1]."""
    strength, grain = _strength(light)
    strength = _without_rules(strength)
    peak = _peak(strength)
    threshold = np.maximum(max(SIGMAS * grain, FAINTEST, FADED * float(peak.max())), HALF * peak)
    return (strength > threshold).astype(np.uint8)


def _peak(strength: np.ndarray) -> np.ndarray:
    """How strong the ink is around each pixel."""
    small = _small(strength, GROUND)
    side = max(3, max(small.shape) // NEAR | 1)
    around = cv2.blur(cv2.dilate(small, np.ones((side, side), np.uint8)), (side, side))
    return cv2.resize(around, strength.shape[::-1], interpolation=cv2.INTER_LINEAR)


def _strength(light: np.ndarray) -> tuple[np.ndarray, float]:
    """How much each pixel differs from the ground, towards the side where the ink is, and the grain's deviation."""
    smooth = cv2.GaussianBlur(light, (0, 0), GRAIN)
    broad = _against(smooth, _ground(smooth, WIDEST))
    return broad if _is_broad(*broad) else _against(smooth, _ground(smooth, WIDE))


def _against(light: np.ndarray, ground: np.ndarray) -> tuple[np.ndarray, float]:
    """The same for a ground that is known: relative to it for dark ink, as light on it dims both."""
    sides = []
    for difference in ((ground - light) / np.maximum(ground, DARKEST), light - ground):
        grain = max(1.4826 * float(np.median(np.abs(difference - np.median(difference)))), 1e-3)
        sides.append((float(np.quantile(difference, 1 - LITTLE)) / grain, difference, grain))
    _, difference, grain = max(sides, key=lambda side: side[0])
    return difference.clip(0.0, None).astype(np.float32), grain


def _is_broad(strength: np.ndarray, grain: float) -> bool:
    """Whether the ink, what touches the edge aside, is too broad for a ground of a WIDE-th of the picture."""
    small = _small(strength, GROUND)
    ink = np.pad((small > max(SIGMAS * grain, 0.5 * float(small.max()))).astype(np.uint8), 1, constant_values=1)
    cv2.floodFill(ink, None, (0, 0), 0)
    return float(cv2.distanceTransform(ink, cv2.DIST_L2, 3).max()) > BROAD * GROUND / WIDE


def _ground(light: np.ndarray, wide: float) -> np.ndarray:
    """The median of the neighbourhood that measures a `wide`-th of the picture's longer side.

    Beyond the edge the picture is taken to go on as it came: a gradient has no ink.
    """
    small = _small(light, GROUND)
    side = max(3, int(max(small.shape) / wide) | 1)
    beyond = min(side // 2, min(small.shape) - 1)
    around = np.pad(small, beyond, mode="reflect", reflect_type="odd") if beyond else small
    median = cv2.medianBlur(((around.clip(-0.5, 1.5) + 0.5) * 127.5).round().astype(np.uint8), side)
    inside = median[beyond : beyond + small.shape[0], beyond : beyond + small.shape[1]].astype(np.float32)
    return cv2.resize(inside / 127.5 - 0.5, light.shape[::-1], interpolation=cv2.INTER_LINEAR)


def _small(picture: np.ndarray, longer: int) -> np.ndarray:
    """The picture with a longer side of at most so many pixels."""
    scale = min(1.0, longer / max(picture.shape))
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def _without_rules(strength: np.ndarray) -> np.ndarray:
    """The strength less that of the rules of lined or squared paper."""
    slope = np.tan(np.deg2rad(_tilt_of_rules(strength)))
    rules = np.maximum(_rules(strength, slope), _rules(strength.T, -slope).T)
    thick = cv2.dilate(np.ascontiguousarray(rules), np.ones((3, 3), np.uint8))
    left: np.ndarray = (strength - 1.15 * thick).clip(0.0, None)
    return left


def _tilt_of_rules(strength: np.ndarray) -> float:
    """The tilt, degrees, at which rows differ most from their neighbours."""
    small = _small(strength, 500)
    best, found = 0.0, 0.0
    for tilt in np.arange(-RULES_TILT, RULES_TILT + 0.1, 0.5):
        rows = _sheared(small, np.tan(np.deg2rad(tilt))).mean(axis=1)
        contrast = float((np.diff(rows) ** 2).sum())
        if contrast > 1.02 * best:
            best, found = contrast, float(tilt)
    return found


def _rules(strength: np.ndarray, slope: float) -> np.ndarray:
    """What of it lies on long thin lines of that slope (y falls with x by it), as strong as it is there."""
    longer = max(strength.shape)
    level = cv2.blur(cv2.dilate(_sheared(strength, slope), np.ones((3, 1), np.uint8)), (9, 1))
    lines = cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, int(RULE * longer) | 1), np.uint8))
    thick = max(9, int(THIN * longer)) | 1
    lines = cv2.subtract(lines, cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8)))
    rows = lines.max(axis=1)
    if np.count_nonzero(np.diff((rows > 0.25 * max(float(rows.max()), 1e-6)).astype(int)) == 1) < FEWEST:
        return np.zeros_like(strength)
    room = (lines.shape[0] - strength.shape[0]) // 2
    return _moved(lines, -slope)[room : room + strength.shape[0]]


def _sheared(picture: np.ndarray, slope: float) -> np.ndarray:
    """The picture with its columns moved down by `slope` times their distance from the middle, and room for that."""
    room = int(abs(slope) * picture.shape[1] / 2) + 2
    return _moved(cv2.copyMakeBorder(np.ascontiguousarray(picture), room, room, 0, 0, cv2.BORDER_CONSTANT), slope)


def _moved(picture: np.ndarray, slope: float) -> np.ndarray:
    height, width = picture.shape
    matrix = np.array([[1.0, 0.0, 0.0], [slope, 1.0, -slope * width / 2]], np.float32)
    return cv2.warpAffine(picture, matrix, (width, height))
