"""Random changes of samples for training: a digit stays the digit that it is, and a non-digit stays one.

All functions take samples (n, 28, 28) float32 in [0, 1] and a `numpy.random.Generator`, and return new samples.
The ranges were chosen on validation data.
"""

import numpy as np

from mnist.reading.framing import DIGIT_SIDE, SIZE

MAX_TURN_DEGREES = 12.0  # either way
MAX_SHEAR = 0.25  # sideways shift per unit of height, either way: slanted hands
MAX_LOG_SCALE = 0.15  # natural logarithm, each axis by itself: broad and narrow hands
MAX_LOG_STRETCH = 0.3  # natural logarithm, sideways only, of STRETCHED_SHARE: scans that fill their frame
STRETCHED_SHARE = 0.15
MAX_SHIFT_PIXELS = 1.5  # either way: as much as framing leaves
BEND_PIXELS = 1.1  # largest spread of a smooth displacement, given at BEND_KNOTS² points (Simard et al., 2003)
BEND_KNOTS = 5
THICKENED_SHARE = 0.25  # of samples whose strokes grow; as many have strokes that shrink
THICKENINGS_PIXELS = (0.2, 1.0)
MAX_THINNING = 0.6  # share of the way to the least of a pixel's neighbourhood: all of it would erase a hair line
SOFTENED_SHARE = 0.2  # of samples made as coarse as a small scan, or blurred
COARSE_SHARE = 0.6  # of these; others are blurred
COARSE_DIGIT_PIXELS = (8, 17)  # longer side of a digit in a small scan
BLURS_PIXELS = (0.4, 1.1)  # standard deviation
FADED_SHARE = 0.15  # of samples with paler or darker ink
MAX_LOG_GAMMA = 0.7  # natural logarithm of the power that their ink is raised to, either way
FADINGS = (0.6, 1.3)  # what their ink is multiplied by
GRAINY_SHARE = 0.08  # of samples with a camera's noise
GRAINS = (0.02, 0.15)  # its standard deviation, of black to white
ERASED_SHARE = 0.08  # of samples with a small hole, as by a pen that skips
HOLES_PIXELS = (2, 5)  # side of the hole
HOLE_MARGIN_PIXELS = 4  # from the sample's edge: there is no ink farther out


