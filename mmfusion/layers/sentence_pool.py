"""A sequence to one unit vector: the mean of the tokens that count."""

import keras
from keras import ops

from mmfusion import registry
from mmfusion.layers.mean_pool import MeanPool


@registry.serializable
class SentencePool(keras.layers.Layer):
    """Sentence-BERT pooling: the mean of the tokens that count, of length one.

    On the token embeddings of any BERT, for embeddings that are compared by
    their cosine. No parameters; `2 steps dim` FLOPs a row.

        u_b = sum_s m_bs x_bs / sum_s m_bs
        y_b = u_b / max(|u_b|, 1e-12)    # (batch, dim), in float32

    Call arguments:
        x: float tensor `(batch, steps, dim)`, or the dict with `"sequence"`
            and `"mask"` that an encoder of sequences returns.
        mask: bool tensor `(batch, steps)`, or None: every step counts.

    Returns:
        Float tensor `(batch, dim)`; zeros where no step counts.

    Raises:
        ArgumentError: If `x` is no sequence.

    Example:

    >>> import numpy as np
    >>> x = np.array([[[6.0, 0.0], [0.0, 8.0], [9.0, 9.0]]], "float32")
    >>> y = SentencePool()(x, mask=np.array([[True, True, False]]))
    >>> [round(float(value), 2) for value in y[0]]
    [0.6, 0.8]

    Reference:
        - [Sentence-BERT, Reimers and Gurevych, 2019](
          https://arxiv.org/abs/1908.10084), the "MEAN" strategy; the length of
          one is what its published models add.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True  # It uses the mask up.
        # A sum over many tokens needs more than 16 bits.
        self.mean = MeanPool(dtype="float32", name="mean")

    def build(self, x_shape, mask_shape=None):
        self.mean.build(x_shape)

    def compute_mask(self, x, mask=None):
        return None

    def call(self, x, mask=None):
        x = self.mean(x, mask=mask)
        # The maximum is taken of the square: the root has no slope at zero.
        square = ops.sum(ops.square(x), axis=-1, keepdims=True)
        x = x * ops.rsqrt(ops.maximum(square, 1e-24))
        return ops.cast(x, self.compute_dtype)

    def compute_output_shape(self, x_shape, mask_shape=None):
        return self.mean.compute_output_shape(x_shape, mask_shape)
