"""A sequence to one vector: the mean of the steps that count."""

import keras
from keras import ops

from mmfusion import registry
from mmfusion.errors import ArgumentError
from mmfusion.ops import masked_mean


@registry.serializable
class MeanPool(keras.layers.Layer):
    """Mean over the steps of a sequence that count.

        y_b = sum_s m_bs x_bs / sum_s m_bs    # (batch, dim)

    Call arguments:
        x: float tensor `(batch, steps, dim)`, or the dict with `"sequence"`
            and `"mask"` that an encoder of sequences returns.
        mask: bool tensor `(batch, steps)`, or None: every step counts.

    Returns:
        Float tensor `(batch, dim)`; zeros where no step counts.

    Example:

    >>> import numpy as np
    >>> x = np.array([[[1.0], [3.0], [99.0]]], "float32")
    >>> float(MeanPool()(x, mask=np.array([[True, True, False]]))[0, 0])
    2.0
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True  # It uses the mask up.

    def compute_mask(self, x, mask=None):
        return None

    def call(self, x, mask=None):
        x, mask = sequence_of("MeanPool", x, mask)
        if mask is None:
            return ops.mean(x, axis=1)
        return masked_mean(x, mask)

    def compute_output_shape(self, x_shape, mask_shape=None):
        if isinstance(x_shape, dict):
            x_shape = x_shape["sequence"]
        return (x_shape[0], x_shape[-1])


def sequence_of(who, x, mask):
    """A sequence and its mask, from two tensors or the dict of an encoder.

    Args:
        who: str. The layer that asks, for the message.
        x: float tensor `(batch, steps, dim)`, or a dict of `"sequence"` and
            `"mask"`.
        mask: bool tensor `(batch, steps)` or None.

    Returns:
        The sequence and its mask, None where every step counts.

    Raises:
        ArgumentError: If the sequence has another rank.
    """
    if isinstance(x, dict):
        x, mask = x["sequence"], x["mask"]
    if len(x.shape) != 3:
        raise ArgumentError(
            f"`{who}` expects a sequence of rank 3. "
            f"Received: shape={tuple(x.shape)}."
        )
    return x, mask
