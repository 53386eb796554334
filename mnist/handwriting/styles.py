"""The styles in which the world writes the ten digits, each a family of curves with new proportions every time.

A style is a function from a random generator to strokes. A stroke is the knots (n, 2) that the pen passes through, in a
box about 0.6 wide and 1 high, y downwards; a knot given twice is a sharp corner. `writer.py` then writes it by hand.
Each docstring or comment says where the style is at home; the countries are those of the school copybooks and of the
regional-variation sections of Wikipedia's articles on each digit.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

Knots = np.ndarray
Draw = Callable[[np.random.Generator], list[Knots]]


@dataclass(frozen=True)
class Style:
    """One way to write one digit."""

    name: str
    digit: int
    draw: Draw


STYLES: list[Style] = []


def style(digit: int) -> Callable[[Draw], Draw]:
    """Add the decorated function to STYLES under its own name."""

    def enter(draw: Draw) -> Draw:
        STYLES.append(Style(draw.__name__, digit, draw))
        return draw

    return enter


def random_style(rng: np.random.Generator, styles: Sequence[Style], digits: Collection[int] = range(10)) -> Style:
    """Choose one of the styles of these digits, each equally often."""
    fitting = [style for style in styles if style.digit in digits]
    return fitting[rng.integers(len(fitting))]


def path(*pieces: tuple[float, float] | Knots) -> Knots:
    """Join points and arcs into one stroke; a point given twice is a corner."""
    return np.concatenate([np.atleast_2d(np.asarray(piece, np.float64)) for piece in pieces])


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Knots:  # noqa: PLR0913, PLR0917
    """Return knots on an ellipse about (x, y), from angle to angle, degrees: 0 right, 90 bottom, 180 left, 270 top."""
    angles = np.deg2rad(np.linspace(start, end, max(3, round(abs(end - start) / 40) + 1)))
    return np.stack([x + rx * np.cos(angles), y + ry * np.sin(angles)], axis=1)


def corner(x: float, y: float) -> Knots:
    """Return a knot given twice, where the pen turns sharply."""
    return np.array([(x, y), (x, y)])


def chance(rng: np.random.Generator, probability: float) -> bool:
    """Return True with that probability."""
    return bool(rng.random() < probability)


# 0 ----------------------------------------------------------------------------------------------------------------
def _ring(rng: np.random.Generator, start: float, sweep: float, narrowest: float = 0.17) -> Knots:
    """Draw a zero's oval; beyond a full turn it spirals a little inwards or outwards."""
    rx, turn = rng.uniform(narrowest, 0.48), rng.choice([-1, -1, -1, 1])
    ring = arc(0, 0, 1, 1, start, start + turn * sweep)
    radius = np.linspace(1, rng.uniform(0.85, 1.08), len(ring))[:, None]
    power = rng.uniform(0.8, 1.1)  # boxy below 1, pointed above 1
    return (0.3, 0.5) + np.sign(ring) * np.abs(ring) ** power * radius * (rx, 0.5)


def _turn(rng: np.random.Generator, start: tuple[float, float], sweep: tuple[float, float]) -> list[Knots]:
    return [_ring(rng, rng.uniform(*start), rng.uniform(*sweep))]


TURNS = {  # ranges, in degrees: where the pen begins, and how far it goes round
    "oval": ((220, 320), (340, 385)),  # everywhere: from the top, a little short of closing or a little past it
    "oval_begun_anywhere": ((0, 360), (345, 385)),  # everywhere, mostly left-handers: from a side or the bottom
    "oval_open": ((240, 300), (300, 340)),  # quick hands everywhere: the ends do not meet at the top
    "oval_overlapped": ((220, 320), (385, 450)),  # everywhere: past the beginning, inside it or as a small curl
}
STYLES += [Style(name, 0, partial(_turn, start=start, sweep=sweep)) for name, (start, sweep) in TURNS.items()]


@style(0)
def oval_with_tails(rng: np.random.Generator) -> list[Knots]:
    """Cursive hands of Eastern Europe: a teardrop; both ends cross at the top and stand out."""
    ring = arc(0.3, 0.55, rng.uniform(0.17, 0.35), 0.45, 290, 290 - rng.uniform(330, 350))
    return [path((0.3 + rng.uniform(0.05, 0.3), rng.uniform(-0.05, 0.1)), ring, (rng.uniform(0.1, 0.3), 0.0))]


@style(0)
def slashed(rng: np.random.Generator) -> list[Knots]:
    """Programmers, engineers, soldiers, radio operators, tills in the Nordic countries: a slash tells it from an O."""
    reach, lean = rng.uniform(0.2, 0.62), rng.uniform(20, 60)
    end = reach * np.array([np.sin(np.deg2rad(lean)) * rng.uniform(0.6, 1.0), -np.cos(np.deg2rad(lean))])
    ring = _ring(rng, rng.uniform(230, 310), rng.uniform(345, 385), narrowest=0.24)
    middle = np.array([0.3, 0.5]) + rng.normal(0, 0.03, 2)
    if chance(rng, 0.25):  # without lifting the pen
        return [path(ring, corner(*(middle + end)), middle - end)]
    return [ring, path(middle + end, middle - end)]


@style(0)
def dotted(rng: np.random.Generator) -> list[Knots]:
    """Terminals and some engineers: a dot or a short dash inside."""
    dot = np.array([0.3, 0.5]) + rng.normal(0, 0.03, 2)
    ring = _ring(rng, rng.uniform(230, 310), rng.uniform(345, 385), narrowest=0.24)
    return [ring, path(dot, dot + rng.normal(0, 0.04, 2))]


# 1 ----------------------------------------------------------------------------------------------------------------
def _stem(rng: np.random.Generator, top: float = 0.0) -> Knots:
    """Draw a downstroke, straight or slightly bent."""
    lean, bend = rng.normal(0, 0.06), rng.normal(0, 0.03)
    return path((0.3, top), (0.3 + bend + lean / 2, (1 + top) / 2), (0.3 + lean, 1.0))


