"""Two commits' readings are compared file by file."""

import json
from pathlib import Path

import pytest

from mnist.files import ROOT
from tools import compare_readings


@pytest.mark.network
def test_files_of_one_name_in_folders_of_one_name_are_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / parent / "x" / "1.png" for parent in "ab"]
    for file, content in zip(files, ("seven.png", "letter.png"), strict=True):
        file.parent.mkdir(parents=True)
        file.write_bytes((ROOT / "data" / content).read_bytes())
    compare_readings.dump([*map(str, files)])
    read = json.loads(capsys.readouterr().out)
    assert list(read) == [str(file) for file in files]
    assert len(set(read.values())) == 2
