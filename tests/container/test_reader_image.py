"""The small image: it reads and serves without TensorFlow, and says what it cannot do."""

import json
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.container.conftest import serving
from tests.reading.test_batch import picture
from tools.harness.engine import BARE, Engine
from tools.harness.running import free_port
from tools.harness.visitor import Visitor, go_to

MAX_IMAGE_BYTES = 0.78e9  # unpacked


def test_it_is_small_and_without_tensorflow(reader_engine: Engine) -> None:
    (config,) = json.loads(reader_engine("image", "inspect", reader_engine.image).stdout)
    assert config["Size"] <= MAX_IMAGE_BYTES
    assert reader_engine.run("python", "-c", "import tensorflow").returncode != 0


def test_it_reads_standard_input_and_a_folder(reader_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "seven.png").write_bytes(picture(7))
    tmp_path.chmod(0o755)
    done = reader_engine.run("predict", "-", options=BARE, stdin=picture(3))
    assert (done.stdout[:5], done.stderr, done.returncode) == (b"-: 3 ", b"", 0)
    done = reader_engine.run("predict", "/data", options=("-v", f"{tmp_path}:/data:ro", *BARE))
    assert done.stdout.startswith(b"/data/seven.png: 7 (")


def test_it_does_not_train_and_says_so(reader_engine: Engine) -> None:
    done = reader_engine.run("train", "--dry-run", options=BARE[:-4])
    assert b"mnist: This needs TensorFlow, and tensorflow is not installed" in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.returncode == 1


def test_it_serves_the_pad_and_the_lessons_say_what_they_need(reader_engine: Engine, browser: Browser) -> None:
    port = free_port()
    with serving(reader_engine) as serve, browser.new_context() as context:
        serve("--publish", f"127.0.0.1:{port}:8501", "--memory", "512m")
        visitor = Visitor(context, f"http://127.0.0.1:{port}")
        visitor.press("sample_4")
        visitor.expect_guess("4")
        needs = visitor.page.get_by_text("This needs TensorFlow, and tensorflow is not installed").first
        go_to(visitor.page, "Look inside")
        expect(needs).to_be_visible()
        go_to(visitor.page, "Train it yourself")
        visitor.press("train")
        expect(needs).to_be_visible()
        go_to(visitor.page, "Break it")
        visitor.press("fool")
        expect(needs).to_be_visible()
