"""The mesh of a ruled table in a picture: where its rules run, however the phone stood and the paper bulged.

The frame's four corners give the perspective, a homography; its four sides the bulge that is left: between two sides
everything is moved as they are, in proportion. A place in the frame is (across, down), from 0 to 1, as if it lay flat.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from mnist.reading.framing import Box, between

SUDOKU_SIDE = 9  # cells
STEPS_BACK = 6  # of the inverse, each some ten times nearer
POINTS_OF_RULE = 50  # that is drawn
RULE_IN_CELLS = 0.1  # width, of a usual cell, with what it may be off
ROWS_AT_ONCE = 64  # of a table that is laid flat: where each pixel comes from takes many times its memory
FRAME = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)  # its corners, clockwise from the upper left


@dataclass(frozen=True, eq=False)
class Mesh:
    """A table's frame in a picture, and its rules.

    `corners` (4, 2) float32 lie in the picture's pixels, clockwise from the upper left. `bulges` (4, n) say how far
    inside of the straight line the upper, lower, left and right side lie, at n places from end to end, in frames.
    `walls` are the upright rules, across, and `floors` the level ones, down, the frame's own among them.
    """

    corners: np.ndarray
    bulges: np.ndarray
    walls: tuple[float, ...] = (0.0, 1.0)
    floors: tuple[float, ...] = (0.0, 1.0)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels, of the frame where it lies flat."""
        upper, right, lower, left = np.linalg.norm(np.roll(self.corners, -1, axis=0) - self.corners, axis=1).tolist()
        return max(1, round((upper + lower) / 2)), max(1, round((left + right) / 2))

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns of cells it has."""
        return len(self.floors) - 1, len(self.walls) - 1

    @property
    def is_sudoku(self) -> bool:
        """Whether it has the cells of a sudoku."""
        return self.shape == (SUDOKU_SIDE, SUDOKU_SIDE)

    def scaled(self, factor: float) -> "Mesh":
        """Return the same mesh in the pixels of a picture `factor` times as large."""
        return replace(self, corners=(self.corners * factor).astype(np.float32))

    def flat(self, picture: np.ndarray, margin: int) -> np.ndarray:
        """Return a picture (h, w) float32 with the table laid flat, with a margin around its frame, pixels."""
        wide, high = (side + 2 * margin for side in self.size)
        laid = np.empty((high, wide), np.float32)
        for top in range(0, high, ROWS_AT_ONCE):
            rows = laid[top : top + ROWS_AT_ONCE]
            across, down = np.meshgrid(np.arange(wide) - margin, np.arange(top, top + len(rows)) - margin)
            places = self.in_picture(np.stack([across.ravel(), down.ravel()], axis=1) / self.size)
            x, y = places.astype(np.float32).T.reshape(2, *rows.shape)
            rows[:] = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return laid

    def in_picture(self, places: np.ndarray) -> np.ndarray:
        """Return where places (n, 2) in the frame lie in the picture, (n, 2) pixels."""
        matrix = cv2.getPerspectiveTransform(FRAME, self.corners)
        return np.asarray(cv2.perspectiveTransform(self._bulged(places)[None], matrix)[0])

    def in_frame(self, places: np.ndarray) -> np.ndarray:
        """Return where places (n, 2) of the picture, pixels, lie in the frame, (n, 2)."""
        if not len(places):
            return places
        places = np.asarray(places, np.float64)
        found = bulged = cv2.perspectiveTransform(places[None], cv2.getPerspectiveTransform(self.corners, FRAME))[0]
        for _ in range(STEPS_BACK):
            found = found + bulged - self._bulged(found)
        return found

    def _bulged(self, places: np.ndarray) -> np.ndarray:
        across, down = places.T
        upper, lower, left, right = (
            np.interp(along, np.linspace(0, 1, len(bulge)), bulge)
            for along, bulge in zip((across, across, down, down), self.bulges, strict=True)
        )
        return places + np.stack([(1 - across) * left - across * right, (1 - down) * upper - down * lower], axis=1)

    def without_rules(self, mask: np.ndarray) -> np.ndarray:
        """Return a mask of the picture's ink (h, w) uint8 without what lies on the rules."""
        along = np.linspace(0, 1, POINTS_OF_RULE)
        lines = [np.stack([np.full(POINTS_OF_RULE, wall), along], axis=1) for wall in self.walls]
        lines += [np.stack([along, np.full(POINTS_OF_RULE, floor)], axis=1) for floor in self.floors]
        cell = min(side / cells for side, cells in zip(self.size, self.shape[::-1], strict=True))
        points = [self.in_picture(line).round().astype(np.int32) for line in lines]
        return cv2.polylines(mask.copy(), points, False, 0, max(3, round(RULE_IN_CELLS * cell)))

    def box_in_picture(self, box: Box) -> Box:
        """Return the box around one in the frame, in the picture's pixels."""
        x, y, width, height = box
        corners = self.in_picture(np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)]))
        return between(corners.min(axis=0), corners.max(axis=0))

    def cells(self, boxes: Sequence[Box]) -> list[tuple[int, int]]:
        """Return the row and column, from 0, of the cells in which boxes in the picture have their middles."""
        middles = np.array([(x + width / 2, y + height / 2) for x, y, width, height in boxes]).reshape(-1, 2)
        return [self.cell_at(place) for place in self.in_frame(middles).tolist()]

    def cell_at(self, place: Sequence[float]) -> tuple[int, int]:
        """Return the row and column, from 0, of the cell at a place (across, down) in the frame."""
        across, down = place
        return _between(self.floors, down), _between(self.walls, across)


def _between(rules: tuple[float, ...], place: float) -> int:
    """Return after which of the rules a place lies, from 0; what lies beyond the frame belongs to the nearest cell."""
    return int(np.clip(np.searchsorted(rules, place) - 1, 0, len(rules) - 2))
