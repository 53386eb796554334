"""Ink on a surface that does not fill its picture: a sheet of paper on a table, or a board on a wall."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from PIL import Image

from mnist.reading.pictures import ink, paper
from mnist.reading.pictures.ink import Ink

LARGE_SURFACE_OF_PICTURE = 0.12  # share that a sheet or board covers; on a smaller one
MIN_WRITING_IN_SIDES = 0.2  # something is at least so high, in its shorter sides
MIN_WRITING_OF_OTHER = 0.4  # times as high as what is written on a sheet is writing beside it; less is a table's grain
CUT_AT_IN_SIDES = 0.001  # shorter sides, from a surface's edge: writing that begins there is cut by it,
MAX_CUT_IN_SIDES = 0.5  # unless it is longer, a rule
EDGE_MARGIN_IN_SIDES = 0.02  # shorter sides: ink as near to a photograph's edge is a thumb, a shadow, the table


def ink_on(light: np.ndarray, in_colour: Callable[[int], Image.Image] | None) -> Ink | None:
    """Return the ink on a sheet of paper, or on a board, that does not fill the picture; None without either.

    `light` is the picture's lightness (h, w), and `in_colour` returns it in colour, as `Picture` has it. Most of a
    surface's corners may be out of sight if nothing is written beside it: if its edge is a shadow's, nothing is lost.
    """
    uncertain = []
    for channel in _channels(light, in_colour):
        for sheet in paper.sheets(channel):
            if not sheet.is_certain:
                uncertain.append(sheet)
            elif (found := _writing_on(light, sheet.pixels)) is not None:
                return found
    for sheet in uncertain:
        found = _writing_on(light, sheet.pixels)
        if found is not None and _is_bare(light, sheet.beside, found.mask):
            return found
    return None


def _channels(light: np.ndarray, in_colour: Callable[[int], Image.Image] | None) -> Iterator[np.ndarray]:
    """Yield what may be great on a surface and small around it: lightness, darkness, colour as on a sticky note."""
    yield light
    yield 1 - light
    if in_colour is not None:
        small = np.asarray(in_colour(paper.SEARCH_SIDE_PIXELS), np.float32) / 255.0
        yield cv2.resize(np.ptp(small, axis=2), light.shape[::-1])


def _writing_on(light: np.ndarray, surface: np.ndarray) -> Ink | None:
    """Return the ink on a surface (h, w) bool; None if nothing is written on it, or if its edge cuts what is.

    On a small surface ink may be just grain, and the surface itself a very broad digit.
    """
    found = _ink_within(light, surface)
    if found is None or not found.mask.any():
        return None
    sides = cv2.boundingRect(surface.astype(np.uint8))[2:]
    is_large = surface.mean() >= LARGE_SURFACE_OF_PICTURE
    return found if is_large or _highest(found.mask) >= MIN_WRITING_IN_SIDES * min(sides) else None


def _is_bare(light: np.ndarray, surface: np.ndarray, elsewhere: np.ndarray) -> bool:
    """Return whether nothing on a surface (h, w) bool is nearly as high as the ink elsewhere, a mask (h, w)."""
    found = _ink_within(light, surface)
    return found is not None and _highest(found.mask) < MIN_WRITING_OF_OTHER * _highest(elsewhere)


def _ink_within(light: np.ndarray, surface: np.ndarray) -> Ink | None:
    """Return the ink on a surface (h, w) bool, sought as if it were the picture; None if its edge cuts it."""
    x, y, width, height = cv2.boundingRect(surface.astype(np.uint8))
    there = (slice(y, y + height), slice(x, x + width))
    found = ink.find(paper.alone(light[there], surface[there]))
    inside = _off_edge(found.mask & surface[there], surface[there])
    if inside is None:
        return None
    mask = np.zeros(surface.shape, np.uint8)
    mask[there] = inside
    return Ink(mask, tuple((left + x, top + y, right + x, low + y) for left, top, right, low in found.walls))


def _highest(mask: np.ndarray) -> int:
    """Return the height of the highest patch of a mask (h, w) uint8, 0 without any."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return int(stats[1:, cv2.CC_STAT_HEIGHT].max(initial=0))


def _off_edge(mask: np.ndarray, surface: np.ndarray) -> np.ndarray | None:
    """Return a mask (h, w) uint8 of ink on a surface without patches close to its edge: scraps of rules that end there.

    Writing reaches farther in. None if some of it begins right at the edge: then this is a shadow's, which cuts it.
    """
    depth = cv2.distanceTransform(np.pad(surface, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    side = min(mask.shape)
    stays, begins = np.zeros(count, bool), np.zeros(count, bool)
    stays[labels[depth > EDGE_MARGIN_IN_SIDES * side]] = True
    begins[labels[depth < CUT_AT_IN_SIDES * side + 1]] = True
    shorter, longer = np.sort(stats[:, 2:4], axis=1).T / side
    is_writing = (shorter > EDGE_MARGIN_IN_SIDES) & (longer < MAX_CUT_IN_SIDES)
    if (begins & stays & is_writing)[1:].any():
        return None
    return np.asarray(mask & stays[labels], np.uint8)
