"""Rows of one batch to the steps of a sequence again."""

import keras
from keras import ops

from mmfusion import registry


@registry.serializable
class UnmergeSteps(keras.layers.Layer):
    """Takes apart what `ops.reshape(x, (-1, ...))` put together.

        y_bs = e_(b * steps + s)    # (batch, steps, dim)

    A reshape of its own would hold the number of steps that a model was built
    for; here a batch may have fewer.

    Call arguments:
        embeddings: float tensor `(batch * steps, dim)`.
        x: tensor `(batch, steps, ...)`, what was put together.

    Returns:
        Float tensor `(batch, steps, dim)`.

    Example:

    >>> import numpy as np
    >>> x, merged = np.zeros((2, 3, 8, 8)), np.zeros((6, 4))
    >>> tuple(UnmergeSteps()(merged, x).shape)
    (2, 3, 4)
    """

    def __init__(self, **kwargs):
        # Of `x`, which may be pixels or ids, only the shape is taken.
        super().__init__(autocast=False, **kwargs)

    def call(self, embeddings, x):
        return ops.reshape(
            embeddings, (-1, ops.shape(x)[1], embeddings.shape[-1])
        )

    def compute_output_spec(self, embeddings, x):
        shape = (*x.shape[:2], embeddings.shape[-1])
        return keras.KerasTensor(shape, dtype=embeddings.dtype)
