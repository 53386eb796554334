"""Muon's step of a kernel against NumPy's singular values; what is no kernel moves as by AdamW."""

import keras
import numpy as np
import pytest

from mnist.training.muon import KernelMuon

pytestmark = pytest.mark.network
RATE = 0.01


@pytest.mark.parametrize("shape", [(3, 3, 4, 8), (1, 1, 6, 20)])
def test_a_kernel_moves_as_far_along_its_rare_directions(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    rows, columns = int(np.prod(shape[:3])), shape[3]
    u, _, v = np.linalg.svd(rng.normal(size=(rows, columns)), full_matrices=False)
    sizes = np.geomspace(1, 0.1, min(rows, columns))
    kernel = keras.Variable(np.zeros(shape, np.float32))
    optimiser = KernelMuon(RATE, weight_decay=None)
    optimiser.apply_gradients([((u * sizes @ v).reshape(shape).astype(np.float32), kernel)])
    moved = -np.array(kernel).reshape(rows, columns)
    along = np.diag(u.T @ moved @ v.T) / (RATE * 0.2 * np.sqrt(max(rows, columns)))
    assert 0.6 < along.min() <= along.max() < 1.25  # Jordan's five steps end in this range
    assert np.abs(u.T @ moved @ v.T - np.diag(np.diag(u.T @ moved @ v.T))).max() < 1e-4


def test_dense_layers_scales_and_shifts_move_as_by_adamw() -> None:
    rng = np.random.default_rng(0)
    for shape in ((5, 3), (3,)):
        values, gradient = rng.normal(size=(2, *shape)).astype(np.float32)
        ours, theirs = keras.Variable(values), keras.Variable(values)
        decay = 0.01
        KernelMuon(RATE, weight_decay=decay, adam_weight_decay=decay).apply_gradients([(gradient, ours)])
        keras.optimizers.AdamW(RATE, weight_decay=decay).apply_gradients([(gradient, theirs)])
        assert np.allclose(np.array(ours), np.array(theirs), atol=1e-6)
        assert not np.allclose(np.array(ours), values)


def test_the_rate_of_the_rest_is_a_share_of_the_kernels() -> None:
    ours, theirs = keras.Variable(np.ones(3, np.float32)), keras.Variable(np.ones(3, np.float32))
    gradient = np.array([1, -2, 3], np.float32)
    KernelMuon(RATE, adam_lr_ratio=0.1, weight_decay=None, adam_weight_decay=None).apply_gradients([(gradient, ours)])
    keras.optimizers.Adam(RATE / 10).apply_gradients([(gradient, theirs)])
    assert np.allclose(np.array(ours), np.array(theirs), atol=1e-6)
