"""Muon for convolutions: an optimiser that moves a kernel along all of its directions alike, the rare ones too."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("mnist")
class KernelMuon(keras.optimizers.Muon):  # type: ignore[misc]  # Keras has no types
    """Muon (Jordan and others, 2024) of the kernels of convolutions; AdamW of everything else.

    A kernel (height, width, channels, filters) is a matrix of a column for each filter, whose momentum is replaced by
    the nearest matrix with orthogonal columns or rows. Keras's own Muon leaves kernels to AdamW.
    """

    def _should_use_adamw(self, variable: Any) -> bool:
        return len(variable.shape) < 4

    def zeropower_via_newtonschulz5(self, x: Any, steps: int) -> Any:
        """Return about the nearest orthogonal matrix to a kernel, in the kernel's shape."""
        return ops.reshape(super().zeropower_via_newtonschulz5(ops.reshape(x, (-1, x.shape[-1])), steps), x.shape)

    def lr_adjust(self, x: Any) -> Any:
        """Scale a kernel's step so that its elements are as large, whatever the kernel's shape (Liu et al., 2025)."""
        return ops.reshape(super().lr_adjust(ops.reshape(x, (-1, x.shape[-1]))), x.shape)