@style(1)
def stick(rng: np.random.Generator) -> list[Knots]:
    """North America, Britain, East Asia: a single downstroke, upright or leaning."""
    stem = _stem(rng)
    return [stem + (stem[:, 1:] - 0.5) * (rng.normal(-0.08, 0.14), 0)]


@style(1)
def flag_short(rng: np.random.Generator) -> list[Knots]:
    """Everywhere: a small upstroke before the stem."""
    length = rng.uniform(0.06, 0.22)
    drop = length * rng.uniform(0.6, 1.4)  # a flatter one would be a 7's bar
    return [path((0.3 - length, drop), corner(0.3, 0), _stem(rng)[1:])]


@style(1)
def flag_long(rng: np.random.Generator) -> list[Knots]:
    """Germany, Austria, Switzerland, Turkey, Hungary, Israel: the upstroke begins far down, some beside the foot."""
    length = rng.uniform(0.15, 0.46)
    drop = rng.uniform(max(0.2, 0.8 * length), 1.0 if chance(rng, 0.4) else 0.8)  # a flatter one would be a 7's bar
    hollow = rng.uniform(-0.02, 0.07)
    middle = (0.3 - length / 2 + hollow * 0.5, drop / 2 + hollow)
    return [path((0.3 - length, drop), middle, corner(0.3, 0), _stem(rng)[1:])]


@style(1)
def flag_looped(rng: np.random.Generator) -> list[Knots]:
    """Italy, Turkey, quick hands: the upstroke turns into the stem in a narrow loop instead of a corner."""
    length, width = rng.uniform(0.12, 0.42), rng.uniform(0.02, 0.07)
    drop = rng.uniform(max(0.25, 0.8 * length), 0.9)
    low = drop * rng.uniform(0.15, 0.5)  # where the upstroke meets the stem again
    turn = path((0.3 + width, low * 0.35), (0.3 + width * 0.4, 0.0), (0.3 - width, low * 0.3))
    return [path((0.3 - length, drop), (0.3 - width * 0.5, low * 1.1), turn, _stem(rng)[1:])]


def _foot(rng: np.random.Generator, x: float) -> Knots:
    left, right = rng.uniform(0.08, 0.28, 2)
    y, tilt = rng.uniform(0.96, 1.02), rng.normal(0, 0.02)
    return path((x - left, y + tilt), (x + right, y - tilt))


@style(1)
def flag_and_foot(rng: np.random.Generator) -> list[Knots]:
    """Schools of France, Turkey, Latin America, and people who print: a flag above, a bar below."""
    body = (flag_long if chance(rng, 0.4) else flag_short)(rng)[0]
    return [body, _foot(rng, body[-1, 0])]


@style(1)
def foot_in_one_stroke(rng: np.random.Generator) -> list[Knots]:
    """Quick hands that write the foot: the pen goes on along the base without lifting."""
    body = flag_short(rng)[0]
    foot = _foot(rng, body[-1, 0])
    return [path(body, corner(*foot[0]), foot[1])]


@style(1)
def stick_with_foot(rng: np.random.Generator) -> list[Knots]:
    """Some Americans, the Philippines: a stem on a bar, no flag."""
    stem = _stem(rng)
    return [stem, _foot(rng, stem[-1, 0])]


@style(1)
def stick_with_exit(rng: np.random.Generator) -> list[Knots]:
    """Cursive hands: the stem, with or without a flag, ends in a small swing to the right."""
    flagged = flag_long if chance(rng, 0.4) else flag_short
    body = flagged(rng)[0] if chance(rng, 0.6) else _stem(rng)
    x = body[-1, 0]
    swing = rng.uniform(0.05, 0.16)
    return [path(body[:-1], (x, 0.9), (x + swing * 0.4, 1.0), (x + swing, 0.97 - swing * 0.4))]


# 2 ----------------------------------------------------------------------------------------------------------------
def _two_head(rng: np.random.Generator) -> tuple[Knots, float]:
    """Draw the hook of a 2 down to the start of the diagonal; return it and its width."""
    width, depth = rng.uniform(0.32, 0.7), rng.uniform(0.2, 0.34)
    start = rng.uniform(150, 215) if chance(rng, 0.75) else rng.uniform(90, 150)  # some begin with a curl
    return arc(width / 2, depth, width / 2, depth, start, 360 + rng.uniform(0, 35)), width


@style(2)
def flat_base(rng: np.random.Generator) -> list[Knots]:
    """Everywhere: hook, diagonal, sharp corner, straight base."""
    head, width = _two_head(rng)
    left, right = rng.uniform(-0.1, 0.08), width + rng.uniform(-0.12, 0.25)
    tilt = rng.normal(0, 0.05)
    return [path(head, corner(left, 1.0 + tilt), (right, 1.0 - tilt))]


@style(2)
def looped(rng: np.random.Generator) -> list[Knots]:
    """Cursive hands of the Americas, Russia and Western Europe: a loop where diagonal and base meet."""
    head, width = _two_head(rng)
    size, right = rng.uniform(0.04, 0.18), width + rng.uniform(-0.05, 0.3)
    left = rng.uniform(-0.05, 0.1)
    loop = arc(left + size, 1 - size, size * rng.uniform(1.0, 1.7), size, 60, 60 + rng.uniform(220, 260))
    middle = (left + right) / 2
    return [path(head, loop, (middle, 0.97 + rng.normal(0, 0.02)), (right, 1.0 - rng.uniform(-0.04, 0.1)))]


@style(2)
def wavy_base(rng: np.random.Generator) -> list[Knots]:
    """Pen and brush hands of East Asia, old copybooks: a swan; the base is a wave that joins the neck in a curve."""
    head, width = _two_head(rng)
    left, right = rng.uniform(-0.08, 0.05), width + rng.uniform(0.0, 0.25)
    rise = rng.uniform(0.04, 0.14)
    corners = corner(left, 0.98) if chance(rng, 0.5) else np.array([(left, 0.97)])
    third = (right - left) / 3
    return [path(head, corners, (left + third, 1 - rise), (left + 2 * third, 1.0), (right, 1 - rise))]


