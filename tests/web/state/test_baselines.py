"""The networks to compare with, as a lesson asks them."""

from pathlib import Path

import numpy as np
import pytest

import mnist.web.state.baselines
from mnist.errors import UserError
from mnist.files import BASELINES
from mnist.reading import strokes
from mnist.web.state.baselines import Baselines
from tools.harness import hand


@pytest.mark.tensorflow
@pytest.mark.parametrize("network", BASELINES)
def test_each_reads_a_plain_digit(network: str) -> None:
    sample = strokes.frame(hand.strokes(0)).sample
    assert Baselines().digits(network, sample[None])[0].digit == 0


def test_one_that_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mnist.web.state.baselines, "MODEL", tmp_path / "digits.keras")
    with pytest.raises(UserError, match=r"textbook\.json: the model's card is missing"):
        Baselines().digits("textbook", np.zeros((1, 28, 28), np.float32))
