"""The segmentation lattice: lines and parts that a drawing or picture may be divided into.

Every run of neighbouring pieces that may be one digit is a part, framed and read by the network. `grouping.py` builds
the lattice from pieces of ink, `best_path.py` finds the best way through it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mnist.reading.framing import Box, Framed, scaled
from mnist.reading.gutters import Wall
from mnist.reading.mesh import Mesh
from mnist.reading.signs import Sign

NO_DIGIT_COST = 3.0  # of rejecting a part
STRAY_COST = 2.6  # of leaving a stray out: less than of rejecting it

LeftOut = tuple[Box, str]  # and the reason


@dataclass(frozen=True)
class Part:
    """A candidate for one digit of a line: its pieces `first` to before `after`, left to right.

    `fit` says how well it fits the line; `cut` whether it was cut off from a neighbour. `as_one` is what it
    scores besides if it is read as a 1, `rejected` what it scores, in place of the log probability, if it is no digit.
    What is certainly none (`may_be_digit`) is there to be rejected.
    """

    first: int
    after: int
    framed: Framed
    fit: float
    cut: bool = False
    as_one: float = 0.0
    rejected: float = -NO_DIGIT_COST
    may_be_digit: bool = True


@dataclass(frozen=True)
class Line:
    """A candidate for one line: pieces `first` to before `after`, top to bottom, and the parts it may be divided into.

    `strays` are runs of its pieces, left to right, that stand apart and may be left out; `joins` are pieces that may be
    no more than the pen's way from one digit to the next. In a picture a line of `letters` parts or more may be words.
    """

    first: int
    after: int
    parts: tuple[Part, ...]
    fit: float
    strays: tuple[tuple[int, int], ...] = ()
    joins: tuple[int, ...] = ()
    letters: int | None = None

    def is_words(self, rejected: Iterable[bool]) -> bool:
        """Return whether it is words, not a number, if these of its parts are rejected: at least half of them."""
        each = list(rejected)
        return self.letters is not None and 2 * sum(each) >= len(each) >= self.letters


def _never(_turns: Sequence[int]) -> Iterator["Lattice"]:
    return iter(())


@dataclass(frozen=True)
class Lattice:
    """All candidates for the lines of a drawing or picture; no lines if there is no ink.

    `left_out` is what was left out before: boxes, each with the reason. `walls` are upright rules in a picture;
    if it has a ruled table, `mesh` is that table's, and there are no other walls.
    `turned` says by how many degrees, clockwise, the picture was turned first; boxes lie in the turned one.
    `again` looks at the picture in other ways, should this one be rejected: first turned clockwise by each of these
    degrees, then the likelier and cheaper first.
    `patches` are samples (28, 28) of some of a picture's patches, each by itself, which tell which way is up.
    `untried` is how many parts were counted where there would have been too many, and everything is one.
    """

    lines: tuple[Line, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    walls: tuple[Wall, ...] = ()
    mesh: Mesh | None = None
    signs: tuple[Sign, ...] = ()
    turned: int = 0
    untried: int = 0
    patches: tuple[np.ndarray, ...] = field(default=(), compare=False, repr=False)
    again: Callable[[Sequence[int]], Iterator["Lattice"]] = field(default=_never, compare=False, repr=False)

    @classmethod
    def one_digit(cls, framed: Framed) -> "Lattice":
        """Return the lattice with one path only: everything is one digit."""
        return cls((Line(0, 1, (Part(0, 1, framed, 0.0),), 0.0),))

    @property
    def parts(self) -> list[Part]:
        """The parts of all lines, in order."""
        return [part for line in self.lines for part in line.parts]

    def scaled(self, factor: float) -> "Lattice":
        """Return the same lattice with boxes in the pixels of a picture `factor` times as large."""
        moved = self.moved(lambda box: scaled(box, factor))
        walls = tuple(scaled(wall, factor) for wall in self.walls)
        return replace(moved, walls=walls, mesh=None if self.mesh is None else self.mesh.scaled(factor))

    def moved(self, box_of: Callable[[Box], Box]) -> "Lattice":
        """Return the same lattice with its boxes where this function moves them."""

        def there(part: Part) -> Part:
            return replace(part, framed=Framed(part.framed.sample, box_of(part.framed.box)))

        return replace(
            self,
            lines=tuple(replace(line, parts=tuple(map(there, line.parts))) for line in self.lines),
            signs=tuple(replace(sign, box=box_of(sign.box)) for sign in self.signs),
            left_out=tuple((box_of(box), why) for box, why in self.left_out),
        )
