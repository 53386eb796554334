"""The card's figures, compared with counting by hand."""

import numpy as np
import pytest

from mnist.data.labelled import Labelled
from mnist.evaluation import figures
from mnist.evaluation.sets import DigitSet, NumberSet
from mnist.reading.classifier import logits_of
from mnist.reading.framing import Framed
from mnist.reading.lattice import Lattice, Line, Part

CARD = {"temperature": 1.0, "thresholds": {"digit": 2.0, "sure": 0.9}}


def test_confusion_counts_rows_as_labels() -> None:
    counts = figures.confusion_matrix(np.array([1, 1, 7]), np.array([1, 7, 7]))
    assert counts.sum() == 3
    assert (counts[1, 1], counts[1, 7], counts[7, 7]) == (1, 1, 1)


def test_figures_of_four_known_samples() -> None:
    logits = np.zeros((4, 11))
    logits[0, 3] = 50  # sure and right
    logits[1, 3] = 50  # sure and wrong
    logits[2, [4, 5]] = 20  # two equally likely, the first of them right
    logits[3, 10] = 5  # no digit: refused, though its best guess is right
    found = figures.digit_figures(logits, np.array([3, 8, 4, 0]), CARD)
    assert found["count"] == 4
    assert found["accuracy"] == 0.75
    assert found["answers_right"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["rejected"] == 0.25
    assert found["unsure"] == 0.25
    # bins: [1.0: two, half right], [0.5: one, right], [0.1: one, right]
    assert found["calibration_error"] == pytest.approx((1 + 0.5 + 0.9) / 4, abs=1e-6)


def test_of_every_confusion_a_few_are_kept_the_worst_first() -> None:
    logits = np.zeros((9, 11))
    logits[range(9), [1, 1, 1, 1, 1, 2, 2, 2, 2]] = [3, 9, 5, 7, 4, 6, 8, 2, 4]
    logits[4, 10] = 9  # the fifth is refused
    labels = np.array([1, 2, 2, 2, 2, 2, 2, 2, 2])
    kept = figures.examples(logits, labels, list("abcdefghi"), CARD)
    assert "".join(example["name"] for example in kept) == "bdchaif"  # not the surest 2
    assert (kept[0]["label"], kept[0]["guess"], kept[0]["rejected"]) == (2, 1, False)
    assert kept[0]["confidence"] == pytest.approx(np.exp(9) / (np.exp(9) + 9), abs=1e-4)
    labels[4] = 1
    again = figures.examples(logits, labels, list("abcdefghi"), CARD)
    assert next(example for example in again if example["name"] == "e")["rejected"]


def test_auroc_against_counting_pairs(rng: np.random.Generator) -> None:
    high, low = rng.integers(0, 9, 60).astype(float), rng.integers(0, 7, 50).astype(float)
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in high for b in low]
    assert figures.auroc(high, low) == pytest.approx(np.mean(pairs))


def test_a_measurement_names_its_sets_and_its_worst_styles() -> None:
    samples = np.arange(4, dtype=np.float32)[:, None, None] * np.ones((1, 28, 28), np.float32)

    def logits(batch: np.ndarray) -> np.ndarray:
        rows = np.eye(11)[np.minimum(batch[:, 0, 0].astype(int), 2)] * 20
        rows[batch[:, 0, 0] == 3, 10] = 40
        return rows

    sets = [
        ("drawings", DigitSet(Labelled(samples[:3], np.array([0, 1, 9])), ("oval", "stick", "rolled"))),
        ("letters", DigitSet(Labelled(samples[3:], np.array([10])))),
    ]
    measured = figures.measure(logits, sets, CARD)
    assert measured["drawings"]["accuracy"] == pytest.approx(2 / 3, abs=1e-6)
    assert list(measured["drawings"]["styles"].items()) == [("rolled", 0.0), ("oval", 1.0), ("stick", 1.0)]
    assert measured["letters"] == {"count": 1, "rejected": 1.0, "auroc": 1.0}


def test_numbers_count_as_right_only_as_a_whole() -> None:
    def drawing(*labels: int) -> Lattice:
        parts = (Part(i, i + 1, Framed(np.full((28, 28), label), (0, 0, 1, 1)), 0.0) for i, label in enumerate(labels))
        return Lattice((Line(0, 1, tuple(parts), 0.0),))

    found = (drawing(2, 0), drawing(2, 6), drawing(1, 10), drawing(10))
    numbers = NumberSet(found, ("20", "20", "17", "4"))
    measured = figures.number_figures(lambda samples: np.eye(11)[samples[:, 0, 0].astype(int)] * 20, numbers, CARD)
    assert measured == {"count": 4, "accuracy": 0.25, "answers_right": 0.5, "rejected": 0.5, "unsure": 0.0}


def test_batches_make_no_difference() -> None:
    samples = np.random.default_rng(0).random((1203, 28, 28), np.float32)
    assert np.array_equal(logits_of(lambda batch: batch.sum(axis=1)[:, :11], samples), samples.sum(axis=1)[:, :11])


def test_a_figure_beyond_chance_and_a_set_left_out_are_named() -> None:
    stated = {"letters": {"count": 1000, "auroc": 0.99}, "mnist_validation": {"count": 9, "accuracy": 1.0}}
    assert figures.differing({"letters": {"count": 1000, "auroc": 0.988}}, stated) == []
    assert figures.differing({"letters": {"count": 1000, "auroc": 0.98}}, stated) == ["letters (auroc)"]
    assert figures.differing({"symbols": {"count": 1000, "auroc": 0.99}}, stated) == ["symbols (auroc)"]
    assert figures.not_measured({}, stated) == ["letters"]
