"""The image: what is in it, every command of it, how it starts and stops, what it says when it cannot."""

import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from mnist import __version__
from tests.reading.test_batch import picture
from tests.training.test_train import QUICK
from tools.fuzz import targets
from tools.harness import hand, heavy
from tools.harness.engine import BARE, Engine
from tools.harness.image_files import file
from tools.harness.running import ask, free_port
from tools.harness.visitor import Visitor

MAX_IMAGE_BYTES = 1.6e9  # unpacked


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder that anyone may read, with a 7 as picture and a 3 as drawing."""
    (tmp_path / "seven.png").write_bytes(picture(7))
    (tmp_path / "three.json").write_text(json.dumps(hand.canvas_drawing(hand.strokes(3))))
    tmp_path.chmod(0o755)
    return tmp_path


def test_it_says_what_it_is_and_how_it_is_run_and_is_no_larger_than_it_has_to_be(engine: Engine) -> None:
    (config,) = json.loads(engine("image", "inspect", engine.image).stdout)
    settings = config["Config"]
    labels = settings["Labels"]
    assert labels["org.opencontainers.image.title"] == "mnist-draw"
    assert labels["org.opencontainers.image.licenses"] == "MIT"
    assert labels["org.opencontainers.image.version"] == __version__
    assert labels["org.opencontainers.image.base.name"].startswith("python:3.11-slim-bookworm")
    assert "org.opencontainers.image.source" in labels
    assert settings["User"] == "10001:10001"
    assert settings["WorkingDir"] == "/app"
    assert settings["Entrypoint"] == ["/app/entrypoint.sh"]
    assert list(settings["ExposedPorts"]) == ["8501/tcp"]
    health = settings.get("Healthcheck") or config["Healthcheck"]  # as Docker and as podman spell it
    assert health["Test"] == ["CMD", "python", "-m", "mnist.web.server.healthcheck"]
    assert config["Size"] <= MAX_IMAGE_BYTES


def test_it_holds_the_program_and_nothing_of_its_making(engine: Engine) -> None:
    inside = engine.run("sh", "-c", "cd /app && ls -A").stdout.decode().split()
    assert sorted(name for name in inside if name != "__pycache__") == [
        *(".streamlit", "LICENCES.md", "LICENSE", "data", "entrypoint.sh", "mnist", "models"),
        *("predict.py", "pyproject.toml", "streamlit_app.py", "streamlit_pages.py"),
    ]
    for program in ("gcc", "cc", "make", "git", "curl"):
        assert engine.run("sh", "-c", f"command -v {program}").returncode != 0
    assert engine.run("python", "-c", "import pip").returncode != 0
    sources = "find /app /packages -name '*.py' | wc -l; find /app /packages -name '*.pyc' | wc -l"
    python, compiled = map(int, engine.run("sh", "-c", sources).stdout.split())
    assert compiled > 0.98 * python  # a few templates of packages are no valid Python


@pytest.mark.parametrize(("options", "kind"), [((), "PNG"), (BARE, "PNG"), (BARE, "PDF"), (BARE, "HEIF")])
def test_it_reads_standard_input(engine: Engine, options: tuple[str, ...], kind: str) -> None:
    content = file(Image.open(io.BytesIO(picture(7))), kind)
    done = engine.run("predict", "-", options=options, stdin=content)
    assert done.stdout.decode().startswith("-: 7 (")
    assert done.stderr == b""
    assert done.returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ("predict", "/data"),
        ("python", "predict.py", "/data"),
        ("python", "-m", "mnist", "predict", "/data"),
        ("bash", "-c", "python predict.py /data"),
        ("sh", "-c", "python predict.py /data"),
    ],
    ids=" ".join,
)
def test_it_reads_a_mounted_folder(engine: Engine, data: Path, words: tuple[str, ...]) -> None:
    done = engine.run(*words, options=("-v", f"{data}:/data:ro", *BARE))
    lines = done.stdout.decode().splitlines()
    assert [line.split(" (")[0] for line in lines] == ["/data/seven.png: 7", "/data/three.json: 3"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ls", "data"), "seven.png"),
        (("/bin/bash", "-c", "echo $0"), "/bin/bash"),
        (("predict.py", "data/seven.png"), "data/seven.png: 7 ("),
        (("python", "predict.py", "data/seven.png"), "data/seven.png: 7 ("),
        (("predict", "data/s*.png"), "data/seven.png: 7 ("),  # no shell of the host finds files that are in the image
        (("predict", r"..\..\data\x.png"), "(here paths are written with /: ../../data/x.png)"),
        (("no-such-program",), "invalid choice: 'no-such-program'"),
    ],
)
def test_the_first_word_may_be_any_program_of_the_image(engine: Engine, words: tuple[str, ...], said: str) -> None:
    done = engine.run(*words, options=BARE)
    assert said in (done.stdout + done.stderr).decode()


def test_on_a_terminal_it_says_first_how_to_get_a_shell(engine: Engine, serve: Callable[..., str]) -> None:
    first = engine("logs", serve("-t")).stdout.decode().splitlines()[0]
    assert "For a shell in this image, add a word: docker run -it ... bash" in first


def test_help_names_every_command(engine: Engine) -> None:
    done = engine.run("--help", options=BARE)
    assert done.returncode == 0
    for command in ("serve", "train", "evaluate", "predict"):
        assert command in done.stdout.decode()


def test_it_trains_and_says_where_it_cannot_write(engine: Engine, mnist_path: Path) -> None:
    options = ("-v", f"{mnist_path.resolve()}:/data/mnist.npz:ro", "-e", "MNIST_DATA=/data/mnist.npz", *BARE)
    done = engine.run("train", "--dry-run", options=(*options, "--memory", "2g"))
    assert "every step works; nothing was kept" in done.stdout.decode()
    assert done.returncode == 0
    done = engine.run("train", options=(*options, "--memory", "3g"))
    assert b"Read-only file system" in done.stderr
    assert done.returncode == 1


def test_it_serves_and_stops(engine: Engine, serve: Callable[..., str]) -> None:
    name = serve(*BARE)
    engine("stop", "--time", "10", name)  # after which it would be killed, with another code
    assert json.loads(engine("inspect", name).stdout)[0]["State"]["ExitCode"] == 0


def test_a_gigabyte_is_enough_for_whatever_is_sent(engine: Engine, serve: Callable[..., str]) -> None:
    port = free_port()
    name = serve("--memory", "1g", "--publish", f"127.0.0.1:{port}:8501")
    large = {what: make() for what, (make, _) in heavy.REFUSED.items()} | {
        what: make() for what, make in heavy.READ.items()
    }
    small = [content for target in targets.TARGETS for content in targets.seeds(target)]

    def send(content: bytes) -> int:
        return ask(f"http://127.0.0.1:{port}", "POST", "/api/predict", content)[0]

    with ThreadPoolExecutor(4) as senders:
        statuses = set(senders.map(send, [*small, *(2 * list(large.values()))]))
    assert statuses <= {200, 400, 413, 415, 422, 503}
    assert send(picture(7)) == 200
    state = json.loads(engine("inspect", name).stdout)[0]
    assert (state["State"]["Running"], state["State"]["OOMKilled"], state["RestartCount"]) == (True, False, 0)


def test_an_open_page_is_there_again_when_the_container_is(
    engine: Engine, serve: Callable[..., str], browser: Browser
) -> None:
    port = free_port()
    name = serve("--publish", f"127.0.0.1:{port}:8501")
    with browser.new_context() as context:
        visitor = Visitor(context, f"http://127.0.0.1:{port}")
        visitor.press("sample_4")
        visitor.expect_guess("4")
        engine("stop", "--time", "10", name)
        engine.in_background("start", name)
        visitor.draw([(30, 250), (60, 250)])  # nobody listens yet
        engine.until_ready(name)
        visitor.expect_strokes(3)
        visitor.press("clear")
        visitor.press("sample_4")
        visitor.expect_guess("4")


def test_a_network_of_ones_own_is_trained_and_measured_in_a_mounted_folder(
    engine: Engine, npz: Path, tmp_path: Path
) -> None:
    tmp_path.chmod(0o777)
    mounted = ("-v", f"{tmp_path}:/data", "-e", f"MNIST_DATA=/data/{npz.name}", *BARE, "--memory", "3g")
    trained = engine.run(*QUICK, "--output", "/data/mine.keras", options=mounted)
    assert "of 10 test images read correctly" in trained.stdout.decode()
    measured = engine.run("evaluate", "--model", "/data/mine.keras", options=mounted)
    assert "the card's figures are confirmed" in measured.stdout.decode()
    assert (trained.returncode, measured.returncode) == (0, 0)


@pytest.mark.parametrize("command", [(), ("predict", "-")], ids=["serve", "predict"])
def test_a_damaged_model_is_told(engine: Engine, tmp_path: Path, command: tuple[str, ...]) -> None:
    broken = tmp_path / "digits.onnx"
    broken.write_bytes(b"broken")
    done = engine.run(*command, options=("-v", f"{broken}:/app/models/digits.onnx:ro", *BARE), stdin=picture(7))
    assert b"the model is damaged, its checksum is not the card's" in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize(("command", "needed"), [((), 400), (("train",), 3000)], ids=["serve", "train"])
def test_too_little_memory_is_told(engine: Engine, command: tuple[str, ...], needed: int) -> None:
    done = engine.run(*command, options=(*BARE, "--memory", "256m"))
    assert f"may use 268 MB of memory, and {needed} are needed".encode() in done.stderr
    assert done.returncode == 1


def test_a_folder_that_may_not_be_read_is_told(engine: Engine, data: Path) -> None:
    data.chmod(0o700)
    done = engine.run("predict", "/data", options=("-v", f"{data}:/data:ro", *BARE))
    assert "/data: error: cannot be opened: Permission denied" in done.stdout.decode()
    assert done.returncode == 1
