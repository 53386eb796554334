"""The rules of a table that is laid flat: where they run, and its ink without them.

There they are straight, so that a faint one shows in what lies along it. A rule runs on through those that cross it;
what is written does not.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from mnist.reading.gutters import Wall
from mnist.reading.mesh import SUDOKU_SIDE, Mesh
from mnist.reading.pictures.rules import TAKEN_AWAY
from mnist.reading.runs import runs

MAX_THICK_IN_SIDES = 0.02  # longer sides of the frame: thickness of a rule,
MAX_OFF_IN_SIDES = 0.008  # and how far it may be off at any place
MIN_SIGMAS = 2.0  # of the grain, and
MIN_CONTRAST = 0.02  # of black to white: a rule as faint as this counts, if it is seen
MIN_SEEN = 0.6  # along so much of its length, and of what is near crossing rules:
NEAR_IN_CELLS = 0.12  # digits do not reach as near to them on both sides, one below the other
MIN_CELL_IN_SIDES = 0.02  # longer sides of the frame: rules that are nearer to each other are one
MAX_UNEVEN = 0.15  # of the usual cell: where all are as even as this, a rule between two others may be missing
MIN_MISSING_SEEN = 0.25  # of its length: there it is
OFF_RULE = 0.25  # share of a cell's side along which a rule may not be seen
MAX_OFF_IN_CELLS = 0.15  # of where it should run
MIN_OF_USUAL_CELL = 0.4  # of its side: rules that are nearer to each other are one
SCRAP_IN_CELLS = 0.1  # ink within so far of a rule, in usual cells, and nowhere else, may be a scrap of it:
MIN_SCRAP_LENGTH = 2.0  # it is as long, in widths; a decimal point is not


def find(frame: Mesh, strength: np.ndarray, grain: float, margin: int) -> Mesh:
    """Return a table's frame with its rules, given the strength of its ink (h, w) where it is laid flat."""
    wide, high = frame.size
    inside = strength[margin : margin + high, margin : margin + wide]
    seen = [_seen(np.ascontiguousarray(each), grain, max(frame.size)) for each in (inside, inside.T)]
    least = MIN_CELL_IN_SIDES * max(frame.size)
    crossing = [each.mean(axis=0) for each in reversed(seen)]
    shares = [_through(each, others, least) for each, others in zip(seen, crossing, strict=True)]
    rules = [_rules(share, least) for share in shares]
    walls, floors = (_with_missing(*each, MIN_MISSING_SEEN) for each in zip(rules, shares, strict=True))
    if SUDOKU_SIDE + 1 in (len(walls), len(floors)):  # a fold may hide a rule
        evenly = [_with_missing(*each, 0.0) for each in zip(rules, shares, strict=True)]
        if all(len(each) == SUDOKU_SIDE + 1 for each in evenly):
            walls, floors = evenly
    return replace(frame, walls=walls, floors=floors)


def _seen(strength: np.ndarray, grain: float, longer: int) -> np.ndarray:
    """Return where upright rules may be seen in a frame (h, w), bool, whose longer side has so many pixels."""
    thickest, off = (int(share * longer) | 1 for share in (MAX_THICK_IN_SIDES, MAX_OFF_IN_SIDES))
    thin = cv2.subtract(strength, cv2.morphologyEx(strength, cv2.MORPH_OPEN, np.ones((1, thickest), np.uint8)))
    return np.asarray(cv2.dilate(thin, np.ones((1, off), np.uint8)) > max(MIN_SIGMAS * grain, MIN_CONTRAST))


def _through(seen: np.ndarray, crossing: np.ndarray, least: float) -> np.ndarray:
    """Return the share (w,) of its length at which a rule is seen, or of what is near crossing rules, the lesser.

    `crossing` (h,) is the share of their length at which crossing rules are seen; cells have `least` pixels.
    """
    on_rule = crossing > MIN_SEEN
    on_rule[[0, -1]] = True
    reach = round(NEAR_IN_CELLS * float(np.median(np.diff(_rules(crossing, least)))) * len(crossing))
    near = (cv2.dilate(on_rule.astype(np.uint8)[None], np.ones((1, 2 * reach + 1), np.uint8))[0] > 0) & ~on_rule
    return np.minimum(seen.mean(axis=0), seen[near].mean(axis=0)) if near.any() else seen.mean(axis=0)