@style(2)
def angular(rng: np.random.Generator) -> list[Knots]:
    """Hurried hands everywhere, nearly a Z: a short hook, a long straight diagonal."""
    width, top = rng.uniform(0.4, 0.65), rng.uniform(0.05, 0.15)
    right = width + rng.uniform(-0.08, 0.2)
    head = path((0.0, top + rng.uniform(0.02, 0.12)), (width * 0.45, 0.0), (width * 0.9, top * 0.7), (width, top * 1.8))
    return [path(head, corner(rng.uniform(-0.1, 0.05), 1.0), (right, 1.0 + rng.normal(0, 0.04)))]


@style(2)
def small_headed(rng: np.random.Generator) -> list[Knots]:
    """Turkey, Italy, stiff hands: a small hook high up, a steep neck, a broad base."""
    width, depth = rng.uniform(0.22, 0.36), rng.uniform(0.11, 0.21)
    left = rng.uniform(-0.05, 0.12)
    head = arc(width / 2, depth, width / 2, depth, rng.uniform(180, 230), 360)
    neck = (width * rng.uniform(0.75, 1.0), rng.uniform(0.4, 0.6))
    return [path(head, neck, corner(left, 1.0 + rng.normal(0, 0.03)), (rng.uniform(0.35, 0.65), 1.0))]


@style(2)
def round_bottomed(rng: np.random.Generator) -> list[Knots]:
    """Children and quick hands: the corner at the bottom left is a bend."""
    head, width = _two_head(rng)
    left, bend = rng.uniform(-0.05, 0.08), rng.uniform(0.03, 0.1)
    return [path(head, (left + bend, 0.85), (left, 0.96), (left + bend, 1.0), (width + rng.uniform(-0.1, 0.2), 1.0))]


# 3 ----------------------------------------------------------------------------------------------------------------
def _three_bowls(rng: np.random.Generator) -> tuple[Knots, Knots]:
    """Draw the upper and the lower bowl of a 3, which meet near the middle."""
    waist = rng.uniform(0.4, 0.52)
    upper, lower = rng.uniform(0.24, 0.44), rng.uniform(0.28, 0.52)
    a = arc(0.1, waist / 2, upper, waist / 2, rng.uniform(185, 250), 360 + rng.uniform(60, 90))
    b = arc(0.1, (1 + waist) / 2, lower, (1 - waist) / 2, rng.uniform(270, 300), 360 + rng.uniform(90, 165))
    return a, b


@style(3)
def round_with_cusp(rng: np.random.Generator) -> list[Knots]:
    """Everywhere: two bowls that meet in a point."""
    upper, lower = _three_bowls(rng)
    return [path(upper, corner(rng.uniform(0.0, 0.2), upper[-1, 1] + 0.01), lower)]


@style(3)
def round_with_loop(rng: np.random.Generator) -> list[Knots]:
    """Cursive hands: a small loop between the bowls."""
    upper, lower = _three_bowls(rng)
    x, y, size = rng.uniform(-0.02, 0.15), upper[-1, 1], rng.uniform(0.02, 0.06)
    return [path(upper, arc(x, y + 0.01, size * 1.5, size, 60, 300), lower)]


@style(3)
def flat_topped(rng: np.random.Generator) -> list[Knots]:
    """Britain, Ireland, Central Europe: the banker's three, hard to forge; a bar, a diagonal, one bowl."""
    width, waist = rng.uniform(0.35, 0.6), rng.uniform(0.28, 0.5)
    tilt = rng.normal(0, 0.04)
    x = rng.uniform(0.08, 0.25)
    bowl = arc(x - 0.02, (1 + waist) / 2, rng.uniform(0.28, 0.5), (1 - waist) / 2, 280, 360 + rng.uniform(90, 165))
    return [path((0.0, 0.02 + tilt), corner(width, -tilt), corner(x, waist), bowl)]


@style(3)
def waistless(rng: np.random.Generator) -> list[Knots]:
    """Quick hands everywhere: the bowls run into each other, the waist is only a dent."""
    depth = rng.uniform(0.13, 0.25)
    width = rng.uniform(0.35, 0.55)
    start = (rng.uniform(-0.05, 0.1), rng.uniform(0.03, 0.2))
    waist = (width - depth, rng.uniform(0.42, 0.52))
    end = (rng.uniform(-0.1, 0.12), rng.uniform(0.82, 0.98))
    return [path(start, (width * 0.55, 0.0), (width, 0.2), waist, (width * 1.08, 0.75), (width * 0.5, 1.0), end)]


@style(3)
def angular_three(rng: np.random.Generator) -> list[Knots]:
    """Stiff hands, labels, engineers: straight pieces instead of bowls."""
    x, y = rng.uniform(0.35, 0.6, 2), rng.uniform(0.15, 0.3)
    waist = corner(rng.uniform(0.05, 0.25), rng.uniform(0.42, 0.52))
    return [path((0.0, 0.05), (x[0] * 0.8, 0.0), (x[0], y), waist, (x[1], 0.62), (x[1] * 0.9, 0.92), (0.0, 0.98))]


# 4 ----------------------------------------------------------------------------------------------------------------
@style(4)
def open_angular(rng: np.random.Generator) -> list[Knots]:
    """Britain, Turkey, India, most schools: an L, then a stem that crosses its bar."""
    bar, stem = rng.uniform(0.45, 0.72), rng.uniform(0.32, 0.58)
    lean = rng.uniform(-0.02, 0.28)
    top = rng.uniform(-0.25, 0.35) if chance(rng, 0.75) else bar - rng.uniform(0.02, 0.15)  # a stem that only hangs
    start = (lean, rng.uniform(-0.05, 0.12))
    body = path(start, corner(0.0, bar), (stem + rng.uniform(0.03, 0.3), bar + rng.normal(0, 0.05)))
    drift = rng.normal(-0.03, 0.06)
    return [body, path((stem - drift / 2, min(top, bar - 0.02)), (stem + drift / 2, bar + rng.uniform(0.27, 0.5)))]


