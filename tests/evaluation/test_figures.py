"""The card's figures, compared with counting by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from mnist.data.labelled import Labelled
from mnist.evaluation import figures
from mnist.evaluation.figures import REJECTED, SEVERAL, Answers
from mnist.evaluation.samples import DigitSet, LatticeSet
from mnist.evaluation.sets import TITLES
from mnist.reading.framing import Framed
from mnist.reading.lattice import Lattice, Line, Part
from mnist.reading.network import logits_of

CARD = {"temperature": 1.0, "thresholds": {"digit": [2.0] * 10, "sure": 0.9}}


def answers(texts: Sequence[str], confidence: Sequence[float]) -> Answers:
    return Answers(tuple(texts), np.array(confidence), np.zeros(len(texts), bool))


def test_confusion_counts_rows_as_labels_and_what_is_refused_was_not_read_as_a_digit() -> None:
    counts = figures.confusion_matrix(list("11777"), ["1", "7", "7", "11", ""])
    assert counts.sum() == 5
    assert (counts[1, 1], counts[1, 7]) == (1, 1)
    assert (counts[7, 7], counts[7, SEVERAL], counts[7, REJECTED]) == (1, 1, 1)


def test_figures_of_five_known_samples() -> None:
    logits = np.zeros((5, 11))
    logits[0, 3] = 50  # sure and right
    logits[1, 3] = 50  # sure and wrong
    logits[2, [4, 5]] = 20  # two equally likely, the first of them right
    logits[3, 10] = 5  # no digit: refused, though its best guess is right
    logits[4, [6, 10]] = 10, 30  # refused, and its best guess is wrong
    labels = Labelled(np.zeros((5, 28, 28)), np.array([3, 8, 4, 0, 1]))
    found = figures.measure(lambda _: logits, [("some", DigitSet(labels))], CARD)["some"]
    assert found["count"] == 5
    assert found["accuracy"] == 0.6
    assert (found["right"], found["wrong"], found["rejected"], found["unsure"]) == (0.4, 0.2, 0.4, 0.2)
    # of the answers: bins [1.0: two, half right], [0.5: one, right]
    assert found["calibration_error"] == pytest.approx((1 + 0.5) / 3, abs=1e-6)


def test_of_every_confusion_a_few_are_kept_the_worst_first() -> None:
    found = answers(["1", "1", "1", "1", "", "2", "2", "2", "14"], [0.3, 0.9, 0.5, 0.7, 0, 0.6, 0.8, 0.2, 0.4])
    kept = figures.examples(list("122222222"), found, list("abcdefghi"))
    assert "".join(example["name"] for example in kept) == "bdciehafg"
    assert kept[0] == {"name": "b", "label": 2, "read": "1", "confidence": 0.9}
    assert kept[4] == {"name": "e", "label": 2, "read": "", "confidence": 0.0}


def test_every_source_counts_the_same_in_the_figures_by_digit() -> None:
    few, many = np.zeros((10, 12), int), np.zeros((10, 12), int)
    few[1, 7] = 2
    many[1, 1] = 900
    many[1, REJECTED] = 100
    row = figures.by_digit([few.tolist(), many.tolist()])[1]
    assert (row[1], row[7], row[REJECTED]) == (0.45, 0.5, 0.05)


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
        ("letters", DigitSet(Labelled(samples[3:], np.array([10])), lattices=(drawing(3), drawing(0, 1)))),
    ]
    measured = figures.measure(logits, sets, CARD)
    assert measured["drawings"]["accuracy"] == pytest.approx(2 / 3, abs=1e-6)
    assert list(measured["drawings"]["styles"].items()) == [("rolled", 0.0), ("oval", 1.0), ("stick", 1.0)]
    assert measured["letters"] == {"count": 1, "rejected": 1.0, "auroc": 1.0}
    assert measured["letters_as_read"] == {"count": 2, "rejected": 0.5, "unsure": 0.0}  # one is cut into a number


def drawing(*labels: int) -> Lattice:
    """A lattice of parts side by side, each a sample that tells the network its label."""
    parts = (Part(i, i + 1, Framed(np.full((28, 28), label), (0, 0, 1, 1)), 0.0) for i, label in enumerate(labels))
    return Lattice((Line(0, 1, tuple(parts), 0.0),))


def test_numbers_count_as_right_only_as_a_whole() -> None:
    found = (drawing(2, 0), drawing(2, 6), drawing(1, 10), drawing(10))
    numbers = LatticeSet(found, ("20", "20", "17", "4"))
    network = lambda samples: np.eye(11)[samples[:, 0, 0].astype(int)] * 20  # noqa: E731
    measured = figures.measure(network, [("numbers", numbers)], CARD)["numbers"]
    assert measured == {
        "count": 4, "right": 0.25, "wrong": 0.25, "rejected": 0.5, "unsure": 0.0, "calibration_error": 0.5
    }  # fmt: skip


def test_batches_make_no_difference() -> None:
    samples = np.random.default_rng(0).random((1203, 28, 28), np.float32)
    assert np.array_equal(logits_of(lambda batch: batch.sum(axis=1)[:, :11], samples), samples.sum(axis=1)[:, :11])


def test_a_figure_beyond_chance_is_named() -> None:
    stated = {"letters": {"count": 1000, "auroc": 0.99}, "mnist_validation": {"count": 9, "accuracy": 1.0}}
    assert figures.differing({"letters": {"count": 1000, "auroc": 0.988}}, stated) == []
    assert figures.differing({"letters": {"count": 1000, "auroc": 0.98}}, stated) == ["letters (auroc)"]
    assert figures.differing({"symbols": {"count": 1000, "auroc": 0.99}}, stated) == ["symbols (auroc)"]


def test_sets_left_out_are_named_with_what_is_missing() -> None:
    every = dict.fromkeys(TITLES)
    assert figures.not_measured(every) == []
    people, packages = figures.not_measured({key: None for key in every if key not in ("skahl_numbers", "letters")})
    assert (
        people == "not measured, as HANDWRITING_DATA names no folder that has people's handwriting "
        "(docs/handwriting.md): skahl_numbers"
    )
    assert packages == "not measured, as packages of requirements-dev.txt are missing: letters"
