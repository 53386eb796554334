"""The dots of dotted paper, told by their size and by how far from each other they are."""

import numpy as np

MAX_DOT_OF_LARGEST = 0.25  # longer side, of the largest patch's
AREAS_IN_USUAL = (0.5, 2.0)  # a point that was written is larger, dirt is smaller
MIN_DOTS = 12
MIN_AT_PITCH = 0.75  # share of the dots whose nearest one is as far away as usual,
MAX_OFF_PITCH = 0.15  # or nearer or farther by so much of it, as in perspective
MIN_NEIGHBOURS = 3  # of most dots: four within a grid, two in a list of numbers with points
MAX_NEIGHBOUR_IN_PITCHES = 1.25  # how far away; those across a square's corner are 1.41
MIN_PITCH_IN_DOTS = 4.0  # their longer sides
MAX_PITCH_IN_LARGEST = 1.5  # longer sides of the largest patch: in a table of numbers points are farther apart
ROWS_AT_ONCE = 256  # of distances between dots: all of a page's would take 100 MB


def of(stats: np.ndarray) -> np.ndarray:
    """Return which patches of ink (n,) bool are a grid's dots, given x, y, width, height and pixels of each (n, 5).

    A point that was written lies within the grid, so that some dot is nearer to it than dots are to each other.
    """
    longer = stats[:, 2:4].max(axis=1, initial=0)
    is_small = longer <= MAX_DOT_OF_LARGEST * longer.max(initial=0)
    least, most = np.multiply(AREAS_IN_USUAL, np.median(stats[is_small, 4]) if is_small.any() else 0)
    is_dot = is_small & (least <= stats[:, 4]) & (stats[:, 4] <= most)
    none = np.zeros(len(stats), bool)
    if np.count_nonzero(is_dot) < MIN_DOTS:
        return none
    middles = stats[:, :2] + stats[:, 2:4] / 2
    apart, _ = _nearest(middles, is_dot, np.inf)
    pitch = float(np.median(apart[is_dot]))
    _, near = _nearest(middles, is_dot, MAX_NEIGHBOUR_IN_PITCHES * pitch)
    at_pitch = np.abs(apart[is_dot] - pitch) <= MAX_OFF_PITCH * pitch
    is_grid = at_pitch.mean() >= MIN_AT_PITCH and np.median(near[is_dot]) >= MIN_NEIGHBOURS
    if not is_grid or not MIN_PITCH_IN_DOTS * np.median(longer[is_dot]) <= pitch <= MAX_PITCH_IN_LARGEST * longer.max():
        return none
    return np.asarray(is_dot & (apart >= (1 - MAX_OFF_PITCH) * pitch))


def _nearest(middles: np.ndarray, is_dot: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Return how far, (n,), each of these middles (n, 2) is from the nearest other dot; and how many are in reach."""
    apart, near = np.empty(len(middles)), np.empty(len(middles), int)
    dots = np.flatnonzero(is_dot)
    for first in range(0, len(middles), ROWS_AT_ONCE):
        some = np.arange(first, min(first + ROWS_AT_ONCE, len(middles)))
        squares = (middles[some] ** 2).sum(axis=1)[:, None] + (middles[dots] ** 2).sum(axis=1)
        between = np.sqrt((squares - 2 * middles[some] @ middles[dots].T).clip(0.0))  # far quicker than differences
        between[some[:, None] == dots] = np.inf
        apart[some], near[some] = between.min(axis=1), (between <= reach).sum(axis=1)
    return apart, near
