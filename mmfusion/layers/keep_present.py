"""Hides what lies in absent rows, or in masked steps, from an encoder."""

import keras

from mmfusion import registry
from mmfusion.ops import keep_rows


@registry.serializable
class KeepPresent(keras.layers.Layer):
    """Zeros for rows or steps that are absent; first layer of a tower.

    The encoder must not see an absent row: its own backward pass would turn
    one NaN there into NaN weights, even if its output were replaced.

    Call arguments:
        x: tensor `(batch, ...)` or `(batch, steps, ...)`, any dtype.
        present: bool tensor `(batch,)`, or `(batch, steps)` for steps.

    Returns:
        Tensor of the shape and dtype of `x`.
    """

    def __init__(self, **kwargs):
        # Pixels and ids above 256 would be rounded by a bfloat16 policy.
        super().__init__(autocast=False, **kwargs)

    def call(self, x, present):
        return keep_rows(present, x)

    def compute_output_spec(self, x, present):
        return keras.KerasTensor(x.shape, dtype=x.dtype)
