"""The best path through a lattice: the lines, and the parts that each of them is divided into.

It divides each line into the parts whose scores have the highest sum: the logarithm of the probability that a part is
its best digit, or what it costs to reject it, and how well the part fits its line (over-segmentation and a shortest
path: LeCun and others, 1998, part V).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mnist.reading.framing import Box, around
from mnist.reading.lattice import NO_DIGIT_COST, STRAY_COST, Lattice, Line, Part

JOIN_COST = 0.1  # of taking a piece for a mere join between two digits
WORDS_COST = 2.5  # of a line of words, however long
CUT_PART_COST = 1.0  # a line of many digits that touch may cost as much for each, and is still no stray,
MAX_REJECTED = 1 / 8  # though so large a share of its parts is rejected: of letters that were cut more are
MAX_DIGITS_COMPARED = 100  # of a line: in longer ones, no numbers, divisions that read the same count as well

Edge = tuple[int, int, float]  # from a node, to another, with a score


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
    divided, edges, start = [], [], 0
    for line in lattice.lines:
        own = slice(start, start + len(line.parts))
        total, chosen, ways = _divided(line, scores[own], cutting)
        edges.append((line.first, line.after, total + line.fit if chosen else total))
        divided.append((line, start, chosen, ways, labels[own]))
        start = own.stop
    taken = [divided[i] for i in _path(edges)[1]]
    return [
        Chosen(line, [start + i for i in chosen], _margins(ways, own_labels, chosen))
        for line, start, chosen, ways, own_labels in taken
    ]


def _divided(line: Line, scores: Sequence[float], cutting: bool) -> tuple[float, list[int], list[Edge]]:
    """Return the best sum of a line's scores, which of its parts have it, none if it is left out, and all its ways."""
    ways: list[Edge] = [
        (part.first, part.after, score + part.fit if cutting or not part.cut else -np.inf)
        for part, score in zip(line.parts, scores, strict=True)
    ]
    end = max(part.after for part in line.parts)
    ways += [(piece, piece + 1, -JOIN_COST) for piece in line.joins]
    ways += [(*stray, -STRAY_COST) for stray in line.strays if stray != (0, end)]
    total, path = _path(ways)
    chosen = [i for i in path if i < len(line.parts)]
    if (0, end) in line.strays and _is_stray(line, scores, chosen, total):
        return -STRAY_COST, [], ways
    if line.is_words(scores[i] <= -NO_DIGIT_COST for i in chosen):
        total = max(total, -WORDS_COST)
    return total, chosen, ways


def _is_stray(line: Line, scores: Sequence[float], chosen: Sequence[int], total: float) -> bool:
    """Return whether a line, divided into these of its parts, is better left out: not because one was rejected."""
    read = sum(scores[i] > -NO_DIGIT_COST and not line.parts[i].cut for i in chosen)
    rejected = sum(scores[i] <= -NO_DIGIT_COST for i in chosen)
    worst = -STRAY_COST
    if rejected <= MAX_REJECTED * len(chosen):
        worst = min(worst, -CUT_PART_COST * len(chosen) - NO_DIGIT_COST * rejected)
    return total < worst and 2 * read < len(chosen)


def _path(edges: Sequence[Edge]) -> tuple[float, list[int]]:
    """Return the highest sum of scores on a path of edges (from, to, score) from 0 to the furthest node; its edges."""
    paths: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for index in sorted(range(len(edges)), key=lambda i: edges[i][1]):
        first, after, score = edges[index]
        total = paths[first][0] + score
        if after not in paths or total > paths[after][0]:
            paths[after] = (total, [*paths[first][1], index])
    return paths[max(paths)]


def _margins(edges: Sequence[Edge], labels: Sequence[int], chosen: Sequence[int]) -> list[float]:
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


def _best_otherwise(edges: Sequence[Edge], labels: Sequence[int], text: Sequence[int]) -> float:
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


def _best_sums(edges: Sequence[Edge]) -> dict[int, float]:
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