def _rules(share: np.ndarray, least: float) -> tuple[float, ...]:
    """Return where rules run, from 0 to 1, the frame's own among them, given the share (w,) of their length seen.

    What is less than `least` pixels apart is one: a double rule.
    """
    found = runs(share > MIN_SEEN).mean(axis=1)
    within = found[(found >= least) & (found <= len(share) - least)]
    places = np.array([0.0, *within, len(share)])
    return tuple((places[np.diff(places, prepend=-least) >= least] / len(share)).tolist())


def _with_missing(rules: tuple[float, ...], share: np.ndarray, least: float) -> tuple[float, ...]:
    """Return the rules, and if they are evenly spaced those that are missing between them.

    One is, where the share (w,) of its length that is seen is at least that.
    """
    gaps = np.diff(rules)
    cells = np.round(gaps / np.median(gaps))
    if (cells < 1).any() or (np.abs(gaps / np.median(gaps) - cells) > MAX_UNEVEN).any():
        return rules
    found = [0.0]
    for (before, after), count in zip(pairwise(rules), cells.astype(int).tolist(), strict=True):
        reach = round(MAX_OFF_IN_CELLS * (after - before) / count * len(share))
        for place in np.linspace(before, after, count + 1)[1:-1].tolist():
            at = round(place * len(share))
            if share[max(0, at - reach) : at + reach + 1].max() >= least:
                found.append(place)
        found.append(after)
    return tuple(found)


def with_more(mesh: Mesh, upright: Sequence[Wall], level: Sequence[Wall], margin: int) -> Mesh:
    """Return a mesh with the rules of those drawn by a pen, each with its ends, that it lacks: they are long."""
    wide, high = mesh.size
    walls = [((x0 + x1) / 2 - margin) / wide for x0, y0, x1, y1 in upright if y1 - y0 >= MIN_SEEN * high]
    floors = [((y0 + y1) / 2 - margin) / high for x0, y0, x1, y1 in level if x1 - x0 >= MIN_SEEN * wide]
    return replace(mesh, walls=_with(mesh.walls, walls), floors=_with(mesh.floors, floors))


def _with(rules: tuple[float, ...], more: Sequence[float]) -> tuple[float, ...]:
    """Return rules, from 0 to 1, with those of some more that are no nearer to another than a small cell's side."""
    least = MIN_OF_USUAL_CELL * min(float(np.median(np.diff(rules))), 1 / (len(more) + 1))
    for place in more:
        if min(abs(place - rule) for rule in rules) >= least and 0 < place < 1:
            rules = tuple(sorted((*rules, place)))
    return rules


def take_away(strength: np.ndarray, mesh: Mesh, margin: int) -> None:
    """Take its rules out of the ink's strength (h, w) of a table laid flat, and what lies beyond its frame.

    Along each side of each cell a rule is what is there nearly everywhere, where it runs just there.
    """
    walls, floors = (
        margin + np.array(each) * side for each, side in zip((mesh.walls, mesh.floors), mesh.size, strict=True)
    )
    for each, places, sides in ((strength, walls, floors), (strength.T, floors, walls)):
        reach = max(2, round(MAX_OFF_IN_CELLS * float(np.median(np.diff(places)))))
        for first, after in pairwise(sides.round().astype(int).tolist()):
            for place in places.round().astype(int).tolist():
                along = each[first:after, max(0, place - reach) : place + reach + 1]
                near = cv2.dilate(np.ascontiguousarray(along), np.ones((1, 3), np.uint8))
                rule = cv2.dilate(np.quantile(near, OFF_RULE, axis=0)[None], np.ones((1, 3), np.uint8))
                along -= TAKEN_AWAY * rule.astype(np.float32)
        each[:margin] = each[len(each) - margin :] = 0.0
    np.maximum(strength, 0.0, out=strength)


def without_scraps(mask: np.ndarray, mesh: Mesh, margin: int) -> np.ndarray:
    """Return the mask (h, w) of a table laid flat without scraps of its rules."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    low, size = stats[:, :2] - margin, stats[:, 2:4]
    high = low + size
    walls, floors = (np.array(each) * side for each, side in zip((mesh.walls, mesh.floors), mesh.size, strict=True))
    near = SCRAP_IN_CELLS * min(float(np.median(np.diff(each))) for each in (walls, floors))
    is_scrap = np.zeros(len(stats), bool)
    for axis, places in enumerate((walls, floors)):
        at_rule = ((low[:, axis, None] > places - near) & (high[:, axis, None] < places + near)).any(axis=1)
        is_long = size[:, 1 - axis] >= MIN_SCRAP_LENGTH * size[:, axis]
        is_scrap |= at_rule & (is_long | mesh.is_sudoku)
    is_scrap[0] = False
    return np.asarray(mask * ~is_scrap[labels], np.uint8)
