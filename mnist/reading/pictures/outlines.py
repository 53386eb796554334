"""Outlines of what has corners: a sheet of paper, the frame of a table."""

import cv2
import numpy as np

MIN_STRAIGHT = 0.93  # share of its hull that a polygon, or what the picture's edge leaves of one, covers
MIN_CORNER_IN_OUTLINES = 0.02  # lengths of its outline: a corner nearer to the line without it is none


def corners_of(outline: np.ndarray) -> np.ndarray | None:
    """Return the corners (n, 2) int32 of an outline's hull; None if its sides between them are not straight."""
    hull = cv2.convexHull(outline)
    corners = cv2.approxPolyDP(hull, MIN_CORNER_IN_OUTLINES * cv2.arcLength(hull, True), True)
    if cv2.contourArea(corners) < MIN_STRAIGHT * cv2.contourArea(hull):
        return None
    return np.asarray(corners[:, 0])
