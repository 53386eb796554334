"""Characters of scripts that do not exist, put together as real scripts do it.

`hung`: strokes that begin on, cross or hang from earlier ones (Lake, Salakhutdinov, Tenenbaum, "Human-level concept
learning through probabilistic program induction", 2015). `built`: a letter's body (arch, cup, bowl, stems, zigzag) and
the parts that tell letters apart (bars, tails, curls, stems, smaller bodies, dots), as in the alphabets that have grown
from pen strokes. A few happen to look like a digit; training shows the digits themselves far more often.
"""

from collections.abc import Sequence

import numpy as np

from mnist.handwriting.styles import Knots, Style, arc, chance, corner, path

# points on a grid of 5×5, row then column; each word after the name is a stroke, a repeated point is a corner
BODY_TABLE = """
arch 40-10-01-03-14-44 | gate 40-00-00-04-04-44 | cup 00-30-41-43-34-04 | trough 00-40-40-44-44-04
c 13-03-01-10-30-41-43-34 | turned_c 11-01-03-14-34-43-41-30 | bracket 04-00-00-40-40-44
turned_bracket 00-04-04-44-44-40 | stems 00-40 04-44 | turned_s 10-01-03-14-30-41-43-34 | turned_z 04-00-00-44-44-40
v 00-42-42-04 | x 00-44 04-40 | cross 02-42 20-24 | l 00-40-40-44 | turned_l 04-44-44-40
gamma 40-00-00-04 | t 00-04 02-42 | j 03-33-42-41-30 | r 40-10-01-03-14 | h 00-40 30-11-13-24-44
turned_h 04-44 14-33-31-20-00 | y 00-22-22-04 22-42 | epsilon 14-03-01-10-21-22-22-31-40-43-34
w 00-30-41-32-12-32-43-34-04 | m 40-10-01-12-32-12-03-14-44 | n 40-00-00-44-44-04 | fork 00-20-31-33-24-04 32-42
wave 20-11-12-32-33-24 | corner 00-44-44-40
"""
# only for second bodies: alone, or with little added, these would be digits
COMPANION_TABLE = """
ring 02-11-31-42-33-13-02 | s 14-03-01-10-34-43-41-30 | z 00-04-04-40-40-44 | stem 02-42 | slope 04-40 | fall 00-44
base 40-44 02-42 | bow 00-12-23-32-40 | turned_bow 04-12-21-32-44
roof 40-02-02-44
"""


def parsed(text: str) -> list[list[Knots]]:
    """Parse a table of grid points into glyphs, each a list of strokes in a box 0.6 wide and 1 high."""
    glyphs = [entry.split()[1:] for line in text.strip().splitlines() for entry in line.split(" | ")]
    return [
        [np.array([(int(p[1]) * 0.15, int(p[0]) * 0.25) for p in stroke.split("-")]) for stroke in glyph]
        for glyph in glyphs
    ]


FIRST_BODIES = parsed(BODY_TABLE)
SECOND_BODIES = FIRST_BODIES + parsed(COMPANION_TABLE)


def built(rng: np.random.Generator) -> list[Knots]:
    """Build a character of one or two bodies and up to three parts joined to them."""
    strokes = _body(FIRST_BODIES, rng, rng.uniform(0.7, 1.0, 2))
    companions = int(chance(rng, 0.5))
    if companions:
        strokes += _joined(_body(SECOND_BODIES, rng, rng.uniform(0.35, 0.8, 2)), strokes, rng)
    for _ in range(rng.choice([1, 2, 3], p=[0.5, 0.35, 0.15]) - companions):
        strokes += PARTS[rng.integers(len(PARTS))](strokes, rng)
    return strokes


def _body(forms: list[list[Knots]], rng: np.random.Generator, size: np.ndarray) -> list[Knots]:
    form = forms[rng.integers(len(forms))]
    bend = rng.normal(0, 0.04, (5, 5, 2))  # every grid point strays; both points of a corner stray alike
    cells = ((knots / (0.15, 0.25)).round().astype(int).T for knots in form)
    return [(knots + bend[row, column]) * size for knots, (column, row) in zip(form, cells, strict=True)]


def _joined(new: list[Knots], strokes: list[Knots], rng: np.random.Generator) -> list[Knots]:
    """Move the new strokes so that one of their points lies on a point of the old ones."""
    move = _some_point(strokes[rng.integers(len(strokes))], rng) - _some_point(new[rng.integers(len(new))], rng)
    return [knots + move for knots in new]


def _bar(strokes: list[Knots], rng: np.random.Generator) -> list[Knots]:
    """Draw a line across a point or from it: horizontal, upright or slanting."""
    angle = np.deg2rad(rng.choice([0, 0, 90, 45, 135]) + rng.normal(0, 8))
    line = rng.uniform(0.25, 0.8) * np.array([(-np.cos(angle), -np.sin(angle)), (np.cos(angle), np.sin(angle))]) / 2
    return _joined([np.concatenate([line[:1], (line[:1] + line[1:]) / 2, line[1:]])], strokes, rng)


