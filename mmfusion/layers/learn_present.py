"""Keeps what is learned from absent rows out of a head."""

import keras
from keras import ops

from mmfusion import registry


@registry.serializable
class LearnPresent(keras.layers.Layer):
    """The answers as they are; gradients only where a row is present.

    The head of a modality sees zeros where the modality is absent. Their loss
    would teach its bias the frequencies of the labels, and nothing else.

        y = x;  dy_b / dx_b = present_b

    Call arguments:
        x: float tensor `(batch, ...)`.
        present: bool tensor `(batch,)`.

    Returns:
        Tensor of the shape and dtype of `x`.
    """

    def __init__(self, **kwargs):
        # Probabilities are compared: no policy rounds them.
        super().__init__(autocast=False, **kwargs)

    def call(self, x, present):
        keep = ops.reshape(present, (-1, *[1] * (len(x.shape) - 1)))
        return ops.where(keep, x, ops.stop_gradient(x))

    def compute_output_spec(self, x, present):
        return keras.KerasTensor(x.shape, dtype=x.dtype)