def augment(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Change place, shape, strokes and picture quality of each sample at random."""
    return degrade(erase(change_thickness(move(samples, rng), rng), rng), rng)


def move(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn, slant, scale, shift and bend each sample at random."""
    count = len(samples)
    return warp(samples, random_affine(count, rng), random_displacement(count, rng))


def random_affine(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return matrices (count, 2, 3) from a pixel of the new sample, (y, x) from its centre, to its place in the old."""
    angle = np.deg2rad(rng.uniform(-MAX_TURN_DEGREES, MAX_TURN_DEGREES, count))
    shear = rng.uniform(-MAX_SHEAR, MAX_SHEAR, count)
    spread = rng.uniform(-MAX_LOG_SCALE, MAX_LOG_SCALE, (2, count))
    spread[1] += (rng.random(count) < STRETCHED_SHARE) * rng.uniform(-MAX_LOG_STRETCH, MAX_LOG_STRETCH, count)
    scale_y, scale_x = np.exp(spread)
    cos, sin = np.cos(angle), np.sin(angle)
    shift = rng.uniform(-MAX_SHIFT_PIXELS, MAX_SHIFT_PIXELS, (2, count))
    rows = [
        np.stack([cos * scale_y, sin * scale_x, shift[0]], axis=1),
        np.stack([(shear * cos - sin) * scale_y, (cos + shear * sin) * scale_x, shift[1]], axis=1),
    ]
    return np.stack(rows, axis=1).astype(np.float32)


def random_displacement(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return smooth displacements (count, 2, 28, 28) of each pixel's source as (y, x) in pixels, some faint."""
    size = BEND_PIXELS * rng.uniform(0, 1, (count, 1, 1, 1))
    knots = (rng.normal(0, 1, (count, 2, BEND_KNOTS, BEND_KNOTS)) * size).astype(np.float32)
    smooth = _resampling(BEND_KNOTS, SIZE)
    return np.asarray(smooth @ knots @ smooth.T)


def warp(samples: np.ndarray, matrices: np.ndarray, displacements: np.ndarray) -> np.ndarray:
    """Move each sample by its matrix and its displacement, with bilinear interpolation; outside is background."""
    count, height, width = samples.shape
    grid = np.indices((height, width), dtype=np.float32).reshape(2, -1)
    grid -= np.array([[(height - 1) / 2], [(width - 1) / 2]], np.float32)
    where = matrices[:, :, :2] @ grid + matrices[:, :, 2:] + displacements.reshape(count, 2, -1)  # (n, 2, 784)
    y = where[:, 0] + (height - 1) / 2 + 1  # + 1: the border of background added below
    x = where[:, 1] + (width - 1) / 2 + 1
    np.clip(y, 0, height + 1, out=y)
    np.clip(x, 0, width + 1, out=x)
    y0, x0 = np.floor(y), np.floor(x)
    dy, dx = y - y0, x - x0
    stride = width + 3
    flat = np.pad(samples, ((0, 0), (1, 2), (1, 2))).reshape(-1)
    first = np.arange(count)[:, None] * ((height + 3) * stride)
    index = first + (y0 * stride + x0).astype(np.int64)
    top = flat[index] * (1 - dx) + flat[index + 1] * dx
    bottom = flat[index + stride] * (1 - dx) + flat[index + stride + 1] * dx
    return (top * (1 - dy) + bottom * dy).reshape(samples.shape)


def change_thickness(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Thicken the strokes of some samples and thin those of others, by up to a pixel."""
    kind = rng.random(len(samples))
    amount = rng.uniform(*THICKENINGS_PIXELS, len(samples)).astype(np.float32)[:, None, None]
    changed = samples.copy()
    grow, thin = kind < THICKENED_SHARE, kind > 1 - THICKENED_SHARE
    changed[grow] += amount[grow] * (_extreme(samples[grow], np.maximum) - samples[grow])
    changed[thin] += MAX_THINNING * amount[thin] * (_extreme(samples[thin], np.minimum) - samples[thin])
    return changed


def _extreme(samples: np.ndarray, of: np.ufunc) -> np.ndarray:
    """Return the largest (np.maximum) or smallest (np.minimum) of each pixel and its four neighbours."""
    padded = np.pad(samples, ((0, 0), (1, 1), (1, 1)))
    result = samples
    for neighbour in (padded[:, :-2, 1:-1], padded[:, 2:, 1:-1], padded[:, 1:-1, :-2], padded[:, 1:-1, 2:]):
        result = of(result, neighbour)
    return result


def erase(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Erase a small square from some samples (Zhong et al., "Random erasing", 2017)."""
    changed = samples.copy()
    for index in np.flatnonzero(rng.random(len(samples)) < ERASED_SHARE):
        side = rng.integers(*HOLES_PIXELS, endpoint=True)
        top, left = rng.integers(HOLE_MARGIN_PIXELS, SIZE - HOLE_MARGIN_PIXELS - side, 2)
        changed[index, top : top + side, left : left + side] = 0
    return changed


def degrade(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Make samples coarse or blurred, pale or dark, or grainy, as scanners and cameras do."""
    changed = samples.copy()
    softened = np.flatnonzero(rng.random(len(samples)) < SOFTENED_SHARE)
    for group in np.array_split(softened, 4):
        operator = _coarse(rng) if rng.random() < COARSE_SHARE else _blur(rng.uniform(*BLURS_PIXELS))
        changed[group] = operator @ changed[group] @ operator.T
    faded = np.flatnonzero(rng.random(len(samples)) < FADED_SHARE)
    ink = changed[faded].clip(0, 1) ** np.exp(rng.uniform(-MAX_LOG_GAMMA, MAX_LOG_GAMMA, (len(faded), 1, 1))).astype(
        np.float32
    )
    changed[faded] = ink * rng.uniform(*FADINGS, (len(faded), 1, 1)).astype(np.float32)
    grainy = np.flatnonzero(rng.random(len(samples)) < GRAINY_SHARE)
    size = rng.uniform(*GRAINS, (len(grainy), 1, 1))
    changed[grainy] += (rng.normal(0, 1, (len(grainy), SIZE, SIZE)) * size).astype(np.float32)
    return changed.clip(0, 1)


def _coarse(rng: np.random.Generator) -> np.ndarray:
    """Return an operator (28, 28) that scans a sample coarsely, and enlarges that again."""
    few = round(SIZE * rng.uniform(*COARSE_DIGIT_PIXELS) / DIGIT_SIDE)
    edges = np.linspace(0, SIZE, few + 1)
    pixels = np.arange(SIZE)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return (_resampling(few, SIZE) @ (overlap.clip(0) * few / SIZE)).astype(np.float32)


def _blur(sigma: float) -> np.ndarray:
    """Return the operator (28, 28) of a Gaussian of `sigma` pixels."""
    distance = np.subtract.outer(np.arange(SIZE), np.arange(SIZE))
    weights = np.exp(-0.5 * (distance / sigma) ** 2)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def _resampling(few: int, many: int) -> np.ndarray:
    """Return a matrix (many, few) that enlarges a row of `few` pixels by Catmull and Rom's cubic (bicubic)."""
    where = (np.arange(many) + 0.5) * few / many - 0.5
    first = np.floor(where).astype(int)
    t = where - first
    cubic = [-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3]
    matrix = np.zeros((many, few), np.float32)
    for offset, weight in zip(range(-1, 3), cubic, strict=True):
        np.add.at(matrix, (np.arange(many), (first + offset).clip(0, few - 1)), (0.5 * weight).astype(np.float32))
    return matrix
