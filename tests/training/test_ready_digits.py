"""The ready digits: what the command writes is what is shipped, and what cannot be read is told."""

from pathlib import Path

import numpy as np
import pytest

from mnist.errors import UserError
from mnist.reading.outputs import NO_DIGIT
from mnist.training import ready_digits


def test_the_shipped_ones_are_what_the_command_writes() -> None:
    shipped = ready_digits.load()
    rng = np.random.default_rng(ready_digits.SEED)
    made = ready_digits.make(rng, ready_digits.DIGITS, ready_digits.NON_DIGITS, ready_digits.VALIDATION)
    assert np.abs(made.material.samples - shipped.material.samples).mean() < 0.002  # 256 shades
    assert np.abs(made.validation.samples - shipped.validation.samples).mean() < 0.002
    assert len(shipped.digits) == ready_digits.DIGITS
    assert len(shipped.non_digits) == ready_digits.NON_DIGITS
    assert len(shipped.validation) == ready_digits.VALIDATION
    assert np.bincount(shipped.digits.labels).tolist() == [600] * 10
    assert set(shipped.non_digits.labels.tolist()) == {NO_DIGIT}
    assert len(shipped.material) == ready_digits.DIGITS + ready_digits.NON_DIGITS


def test_they_come_back_from_a_file_in_256_shades(tmp_path: Path) -> None:
    made = ready_digits.make(np.random.default_rng(3), 20, 5, 10)
    ready_digits.save(made, tmp_path / "ready.npz")
    again = ready_digits.load(tmp_path / "ready.npz")
    for one, other in ((made.digits, again.digits), (made.non_digits, again.non_digits)):
        assert np.abs(one.samples - other.samples).max() <= 0.5 / 255 + 1e-6
        assert one.labels.tolist() == other.labels.tolist()
    assert made.validation.labels.tolist() == again.validation.labels.tolist()


CUT_OFF = ready_digits.PATH.read_bytes()[:1000]


@pytest.mark.parametrize("content", [None, b"nothing", CUT_OFF], ids=["missing", "damaged", "cut off"])
def test_what_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ready.npz"
    if content:
        path.write_bytes(content)
    with pytest.raises(UserError, match=r"ready\.npz: cannot be read\. Write it with"):
        ready_digits.load(path)
