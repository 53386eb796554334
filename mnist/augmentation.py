"""What training does to its images: every change keeps the digit what it is.

All functions take samples (n, 28, 28) float32 in [0, 1] and a `numpy.random.Generator`, and return new ones.
The ranges were chosen on validation data.
"""

import numpy as np

TURN = 12.0  # degrees, either way
SHEAR = 0.25  # sideways shift per unit of height: slanted hands
SCALE = 0.15  # relative, each axis on its own: broad and narrow hands
SHIFT = 2.0  # pixels, either way: what framing leaves
THICKEN = 0.35  # share of samples whose strokes grow, and of those whose strokes shrink


def augment(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One random change of place, shape and stroke thickness for each sample."""
    return change_thickness(warp(samples, random_affine(len(samples), rng)), rng)


def random_affine(count: int, rng: np.random.Generator) -> np.ndarray:
    """Matrices (count, 2, 3) that take a pixel of the new sample, counted from the centre as (y, x), into the old."""
    angle = np.deg2rad(rng.uniform(-TURN, TURN, count))
    shear = rng.uniform(-SHEAR, SHEAR, count)
    scale_y, scale_x = np.exp(rng.uniform(-SCALE, SCALE, (2, count)))
    cos, sin = np.cos(angle), np.sin(angle)
    rows = [
        np.stack([cos * scale_y, sin * scale_x, rng.uniform(-SHIFT, SHIFT, count)], axis=1),
        np.stack(
            [(shear * cos - sin) * scale_y, (cos + shear * sin) * scale_x, rng.uniform(-SHIFT, SHIFT, count)], axis=1
        ),
    ]
    return np.stack(rows, axis=1).astype(np.float32)


def warp(samples: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """Each sample seen through its matrix of `random_affine`, read bilinearly; outside is background."""
    count, height, width = samples.shape
    grid = np.indices((height, width), dtype=np.float32).reshape(2, -1)
    grid -= np.array([[(height - 1) / 2], [(width - 1) / 2]], np.float32)
    where = matrices[:, :, :2] @ grid + matrices[:, :, 2:]  # (n, 2, 784)
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