@style(4)
def open_round(rng: np.random.Generator) -> list[Knots]:
    """Russia, Japan, quick hands: the L is a bend, like a u hanging on the stem."""
    bar, stem = rng.uniform(0.42, 0.72), rng.uniform(0.32, 0.55)
    left = rng.uniform(-0.05, 0.1)
    start = (left, rng.uniform(-0.02, 0.12))
    end = (stem + rng.uniform(-0.02, 0.15), bar - rng.uniform(0.0, 0.12))
    body = path(start, (0.0, bar * 0.6), (stem * 0.3, bar), end)
    foot = stem + rng.normal(-0.04, 0.06)
    swing = rng.uniform(0.05, 0.3) if chance(rng, 0.3) else 0.0  # like the tail of a y
    return [body, path((stem, rng.uniform(-0.12, 0.2)), (foot, 0.75), (foot - swing, 1.0))]


@style(4)
def leaning_with_a_short_stem(rng: np.random.Generator) -> list[Knots]:
    """Turkey, Arab countries, left-handers: a long bow from the upper right round to a bar, a stem that only hangs."""
    bar, stem = rng.uniform(0.58, 0.76), rng.uniform(0.28, 0.46)
    lean = rng.uniform(0.12, 0.42)
    low = path((0.02, bar - 0.05), (0.12, bar + 0.03)) if chance(rng, 0.6) else corner(0.0, bar)
    end = (stem + rng.uniform(0.02, 0.25), bar - rng.uniform(-0.02, 0.1))
    body = path((lean, 0.0), (lean * 0.35, bar * 0.5), low, end)
    top = bar - rng.uniform(0.05, 0.38)
    drift = rng.normal(-0.03, 0.05)
    return [body, path((stem + rng.uniform(0.0, 0.06), top), (stem + drift, bar + rng.uniform(0.2, 0.4)))]


@style(4)
def open_in_one_stroke(rng: np.random.Generator) -> list[Knots]:
    """Quick hands: down, across, up and down again without lifting the pen."""
    bar, stem = rng.uniform(0.42, 0.65), rng.uniform(0.35, 0.6)
    rise = rng.uniform(-0.1, 0.3)
    first = path((rng.uniform(0.0, 0.2), 0.0), corner(0.0, bar) if chance(rng, 0.6) else (0.05, bar))
    drift = rng.normal(-0.05, 0.06)
    return [path(first, (stem * 0.6, bar - rng.uniform(0, 0.06)), corner(stem, rise), (stem + drift, 1.0))]


@style(4)
def closed(rng: np.random.Generator) -> list[Knots]:
    """United States, France, print: a triangle whose right side is the stem."""
    bar, stem = rng.uniform(0.5, 0.7), rng.uniform(0.35, 0.58)
    out = rng.uniform(-0.02, 0.25)
    apex = (stem + rng.normal(-0.02, 0.04), rng.uniform(-0.03, 0.06))
    body = path(apex, corner(-0.05, bar), (stem + out, bar + rng.normal(0, 0.04)))
    drift = rng.normal(-0.02, 0.05)
    top = (apex[0] + rng.normal(0.02, 0.04), rng.uniform(-0.05, 0.06))
    return [body, path(top, (stem + drift, bar + rng.uniform(0.27, 0.48)))]


@style(4)
def closed_in_one_stroke(rng: np.random.Generator) -> list[Knots]:
    """A sailboat: from the right end of the bar to the left, up to the top and down the stem."""
    bar, stem = rng.uniform(0.5, 0.72), rng.uniform(0.3, 0.55)
    out = rng.uniform(0.08, 0.3)
    begin = path((stem + out, bar + rng.normal(0, 0.04)), corner(rng.uniform(-0.08, 0.02), bar + rng.normal(0, 0.03)))
    return [path(begin, corner(stem + rng.normal(0, 0.04), 0.0), (stem + rng.normal(-0.02, 0.06), 1.0))]


@style(4)
def ribbon(rng: np.random.Generator) -> list[Knots]:
    """Turkey, Greece, quick hands: round like a ribbon; the bar runs left, up over the top and down the stem."""
    bar, stem = rng.uniform(0.5, 0.74), rng.uniform(0.26, 0.46)
    round_left = path((0.08, bar - 0.02), (0.0, bar - rng.uniform(0.08, 0.16)), (stem * 0.35, bar * 0.3))
    top = path((stem * 0.75, 0.02), (stem, 0.08)) if chance(rng, 0.6) else corner(stem, 0.0)
    foot = (stem + rng.normal(-0.02, 0.05), 1.0)
    return [path((stem + rng.uniform(0.06, 0.3), bar + rng.normal(0, 0.04)), round_left, top, foot)]


@style(4)
def looped_four(rng: np.random.Generator) -> list[Knots]:
    """Quick hands that close it: down to the left, along the bar, in a loop up and down the stem, without lifting."""
    bar, stem = rng.uniform(0.5, 0.68), rng.uniform(0.32, 0.5)
    out = stem + rng.uniform(0.1, 0.25)
    first = path((stem - rng.uniform(0.02, 0.12), rng.uniform(0.08, 0.2)), corner(rng.uniform(-0.05, 0.05), bar))
    back = path((out, bar + rng.normal(0, 0.02)), (out + 0.02, bar * 0.6), corner(stem + rng.uniform(0.02, 0.08), 0.0))
    return [path(first, back, (stem + rng.normal(-0.03, 0.05), 1.0))]


# 5 ----------------------------------------------------------------------------------------------------------------
def _five_body(rng: np.random.Generator, x: float, rounded: bool = False) -> Knots:
    """Draw the neck and the bowl of a 5 from (x, 0)."""
    neck, width = rng.uniform(0.3, 0.6), rng.uniform(0.22, 0.58)
    foot = x - rng.uniform(-0.03, 0.1)
    end = rng.uniform(100, 160)  # further round it would be a 6
    middle = (neck + 1) / 2 - rng.uniform(0.0, 0.06)
    bowl = arc(foot + 0.1, middle, width, 1 - middle, rng.uniform(255, 285), 360 + end)
    joint = np.array([(foot, neck + 0.02)]) if rounded else corner(foot, neck + rng.uniform(0.0, 0.06))
    return path((x, 0.0), joint, bowl)


