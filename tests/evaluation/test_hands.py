"""What people wrote, as it is measured: through the doors that users take, and as numbers of one person's digits."""

from itertools import pairwise
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from mnist.data import people
from mnist.data.drawings import Drawing, as_json_lines
from mnist.data.labelled import Labelled
from mnist.data.people import Written
from mnist.evaluation import hands, samples, sets
from mnist.handwriting import numbers
from mnist.reading import find_digits
from tools.harness import hand


def drawing(digit: int, writer: str) -> Drawing:
    return Drawing(str(digit), writer, tuple(stroke.points for stroke in hand.strokes(digit)))


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Digits of two people: one wrote only 1 and 7, the other 2 and 3."""
    path = tmp_path / "drawn.jsonl.gz"
    pairs = [(digit, "a" if digit in (1, 7) else "b") for digit in (1, 2, 3, 7)]
    path.write_bytes(as_json_lines([drawing(digit, writer) for digit, writer in pairs]))
    return people.read([path])


def test_numbers_are_set_together_from_one_persons_digits(written: Written) -> None:
    made = hands.side_by_side(written, 100)
    assert len(made.texts) == len(made.lattices) == 4
    for text in made.texts:
        assert 2 <= len(text) <= 5
        assert set(text) <= set("17") or set(text) <= set("23")


def test_a_drawing_is_read_by_its_strokes_and_by_the_pads_pixels(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Mock(wraps=find_digits.in_file)
    monkeypatch.setattr(find_digits, "in_file", read)
    by_strokes, as_pixels = hands.by_strokes(written, 100), hands.as_pixels(written, 100, 14)
    files = [call.args[0][:4] for call in read.call_args_list]
    assert files == 4 * [b'{"ob'] + 4 * [b"\x89PNG"]
    assert by_strokes.texts == as_pixels.texts == ("1", "2", "3", "7")
    assert by_strokes.names == ("0", "1", "2", "3")
    assert all(made.parts for made in (*by_strokes.lattices, *as_pixels.lattices))


def test_an_image_is_framed_as_the_program_frames_its_png(tmp_path: Path) -> None:
    image = np.zeros((32, 20), np.uint8)
    image[4:30, 9:12] = 255
    np.savez(tmp_path / "scans.npz", images=image[None], labels=np.array(["1"]))
    made = hands.as_they_are(people.read([tmp_path / "scans.npz"]), 100)
    assert np.array_equal(made.labelled.samples[0], samples.from_picture(image))
    (part,) = find_digits.in_file(samples.as_png(image)).parts
    assert np.array_equal(made.labelled.samples[0], part.framed.sample)


def test_the_same_few_are_chosen_every_time_and_keep_their_numbers() -> None:
    labels = np.arange(1000) % 10
    written = Written(images=Labelled(np.zeros((1000, 28, 28), np.float32), labels))
    made, again = (hands.as_they_are(written, 30) for _ in range(2))
    assert made.names == again.names
    assert [int(name) % 10 for name in made.names] == made.labelled.labels.tolist()
    assert len(set(made.names)) == 30


def test_sets_of_people_are_left_out_without_their_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    few = Labelled(np.zeros((1, 28, 28), np.float32), np.array([1]))
    monkeypatch.delenv("HANDWRITING_DATA", raising=False)
    monkeypatch.setattr(sets, "SETS", [each for each in sets.SETS if each.source and each.key != "scans_8x8"])
    assert [key for key, _ in sets.every(few)] == ["mnist_test"]
    (tmp_path / "development").mkdir()
    (tmp_path / "development" / "skahl.jsonl.gz").write_bytes(as_json_lines([drawing(7, "a")]))
    monkeypatch.setenv("HANDWRITING_DATA", str(tmp_path))
    keys = [key for key, _ in sets.every(few)]
    assert keys[:2] == ["skahl", "skahl_pixels_pen_8"]
    assert "semeion" not in keys


def test_no_set_is_made_of_what_is_learned_from() -> None:
    files = {each.source.file for each in sets.SETS if each.source}
    assert not files & {source.file for source in people.TO_LEARN_FROM}


def test_digits_side_by_side_stand_on_one_line_without_reaching_far_over_each_other(rng: np.random.Generator) -> None:
    placed = numbers.side_by_side([hand.strokes(digit) for digit in (7, 2, 7)], rng)
    boxes = [np.concatenate([stroke.points for stroke in digit]) for digit in placed]
    for left, right in pairwise(boxes):
        assert right[:, 0].min() >= left[:, 0].max() + numbers.MIN_GAP_HEIGHTS * numbers.DIGIT_HEIGHT - 1e-6
        assert abs(right[:, 1].max() - left[:, 1].max()) < 0.5 * numbers.DIGIT_HEIGHT
