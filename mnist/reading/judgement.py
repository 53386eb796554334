"""The reading of a lattice by the network's outputs: the best path through it, without marks, and what is doubtful."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mnist.reading import headings, layout, look_alikes
from mnist.reading.best_path import Chosen, best_path, unused_strays
from mnist.reading.framing import Box, around
from mnist.reading.gutters import Wall
from mnist.reading.lattice import Lattice, Part
from mnist.reading.mesh import Mesh
from mnist.reading.outputs import NO_DIGIT, digits_of, margins, softmax
from mnist.reading.readings import Digit, Reading, Verdict

MIN_TALL_STRAY_OF_DIGIT = 0.5  # height, of the tallest digit: a taller stray makes the digits beside it doubtful
MIN_SURE_MARGIN = 0.1  # a logarithm: with less, a part is doubtful, for the line could as well be divided otherwise
MIN_SURE_CUT_MARGIN = 1.0  # of a part that was cut off: long flags of a 1 look like digits of their own
MIN_SURE_OF_SEVERAL = 0.98  # probability: of several digits each may be the wrong one, so each has to be surer
LEAST_ODDS_AMONG_DIGITS = 2.0  # log odds below the threshold: there a part may be a doubtful digit
MIN_LONE_DIGIT = 1 / 3  # height, of the other digits' median: smaller, alone in its line, it is a mark or a shadow
NOT_A_DIGIT = "not a digit"  # why something that stands apart was left out


def judge(lattice: Lattice, logits: np.ndarray, card: dict[str, Any]) -> Reading:
    """Return the reading of the best path, by logits (n, 11) of the lattice's parts and the card's numbers."""
    if not lattice.lines:
        return Reading("empty", left_out=lattice.left_out)
    parts = lattice.parts
    candidates = digits_of([part.framed for part in parts], logits, card)
    candidates = [
        digit if part.may_be_digit else replace(digit, digit=None, sure=False)
        for digit, part in zip(candidates, parts, strict=True)
    ]
    rejected = [digit.digit is None for digit in candidates]
    found = _best_path(lattice, logits, ~np.array(rejected))
    for index in _accepted(lattice, found, rejected, logits, card):
        likeliest = int(candidates[index].probabilities.argmax())
        candidates[index] = replace(candidates[index], digit=likeliest, sure=False)
    rejected = [digit.digit is None for digit in candidates]
    path, strays = _without_marks(found, parts, rejected, lattice.mesh)
    left_out = (*lattice.left_out, *((box, NOT_A_DIGIT) for box in strays))
    for index in _doubtful(lattice, path, strays, candidates):
        candidates[index] = replace(candidates[index], sure=False)
    lines = tuple(tuple(candidates[i] for i in each.parts) for each in path if each.parts)
    digits = [digit for line in lines for digit in line]
    if all(digit.digit is None for digit in digits):
        return Reading("not_a_digit", left_out=left_out, mesh=lattice.mesh)
    verdict: Verdict = "digit" if all(digit.sure for digit in digits) else "unsure"
    if any(digit.digit is None for digit in digits):
        verdict = "not_a_digit"
    walls: tuple[Wall, ...] = ()
    if lattice.mesh is None:
        of_lines = [[digit.framed.box for digit in line] for line in lines]
        walls = layout.of_table(lattice.walls, of_lines, [sign.box for sign in lattice.signs])
    return Reading(verdict, lines, left_out, walls, lattice.mesh, lattice.signs, lattice.turned)


def _best_path(lattice: Lattice, logits: np.ndarray, known: np.ndarray) -> list[Chosen]:
    """Return the best lines and their parts; `known` (n,) says which of the parts are digits at all."""
    parts = lattice.parts
    likeliest = np.log(softmax(logits)[:, :NO_DIGIT].max(axis=1) + 1e-30)
    likeliest += np.where(logits[:, :NO_DIGIT].argmax(axis=1) == 1, [part.as_one for part in parts], 0.0)
    scores = np.where(known, likeliest, [part.rejected for part in parts]).tolist()
    labels = np.where(known, logits[:, :NO_DIGIT].argmax(axis=1), -1).tolist()
    path = best_path(lattice, scores, labels)
    whole = [index for each in path for index in each.parts if not parts[index].cut]
    if whole and 2 * np.count_nonzero(known[whole]) <= len(whole):  # among letters a joined pair of digits is a letter
        return best_path(lattice, scores, labels, cutting=False)
    return path


def _accepted(
    lattice: Lattice, path: Sequence[Chosen], rejected: Sequence[bool], logits: np.ndarray, card: dict[str, Any]
) -> list[int]:
    """Return the rejected parts that are likely digits, for they stand among digits: in their line, or their table."""
    groups = [each.parts for each in path]
    if lattice.mesh is not None:  # the cells of a table are together what a line is elsewhere
        numbers = [each.parts for each in path if not each.line.is_words(rejected[i] for i in each.parts)]
        groups = [[index for own in numbers for index in own]]
    return [index for group in groups for index in _among_digits(group, lattice.parts, logits, card)]


def _among_digits(line: Sequence[int], parts: Sequence[Part], logits: np.ndarray, card: dict[str, Any]) -> list[int]:
    """Return the rejected parts of a line, half of it digits, that are likely digits, too, for they stand among these.

    What was cut off counts for nothing here: letters can be cut into what looks like digits.
    """
    whole = [index for index in line if parts[index].may_be_digit and not parts[index].cut]
    above_threshold = margins(logits[whole], card)
    if 2 * np.count_nonzero(above_threshold >= 0) < len(line):
        return []
    return [index for index, above in zip(whole, above_threshold, strict=True) if -LEAST_ODDS_AMONG_DIGITS <= above < 0]


def _without_marks(
    path: Sequence[Chosen], parts: Sequence[Part], rejected: Sequence[bool], mesh: Mesh | None
) -> tuple[list[Chosen], list[Box]]:
    """Return the lines that hold numbers, and boxes of what is left out: strays, and beside numbers words and marks.

    With the mesh of a table, also its headings.
    """
    strays = [box for each in path for box in unused_strays(each.line, [parts[i] for i in each.parts])]
    words = [each for each in path if each.line.is_words(rejected[i] for i in each.parts)]
    if mesh is not None:
        words += [each for each in headings.of_table(path, parts, rejected, mesh) if each not in words]
    if len(words) == sum(bool(each.parts) for each in path):
        words = []
    numbers = [each for each in path if each not in words]
    marks = [each for each in numbers if _is_mark(each, numbers, parts)]
    strays += [around([parts[i].framed.box for i in each.parts]) for each in (*words, *marks)]
    return [each for each in numbers if each not in marks], strays


def _is_mark(line: Chosen, path: Sequence[Chosen], parts: Sequence[Part]) -> bool:
    """Return whether a line is one part, far smaller than the digits of the others."""
    others = [parts[i].framed.box[3] for other in path if other is not line for i in other.parts]
    if len(line.parts) != 1 or not others:
        return False
    return parts[line.parts[0]].framed.box[3] < MIN_LONE_DIGIT * float(np.median(others))


def _doubtful(
    lattice: Lattice, path: Sequence[Chosen], strays: Sequence[Box], candidates: Sequence[Digit]
) -> list[int]:
    """Return the parts of the lines that are doubtful, by how they were divided and by what stands beside them."""
    chosen = [index for each in path for index in each.parts]
    parts = lattice.parts
    signs_in_doubt = [sign.box for sign in lattice.signs if sign.doubtful]
    only_cut = all(parts[index].cut for index in chosen)  # a letter can be cut into what looks like digits
    doubtful = _unsure_of_path(path, parts, candidates)
    if lattice.mesh is not None:
        cells = set(lattice.mesh.cells(signs_in_doubt))
        boxes = lattice.mesh.cells([parts[index].framed.box for index in chosen])
        in_these = [index for index, cell in zip(chosen, boxes, strict=True) if cell in cells]
        return chosen if only_cut else [*doubtful, *in_these]
    tall = MIN_TALL_STRAY_OF_DIGIT * max((parts[index].framed.box[3] for index in chosen), default=0.0)
    beside_letters = any(box[3] > tall for box in strays)  # it may be one, too
    return chosen if only_cut or beside_letters or signs_in_doubt else doubtful


def _unsure_of_path(path: Sequence[Chosen], parts: Sequence[Part], candidates: Sequence[Digit]) -> list[int]:
    """Return the parts of the lines that may be divided otherwise, that several make unsure, or that may be signs."""
    least = MIN_SURE_OF_SEVERAL if sum(len(each.parts) for each in path) > 1 else 0.0
    doubtful = [
        index
        for each in path
        for index, margin in zip(each.parts, each.margins, strict=True)
        if margin < (MIN_SURE_CUT_MARGIN if parts[index].cut else MIN_SURE_MARGIN)
        or (candidates[index].confidence or 0.0) < least
    ]
    for each in path:
        doubtful += [each.parts[i] for i in look_alikes.among([candidates[index] for index in each.parts])]
    return doubtful