@style(5)
def two_strokes(rng: np.random.Generator) -> list[Knots]:
    """Schools of most countries: neck and bowl, then the bar, which may miss the neck."""
    x = rng.uniform(0.0, 0.2)
    y, gap, tilt = rng.normal(0, 0.035), rng.normal(0, 0.04), rng.normal(-0.02, 0.05)
    return [_five_body(rng, x), path((x + gap, y - tilt), (x + rng.uniform(0.28, 0.62), y + tilt))]


@style(5)
def one_stroke(rng: np.random.Generator) -> list[Knots]:
    """Turkey, Germany, quick hands everywhere: the bar from right to left, then neck and bowl."""
    x = rng.uniform(0.02, 0.2)
    body = _five_body(rng, x)
    return [path((x + rng.uniform(0.22, 0.6), rng.normal(0, 0.05)), body[:1], body)]


@style(5)
def like_an_s(rng: np.random.Generator) -> list[Knots]:
    """Hurried hands: the same in one swing, with bends instead of corners."""
    x = rng.uniform(0.05, 0.2)
    body = _five_body(rng, x, rounded=True)
    return [path((x + rng.uniform(0.28, 0.55), rng.normal(0.02, 0.04)), (x + 0.18, 0.01), body)]


@style(5)
def short_necked(rng: np.random.Generator) -> list[Knots]:
    """France, Italy, cursive hands: a short slanting neck, a large bowl, a wavy bar."""
    x = rng.uniform(0.12, 0.3)
    neck = rng.uniform(0.2, 0.34)
    left = x - rng.uniform(0.02, 0.14)
    middle = (neck + 1) / 2
    bowl = arc(left + 0.12, middle, rng.uniform(0.3, 0.48), 1 - middle, 265, 360 + rng.uniform(110, 180))
    wave = rng.uniform(-0.04, 0.06)
    bar = path((x, 0.0), (x + 0.15, wave), (x + rng.uniform(0.3, 0.5), -wave * 0.6))
    if chance(rng, 0.5):
        return [path(bar[::-1], (x, 0.0), corner(left, neck), bowl)]
    return [path((x, 0.0), corner(left, neck), bowl), bar]


@style(5)
def angular_five(rng: np.random.Generator) -> list[Knots]:
    """Stiff hands, children: straight pieces, a corner at the neck, a shallow bowl."""
    neck, right, bottom = rng.uniform(0.35, 0.5), rng.uniform(0.4, 0.62), rng.uniform(0.92, 1.0)
    joint = corner(rng.uniform(-0.02, 0.08), neck)
    body = path(corner(0.05, 0.0), joint, (right * 0.7, neck - 0.02), (right, (neck + bottom) / 2))
    start = (rng.uniform(0.35, 0.65), rng.normal(0, 0.04))
    return [path(start, body, (right * 0.8, bottom), (rng.uniform(-0.1, 0.1), 1.0))]


# 6 ----------------------------------------------------------------------------------------------------------------
@style(6)
def from_one_sweep(rng: np.random.Generator) -> list[Knots]:
    """Everywhere: a bow from the top down to the left, round the bowl and back to the bow."""
    bowl, width = rng.uniform(0.2, 0.32), rng.uniform(0.18, 0.34)
    x = width
    top = (x + rng.uniform(0.0, 0.32), 0.0)
    side = (rng.uniform(-0.02, 0.05), 1 - bowl * rng.uniform(1.2, 1.6))
    ring = arc(x, 1 - bowl, width, bowl, 180, 180 - rng.uniform(290, 370))
    return [path(top, ((top[0] + side[0]) / 2 - rng.uniform(0.02, 0.1), 0.28), side, ring)]


@style(6)
def with_a_straight_back(rng: np.random.Generator) -> list[Knots]:
    """Stiff and hurried hands: a nearly straight downstroke, a small bowl at its foot."""
    bowl, width = rng.uniform(0.14, 0.26), rng.uniform(0.12, 0.28)
    top = (rng.uniform(-0.05, 0.3), 0.0)
    ring = arc(width, 1 - bowl, width, bowl, 180, 180 - rng.uniform(300, 375))
    return [path(top, (top[0] * 0.5, 0.45 * (1 - bowl)), (0.0, 1 - bowl * 1.3), ring)]


@style(6)
def curled(rng: np.random.Generator) -> list[Knots]:
    """Copybooks of Germany, Poland, Russia: the bow begins with a hook, the bowl rolls inwards."""
    bowl, width = rng.uniform(0.24, 0.36), rng.uniform(0.22, 0.36)
    hook = arc(width + 0.08, 0.18, rng.uniform(0.14, 0.26), 0.18, rng.uniform(300, 365), 235)
    turns = arc(width, 1 - bowl, width, bowl, 180, 180 - rng.uniform(330, 470))
    shrinking = np.linspace(1, rng.uniform(0.5, 0.95), len(turns))[:, None]
    turns = (width, 1 - bowl) + (turns - (width, 1 - bowl)) * shrinking
    return [path(hook, (0.02, 1 - bowl * 1.5), turns)]


@style(6)
def open_bowl(rng: np.random.Generator) -> list[Knots]:
    """Quick hands: the bowl does not reach back to the bow."""
    bowl, width = rng.uniform(0.18, 0.3), rng.uniform(0.18, 0.34)
    ring = arc(width, 1 - bowl, width, bowl, 180, 180 - rng.uniform(250, 290))
    top = (width + rng.uniform(-0.05, 0.25), 0.0)
    return [path(top, (top[0] * 0.35, 0.35), (0.0, 1 - bowl * 1.4), ring)]


