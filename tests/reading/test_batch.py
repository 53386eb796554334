"""The command line's reading: which files, in which order, what is printed, how it ends."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mnist.cli import main
from mnist.errors import UserError
from mnist.files import ROOT
from mnist.reading.batch import FILES_FOR_ALL_CORES, as_json, as_text, find_in
from mnist.reading.drawings import strokes
from mnist.reading.framing import Framed
from mnist.reading.lattice import Lattice
from mnist.reading.readings import Digit, Reading
from mnist.web.pictures import png
from tools.harness import hand


def drawing(digit: int) -> str:
    return json.dumps(hand.canvas_drawing(hand.strokes(digit)))


def picture(digit: int) -> bytes:
    return png(strokes.ink(hand.strokes(digit, pen=12.0), (280, 280)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of drawings and pictures of 3, 5, 7, and things that are none."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "b 7.png").write_bytes(picture(7))
    (tmp_path / "a3.json").write_text(drawing(3))
    (tmp_path / "sub" / "c5.PNG").write_bytes(picture(5))
    (tmp_path / "notes.txt").write_text("not read")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out.splitlines(), captured.err


@pytest.mark.network
def test_a_folder_is_read_sorted_a_line_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines, errors = run(capsys, "predict", str(folder))
    assert status == 0
    assert [line.split(" (")[0] for line in lines] == [
        f"{folder}/a3.json: 3",
        f"{folder}/b 7.png: 7",
        f"{folder}/sub/c5.PNG: 5",
    ]
    assert errors == ""


@pytest.mark.network
def test_many_files_are_opened_on_all_cores_and_told_in_order(folder: Path) -> None:
    for number in range(FILES_FOR_ALL_CORES):
        (folder / f"{number:03}.json").write_text(drawing(number % 10) if number else "no drawing")
    command = [sys.executable, "predict.py", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    first, *others = done.stdout.splitlines()
    assert first.startswith(f"{folder}/000.json: error: ")
    digits = [line.split(" (")[0] for line in others]
    assert digits[:-3] == [f"{folder}/{number:03}.json: {number % 10}" for number in range(1, FILES_FOR_ALL_CORES)]


@pytest.mark.network
def test_every_name_that_a_picture_may_have_is_read_but_nothing_hidden(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for hidden in ("._b 7.png", ".trash/seven.png"):  # the first is how a Mac keeps a file's icon on a memory stick
        (folder / hidden).parent.mkdir(exist_ok=True)
        (folder / hidden).write_bytes(b"not a picture")
    for name in ("d.jfif", "e.JPE"):
        (folder / name).write_bytes(picture(7))
    status, lines, _ = run(capsys, "predict", str(folder))
    assert (status, len(lines)) == (0, 5)
    (name, *_) = run(capsys, "predict", str(folder / ".trash" / "seven.png"))[1]
    assert "error: neither a picture" in name


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link = tmp_path / "gone.png"
    link.symlink_to(tmp_path / "nowhere.png")
    for path in (link, tmp_path / "*.png"):
        status, lines, _ = run(capsys, "predict", str(path))
        assert (status, lines) == (1, [f"{link}: error: cannot be opened: No such file or directory"])


@pytest.mark.network
def test_a_pattern_that_the_shell_did_not_expand_is_expanded(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "[a]*.png").write_bytes(picture(3))
    read = {
        pattern: [
            line.split(" (")[0].removeprefix(f"{folder}/") for line in run(capsys, "predict", str(folder / pattern))[1]
        ]
        for pattern in ("*.png", "**/*.PNG", "s*", "**/c*", "[s]*/**", "[a]*.png", "no*.png")
    }
    assert read == {
        "*.png": ["[a]*.png: 3", "b 7.png: 7"],
        "**/*.PNG": ["sub/c5.PNG: 5"],
        "s*": ["sub/c5.PNG: 5"],
        "**/c*": ["sub/c5.PNG: 5"],
        "[s]*/**": ["sub/c5.PNG: 5"],  # once, though it names the folder, too
        "[a]*.png": ["[a]*.png: 3"],  # a file of that very name
        "no*.png": ["no*.png: error: cannot be opened: No such file or directory"],
    }


@pytest.mark.parametrize("name", ["dé七.png", "d\udce9.png"], ids=["UTF-8", "in no encoding"])
def test_json_is_the_same_in_every_encoding(name: str) -> None:
    line = as_json(name, UserError("müde"))
    assert line.isascii()
    assert json.loads(line) == {"file": name, "error": "müde"}


@pytest.mark.skipif(os.sep != "/", reason="Windows writes paths with backslashes")
def test_a_path_of_windows_gets_a_hint() -> None:
    name = r"..\data\no such.png"
    hint = "cannot be opened: No such file or directory (here paths are written with /: ../data/no such.png)"
    assert str(find_in(name)) == hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
def test_what_a_pipe_gave_is_looked_at_again_though_the_pipe_gives_it_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    letter = ROOT / "data" / "letter.png"
    with ThreadPoolExecutor() as writers:
        writers.submit(lambda: pipe.write_bytes(letter.read_bytes()))
        from_pipe = find_in(str(pipe))
    pipe.unlink()  # opened a second time it would wait for ever
    for lattice in (from_pipe, find_in(str(letter))):
        assert isinstance(lattice, Lattice)
        assert list(lattice.again(()))


@pytest.mark.network
def test_json_has_the_promised_shape(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines, _ = run(capsys, "predict", "--json", str(folder / "a3.json"), str(folder / "b 7.png"))
    assert status == 0
    answers: list[dict[str, Any]] = [json.loads(line) for line in lines]
    for answer, text in zip(answers, "37", strict=True):
        assert list(answer) == ["file", "text", "verdict", "confidence", "turned", "digits", "numbers", "left_out"]
        assert (answer["text"], answer["verdict"]) == (text, "digit")
        (digit,) = answer["digits"]
        assert list(digit) == ["digit", "confidence", "probabilities", "box"]
        assert digit["digit"] == int(text)
        assert len(digit["probabilities"]) == 10
        assert sum(digit["probabilities"]) == pytest.approx(1, abs=1e-3)
        assert digit["confidence"] == answer["confidence"] == max(digit["probabilities"])
        x, y, width, height = digit["box"]
        assert 60 < x < x + width < 220
        assert 40 <= y < y + height < 250


@pytest.mark.network
def test_empty_and_no_digit_have_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.json").write_text('{"objects": []}')
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    (tmp_path / "scribble.json").write_text(json.dumps(hand.canvas_drawing(hand.SCRIBBLE)))
    status, lines, _ = run(capsys, "predict", "--json", str(tmp_path))
    assert status == 0
    nothing: dict[str, Any] = {
        "text": None,
        "confidence": None,
        "turned": 0,
        "digits": [],
        "numbers": [],
        "left_out": [],
    }
    verdicts = {"blank.png": "empty", "empty.json": "empty", "scribble.json": "not_a_digit"}
    for line, (name, verdict) in zip(lines, verdicts.items(), strict=True):
        assert json.loads(line) == {"file": str(tmp_path / name), "verdict": verdict, **nothing}
    _, lines, _ = run(capsys, "predict", str(tmp_path))
    assert [line.rsplit(": ")[-1] for line in lines] == ["empty", "empty", "not a digit"]


@pytest.mark.network
def test_one_bad_file_does_not_stop_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "aa.png").write_text("text")
    (folder / "ab.json").write_text('{"objects": [{"type": "Path", "path": [["M", NaN, 2]]}]}')
    (folder / "ac.png").write_bytes(b"")
    gone = str(folder / "gone.png")
    status, lines, errors = run(capsys, "predict", "--json", gone, str(folder))
    assert status == 1
    answers = {Path(answer["file"]).name: answer for answer in map(json.loads, lines)}
    assert [answers[name]["text"] for name in ("a3.json", "b 7.png", "c5.PNG")] == ["3", "7", "5"]
    assert answers["gone.png"] == {"file": gone, "error": "cannot be opened: No such file or directory"}
    assert answers["aa.png"]["error"].startswith("neither a picture that can be read")
    assert answers["ab.json"]["error"].startswith("object 1 of the drawing is damaged: a coordinate is not finite")
    assert answers["ac.png"]["error"] == "the file is empty"
    assert errors == ""
    _, lines, _ = run(capsys, "predict", gone)
    assert lines == [f"{gone}: error: cannot be opened: No such file or directory"]


MARKED = b"\xef\xbb\xbf" + drawing(6).encode()  # as Windows' editor saves it
WIDE = drawing(6).encode("utf-16")


@pytest.mark.network
@pytest.mark.parametrize(
    "content", [drawing(6).encode(), picture(6), MARKED, WIDE], ids=["drawing", "picture", "marked", "utf-16"]
)
def test_standard_input(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "stdin").write_bytes(content)
    kept = os.dup(0)
    with (tmp_path / "stdin").open("rb") as source:
        os.dup2(source.fileno(), 0)
    try:
        status, lines, _ = run(capsys, "predict", "-")
    finally:
        os.dup2(kept, 0)
        os.close(kept)
    assert status == 0
    assert lines[0].startswith("-: 6 (")


@pytest.mark.network
@pytest.mark.parametrize("path", ["", "x" * 300, "\udcff.png"])
def test_odd_names_are_told_like_any_other(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines, _ = run(capsys, "predict", "--json", path)
    assert status == 1
    assert "cannot be opened" in json.loads(lines[0])["error"]


@pytest.mark.network
def test_output_may_be_cut_short(folder: Path) -> None:
    command = f"{sys.executable} -m mnist predict '{folder}' | head -n 1"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert "Traceback" not in ended.stderr
    assert ended.stdout.count("\n") == 1


def test_a_folder_of_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines, errors = run(capsys, "predict", str(tmp_path))
    assert (status, lines) == (1, [])
    assert errors.startswith(f"mnist: no pictures or drawings in {tmp_path} (looked for .bmp, ")


def test_an_unsure_reading_names_the_second_guess(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    framed = Framed(np.zeros((28, 28), np.float32), (1, 2, 3, 4))
    for share, text in ((0.4, "perhaps 7 (60%), else 1"), (0.01, "perhaps 7 (99%)")):  # which may be two digits
        probabilities = np.array([0, share, 0, 0, 0, 0, 0, 1 - share, 0, 0])
        reading = Reading("unsure", ((Digit(7, probabilities, framed),),))
        assert as_text("x.png", reading) == f"x.png: {text}"
    assert json.loads(as_json("x.png", reading))["text"] == "7"


def test_without_a_model_it_ends_with_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines, errors = run(capsys, "predict", "--model", str(folder / "none.keras"), str(folder))
    assert (status, lines) == (1, [])
    assert errors.startswith(f"mnist: {folder}/none.json: the model's card is missing. Restore")
    assert errors.count("\n") == 1


def test_help_answers_without_tensorflow() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "mnist", "--help"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert all(command in ended.stdout for command in ("train", "evaluate", "predict"))
    imported = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert "mnist.cli" in imported
    assert not {"tensorflow", "keras", "streamlit"} & imported


@pytest.mark.parametrize("command", ["train", "evaluate", "predict"])
def test_every_command_has_help_with_defaults(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "(default:" in shown
