"""The process in which a visitor's network learns: its reports, and the orders that it obeys."""

import base64
import itertools
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist.errors import UserError
from mnist.files import ROOT
from mnist.training import architectures, live, net_file, ready_digits
from mnist.training.live import Orders, Plan, Trainee

pytestmark = pytest.mark.network

FEW = Plan(batch=8, steps=6, report=3)
READY = ready_digits.make(np.random.default_rng(1), 40, 10, 20)


def said(plan: Plan, mnist: Path | None = None, told: dict[int, str] | None = None, **clock: Any) -> list[Any]:
    """All that is said; after so many lines it is told something."""
    orders, lines = Orders(clock.get("clock", lambda: 0.0)), list[Any]()

    def say(message: dict[str, Any]) -> None:
        lines.append(message)
        if word := (told or {}).get(len(lines)):
            orders.listen([f"{word}\n"])

    Trainee(plan, orders, say, clock.get("ready", READY)).train(mnist)
    return lines


def ticking(seconds: float) -> Callable[[], float]:
    """A clock that is so much later each time it is looked at."""
    count = itertools.count()
    return lambda: next(count) * seconds


def test_it_learns_then_gives_a_network_that_reads() -> None:
    shown, *learned, last = said(FEW)
    samples, labels = live.unpack(shown["shown"])
    assert samples.shape == (10, 28, 28)
    assert samples.dtype == np.uint8
    assert labels.tolist() == list(range(10))
    assert [line["seen"] for line in learned] == [8, 24, 48]
    for line in learned:
        assert line["of"] == 48
        assert line["loss"] > 0
        assert 0 <= line["right"] <= 1
        assert len(line["read"]) == 10
        assert set(line["read"]) <= set(range(10))
    filters = [live.unpack(line["filters"])[0] for line in learned]
    assert filters[0].shape == (live.WIDTH, 5, 5)
    assert np.abs(filters[2] - filters[0]).max() > 1e-4  # they form
    net = net_file.opened(base64.b64decode(last["net"]))
    read = net.digits((samples / 255).astype(np.float32))
    assert [int(one.probabilities.argmax()) for one in read] == learned[-1]["read"]


def test_the_same_seed_gives_the_same_network() -> None:
    one, same = (net_file.opened(base64.b64decode(said(FEW)[-1]["net"])) for _ in range(2))
    samples = np.random.default_rng(0).random((5, 28, 28), np.float32)
    assert np.array_equal(one.network(samples), same.network(samples))


def test_its_size_is_what_the_page_says() -> None:
    assert architectures.convolutional(live.WIDTH).count_params() == live.PARAMETERS


def test_it_learns() -> None:
    ready = ready_digits.make(np.random.default_rng(2), 200, 20, 100)
    *_, last, _ = said(Plan(steps=150, report=50, rate=6e-3), ready=ready)
    assert last["right"] > 0.4  # by luck: 0.1


def test_the_loss_it_tells_is_the_mean_since_the_last_report(monkeypatch: pytest.MonkeyPatch) -> None:
    losses = itertools.count(1.0)
    monkeypatch.setattr("keras.Model.train_on_batch", lambda *_: next(losses))
    assert [line["loss"] for line in said(FEW)[1:-1]] == [1.0, (2 + 3) / 2, (4 + 5 + 6) / 3]


def test_stopped_before_it_has_learned_it_gives_nothing() -> None:
    assert said(FEW, told={1: "stop"}) == [*said(FEW)[:1], {"net": None}]


def test_stopped_while_it_learns_it_gives_what_it_has_learned() -> None:
    *_, report, last = said(FEW, told={2: "stop"})
    assert report["seen"] == 8
    assert last["net"]


def test_where_time_is_short_it_learns_less() -> None:
    *_, report, last = said(replace(FEW, steps=10**6, report=1, learned_by_second=60.0), clock=ticking(1.0))
    assert report["seen"] < 60 * FEW.batch
    assert last["net"]


def test_a_pause_takes_no_time_of_its_own() -> None:
    times = iter([0.0, 5.0, 105.0, 110.0])
    orders = Orders(lambda: next(times))
    assert orders.go_on()  # it was asked at 5 and let go on at 105
    assert orders.spent == 10.0


def test_it_begins_when_it_is_told_to_and_its_time_then(tmp_path: Path) -> None:
    for told, expected in (("begin", None), (f"begin {tmp_path}", tmp_path)):
        orders = Orders(iter([0.0, 50.0, 60.0]).__next__)
        orders.listen([f"{told}\n"])
        assert orders.wait_to_begin() == expected
        assert orders.spent == 10.0


def test_mnist_is_learned_from_where_it_is_named(mnist_path: Path) -> None:
    shown, *_, last = said(FEW, mnist_path, ready=ready_digits.load())
    samples, labels = live.unpack(shown["shown"])
    assert labels.tolist() == list(range(10))
    assert samples.max() == 255
    assert last["net"]


def test_of_a_small_mnist_it_learns_what_is_there(npz: Path) -> None:
    assert said(FEW, npz, ready=ready_digits.load())[-1]["net"]


def test_what_is_not_mnist_is_told(tmp_path: Path) -> None:
    (tmp_path / "mnist.npz").write_bytes(b"nothing")
    with pytest.raises(UserError, match="not MNIST"):
        said(FEW, tmp_path / "mnist.npz")


def test_as_a_process_it_ends_with_a_sentence_or_where_nobody_listens(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mnist.training.live"]
    piped = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=piped, stdout=piped) as missing:
        assert missing.stdin is not None
        assert missing.stdout is not None
        missing.stdin.write(f"begin {tmp_path / 'none.npz'}\n".encode())
        missing.stdin.flush()
        assert b'"error"' in missing.stdout.read()
        assert missing.wait(60) == 0
    alone = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
    assert b"seen" not in alone.stdout