def _tail(strokes: list[Knots], rng: np.random.Generator) -> list[Knots]:
    """Draw a hook or a curl that continues a stroke's end."""
    end = strokes[rng.integers(len(strokes))][rng.choice([0, -1])]
    radius, start, turn = rng.uniform(0.07, 0.2), rng.uniform(0, 360), rng.choice([-1, 1])
    curve = arc(0, 0, radius, radius * rng.uniform(0.7, 1.4), start, start + turn * rng.uniform(120, 380))
    return [curve - curve[0] + end]


def _dots(strokes: list[Knots], rng: np.random.Generator) -> list[Knots]:
    """Draw one or two dots or ticks above, below, beside or inside."""
    knots = np.concatenate(strokes)
    low, high = knots.min(axis=0), knots.max(axis=0)
    place = low + (high - low) * rng.choice([-0.2, 0.5, 1.2], 2)
    tick = path((0, 0), rng.normal(0, 0.05, 2))
    return [tick + place + np.array([shift, 0]) for shift in (0.0, 0.2)[: rng.integers(1, 3)]]


PARTS = (_bar, _bar, _tail, _tail, _dots)


def invented(rng: np.random.Generator, _: Sequence[Style] = ()) -> list[Knots]:
    """Invent a character of either kind, as wide as a letter: a narrow one may look like a 1."""
    while True:
        glyph = (built if chance(rng, 0.6) else hung)(rng)
        width, height = np.ptp(np.concatenate(glyph), axis=0)
        if width > 0.35 * height:
            return glyph


def hung(rng: np.random.Generator) -> list[Knots]:
    """Draw one winding stroke, or two to six that each begin on, across or beside earlier ones."""
    count = rng.choice([1, 2, 3, 4, 5, 6], p=[0.1, 0.2, 0.32, 0.22, 0.1, 0.06])
    if count == 1:
        return [_winding(rng)]
    # of two strokes neither is a ring: with a line it would be a 6 or a 9
    kinds = ("line", "upright", "wave") if count == 2 else tuple(PRIMITIVE_SHARES)
    strokes = [_primitive(rng, kinds)]
    for _ in range(count - 1):
        stroke = _primitive(rng, kinds)
        if chance(rng, 0.75):  # a point of it, often an end, lies on an earlier stroke
            strokes += _joined([stroke], strokes, rng)
        else:
            strokes.append(stroke - stroke.mean(axis=0) + rng.uniform(0, 1, 2))
    return strokes


def _some_point(knots: Knots, rng: np.random.Generator) -> Knots:
    return knots[rng.choice([0, -1])] if chance(rng, 0.6) else knots[rng.integers(len(knots))]


PRIMITIVE_SHARES = {"line": 0.14, "upright": 0.3, "bow": 0.22, "hook": 0.14, "ring": 0.1, "wave": 0.07, "dot": 0.03}


def _primitive(rng: np.random.Generator, kinds: Sequence[str]) -> Knots:
    """Draw a line, hook, bow, ring, wave or dot, of any size and direction."""
    size, angle = rng.uniform(0.2, 1.0), rng.uniform(0, 360)
    weights = np.array([PRIMITIVE_SHARES[kind] for kind in kinds])
    kind = rng.choice(kinds, p=weights / weights.sum())
    if kind == "ring":
        return arc(0, 0, size * 0.35, size * rng.uniform(0.2, 0.5), angle, angle + rng.uniform(280, 380))
    if kind == "dot":
        return path((0, 0), rng.normal(0, 0.03, 2))
    if kind == "upright":
        angle = rng.choice([0.0, 90.0, 45.0, 135.0]) + rng.normal(0, 6)
    along = size * np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
    across = np.array([-along[1], along[0]])
    if kind in ("line", "upright"):
        return path((0, 0), along)
    if kind == "bow":
        return path((0, 0), along * 0.5 + across * rng.uniform(-0.6, 0.6), along)
    if kind == "wave":
        height = rng.uniform(0.1, 0.35)
        return path((0, 0), along * 0.25 + across * height, along * 0.5, along * 0.75 - across * height, along)
    end = along + across * rng.uniform(0.2, 0.6) * rng.choice([-1, 1])
    return path((0, 0), corner(*along), end) if chance(rng, 0.6) else path((0, 0), along, end)


def _winding(rng: np.random.Generator) -> Knots:
    """Draw one stroke of many turns, some of them corners."""
    count = rng.integers(5, 10)
    points = rng.uniform(0, 1, (count, 2)) * (rng.uniform(0.5, 1.0), 1.0)
    return points[np.repeat(np.arange(count), 1 + (rng.random(count) < rng.choice([0.0, 0.4, 1.0])))]
