"""The ink of a picture that was rejected, changed to look at it again: outlines filled, or small words left out."""

import cv2
import numpy as np

MAX_BAND_IN_SIDES = 0.3  # longer sides of the ink: a pen as broad as what outlines enclose
MIN_BAND_PENS = 2.5  # widths of the outlines
MAX_WORD_IN_HEIGHTS = 0.25  # of the highest patch of ink: words beside a large digit, as screenshots have them,
MIN_LETTERS = 3  # and as many letters, at least


def filled(mask: np.ndarray) -> np.ndarray | None:
    """Return the mask (h, w) of what outlines enclose, holes within them left free; None if they are no outlines."""
    contours, tree = cv2.findContours(mask, cv2.RETR_TREE, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    depths: list[int] = []
    inside = np.zeros(mask.shape, np.uint8)
    for i, (*_, above) in enumerate(tree[0].tolist()):  # what is above comes first
        depths.append(0 if above < 0 else depths[above] + 1)
        if depths[i] in (0, 3):  # ink, the band within it, the ink of its inner side, the hole in that
            cv2.drawContours(inside, [contours[i]], -1, int(depths[i] == 0), cv2.FILLED)
    band, pen = (2 * float(cv2.distanceTransform(each, cv2.DIST_L2, 3).max()) for each in (inside, mask))
    if MIN_BAND_PENS * pen <= band <= MAX_BAND_IN_SIDES * max(cv2.boundingRect(inside)[2:]):
        return inside
    return None


def without_words(mask: np.ndarray) -> np.ndarray | None:
    """Return the mask (h, w) without words that stand beside writing far larger than they are; None without any."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    start, end = stats[1:, :2], stats[1:, :2] + stats[1:, 2:4]
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    is_word = heights <= MAX_WORD_IN_HEIGHTS * heights.max(initial=0)
    if np.count_nonzero(is_word) < MIN_LETTERS:
        return None
    low, high = start[~is_word].min(axis=0), end[~is_word].max(axis=0)
    is_beside = ((end <= low) | (start >= high)).any(axis=1)
    if not is_beside[is_word].all():
        return None
    return (mask & ~np.concatenate([[False], is_word])[labels]).astype(np.uint8)
