"""What training does to its images: every change keeps the digit what it is, or what is no digit none.

All functions take samples (n, 28, 28) float32 in [0, 1] and a `numpy.random.Generator`, and return new ones.
The ranges were chosen on validation data.
"""

import numpy as np

from mnist.reading.framing import DIGIT_SIDE, SIZE

TURN = 12.0  # degrees, either way
SHEAR = 0.25  # sideways shift per unit of height: slanted hands
SCALE = 0.15  # relative, each axis on its own: broad and narrow hands
STRETCH = 0.3  # relative, across alone, for a share of STRETCHED: scans that fill their frame
STRETCHED = 0.15
SHIFT = 1.5  # pixels, either way: what framing leaves
ELASTIC = 1.1  # pixels: spread of a smooth displacement given at KNOTS × KNOTS points (Simard et al., 2003)
KNOTS = 5
THICKEN = 0.25  # share of samples whose strokes grow, and of those whose strokes shrink
SOFTEN = 0.2  # share made as coarse as a small scan, or blurred
FADE = 0.15  # share whose ink is made paler or darker
GRAIN = 0.08  # share with a camera's noise
ERASE = 0.08  # share with a small hole: a pen that skips


def augment(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One random change of place, shape, stroke and picture quality for each sample."""
    count = len(samples)
    moved = warp(samples, random_affine(count, rng), random_displacement(count, rng))
    return degrade(erase(change_thickness(moved, rng), rng), rng)


def random_affine(count: int, rng: np.random.Generator) -> np.ndarray:
    """Matrices (count, 2, 3) that take a pixel of the new sample, counted from the centre as (y, x), into the old."""
    angle = np.deg2rad(rng.uniform(-TURN, TURN, count))
    shear = rng.uniform(-SHEAR, SHEAR, count)
    spread = rng.uniform(-SCALE, SCALE, (2, count))
    spread[1] += (rng.random(count) < STRETCHED) * rng.uniform(-STRETCH, STRETCH, count)
    scale_y, scale_x = np.exp(spread)
    cos, sin = np.cos(angle), np.sin(angle)
    rows = [
        np.stack([cos * scale_y, sin * scale_x, rng.uniform(-SHIFT, SHIFT, count)], axis=1),
        np.stack(
            [(shear * cos - sin) * scale_y, (cos + shear * sin) * scale_x, rng.uniform(-SHIFT, SHIFT, count)], axis=1
        ),
    ]
    return np.stack(rows, axis=1).astype(np.float32)


def random_displacement(count: int, rng: np.random.Generator) -> np.ndarray:
    """Displacements (count, 2, 28, 28) of each pixel's source as (y, x), pixels: smooth, half of them faint."""
    size = ELASTIC * rng.uniform(0, 1, (count, 1, 1, 1))
    knots = (rng.normal(0, 1, (count, 2, KNOTS, KNOTS)) * size).astype(np.float32)
    smooth = _resampling(KNOTS, SIZE)
    return np.asarray(smooth @ knots @ smooth.T)


def warp(samples: np.ndarray, matrices: np.ndarray, displacements: np.ndarray) -> np.ndarray:
    """Each sample seen through its matrix and its displacement, read bilinearly; outside is background."""
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
    """Grow the strokes of some samples, shrink those of others, by up to a pixel."""
    kind = rng.random(len(samples))
    amount = rng.uniform(0.2, 1.0, len(samples)).astype(np.float32)[:, None, None]
    changed = samples.copy()
    grow, thin = kind < THICKEN, kind > 1 - THICKEN
    changed[grow] += amount[grow] * (_extreme(samples[grow], np.maximum) - samples[grow])
    # thinning a hair line would erase it: at most 60 % of the way to the minimum
    changed[thin] += 0.6 * amount[thin] * (_extreme(samples[thin], np.minimum) - samples[thin])
    return changed


def _extreme(samples: np.ndarray, of: np.ufunc) -> np.ndarray:
    """The largest (np.maximum) or smallest (np.minimum) of each pixel and its four neighbours."""
    padded = np.pad(samples, ((0, 0), (1, 1), (1, 1)))
    result = samples
    for neighbour in (padded[:, :-2, 1:-1], padded[:, 2:, 1:-1], padded[:, 1:-1, :-2], padded[:, 1:-1, 2:]):
        result = of(result, neighbour)
    return result


def erase(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Take a square of 2 to 5 pixels out of some samples' ink (Zhong et al., "Random erasing", 2017)."""
    changed = samples.copy()
    for index in np.flatnonzero(rng.random(len(samples)) < ERASE):
        side = rng.integers(2, 6)
        top, left = rng.integers(4, SIZE - 4 - side, 2)
        changed[index, top : top + side, left : left + side] = 0
    return changed


def degrade(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What a scanner or a camera does: coarse or blurred, pale or dark, grainy."""
    changed = samples.copy()
    softened = np.flatnonzero(rng.random(len(samples)) < SOFTEN)
    for group in np.array_split(softened, 4):
        operator = _coarse(rng) if rng.random() < 0.6 else _blur(rng.uniform(0.4, 1.1))
        changed[group] = operator @ changed[group] @ operator.T
    faded = np.flatnonzero(rng.random(len(samples)) < FADE)
    ink = changed[faded].clip(0, 1) ** np.exp(rng.uniform(-0.7, 0.7, (len(faded), 1, 1))).astype(np.float32)
    changed[faded] = ink * rng.uniform(0.6, 1.3, (len(faded), 1, 1)).astype(np.float32)
    grainy = np.flatnonzero(rng.random(len(samples)) < GRAIN)
    size = rng.uniform(0.02, 0.15, (len(grainy), 1, 1))
    changed[grainy] += (rng.normal(0, 1, (len(grainy), SIZE, SIZE)) * size).astype(np.float32)
    return changed.clip(0, 1)


def _coarse(rng: np.random.Generator) -> np.ndarray:
    """Operator (28, 28) that reads a sample as a scan whose digit is 8 to 16 pixels long, and enlarges that again."""
    few = round(SIZE * rng.uniform(8, 17) / DIGIT_SIDE)
    edges = np.linspace(0, SIZE, few + 1)
    pixels = np.arange(SIZE)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return (_resampling(few, SIZE) @ (overlap.clip(0) * few / SIZE)).astype(np.float32)


def _blur(sigma: float) -> np.ndarray:
    """Operator (28, 28) of a Gaussian of `sigma` pixels."""
    distance = np.subtract.outer(np.arange(SIZE), np.arange(SIZE))
    weights = np.exp(-0.5 * (distance / sigma) ** 2)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def _resampling(few: int, many: int) -> np.ndarray:
    """Matrix (many, few) that enlarges a row of `few` pixels to `many` by Catmull and Rom's cubic (bicubic)."""
    where = (np.arange(many) + 0.5) * few / many - 0.5
    first = np.floor(where).astype(int)
    t = where - first
    cubic = [-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3]
    matrix = np.zeros((many, few), np.float32)
    for offset, weight in zip(range(-1, 3), cubic, strict=True):
        np.add.at(matrix, (np.arange(many), (first + offset).clip(0, few - 1)), (0.5 * weight).astype(np.float32))
    return matrix
