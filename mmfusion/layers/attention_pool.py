"""A sequence to one vector: a learned weighted mean of its steps."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.layers.mean_pool import sequence_of
from mmfusion.ops import keep_rows, masked_softmax


@registry.serializable
class AttentionPool(keras.layers.Layer):
    """Mean over steps, weighted by how much each matters.

    Where some steps tell more than others: the one picture of five that shows
    the fault. Each head weighs the steps for its own part of the dimensions.

        a_bh = softmax_{s: m_bs}(u_h tanh(W x_bs + b))    # (batch, steps)
        y_b  = [sum_s a_bhs x_bs]_h                       # (batch, dim)

    Parameters: `dim * hidden + hidden + hidden * num_heads`.

    Args:
        num_heads: int. Must divide `dim`. Defaults to 1.
        hidden: int or None. Width of the scores' hidden layer. Defaults to
            half of `dim`.

    Call arguments:
        x: float tensor `(batch, steps, dim)`, or the dict with `"sequence"`
            and `"mask"` that an encoder of sequences returns.
        mask: bool tensor `(batch, steps)`, or None: every step counts.

    Returns:
        Float tensor `(batch, dim)`; zeros where no step counts. What lies in
        a step that does not count changes nothing.

    Raises:
        ArgumentError: If `x` is no sequence or `num_heads` does not divide
            its width.

    Example:

    >>> import numpy as np
    >>> x = np.array([[[1.0, 4.0], [99.0, 99.0]]], "float32")
    >>> y = AttentionPool()(x, mask=np.array([[True, False]]))
    >>> [float(v) for v in y[0]]
    [1.0, 4.0]

    Reference:
        - [Ilse et al., 2018](https://arxiv.org/abs/1802.04712), for sets of
          instances; the heads are ours.
    """

    def __init__(self, num_heads=1, hidden=None, **kwargs):
        super().__init__(**kwargs)
        checks.check_positive("AttentionPool", num_heads=num_heads)
        if hidden is not None:
            checks.check_positive("AttentionPool", hidden=hidden)
        self.num_heads = num_heads
        self.hidden = hidden
        self.supports_masking = True  # It uses the mask up.

    def compute_mask(self, x, mask=None):
        return None

    def build(self, x_shape, mask_shape=None):
        if isinstance(x_shape, dict):
            x_shape = x_shape["sequence"]
        dim = x_shape[-1]
        if dim % self.num_heads:
            raise ArgumentError(
                "`AttentionPool` expects `num_heads` to divide the width of "
                f"the sequence, {dim}. Received: {self.num_heads}."
            )
        hidden = self.hidden or max(dim // 2, 1)
        self.inner = keras.layers.Dense(
            hidden, "tanh", dtype=self.dtype_policy, name="inner"
        )
        self.inner.build(x_shape)
        # A bias would move all scores of a head alike, which changes nothing.
        self.score = keras.layers.Dense(
            self.num_heads,
            use_bias=False,
            dtype=self.dtype_policy,
            name="score",
        )
        self.score.build((*x_shape[:-1], hidden))

    def call(self, x, mask=None):
        x, mask = sequence_of("AttentionPool", x, mask)
        if mask is None:
            mask = ops.ones_like(x[..., 0], dtype="bool")
        # A step that does not count may hold NaN.
        x = keep_rows(mask, x)
        scores = ops.swapaxes(self.score(self.inner(x)), 1, 2)
        weights = masked_softmax(scores, mask[:, None, :])
        steps, dim = x.shape[1:]
        steps = -1 if steps is None else steps
        heads = ops.reshape(
            x, (-1, steps, self.num_heads, dim // self.num_heads)
        )
        heads = ops.transpose(heads, (0, 2, 1, 3))  # (batch, heads, steps, .)
        y = ops.matmul(weights[:, :, None, :], heads)
        return ops.reshape(y, (-1, dim))

    def compute_output_shape(self, x_shape, mask_shape=None):
        if isinstance(x_shape, dict):
            x_shape = x_shape["sequence"]
        return (x_shape[0], x_shape[-1])

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "hidden": self.hidden,
        }
