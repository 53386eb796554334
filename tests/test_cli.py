"""The command line as a whole: what it prints without a model, and what it leaves as it was."""

import signal
from collections.abc import Iterator

import pytest

import mnist
from mnist import cli
from mnist.files import MODEL
from mnist.training.networks import BASELINES, NetworkSpec


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"mnist {mnist.__version__}\n"


@pytest.mark.parametrize("spec", BASELINES, ids=lambda spec: spec.file)
def test_a_baseline_that_is_measured_itself_is_not_compared_with_itself(
    spec: NetworkSpec, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", "--markdown", "--model", str(MODEL.with_name(spec.file))]) == 0
    assert capsys.readouterr().out.count(f"| {spec.title} |") == 1


@pytest.fixture
def unhandled_signals() -> Iterator[None]:
    """The signals as a shell leaves them, also where `nohup` or `&` runs the tests, which have some ignored."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in cli.ENDING_SIGNALS}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("unhandled_signals")
@pytest.mark.parametrize("number", [*cli.ENDING_SIGNALS, signal.SIGINT])
def test_a_signal_ends_a_command_with_its_number_and_the_handlers_are_restored(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_predict", lambda _: signal.raise_signal(number))
    before = [signal.getsignal(number) for number in cli.ENDING_SIGNALS]
    assert cli.main(["predict", "-"]) == 128 + number
    assert capsys.readouterr().err == "mnist: interrupted.\n"
    assert [signal.getsignal(number) for number in cli.ENDING_SIGNALS] == before