@style(6)
def crossing_bowl(rng: np.random.Generator) -> list[Knots]:
    """Round hands: the bowl's end crosses the bow and stands out to the left."""
    bowl, width = rng.uniform(0.18, 0.28), rng.uniform(0.18, 0.32)
    ring = arc(width, 1 - bowl, width, bowl, 180, 180 - rng.uniform(270, 320))
    top = (width + rng.uniform(0.0, 0.3), 0.0)
    end = (-rng.uniform(0.03, 0.12), 1 - bowl * rng.uniform(1.2, 2.0))
    return [path(top, (top[0] * 0.4, 0.35), (0.0, 1 - bowl * 1.4), ring, end)]


@style(6)
def straight_topped(rng: np.random.Generator) -> list[Knots]:
    """People who print as tills and labels do: a straight bar on a straight back, the bowl round or with corners."""
    width, waist = rng.uniform(0.3, 0.62), rng.uniform(0.36, 0.58)
    top = (width * rng.uniform(0.1, 1.15), rng.normal(0, 0.03))
    back = corner(rng.normal(0, 0.03), 0.0)
    if chance(rng, 0.5):
        bowl = path(corner(0, 1), corner(width, 1), corner(width, waist), (rng.uniform(-0.04, 0.06), waist))
    else:
        low = (1 - waist) / 2
        bowl = arc(width / 2, 1 - low, width / 2, low, 180, 180 - rng.uniform(300, 370))
    return [path(top, back, bowl)]


# 7 ----------------------------------------------------------------------------------------------------------------
def _seven_body(rng: np.random.Generator, head: Knots, right: float) -> Knots:
    """Draw a seven's body: its head, then the downstroke from the upper right corner, straight or bent."""
    foot = rng.uniform(-0.05, 0.7 if right > 0.5 else 0.5) * right  # under a short bar an upright one would be a 1
    bend = rng.normal(-0.03, 0.05)
    at = rng.uniform(0.35, 0.55)
    turn = corner(right, head[-1, 1]) if chance(rng, 0.75) else np.array([(right, head[-1, 1] + 0.03)])
    return path(head, turn, (right + (foot - right) * at + bend, at), (foot, 1.0))


def _crossed(rng: np.random.Generator, body: Knots) -> list[Knots]:
    """Add a bar across the body's downstroke."""
    y = rng.uniform(max(0.36, float(body[0, 1]) + 0.2), 0.78)  # well below a serif, or it would close a box
    t = (y - body[-2, 1]) / (1 - body[-2, 1])
    x = body[-2, 0] + max(t, -0.3) * (body[-1, 0] - body[-2, 0])
    left, right = rng.uniform(0.1, 0.42), rng.uniform(0.06, 0.4)
    tilt = rng.normal(0.02, 0.06)
    return [body, path((x - left, y + tilt), (x + right, y - tilt))]


def _plain_head(rng: np.random.Generator) -> tuple[Knots, float]:
    right = rng.uniform(0.38, 0.72)
    return path((0.0, rng.normal(0.01, 0.05)), (right * 0.5, rng.normal(0, 0.02))), right


def _serif_head(rng: np.random.Generator) -> tuple[Knots, float]:
    head, right = _plain_head(rng)
    drop = rng.uniform(0.06, 0.34)
    return path((rng.normal(-0.01, 0.04), head[0, 1] + drop), corner(*head[0]), head[1]), right


def _wavy_head(rng: np.random.Generator) -> tuple[Knots, float]:
    right, wave = rng.uniform(0.45, 0.72), rng.uniform(0.04, 0.13)
    start = path((rng.normal(0, 0.02), wave + rng.uniform(0.0, 0.14)))
    return path(start, (right * 0.22, 0.0), (right * 0.6, wave), (right * 0.85, wave * 0.5)), right


def _seven(rng: np.random.Generator, head: Callable[..., tuple[Knots, float]], bar: bool = False) -> list[Knots]:
    body = _seven_body(rng, *head(rng))
    return _crossed(rng, body) if bar else [body]


SEVENS = {
    "plain": partial(_seven, head=_plain_head),  # North America, Britain, India: bar and downstroke
    # continental Europe, Turkey, Latin America, Oceania's engineers: a bar across the downstroke
    "crossed": partial(_seven, head=_plain_head, bar=True),
    # Japan, Korea, Taiwan, France: the bar begins with a downward tick, in East Asia a long one
    "with_serif": partial(_seven, head=_serif_head),
    "crossed_with_serif": partial(_seven, head=_serif_head, bar=True),  # Italy, Spain, Eastern Europe
    "with_wavy_top": partial(_seven, head=_wavy_head),  # copybooks of Germany and Russia: the upper bar is a wave
    "crossed_with_wavy_top": partial(_seven, head=_wavy_head, bar=True),  # Germany, Poland, the Balkans
}
STYLES += [Style(name, 7, draw) for name, draw in SEVENS.items()]


@style(7)
def bent(rng: np.random.Generator) -> list[Knots]:
    """Quick hands: no corner; bar and downstroke are one bow, crossed or not."""
    right = rng.uniform(0.38, 0.65)
    foot = rng.uniform(0.0, 0.4)
    start = (rng.uniform(-0.02, 0.05), rng.uniform(0.0, 0.16))
    bend = (right, rng.uniform(0.1, 0.2))
    body = path(start, (right * 0.55, 0.0), bend, (foot + (right - foot) * 0.35, 0.6), (foot, 1.0))
    return _crossed(rng, body) if chance(rng, 0.4) else [body]


