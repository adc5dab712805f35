"""A sequence to one vector: the maximum over the steps that count."""

import keras
from keras import ops

from mmfusion import registry
from mmfusion.layers.mean_pool import sequence_of


@registry.serializable
class MaxPool(keras.layers.Layer):
    """Maximum over the steps of a sequence that count.

        y_bd = max_{s: m_bs} x_bsd    # (batch, dim)

    For what matters if it occurs at all, wherever. No parameters; one
    comparison for each number.

    Call arguments:
        x: float tensor `(batch, steps, dim)`, or the dict with `"sequence"`
            and `"mask"` that an encoder of sequences returns.
        mask: bool tensor `(batch, steps)`, or None: every step counts.

    Returns:
        Float tensor `(batch, dim)`; zeros where no step counts.

    Example:

    >>> import numpy as np
    >>> x = np.array([[[-1.0], [-3.0], [99.0]]], "float32")
    >>> float(MaxPool()(x, mask=np.array([[True, True, False]]))[0, 0])
    -1.0

    Reference:
        - [Collobert and Weston, 2008](https://doi.org/10.1145/1390156.1390177),
          the maximum over time of a sentence.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True  # It uses the mask up.

    def compute_mask(self, x, mask=None):
        return None

    def call(self, x, mask=None):
        x, mask = sequence_of("MaxPool", x, mask)
        if mask is None:
            return ops.max(x, axis=1)
        # The lowest float, not the infinity, which LiteRT does not have.
        lowest = ops.cast(-1e30 if x.dtype != "float16" else -6e4, x.dtype)
        peak = ops.max(ops.where(mask[..., None], x, lowest), axis=1)
        some = ops.any(mask, axis=1, keepdims=True)
        return ops.where(some, peak, ops.zeros_like(peak))

    def compute_output_shape(self, x_shape, mask_shape=None):
        if isinstance(x_shape, dict):
            x_shape = x_shape["sequence"]
        return (x_shape[0], x_shape[-1])
