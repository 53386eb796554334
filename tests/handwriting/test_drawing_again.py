"""People's drawings, drawn again: whose are chosen how often, and how much they are changed."""

import cv2
import numpy as np

from mnist.data.people import Drawn
from mnist.handwriting.samples import draw_again
from mnist.handwriting.writer import Writer
from mnist.reading.drawings.strokes import Stroke, frame
from mnist.reading.outputs import NO_DIGIT
from tools.harness import hand


def drawn(writer: str, label: int = 3, count: int = 1) -> list[Drawn]:
    return [Drawn(tuple(hand.strokes(3)), label, writer)] * count


def test_the_seed_alone_decides_and_labels_are_kept() -> None:
    some = [*drawn("a", 3), *drawn("b", 7), *drawn("b", NO_DIGIT)]
    first, again, other = (draw_again(some, 60, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.samples, again.samples)
    assert not np.array_equal(first.samples, other.samples)
    assert set(first.labels.tolist()) == {3, 7, NO_DIGIT}
    assert first.labels.dtype == np.int64
    assert first.samples.shape == (60, 28, 28)
    assert first.samples.dtype == np.float32
    assert len(np.unique(first.samples.reshape(60, -1), axis=0)) == 60  # each changed anew


def test_a_writer_of_a_hundred_times_as_many_drawings_is_drawn_ten_times_as_often(rng: np.random.Generator) -> None:
    often, seldom = drawn("often", 1, 400), drawn("seldom", 2, 4)
    labels = draw_again([*often, *seldom], 1650, rng).labels
    assert 110 < (labels == 2).sum() < 190  # 150, an eleventh, with a standard deviation of 12
    counts = np.bincount(draw_again([*drawn("a", 1, 9), *drawn("b", 2, 9)], 400, rng).labels)
    assert 150 < counts[1] < 250  # writers of as many drawings are drawn as often


def features(strokes: list[Stroke]) -> np.ndarray:
    blurred = cv2.GaussianBlur(frame(strokes).sample, (0, 0), 1.5).ravel()
    return blurred / np.linalg.norm(blurred)


def test_a_copy_is_near_its_original_but_not_the_same(rng: np.random.Generator) -> None:
    originals = np.stack([features(hand.strokes(digit)) for digit in range(10)])
    likeness, nearest = [], []
    for digit in range(10):
        for _ in range(30):
            like = originals @ features(Writer.copyist(rng).rewrite(hand.strokes(digit), rng))
            likeness.append(like[digit])
            nearest.append(like.argmax() == digit)
    assert np.mean(nearest) > 0.95  # of the ten digits, although some of them are alike: 0.93 at most
    assert 0.9 < np.mean(likeness) < 0.98
    assert max(likeness) < 0.9999


def test_a_copy_is_of_the_asked_size_wherever_the_original_lay(rng: np.random.Generator) -> None:
    for scale, at in ((0.01, (0.0, 0.0)), (40.0, (-3000.0, 5000.0))):
        copy = Writer.copyist(rng).rewrite(hand.strokes(8, scale, at), rng, height=150.0, pen=9.0)
        points = np.concatenate([stroke.points for stroke in copy])
        assert 90 < np.ptp(points, axis=0).max() < 250
        assert np.abs(points.mean(axis=0)).max() < 60
        assert {stroke.width for stroke in copy} == {9.0}


def test_a_dot_is_written_again_as_a_dot(rng: np.random.Generator) -> None:
    (copy,) = Writer.copyist(rng).rewrite(hand.strokes(1, 0.0), rng)
    assert np.isfinite(copy.points).all()
    assert np.ptp(copy.points, axis=0).max() < 30