@style(7)
def crossed_with_small_head(rng: np.random.Generator) -> list[Knots]:
    """Italy, Turkey: a small head, hooked or turned in a small loop, on a steep stem with a bar longer than it."""
    width, hook = rng.uniform(0.18, 0.42), rng.uniform(0.06, 0.26)
    right, foot = 0.3 + rng.uniform(0.02, 0.2), 0.3 - rng.uniform(-0.05, 0.22)
    head = path((right - width, rng.uniform(-0.05, 0.1)), (right - width * 0.75, hook), (right - width * 0.4, hook))
    if chance(rng, 0.5):
        turn = corner(right, rng.normal(0, 0.03))
    else:
        size = rng.uniform(0.03, 0.09)
        turn = arc(right - size, size, size * rng.uniform(1.0, 1.7), size, 60, -rng.uniform(170, 220))
    body = path(head, turn, ((right + foot) / 2 + rng.normal(0, 0.02), 0.5), (foot, 1.0))
    y = rng.uniform(0.42, 0.66)
    left, beyond = rng.uniform(0.1, 0.3), rng.uniform(0.16, 0.42)
    x, tilt = right + (foot - right) * y, rng.normal(0.0, 0.04)
    return [body, path((x - left, y + tilt), (x + beyond, y - tilt))]


# 8 ----------------------------------------------------------------------------------------------------------------
def _eight(rng: np.random.Generator, begin: float, turns: float) -> Knots:
    """Draw a figure of eight that begins at `begin` of its way round, 0 the upper right, and makes so many turns."""
    waist = rng.uniform(0.4, 0.54)
    upper, lower = rng.uniform(0.09, 0.34), rng.uniform(0.11, 0.4)
    way = 2 * np.pi * (0.07 + np.linspace(begin, begin + turns, max(6, round(15 * turns))))
    x, y = np.sin(2 * way), np.cos(way)  # (0, 1) is the top; first to the left
    y = np.sign(y) * np.abs(y) ** rng.uniform(1.0, 1.7)  # from an hourglass to two rounds
    rows = np.where(y > 0, waist * (1 - y), waist - (1 - waist) * y)
    columns = np.where(y > 0, -upper, lower * -1.0) * x
    knots = np.stack([0.3 - columns, rows], axis=1)
    return knots * (-1, 1) + (0.6, 0) if chance(rng, 0.8) else knots


@style(8)
def s_first(rng: np.random.Generator) -> list[Knots]:
    """Everywhere: from the upper right an S, then back up to where it began."""
    return [_eight(rng, rng.uniform(-0.05, 0.08), rng.uniform(0.95, 1.06))]


@style(8)
def begun_anywhere(rng: np.random.Generator) -> list[Knots]:
    """Everywhere: begun in the middle, at the bottom or at a side, either way round."""
    return [_eight(rng, rng.uniform(0, 1), rng.uniform(0.96, 1.08))]


@style(8)
def open_eight(rng: np.random.Generator) -> list[Knots]:
    """Quick hands: the upper loop stays open, or the end shoots past the beginning."""
    if chance(rng, 0.6):
        return [_eight(rng, rng.uniform(-0.02, 0.08), rng.uniform(0.84, 0.95))]
    body = _eight(rng, rng.uniform(-0.02, 0.05), 0.96)
    return [path(body, body[-1] + (body[-1] - body[-2]) * rng.uniform(0.3, 1.2))]


@style(8)
def s_and_back(rng: np.random.Generator) -> list[Knots]:
    """Turkey, quick hands: a tall S, then a nearly straight line back up, which may miss the start."""
    upper, lower = rng.uniform(0.14, 0.3), rng.uniform(0.14, 0.32)
    x = 0.3
    first = arc(x, 0.24, upper, 0.24, rng.uniform(310, 340), 90)
    second = arc(x, 0.74, lower, 0.26, -80, rng.uniform(140, 190))
    end = (x + upper * rng.uniform(0.3, 1.3), rng.uniform(-0.08, 0.12))
    return [path(first, second, end)]


@style(8)
def two_rings(rng: np.random.Generator) -> list[Knots]:
    """Children, Korea, stiff hands: a ring on a ring, touching, apart or overlapping."""
    waist = rng.uniform(0.38, 0.54)
    upper, lower = rng.uniform(0.16, 0.34), rng.uniform(0.19, 0.4)
    gap = rng.normal(0, 0.025)
    x = 0.3 + rng.normal(0, 0.03)
    a = arc(0.3, waist / 2, upper, waist / 2, (start := rng.uniform(0, 360)), start - rng.uniform(345, 385))
    y = (1 + waist) / 2 + gap
    b = arc(x, y, lower, (1 - waist) / 2, (start := rng.uniform(0, 360)), start - rng.uniform(345, 385))
    return [a, b]


@style(8)
def narrow_crossing(rng: np.random.Generator) -> list[Knots]:
    """Hurried hands: two straight diagonals that cross, closed by caps above and below, like an hourglass."""
    top, bottom = rng.uniform(0.14, 0.32, 2)
    a, b = rng.uniform(0.06, 0.14, 2)
    start = (0.3 + top, a)
    cap = [(0.3, 0.0), (0.3 - top, a)]
    base = [(0.3 + bottom, 1 - b), (0.3, 1.0), (0.3 - bottom, 1 - b)]
    return [path(start, *cap, *base, (0.3 + top + rng.normal(0, 0.03), a + rng.uniform(-0.08, 0.1)))]


# 9 ----------------------------------------------------------------------------------------------------------------
def _nine_ring(rng: np.random.Generator, sweep: float) -> tuple[Knots, float, float]:
    """Draw a nine's ring from its upper right round to the left; return it, its right edge and half its height."""
    half, width = rng.uniform(0.14, 0.31), rng.uniform(0.13, 0.32)
    start = rng.uniform(300, 350)
    return arc(width, half, width, half, start, start - sweep), 2 * width, half


@style(9)
def with_straight_tail(rng: np.random.Generator) -> list[Knots]:
    """United States, Britain, print: a ring and a straight stem, upright or leaning."""
    ring, right, half = _nine_ring(rng, rng.uniform(300, 345))
    foot = right - rng.uniform(-0.04, 0.3)
    return [path(ring, corner(right, half * rng.uniform(0.3, 0.9)), (foot, 1.0))]


@style(9)
def with_curved_tail(rng: np.random.Generator) -> list[Knots]:
    """Everywhere: the stem swings to the left."""
    ring, right, half = _nine_ring(rng, rng.uniform(300, 350))
    end = (right - rng.uniform(0.15, 0.5), 1.0)
    joint = corner(right, half * 0.6) if chance(rng, 0.6) else np.array([(right, half)])
    return [path(ring, joint, (right - rng.uniform(-0.02, 0.06), 0.66), end)]


