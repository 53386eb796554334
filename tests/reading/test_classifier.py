"""The classifier: its verdicts, its mathematics, and what it does without a sound model."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist.errors import UserError
from mnist.files import MODEL, sha256
from mnist.reading.classifier import Classifier
from mnist.reading.find_digits import of_strokes
from mnist.reading.framing import Box, Framed
from mnist.reading.judgement import NOT_A_DIGIT
from mnist.reading.lattice import Lattice, Line, Part
from mnist.reading.outputs import digit_odds, softmax
from mnist.reading.readings import Reading
from tools.harness import hand


@pytest.mark.parametrize("digit", range(10))
def test_hand_drawn_digits_are_read(classifier: Classifier, digit: int) -> None:
    reading = classifier.read(of_strokes(hand.strokes(digit)))
    assert reading.verdict == "digit"
    assert reading.text == str(digit)
    assert reading.digits[0].probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_nothing_is_empty_and_a_scribble_is_no_digit(classifier: Classifier) -> None:
    assert classifier.read(Lattice()) == Reading("empty")
    assert classifier.read(of_strokes(hand.SCRIBBLE)) == Reading("not_a_digit")
    assert Reading("empty").text is None


def test_readings_can_be_compared(classifier: Classifier) -> None:
    drawn = of_strokes(hand.strokes(3))
    reading = classifier.read(drawn)
    assert reading == replace(reading)
    assert reading != classifier.read(drawn)  # of digits with arrays each is only itself
    assert drawn == replace(drawn)


def test_a_batch_reads_as_each_alone(classifier: Classifier) -> None:
    sources = [of_strokes(hand.strokes(digit)) for digit in range(10)]
    sources.insert(3, Lattice())
    together = classifier.read_all(sources)
    assert together[3] == Reading("empty")
    for found, reading in zip(sources, together, strict=True):
        alone = classifier.read(found)
        assert (reading.text, reading.verdict) == (alone.text, alone.verdict)
        if reading.digits:
            assert np.allclose(reading.digits[0].probabilities, alone.digits[0].probabilities, atol=1e-4)


class Fixed(Classifier):
    """A classifier whose network answers what it is told."""

    def __init__(self, rows: Any) -> None:
        self.card = {"temperature": 2.0, "thresholds": {"digit": [5.0] * 10, "sure": 0.7}}
        self._rows = np.array(rows, np.float32)

    def network(self, samples: np.ndarray) -> np.ndarray:
        return self._rows[: len(samples)]


FRAMED = Framed(np.zeros((28, 28), np.float32), (1.0, 2.0, 3.0, 4.0))


def side_by_side(count: int) -> Lattice:
    """A line of so many parts, each a digit of its own or none."""
    return Lattice((Line(0, 1, tuple(Part(i, i + 1, FRAMED, 0.0) for i in range(count)), 0.0),))


def test_verdicts_follow_the_card() -> None:
    sure = [0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 3]
    close = [0, 0, 9, 0, 0, 8.5, 0, 0, 0, 0, 3]
    other = [0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 8]
    verdicts = [Fixed([row]).read(Lattice.one_digit(FRAMED)).verdict for row in (sure, close, other)]
    assert verdicts == ["digit", "unsure", "not_a_digit"]
    reading = Fixed([close]).read(Lattice.one_digit(FRAMED))
    assert (reading.text, reading.digits[0].second, reading.digits[0].framed) == ("2", 5, FRAMED)
    assert reading.confidence == pytest.approx(np.exp(4.5) / (np.exp(4.5) + np.exp(4.25) + 8))


def test_each_digit_has_a_threshold_of_its_own() -> None:
    read = []
    for digit in range(10):
        classifier = Fixed([np.eye(11)[digit] * 4])  # log odds of 4.15
        classifier.card = {"temperature": 1.0, "thresholds": {"digit": [5.0] * 7 + [4.0] + [5.0] * 2, "sure": 0.7}}
        read.append(classifier.read(Lattice.one_digit(FRAMED)).text)
    assert read == [None] * 7 + ["7"] + [None] * 2


@pytest.mark.parametrize(
    ("here", "in_mirror", "digit", "is_mirrored"),
    [(6.0, 11.0, 1, True), (6.0, 9.0, 1, False), (8.0, 13.0, 1, False), (6.0, 11.0, 2, False)],
)
def test_a_one_that_is_plain_only_in_a_mirror_is_mirrored(
    here: float, in_mirror: float, digit: int, is_mirrored: bool
) -> None:
    rows = [np.eye(11)[1] * here, np.eye(11)[digit] * in_mirror]
    assert Fixed(rows).is_mirrored_one(FRAMED.sample) == is_mirrored


def test_several_digits_make_one_text_and_are_as_sure_as_all_of_them() -> None:
    rows = np.eye(11, dtype=np.float32)[[2, 0]] * 15
    reading = Fixed(rows).read(side_by_side(2))
    assert (reading.text, reading.verdict) == ("20", "digit")
    assert reading.confidence == pytest.approx(np.prod([max(digit.probabilities) for digit in reading.digits]))


def test_the_worst_of_its_digits_is_the_numbers_verdict() -> None:
    sure, close = np.eye(11)[2] * 12, np.eye(11)[2] * 12 + np.eye(11)[5] * 11.5
    refused = np.eye(11)[2] * 12 + np.eye(11)[10] * 11
    assert Fixed([sure, close]).read(side_by_side(2)).verdict == "unsure"
    reading = Fixed([sure, refused, close]).read(side_by_side(3))
    assert (reading.text, reading.verdict, reading.confidence) == ("2?2", "not_a_digit", None)
    assert [digit.digit for digit in reading.digits] == [2, None, 2]
    assert Fixed([refused, refused]).read(side_by_side(2)) == Reading("not_a_digit")


@pytest.mark.parametrize(("other", "alone", "among_others"), [(12.0, "digit", "unsure"), (2.0, "digit", "digit")])
def test_among_several_a_digit_has_to_be_surer(other: float, alone: str, among_others: str) -> None:
    sure, less_sure = np.eye(11)[2] * 15, np.eye(11)[2] * 15 + np.eye(11)[5] * other
    assert Fixed([less_sure]).read(Lattice.one_digit(FRAMED)).verdict == alone
    reading = Fixed([sure, less_sure]).read(side_by_side(2))
    assert (reading.text, reading.verdict, reading.digits[0].sure) == ("22", among_others, True)


@pytest.mark.parametrize(("odds", "text"), [(4.0, "222"), (2.0, "2?2")])
def test_what_was_nearly_rejected_is_a_doubtful_digit_among_digits(odds: float, text: str) -> None:
    sure, less = np.eye(11)[2] * 15, np.eye(11)[2] * 15 + np.eye(11)[10] * (15 - odds)
    assert Fixed([less]).read(Lattice.one_digit(FRAMED)).verdict == "not_a_digit"
    reading = Fixed([sure, less, sure]).read(side_by_side(3))
    assert reading.text == text
    assert [digit.sure for digit in reading.digits] == [True, False, True]
    assert Fixed([less, less, sure]).read(side_by_side(3)).text == "??2"  # there are too few digits beside it


@pytest.mark.parametrize(("better_by", "verdict"), [(0.7, "unsure"), (1.2, "digit")])
def test_a_part_that_was_cut_off_has_to_be_clearly_better(better_by: float, verdict: str) -> None:
    whole = Part(0, 2, FRAMED, -better_by)
    parts = (Part(0, 1, FRAMED, 0.0), Part(1, 2, FRAMED, 0.0, cut=True), whole)
    sure = np.eye(11)[2] * 15
    reading = Fixed([sure] * 3).read(Lattice((Line(0, 1, parts, 0.0),)))
    assert (reading.text, reading.verdict) == ("22", verdict)


def test_a_mark_in_a_line_of_its_own_far_smaller_than_the_digits_is_left_out() -> None:
    def line(number: int, *boxes: Box) -> Line:
        parts = (Part(i, i + 1, Framed(FRAMED.sample, box), 0.0) for i, box in enumerate(boxes))
        return Line(number, number + 1, tuple(parts), 0.0)

    digits = (100.0, 200.0, 60.0, 100.0), (200.0, 200.0, 60.0, 100.0)
    sure = [np.eye(11)[2] * 15] * 3
    for height, text in ((30.0, "22"), (40.0, "2\n22")):
        mark = (0.0, 0.0, 10.0, height)
        reading = Fixed(sure).read(Lattice((line(0, mark), line(1, *digits))))
        assert (reading.text, reading.verdict) == (text, "digit")
        assert reading.left_out == (((mark, NOT_A_DIGIT),) if text == "22" else ())


def test_softmax_and_odds_against_their_definitions() -> None:
    logits = np.array([[1.0, 2.0, 3.0], [800.0, 0.0, -800.0]])
    assert softmax(logits)[0] == pytest.approx(np.exp([1, 2, 3]) / np.exp([1, 2, 3]).sum())
    assert softmax(logits)[1] == pytest.approx([1, 0, 0])
    eleven = np.array([[*[0.0] * 8, 1.0, 2.0, 3.0], [800.0, *[0.0] * 9, -800.0]])
    assert digit_odds(eleven) == pytest.approx([np.log(np.exp(eleven[0, :10]).sum()) - 3, 1600])


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for part in (MODEL.with_suffix(".onnx"), MODEL.with_suffix(".json")):
        shutil.copy(part, tmp_path)
    return tmp_path / MODEL.name


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.with_suffix(".onnx").unlink(), r"digits.onnx: the model is missing. Restore .* train"),
        (
            lambda path: path.with_suffix(".onnx").write_bytes(b"?"),
            r"digits.onnx: the model is damaged, its checksum is not the card's",
        ),
        (lambda path: path.with_suffix(".json").unlink(), r"digits.json: the model's card is missing. Restore"),
    ],
    ids=["no model", "a damaged model", "no card"],
)
def test_what_is_missing_or_damaged_is_named(copied: Path, spoil: Callable[[Path], object], message: str) -> None:
    spoil(copied)
    with pytest.raises(UserError, match=message):
        Classifier.load(copied)


@pytest.mark.network
@pytest.mark.parametrize("content", [b"", b"\x80\x04cos\nsystem\n.", b"PK\x05\x06" + bytes(18)])
def test_a_foreign_model_is_not_opened_even_with_its_card(copied: Path, content: bytes) -> None:
    network = copied.with_suffix(".onnx")
    network.write_bytes(content)
    card = json.loads(copied.with_suffix(".json").read_text())
    copied.with_suffix(".json").write_text(json.dumps(card | {"onnx_sha256": sha256(network)}))
    with pytest.raises(UserError, match="a network that `train` did not make"):
        Classifier.load(copied)


NINE = {"digit": [0.0] * 9, "sure": 0.7}  # thresholds
OF_NINE = json.dumps({"sha256": "x", "onnx_sha256": "x", "temperature": 1.0, "thresholds": NINE})


@pytest.mark.parametrize("content", ["", "{", "[]", '{"sha256": "x"}', json.dumps({"temperature": 1}), OF_NINE])
def test_a_damaged_card_is_refused(copied: Path, content: str) -> None:
    copied.with_suffix(".json").write_text(content)
    with pytest.raises(UserError, match="not a model's card"):
        Classifier.load(copied)
