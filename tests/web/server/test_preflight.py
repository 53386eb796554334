"""The checks before a server starts, and how it starts."""

import errno
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock, call

import pytest

from mnist.cli import main
from mnist.files import MODEL, ROOT
from mnist.web.server import preflight
from tools.harness.running import free_port


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """The calls by which the process would have become a server."""
    run = Mock()
    monkeypatch.setattr("mnist.web.server.serve.run", run)
    return run


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def serve(port: int) -> int:
    return main(["serve", "--address", "127.0.0.1", "--port", str(port)])


def test_a_server_that_can_work_is_started(started: Mock) -> None:
    port = free_port()
    assert serve(port) == 0
    assert started.mock_calls == [call("127.0.0.1", port)]


def test_the_limit_of_connections_is_raised(started: Mock) -> None:
    resource = pytest.importorskip("resource", reason="Windows bounds no connections")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        serve(free_port())
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 4_000
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_where_so_many_connections_are_refused_as_many_as_old_macs_take_are_asked_for(
    started: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource", reason="Windows bounds no connections")
    asked: list[tuple[int, int]] = []

    def set_limit(_: int, limits: tuple[int, int]) -> None:
        asked.append(limits)
        if limits[0] > 20_000:
            raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", set_limit)
    assert serve(free_port()) == 0
    assert asked == [(65_536, resource.RLIM_INFINITY), (10_240, resource.RLIM_INFINITY)]


def test_a_taken_port_is_reported(started: Mock, taken: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve(taken) == 1
    told = capsys.readouterr().err
    assert f"cannot listen on port {taken} of 127.0.0.1 (Address already in use)" in told
    assert "--port" in told
    assert started.mock_calls == []


@pytest.mark.parametrize("address", ["203.0.113.9", "no-such-name.invalid"])
def test_an_address_of_another_machine_is_reported(
    address: str, started: Mock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--address", address]) == 1
    told = capsys.readouterr().err
    assert "This machine has no such address: choose one of its own with --address" in told
    assert "--port" not in told
    assert started.mock_calls == []


def test_a_port_for_which_rights_are_missing_is_reported(
    started: Mock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = Mock(side_effect=PermissionError(errno.EACCES, "Permission denied"))
    monkeypatch.setattr(socket.socket, "bind", refused)
    assert serve(80) == 1
    told = capsys.readouterr().err
    assert "cannot listen on port 80 of 127.0.0.1 (Permission denied). Choose another port, above 1023" in told
    assert started.mock_calls == []


def test_a_damaged_model_is_reported(
    started: Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / MODEL.name
    model.with_suffix(".onnx").write_bytes(b"broken")
    model.with_suffix(".json").write_bytes(MODEL.with_suffix(".json").read_bytes())
    monkeypatch.setattr(preflight, "MODEL", model)
    assert main(["serve"]) == 1
    assert "the model is damaged" in capsys.readouterr().err
    assert started.mock_calls == []


@pytest.mark.parametrize(
    "address", ["school", "'self'", "*", "https://*", "https://moodle.example.org/course", "javascript:alert(1)", "a;b"]
)
def test_an_invalid_frame_ancestor_is_reported(
    address: str, started: Mock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRAME_ANCESTORS", f"https://school.example {address}")
    assert serve(free_port()) == 1
    assert f"FRAME_ANCESTORS contains “{address}”, which is not an address like https://" in capsys.readouterr().err
    assert started.mock_calls == []


@pytest.mark.parametrize(
    "address",
    [
        *("digits.example.org", "digits.example.org:8501", "javascript:alert(1)", "https://", "http://[x"),
        *("https://digits.example.org:port", "https://a.example https://b.example", "https://me@digits.example.org"),
        *("https://digits.example.org/?x", "https://zählen.example"),
    ],
)
def test_an_invalid_public_url_is_reported(
    address: str, started: Mock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUBLIC_URL", address)
    assert serve(free_port()) == 1
    assert f"PUBLIC_URL is “{address}”, which is not an address like https://digits." in capsys.readouterr().err
    assert started.mock_calls == []


@pytest.mark.parametrize("name", ["https://b.example", "b.example:8501", "a.example,b.example", "*b.example", "b.*"])
def test_an_invalid_allowed_host_is_reported(
    name: str, started: Mock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", f"a.example {name}")
    assert serve(free_port()) == 1
    assert f"ALLOWED_HOSTS contains “{name}”, which is not a name like digits.example.org" in capsys.readouterr().err
    assert started.mock_calls == []


def test_the_checks_need_no_streamlit() -> None:
    program = "import sys, mnist.web.server.preflight, mnist.web.server.same_origin; print('streamlit' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_an_invalid_port_is_reported(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--port", port])
    assert f"'{port}' is not a whole number from 1 to 65535" in capsys.readouterr().err