@style(9)
def with_hooked_tail(rng: np.random.Generator) -> list[Knots]:
    """Germany, France, Turkey, Latin America: the stem ends in a hook to the left, nearly a g."""
    ring, right, half = _nine_ring(rng, rng.uniform(300, 350))
    depth, reach = rng.uniform(0.1, 0.26), rng.uniform(0.15, 0.42)
    hook = arc(right - reach, 1 - depth, reach, depth, 0, rng.uniform(100, 195))
    joint = corner(right, half * 0.6) if chance(rng, 0.6) else np.array([(right, half)])
    return [path(ring, joint, hook)]


@style(9)
def like_a_g(rng: np.random.Generator) -> list[Knots]:
    """Turkey, Greece, the Balkans: below its ring the tail swings out to the right, then back along the base."""
    ring, right, half = _nine_ring(rng, rng.uniform(325, 390))
    out = right + rng.uniform(-0.04, 0.28)
    low = rng.uniform(0.76, 0.92)
    joint = corner(right, half * rng.uniform(0.4, 1.5)) if chance(rng, 0.5) else path((right * 0.9, half * 1.7))
    turn = corner(out, low + 0.06) if chance(rng, 0.4) else path((out, low), (out - 0.06, low + 0.1))
    base = path((out - rng.uniform(0.2, 0.35), 1.0), (out - rng.uniform(0.4, 0.6), 1.0 - rng.uniform(-0.03, 0.08)))
    return [path(ring, joint, turn, base)]


@style(9)
def ring_and_stem(rng: np.random.Generator) -> list[Knots]:
    """Children, stiff hands: a closed ring, then a stem of its own, which may miss it."""
    half, width = rng.uniform(0.18, 0.3), rng.uniform(0.16, 0.3)
    start = rng.uniform(0, 360)
    right = 2 * width + rng.normal(0, 0.03)
    top, bend = (right, rng.uniform(-0.1, half)), (right - rng.uniform(-0.03, 0.1), 0.6)
    stem = path(top, bend, (right - rng.uniform(-0.03, 0.25), 1.0))
    return [arc(width, half, width, half, start, start - rng.uniform(345, 385)), stem]


@style(9)
def open_ring(rng: np.random.Generator) -> list[Knots]:
    """Quick hands: the ring does not close before the stem leaves it."""
    half, width = rng.uniform(0.17, 0.28), rng.uniform(0.17, 0.3)
    start = rng.uniform(290, 330)
    ring = arc(width, half, width, half, start, start - rng.uniform(215, 270))
    right = 2 * width + rng.uniform(-0.02, 0.06)
    top = rng.uniform(-0.04, half * 0.4)
    bend = (right - rng.uniform(-0.02, 0.1), 0.6)
    return [path(ring, corner(right, top), bend, (right - rng.uniform(0.0, 0.35), 1.0))]


@style(9)
def open_ring_with_hook(rng: np.random.Generator) -> list[Knots]:
    """Turkey, Greece, Latin America: an open ring, a stem, a hook or a flat foot to the left, in one go."""
    half, width = rng.uniform(0.16, 0.27), rng.uniform(0.17, 0.3)
    right = 2 * width + rng.uniform(-0.02, 0.06)
    if chance(rng, 0.6):  # back up to a corner, however open
        start = rng.uniform(290, 350)
        ring = arc(width, half, width, half, start, start - rng.uniform(230, 300))
        joint = corner(right, rng.uniform(-0.03, half * 0.4))
    else:  # round without a corner, nearly closed, or it would be an S
        start = rng.uniform(325, 355)
        ring = arc(width, half, width, half, start, start - rng.uniform(285, 320))
        joint = path((right, half * 1.2))
    depth, reach = rng.uniform(0.03, 0.2), rng.uniform(0.12, 0.32)
    hook = arc(right - reach, 1 - depth, reach, depth, 0, rng.uniform(90, 180))
    return [path(ring, joint, (right + rng.uniform(-0.06, 0.02), 0.65), hook)]


@style(9)
def rolled(rng: np.random.Generator) -> list[Knots]:
    """Copybooks of Poland and Russia, an inverted 6: ring and tail are one spiral without a corner."""
    half, width = rng.uniform(0.2, 0.3), rng.uniform(0.2, 0.32)
    ring = arc(width, half, width, half, rng.uniform(330, 380), 0 + rng.uniform(-10, 10))
    return [path(ring, (2 * width + 0.02, half * 1.4), (1.75 * width, 0.75), (rng.uniform(0.0, 0.25), 1.0))]


@style(9)
def tail_from_the_left(rng: np.random.Generator) -> list[Knots]:
    """Italy, Turkey, quick hands: the tail leaves a small ring at its lower left, swings to the right and back."""
    half, width = rng.uniform(0.13, 0.26), rng.uniform(0.12, 0.27)
    if chance(rng, 0.5):  # round to the left; the tail goes on where the ring turns to the right
        ring = arc(width, half, width, half, rng.uniform(200, 340), rng.uniform(100, 150) - 360)
        joint = ring[-1:]
    else:  # round to the right, then a corner
        ring = arc(width, half, width, half, rng.uniform(100, 170), rng.uniform(470, 510))
        joint = ring[-1:].repeat(2, axis=0)
    out, low = 2 * width + rng.uniform(-0.02, 0.25), rng.uniform(0.66, 0.88)
    turn = corner(out, low) if chance(rng, 0.4) else path((out, low), (out - 0.06, low + 0.09))
    base = path((out - rng.uniform(0.2, 0.3), 1.0), (out - rng.uniform(0.35, 0.65), 1.0 - rng.uniform(-0.03, 0.1)))
    return [path(ring[:-1], joint, (joint[0, 0] + width, (joint[0, 1] + low) / 2 - 0.04), turn, base)]
