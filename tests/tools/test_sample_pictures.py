"""The pictures of `data/`, which the documents show being read."""

from pathlib import Path

import pytest

from mnist.files import MODEL
from mnist.reading import batch
from tools import sample_pictures

NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@pytest.mark.network
def test_each_picture_is_read_as_its_name_says() -> None:
    read = dict(batch.predict([str(sample_pictures.FOLDER)], MODEL))
    assert len(read) == 8
    for path, reading in read.items():
        name = Path(path).stem
        assert not isinstance(reading, Exception)
        assert (reading.verdict, reading.text) == (
            ("not_a_digit", None) if name == "letter" else ("digit", str(NAMES.index(name)))
        )


def test_one_command_draws_them_anew(tmp_path: Path) -> None:
    sample_pictures.main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in sample_pictures.FOLDER.iterdir()}
    assert (tmp_path / "three.json").read_text() == (sample_pictures.FOLDER / "three.json").read_text()
