"""The segmentation lattice: lines and parts that a drawing or picture may be divided into, and the best path through.

Every run of neighbouring pieces that may be one digit is a part, framed and read by the network. The best path divides
each line into the parts whose scores have the highest sum: the logarithm of the probability that a part is its best
digit, or what it costs to reject it, and how well the part fits its line (over-segmentation and a shortest path: LeCun
and others, 1998, part V). `grouping.py` builds the lattice from pieces of ink.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from mnist.reading.framing import Box, Framed, around, scaled
from mnist.reading.gutters import Wall
from mnist.reading.mesh import Mesh
from mnist.reading.signs import Sign

JOIN_COST = 0.1  # of taking a piece for a mere join between two digits
NO_DIGIT_COST = 3.0  # of rejecting a part
WORDS_COST = 2.5  # of a line of words, however long
STRAY_COST = 2.6  # of leaving a stray out: less than of rejecting it
CUT_PART_COST = 1.0  # a line of many digits that touch may cost as much for each, and is still no stray,
MAX_REJECTED = 1 / 8  # though so large a share of its parts is rejected: of letters that were cut more are
MAX_DIGITS_COMPARED = 100  # of a line: in longer ones, no numbers, divisions that read the same count as well

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


class Chosen(NamedTuple):
    """A line of the best path: the indices of its parts, left to right, none for strays only, and their margins.

    A part's margin is the greater of what the line would lose if it were divided in any way without this part, and if
    it read otherwise anywhere.
    """

    line: Line
    parts: list[int]
    margins: list[float]


def best_path(lattice: Lattice, scores: Sequence[float], labels: Sequence[int], cutting: bool = True) -> list[Chosen]:
    """Return the best lines, top to bottom.

    Indices count the parts of all lines in order, as `labels` and `scores` do: a part's best digit with the logarithm
    of its probability, or -1 with what it costs to reject the part. Without `cutting` connected ink stays together.
    """
    edges, inside, start = [], [], 0
    for line in lattice.lines:
        indices = range(start, start + len(line.parts))
        divisions = []
        for index, part in zip(indices, line.parts, strict=True):
            score = scores[index] + part.fit
            divisions.append((part.first, part.after, score if cutting or not part.cut else -np.inf))
        end = max(part.after for part in line.parts)
        ways = [*divisions, *((piece, piece + 1, -JOIN_COST) for piece in line.joins)]
        ways += [(*stray, -STRAY_COST) for stray in line.strays if stray != (0, end)]
        total, chosen = _path(ways)
        chosen = [i for i in chosen if i < len(divisions)]
        read = sum(scores[indices[i]] > -NO_DIGIT_COST and not line.parts[i].cut for i in chosen)
        rejected = sum(scores[indices[i]] <= -NO_DIGIT_COST for i in chosen)
        worst = -STRAY_COST
        if rejected <= MAX_REJECTED * len(chosen):
            worst = min(worst, -CUT_PART_COST * len(chosen) - NO_DIGIT_COST * rejected)
        if (0, end) in line.strays and total < worst and 2 * read < len(chosen):
            total, chosen = -STRAY_COST, []  # but a line is not left out because one of its digits was rejected
        parts = [indices[i] for i in chosen]
        if line.is_words(scores[i] <= -NO_DIGIT_COST for i in parts):
            total = max(total, -WORDS_COST)
        edges.append((line.first, line.after, total + line.fit if parts else total))
        inside.append((line, parts, (ways, [labels[i] for i in indices], chosen)))
        start += len(line.parts)
    taken = [inside[i] for i in _path(edges)[1]]
    return [Chosen(line, parts, _margins(*division)) for line, parts, division in taken]


def _path(edges: Sequence[tuple[int, int, float]]) -> tuple[float, list[int]]:
    """Return the highest sum of scores on a path of edges (from, to, score) from 0 to the furthest node; its edges."""
    paths: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for index in sorted(range(len(edges)), key=lambda i: edges[i][1]):
        first, after, score = edges[index]
        total = paths[first][0] + score
        if after not in paths or total > paths[after][0]:
            paths[after] = (total, [*paths[first][1], index])
    return paths[max(paths)]


def _margins(edges: Sequence[tuple[int, int, float]], labels: Sequence[int], chosen: Sequence[int]) -> list[float]:
    """Return by how much the best path is better than others, for each of these of its edges, by index.

    It is the greater of two: over paths without the edge, and over paths that read otherwise anywhere. The first edges
    have labels; the rest hold nothing to read.
    """
    end = max(after for _, after, _ in edges)
    before = _best_sums(edges)
    behind = _best_sums([(end - after, end - first, score) for first, after, score in edges])
    first, after = np.array([edge[:2] for edge in edges]).T
    if not np.isfinite(before[end]):  # without cutting there is no way at all
        return [np.inf] * len(chosen)
    through = np.array([before[a] + score + behind[end - b] for a, b, score in edges])
    instead = [(first < after[i]) & (after > first[i]) & (np.arange(len(edges)) != i) for i in chosen]
    text = [labels[i] for i in chosen]
    otherwise = _best_otherwise(edges, labels, text) if len(text) <= MAX_DIGITS_COMPARED else np.inf
    return [float(before[end] - min(otherwise, through[others].max(initial=-np.inf))) for others in instead]


def _best_otherwise(edges: Sequence[tuple[int, int, float]], labels: Sequence[int], text: Sequence[int]) -> float:
    """Return the highest sum of scores on a path that reads otherwise than `text`, the n labels of the best path.

    Edges and labels are as in `_margins`. Of each node there are n + 2 sums: of paths to it that have read so many of
    the labels in `text` and nothing else, and last of those that have read otherwise.
    """
    nowhere = [-np.inf] * (len(text) + 2)
    sums = defaultdict(lambda: nowhere, {0: [0.0, *nowhere[1:]]})
    for number in sorted(range(len(edges)), key=lambda i: edges[i][1]):
        first, after, score = edges[number]
        found = sums[first]
        if number < len(labels):
            fits = [label == labels[number] for label in text]
            otherwise = max(total for total, each in zip(found, [*fits, False, False], strict=True) if not each)
            further = [total if each else -np.inf for total, each in zip(found, fits, strict=False)]
            found = [-np.inf, *further, otherwise]
        sums[after] = [max(old, new + score) for old, new in zip(sums[after], found, strict=True)]
    *found, _, otherwise = sums[max(sums)]  # without what has read all of `text`
    return max([*found, otherwise])


def _best_sums(edges: Sequence[tuple[int, int, float]]) -> dict[int, float]:
    """Return the highest sum of scores on a path from 0 to each node, minus infinity where none leads."""
    sums: dict[int, float] = defaultdict(lambda: -np.inf, {0: 0.0})
    for first, after, score in sorted(edges, key=lambda edge: edge[1]):
        sums[after] = max(sums[after], sums[first] + score)
    return sums


def unused_strays(line: Line, chosen: Sequence[Part]) -> list[Box]:
    """Return the boxes of the line's strays that none of the chosen parts holds."""
    boxes = {part.first: part.framed.box for part in line.parts if part.after == part.first + 1}
    taken = {piece for part in chosen for piece in range(part.first, part.after)}
    return [around([boxes[i] for i in range(first, after)]) for first, after in line.strays if first not in taken]
