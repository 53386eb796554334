"""Faults: if something breaks, nothing is lost or half-written, and a sentence says what it was."""

import asyncio
import contextlib
import errno
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mnist.data.mnist_dataset import Mnist
from mnist.errors import CannotWriteError
from mnist.files import MODEL, ROOT
from mnist.reading.find_digits import of_strokes
from mnist.training import train
from mnist.training.card import write_model
from mnist.training.recipe import Data
from tests.conftest import started_reader
from tests.training.tiny import SETTINGS, no_figures, silent
from tools.harness import hand
from tools.harness.image_files import FORM_TYPE, file, form
from tools.harness.running import Server, ask, during
from tools.harness.session import MisreadError, Session
from tools.load.crowd import PHOTOGRAPHS, Photographer

resource = pytest.importorskip("resource", reason="Windows bounds no file's size")
SENTENCE = r"cannot be written \(File too large\)\. Make room there, or choose another place"
NO_TEMPORARY_FOLDER = "import tempfile; tempfile._candidate_tempdir_list = lambda: ['/no/such/folder']; "


@contextmanager
def full_disk(left: int) -> Iterator[None]:
    """Limit the size of files to `left` bytes: writes fail as on a full disk, and no privileges are needed."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (left, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def run_mnist(*arguments: str, before: str = "", output: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", f"{before}import sys; from mnist.cli import main; sys.exit(main({arguments}))"]
    return subprocess.run(command, cwd=ROOT, stdout=output, stderr=subprocess.PIPE, text=True, timeout=60, check=False)


def test_a_disk_that_is_full_before_the_first_epoch_is_over(mnist: Mnist, tmp_path: Path) -> None:
    with full_disk(20_000), pytest.raises(CannotWriteError, match=SENTENCE):
        train.train(Data(mnist), tmp_path / "digits.keras", SETTINGS, no_figures, resume=False, say=silent)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_run_goes_on_once_there_is_room_again(mnist: Mnist, tmp_path: Path) -> None:
    output, epochs = tmp_path / "digits.keras", []
    settings = replace(SETTINGS, epochs=2, fine_tuning_epochs=0)

    def fill_after_the_first(line: str) -> None:
        epochs.append(line)
        if len(epochs) == 2:
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))

    with full_disk(resource.RLIM_INFINITY), pytest.raises(CannotWriteError, match=SENTENCE):
        train.train(Data(mnist), output, settings, no_figures, resume=False, say=fill_after_the_first)
    assert not output.exists()
    train.train(Data(mnist), output, settings, no_figures, resume=True, say=silent)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["digits.json", "digits.keras", "digits.onnx"]


def test_a_full_disk_even_if_it_says_so_only_on_fsync_leaves_the_old_model_and_its_card(
    keras_model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_model(keras_model, {}, tmp_path / "digits.keras")
    old = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with full_disk(20_000), pytest.raises(CannotWriteError, match=SENTENCE):
        write_model(keras_model, {"another": 1}, tmp_path / "digits.keras")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == old

    def full_for_the_model(file: int) -> None:
        if os.fstat(file).st_size > 100_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full_for_the_model)
    with pytest.raises(CannotWriteError, match="No space left on device"):
        write_model(keras_model, {"another": 1}, tmp_path / "digits.keras")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == old


def test_a_full_standard_output_is_told_and_a_closed_pipe_ends_the_output_quietly() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has /dev/full")
    reads, pipe = os.pipe()
    os.close(reads)
    full = os.open("/dev/full", os.O_WRONLY)
    for output, message in ((full, "mnist: standard output: No space left on device\n"), (pipe, "")):
        done = run_mnist("predict", "data/seven.png", output=output)
        assert (done.stderr, done.returncode) == (message, 1)
        os.close(output)


def test_a_model_that_is_replaced_while_serving_changes_nothing(tmp_path: Path) -> None:
    for suffix in (".onnx", ".json"):
        shutil.copy(MODEL.with_suffix(suffix), tmp_path)
    model, seven = tmp_path / MODEL.name, of_strokes(hand.strokes(7))
    serving = started_reader(model)
    model.with_suffix(".onnx").write_bytes(b"half of another")
    reading = serving.read(seven)
    assert reading is not None
    assert reading.text == "7"
    assert "digits.onnx" in str(started_reader(model).error)


def test_a_drawing_during_which_the_server_is_stopped_is_read_by_the_next(tmp_path: Path) -> None:
    log = tmp_path / "log"
    server = Server(log=log)

    async def visit() -> None:
        drawn = 0
        async with Session(server.url) as session:
            restarting = asyncio.create_task(asyncio.to_thread(restart))
            while not restarting.done():
                with contextlib.suppress(MisreadError):  # its run was broken off, or the next server was waking up
                    await session.draw(drawn % 10)
                    drawn += 1
            await restarting
            await session.draw(drawn % 10)
            assert session.back != []

    def restart() -> None:
        assert server.stop() == 0
        assert "Traceback" not in log.read_text()
        server.start()

    with server:
        during(visit())


def test_a_server_that_can_write_no_file_reads_what_is_sent() -> None:
    server = Server()

    async def draw_and_send() -> None:
        async with Session(server.url) as session, Photographer(server.url, "photos") as photographer:
            await session.draw(7)
            await photographer.upload(PHOTOGRAPHS[0])
        assert (session.exceptions, photographer.exceptions) == ([], [])

    with full_disk(0):
        server.start()
    try:
        drawing = json.dumps(hand.canvas_drawing(hand.strokes(7))).encode()
        large = drawing + b" " * 2_000_000  # Starlette by itself would put it in a file
        status, body = ask(server.url, "POST", "/api/predict", form(large), **{"Content-Type": FORM_TYPE})
        assert (status, json.loads(body)["text"]) == (200, "7")
        assert server.predict(file(Image.new("L", (100, 100), 255), "PDF"))[0] == 200
        during(draw_and_send())
    finally:
        server.stop()


def test_without_a_folder_for_temporary_files_digits_are_read_and_training_says_what_it_needs() -> None:
    done = run_mnist("predict", "data/seven.png", before=NO_TEMPORARY_FOLDER)
    assert (done.stdout, done.stderr) == ("data/seven.png: 7 (100%)\n", "")
    done = run_mnist("train", "--dry-run", before=NO_TEMPORARY_FOLDER)
    assert done.returncode == 1
    assert done.stderr.startswith("mnist: Keras needs a folder for temporary files: ")
    assert done.stderr.endswith("Name one with TMPDIR.\n")


JUMPING = """
import pathlib, time
right = time.time
time.time = lambda: right() + float(pathlib.Path({clock!r}).read_text())
"""


def test_a_clock_that_jumps_keeps_nobody_from_drawing(tmp_path: Path) -> None:
    """The server's Python takes the time from a file; its monotonic clock goes on, as on any machine."""
    clock = tmp_path / "clock"

    def turn(jump: int) -> None:
        (tmp_path / "new").write_text(str(jump))
        (tmp_path / "new").replace(clock)  # at once: the server may read it at any time

    def ahead() -> float:
        with urllib.request.urlopen(f"{server.url}/_stcore/health") as answer:
            said = parsedate_to_datetime(answer.headers["Date"])
        return float((said - datetime.now(UTC)).total_seconds())

    turn(0)
    (tmp_path / "sitecustomize.py").write_text(JUMPING.format(clock=str(clock)))
    server = Server(environment={"PYTHONPATH": str(tmp_path)})

    async def visit() -> None:
        async with Session(server.url) as session:
            for jump in (7_200, -259_200, 34_560_000, 0):  # seconds
                turn(jump)
                async with asyncio.timeout(20):
                    while abs(ahead() - jump) >= 600:  # until the server has looked at its clock
                        await asyncio.sleep(0.1)
                await session.draw(7)
                await session.draw(3)
        assert (session.exceptions, session.back) == ([], [])

    with server:
        during(visit())
