"""The headings of a table: a first row or column of names, of which letters may look like digits."""

from collections.abc import Sequence

import numpy as np

from mnist.reading.best_path import Chosen
from mnist.reading.lattice import Part
from mnist.reading.mesh import Mesh

MIN_UNREAD_OF_HEADINGS = 0.5  # share of the cells of a first row or column that hold no number
MAX_UNREAD_OF_REST = 0.25  # and of the other cells


def of_table(path: Sequence[Chosen], parts: Sequence[Part], rejected: Sequence[bool], mesh: Mesh) -> list[Chosen]:
    """Return what stands in a table's first row or column if most of it is no number, and most of the rest is."""
    lines = [each for each in path if each.parts]
    cells = mesh.cells([parts[each.parts[0]].framed.box for each in lines])
    is_no_number = np.array([any(rejected[i] for i in each.parts) for each in lines])
    row, column = np.array(cells).reshape(-1, 2).T
    rest = is_no_number[(row > 0) & (column > 0)]
    if not len(rest) or rest.mean() > MAX_UNREAD_OF_REST:
        return []
    is_heading = np.zeros(len(lines), bool)
    for first in (row == 0, column == 0):
        if np.count_nonzero(first) > 1 and is_no_number[first].mean() >= MIN_UNREAD_OF_HEADINGS:
            is_heading |= first
    return [each for each, heading in zip(lines, is_heading.tolist(), strict=True) if heading]
