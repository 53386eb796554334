"""Things that are no digit, as strokes, which the network must learn to reject.

Most are characters of scripts that do not exist (`scripts`), so that no real script is learnt by heart; others are
letters and symbols, scribbles, and digits spoiled: mirrored, struck through, doubled. Those known to look like a digit
(O, C, I, l, S, Z, b, q, G, a box) are left out.
"""

from collections.abc import Callable, Sequence

import numpy as np

from mnist.handwriting.scripts import invented, parsed
from mnist.handwriting.styles import Knots, Style, chance, path, random_style

NonDigit = Callable[[np.random.Generator, Sequence[Style]], list[Knots]]

MIRRORED = (3, 4, 6, 7, 9)  # digits that are no digit in a mirror
LYING = (3, 4, 6, 9)  # digits that are no digit when turned by 90°, either way

# points on a grid of 5×5, row then column; each word after the name is a stroke, a repeated point is a corner
LETTER_TABLE = """
A 40-02-02-44 21-23 | D 00-40 00-03-14-24-34-43-40 | E 03-00-00-40-40-43 20-22 | F 04-00-00-40 20-23
H 00-40 04-44 20-24 | J 00-04 03-33-42-41-30 | K 00-40 04-20-20-44 | L 00-40-40-44 | M 40-00-00-22-22-04-04-44
N 40-00-00-44-44-04 | P 00-40 00-03-13-22-20 | R 40-00-00-03-13-22-20-20-43 | T 00-04 02-42 | U 00-30-41-43-34-04
V 00-42-42-04 | W 00-41-41-22-22-43-43-04 | X 00-44 04-40 | Y 00-22-22-04 22-42 | a 22-21-30-41-32-22-22-42
d 22-21-30-41-32 02-42 | e 30-33-22-21-30-41-43 | f 03-02-12-42 21-23 | h 00-40-40-30-21-23-34-44 | i 21-41 01-01
k 00-40 23-30-30-43 | m 20-40-40-30-21-32-42-42-32-23-34-44 | n 20-40-40-30-21-23-34-44 | r 20-40-40-30-21-22
t 01-31-42-43 10-13 | u 20-30-41-33-23-23-43 | w 20-41-41-32-32-43-43-24 | x 20-43 23-40 | alpha 24-32-41-30-21-32-44
omega 20-31-40-31-22-33-44-33-24 | pi 10-14 11-41 13-43 | Sigma 04-00-00-22-22-40-40-44 | Phi 02-42 12-21-32-23-12
Psi 00-10-21-23-14-04 02-42 | Xi 00-04 21-23 40-44 | Zhe 02-42 00-22-22-44 04-22-22-40 | Ya 44-04-04-01-10-21-24-24-40
Sha 00-40-40-44-44-04 02-42 | I 00-40 44-04 40-04 | Yu 00-40 20-22 03-12-23-42-24-14-03
plus 02-42 20-24 | equals 10-14 30-34 | minus 20-24 | times 10-34 14-30
hash 01-41 03-43 10-14 30-34 | check 20-41-41-04 | arrow 20-24 12-24-24-32 | up 42-02 11-02-02-13
triangle 02-44-44-40-40-02 | star 40-02-02-44-44-10-10-14-14-40 | heart 12-01-10-42-42-14-03-12
house 20-40-40-44-44-24-24-20-20-02-02-24 | question 10-01-03-13-22-32 42-42 | percent 04-40 01-10-11-01 33-42-43-33
and 44-11-02-13-30-41-42-24 | at 33-22-31-33-24-13-02-11-30-41-43 | euro 03-01-20-41-43 10-12 20-22
dollar 13-02-11-22-33-42-31 02-42 | infinity 20-11-22-33-24-13-22-31-20 | moon 03-11-20-31-43-32-22-12-03
asterisk 02-42 11-33 13-31 | braces 02-11-20-31-42 | stairs 00-01-01-11-11-12-12-22-22-23-23-33
man 12-01-03-12 12-32 20-24 32-40 32-44 | flag 00-40 00-03-23-20 | note 04-34-43-42-33 04-14
face 02-01-10-20-30-41-42-43-34-24-14-03-02 11-11 13-13 31-32-33 | theta 02-11-20-31-42-33-24-13-02 20-24
fish 20-11-12-23-34 20-31-32-23-14 | table 00-04 00-40 04-44 | frame 00-04-04-44-44-40-40-00 02-42 20-24
"""


