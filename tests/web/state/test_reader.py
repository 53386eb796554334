"""The reader: it reads once it is loaded."""

from dataclasses import replace
from pathlib import Path

import pytest

from mnist.errors import UserError
from mnist.reading.drawings import strokes
from mnist.reading.find_digits import of_strokes
from mnist.reading.lattice import Lattice
from mnist.training.networks import BASELINES, NETWORKS, NetworkSpec
from mnist.web.state.reader import Reader, load_once
from tools.harness import hand

pytestmark = pytest.mark.network


def test_it_reads_once_it_is_loaded() -> None:
    reader = Reader()
    assert reader.read(Lattice()) is None
    reader.start()
    reader.start().join(60)
    assert reader.ready
    reading = reader.read(of_strokes(hand.strokes(4)))
    assert reading is not None
    assert reading.text == "4"


@pytest.mark.parametrize("network", BASELINES, ids=lambda network: network.name)
def test_each_network_to_compare_with_reads_a_plain_digit_and_is_loaded_once(network: NetworkSpec) -> None:
    sample = strokes.frame(hand.strokes(0)).sample
    assert load_once(network).digits(sample[None])[0].digit == 0
    assert load_once(network) is load_once(network)


def test_a_missing_network_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnist.training.networks.MODEL", tmp_path / "digits.keras")
    missing = replace(NETWORKS["textbook"], title="missing")
    with pytest.raises(UserError, match=r"textbook\.json: the model's card is missing"):
        load_once(missing)
