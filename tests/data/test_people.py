"""People's handwriting: both forms are read, its folder and its files are found, and every source is described."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist.data import people
from mnist.data.labelled import LOOK_ALIKES, Labelled
from mnist.data.labelled_images import as_idx, as_npz, as_png
from mnist.data.people import TO_DEVELOP_ON, TO_LEARN_FROM, Drawn, Handwriting, Source, Written
from mnist.errors import UserError
from mnist.reading.drawings.strokes import Stroke, frame
from mnist.reading.outputs import NO_DIGIT
from mnist.web.pictures import png
from tools.harness import hand

EVERY = (*TO_LEARN_FROM, *TO_DEVELOP_ON)


def json_lines(*labels: str, writer: str = "a", scale: float = 1.0) -> bytes:
    entries = [
        {"label": label, "writer": writer, "strokes": [(scale * each.points).tolist() for each in hand.strokes(7)]}
        for label in labels
    ]
    return "".join(f"{json.dumps(entry)}\n" for entry in entries).encode()


def saved(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def save_scans(path: Path, *labels: str, **changes: Any) -> Path:
    images = np.zeros((len(labels), 24, 16), np.uint8)
    images[:, 4:20, 6:9] = 255
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **{"images": images, "labels": np.array(labels), **changes})
    return path


@pytest.mark.parametrize("write", [as_npz, as_idx, as_png])
def test_both_forms_are_read_whatever_their_names_are(write: Any, tmp_path: Path) -> None:
    samples = Labelled(np.ones((2, 28, 28), np.float32), np.array([4, NO_DIGIT]))
    files = [
        saved(tmp_path / "drawings", json_lines("7", "no-digit")),
        saved(tmp_path / "images.jsonl", write(samples)),
        saved(tmp_path / "packed.npz", gzip.compress(json_lines("3"))),
        save_scans(tmp_path / "scans.npz", "1", "no-digit"),
    ]
    found = people.read(files)
    assert [each.label for each in found.drawn] == [7, NO_DIGIT, 3]
    assert sorted(found.images.labels.tolist()) == [1, 4, NO_DIGIT, NO_DIGIT]


def test_a_drawing_is_as_large_as_on_the_pad_in_whatever_unit_it_comes(tmp_path: Path) -> None:
    for scale in (0.001, 1.0, 300.0):
        (drawing,) = people.read([saved(tmp_path / "a", json_lines("7", scale=scale))]).drawn
        points = np.concatenate([stroke.points for stroke in drawing.strokes])
        assert np.ptp(points, axis=0).max() == pytest.approx(people.DRAWING_SIDE, rel=0.01)
        assert np.allclose(points.max(axis=0), -points.min(axis=0))
        assert {stroke.width for stroke in drawing.strokes} == {people.PEN}


def test_writers_of_two_files_are_two_even_of_one_name(tmp_path: Path) -> None:
    files = [saved(tmp_path / name, json_lines("7", "7", writer="v01")) for name in ("one", "two")]
    assert [each.writer for each in people.read(files).drawn] == ["one v01"] * 2 + ["two v01"] * 2


def test_of_what_is_no_digit_letters_that_look_like_one_are_left_out(tmp_path: Path) -> None:
    files = [
        saved(tmp_path / "letters", json_lines("A", *LOOK_ALIKES, "apple", "7")),
        save_scans(tmp_path / "scans.npz", "K", *LOOK_ALIKES, "tree"),
        saved(tmp_path / "mine.npz", as_npz(Labelled(np.ones((1, 28, 28), np.float32), np.array([7])))),
    ]
    found = people.read(files, non_digits=True)
    assert [each.label for each in found.drawn] == [NO_DIGIT] * 3
    assert found.images.labels.tolist() == [NO_DIGIT] * 3


@pytest.mark.parametrize("save", [lambda path: saved(path, json_lines("7", "Q")), lambda path: save_scans(path, "Q")])
def test_a_label_that_is_no_digit_ends_in_a_sentence_that_names_the_option(save: Any, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a.npz: the label 'Q' is no digit. Give files .* with --non-digits"):
        people.read([save(tmp_path / "a.npz")])


@pytest.mark.parametrize(
    "content",
    [png(np.ones((28, 28))), b"\0\0\x08\x03" + bytes(800), gzip.compress(b"\0\0\x08\x01" + bytes(9), mtime=0)],
)
def test_a_picture_or_an_idx_file_by_itself_ends_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"mine: no drawings as JSON lines; images should be in an .npz, or in a .zip"):
        people.read([saved(tmp_path / "mine", content)])


@pytest.mark.parametrize(("path", "why"), [("none.npz", "No such file"), ("", "Is a directory")])
def test_a_file_that_cannot_be_opened_is_named(path: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=rf"{tmp_path / path}: cannot be opened: {why}"):
        people.read([tmp_path / path])


def test_without_the_variable_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HANDWRITING_DATA", raising=False)
    nothing = people.read([])
    assert (len(nothing.drawn), len(nothing.images)) == (0, 0)
    assert people.folder() is None
    assert people.files(EVERY) == {"drawings": [], "images": [], "non-digits": []}
    assert people.development() == {}


def test_a_folder_that_is_missing_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDWRITING_DATA", "no/such/folder")
    with pytest.raises(UserError, match=r"no/such/folder: no such folder. HANDWRITING_DATA should name one like that"):
        people.folder()


def test_the_files_that_are_there_are_found_by_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDWRITING_DATA", str(tmp_path))
    assert people.files(EVERY) == {"drawings": [], "images": [], "non-digits": []}
    assert people.development() == {}
    for source in EVERY:
        saved(tmp_path / source.file, b"")
    saved(tmp_path / "train" / "other.npz", b"")
    found = people.files(TO_LEARN_FROM)
    assert {kind: len(paths) for kind, paths in found.items()} == {"drawings": 3, "images": 2, "non-digits": 3}
    for kind, paths in found.items():
        assert paths == [tmp_path / source.file for source in TO_LEARN_FROM if source.kind == kind]


def test_a_card_says_whose_a_public_file_is_and_nothing_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDWRITING_DATA", str(tmp_path))
    assert people.whose(tmp_path / "train" / "lipitk.jsonl.gz") == "Lipi Toolkit, HP Labs; MIT"
    assert people.whose(tmp_path / "lipitk.jsonl.gz") == ""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "train")
    for other in ("train/lipitk.jsonl.gz", "link/lipitk.jsonl.gz", f"../{tmp_path.name}/train/lipitk.jsonl.gz"):
        assert people.whose(Path(other)) == "Lipi Toolkit, HP Labs; MIT"
    monkeypatch.delenv("HANDWRITING_DATA")
    assert people.whose(tmp_path / "train" / "lipitk.jsonl.gz") == ""


def test_what_is_developed_on_is_read_as_samples_by_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDWRITING_DATA", str(tmp_path))
    saved(tmp_path / "development" / "skahl.jsonl.gz", gzip.compress(json_lines("7", "7")))
    save_scans(tmp_path / "development" / "semeion.npz", "1")
    save_scans(tmp_path / "development" / "doodles.npz", "cat", "train")
    found = people.development()
    assert {key: each.labels.tolist() for key, each in found.items()} == {
        "skahl": [7, 7], "semeion": [1], "doodles": [NO_DIGIT, NO_DIGIT],
    }  # fmt: skip
    assert {each.samples.shape[1:] for each in found.values()} == {(28, 28)}


def test_samples_are_drawings_as_they_are_framed_then_the_images() -> None:
    image = Labelled(np.full((1, 28, 28), 0.5, np.float32), np.array([3]))
    seven = hand.strokes(7)
    found = people.samples(Written((Drawn(tuple(seven), 7, "a"),), image))
    assert found.labels.tolist() == [7, 3]
    assert found.labels.dtype == np.int64
    assert np.array_equal(found.samples[0], frame(seven).sample)
    assert np.array_equal(found.samples[1], image.samples[0])
    assert len(people.samples(Written())) == 0


def test_the_first_few_are_so_many_drawings_and_so_many_images() -> None:
    drawn = Drawn((Stroke(np.zeros((1, 2)), 12.0),), 7, "a")
    images = Labelled(np.zeros((5, 28, 28), np.float32), np.arange(5))
    few = Handwriting(Written((drawn,) * 3, images)).digits.first(2)
    assert (len(few.drawn), few.images.labels.tolist()) == (2, [0, 1])


@pytest.mark.parametrize("source", EVERY, ids=lambda source: source.file)
def test_every_source_says_what_it_is_whose_and_under_which_terms(source: Source) -> None:
    assert source.title
    assert source.whose
    assert source.terms
    assert source.file.startswith("train/" if source in TO_LEARN_FROM else "development/")
    assert source.file.endswith((".jsonl.gz", ".npz"))
    assert source.writers is None or source.writers > 0


def test_no_file_is_two_sources_and_none_is_learned_from_and_developed_on() -> None:
    assert len({source.file for source in EVERY}) == len(EVERY)
    for sources in (TO_LEARN_FROM, TO_DEVELOP_ON):
        assert len({source.key for source in sources}) == len(sources)


def test_the_shipped_networks_collections_are_there_and_readable(handwriting_path: Path) -> None:
    missing = [source.file for source in EVERY if not (handwriting_path / source.file).exists()]
    assert missing == []
    for source in EVERY:
        found = people.read([handwriting_path / source.file], non_digits=source.kind == "non-digits")
        assert len(found.drawn) + len(found.images) > 100
        writers = {each.writer for each in found.drawn}
        assert not writers or len(writers) == source.writers