GLYPHS = parsed(LETTER_TABLE)


def letter(rng: np.random.Generator, _: Sequence[Style]) -> list[Knots]:
    """Choose a letter or symbol of the table."""
    return GLYPHS[rng.integers(len(GLYPHS))]


def scribble(rng: np.random.Generator, _: Sequence[Style]) -> list[Knots]:
    """Scribble: a random walk, a zigzag or a spiral."""
    kind = rng.random()
    if kind < 0.45:
        points = np.cumsum(rng.normal(0, 1, (rng.integers(10, 30), 2)), axis=0)
    elif kind < 0.75:
        count = rng.integers(7, 18)
        across = np.where(np.arange(count) % 2, 1.0, 0.0) + rng.normal(0, 0.1, count)
        points = np.stack([across, np.linspace(0, 1, count) * rng.uniform(0.4, 2)], axis=1)
        points = points[:, ::-1] if chance(rng, 0.5) else points
    else:
        way = np.arange(0, rng.uniform(12, 22), 0.7)
        points = (way / way[-1])[:, None] * np.stack([np.cos(way), np.sin(way)], axis=1)
    low, extent = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-6)
    return [(points - low) / extent.max()]


def dash(rng: np.random.Generator, _: Sequence[Style]) -> list[Knots]:
    """Write a dot, a dash or a shallow bow: too little to be a digit."""
    length = rng.choice([0.0, 0.02, 1.0], p=[0.1, 0.1, 0.8])
    return [path((0, 0), (length / 2, rng.normal(0, 0.12) * length), (length, rng.normal(0, 0.1) * length))]


def two_digits(rng: np.random.Generator, styles: Sequence[Style]) -> list[Knots]:
    """Write two or three digits side by side, or half over each other."""
    count, strokes, x = rng.choice([2, 3], p=[0.8, 0.2]), [], 0.0
    pitch = rng.uniform(0.4, 0.95)
    for _ in range(count):
        drawn = random_style(rng, styles).draw(rng)
        scale = rng.uniform(0.8, 1.1)
        strokes += [knots * scale + (x, rng.normal(0, 0.06)) for knots in drawn]
        x += pitch
    return strokes


def mirrored(rng: np.random.Generator, styles: Sequence[Style]) -> list[Knots]:
    """Write a digit mirrored, lying on its side or upside down, of those that are then no digit."""
    kind = rng.random()
    if kind < 0.5:
        return [knots * (-1, 1) for knots in random_style(rng, styles, MIRRORED).draw(rng)]
    if kind < 0.8:
        digit = random_style(rng, styles, LYING).draw(rng)
        return [knots[:, ::-1] * rng.choice([(-1, 1), (1, -1)]) for knots in digit]
    return [-knots for knots in random_style(rng, styles, (3, 4, 7)).draw(rng)]


def crossed_out(rng: np.random.Generator, styles: Sequence[Style]) -> list[Knots]:
    """Write a digit with three or more strokes through its middle; not one that may be written with a bar or slash."""
    strays = []
    for _ in range(rng.integers(3, 6)):
        middle, angle = rng.normal((0.3, 0.5), (0.08, 0.2)), rng.uniform(0, np.pi)
        half = rng.uniform(0.3, 0.7) * np.array([np.cos(angle), np.sin(angle)])
        strays.append(path(middle - half, middle + half))
    return [*random_style(rng, styles, (2, 3, 5, 6, 8, 9)).draw(rng), *strays]


NON_DIGITS: list[tuple[NonDigit, float]] = [
    (invented, 0.57),
    (letter, 0.15),
    (two_digits, 0.09),
    (scribble, 0.06),
    (mirrored, 0.07),
    (crossed_out, 0.04),
    (dash, 0.02),
]
