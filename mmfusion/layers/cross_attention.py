"""One embedding or sequence looks at another."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.layers.layer_norm import LayerNorm
from mmfusion.ops import keep_rows


@registry.serializable
class CrossAttention(keras.layers.Layer):
    """Queries from one modality, keys and values from another.

    Each step of `x` gathers what it needs of `source`, wherever it lies there:
    the two may have different lengths, rates and widths.

        h = x + Attention(queries Norm(x), keys and values Norm(source))
        y = h + W_2 gelu(W_1 Norm(h) + b_1) + b_2    # shape of x

    A row whose source has no step that counts keeps its `x` as it is.

    Parameters: `2 dim^2 + 2 dim source_dim + 2 dim hidden`, and biases. FLOPs
    of a row: `steps (4 dim^2 + 4 dim hidden) + 4 source_steps dim source_dim +
    4 steps source_steps dim`.

    Args:
        num_heads: int. Must divide `dim`. Defaults to 4.
        hidden: int or None. Width of the network on each step. Defaults to
            4 times `dim`.
        dropout: float in `[0, 1)`, on attention weights and on what each part
            adds.

    Call arguments:
        x: float tensor `(batch, steps, dim)`, or `(batch, dim)`, one step.
        source: float tensor `(batch, source_steps, source_dim)`, or
            `(batch, source_dim)`, one step.
        source_mask: bool tensor `(batch, source_steps)`, for one step
            `(batch,)`, or None: every step counts. What lies in the others
            changes nothing.

    Returns:
        Float tensor of the shape of `x`.

    Raises:
        ArgumentError: If `num_heads` does not divide the width of `x`, or a
            rank is another one.

    Example:

    >>> import numpy as np
    >>> text, image = np.zeros((2, 5, 8), "f"), np.ones((2, 3, 6), "f")
    >>> tuple(CrossAttention(num_heads=2)(text, image).shape)
    (2, 5, 8)

    Reference:
        - [Tsai et al., 2019](https://arxiv.org/abs/1906.00295), the block of
          crossmodal attention. Ours has GELU for ReLU, a norm for each of the
          two modalities, and no positions: encoders add them.
    """

    def __init__(self, num_heads=4, hidden=None, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True  # A mask comes as an argument.
        checks.check_positive("CrossAttention", num_heads=num_heads)
        if hidden is not None:
            checks.check_positive("CrossAttention", hidden=hidden)
        checks.check_range("CrossAttention", "dropout", dropout, 0, 0.99)
        self.num_heads = num_heads
        self.hidden = hidden
        self.dropout = dropout

    def compute_mask(self, x, mask=None):
        return None

    def build(self, x_shape, source_shape):
        for argument, shape in (("x", x_shape), ("source", source_shape)):
            if len(shape) not in (2, 3):
                raise ArgumentError(
                    f"`CrossAttention` expects `{argument}` to have rank 2 or "
                    f"3. Received: shape={tuple(shape)}."
                )
        dim, source_dim = x_shape[-1], source_shape[-1]
        if dim % self.num_heads:
            raise ArgumentError(
                "`CrossAttention` expects `num_heads` to divide the width of "
                f"`x`, {dim}. Received: {self.num_heads}."
            )
        x_shape, source_shape = (None, None, dim), (None, None, source_dim)
        hidden = self.hidden or 4 * dim
        self.norm_x = self._norm("norm_x", x_shape)
        self.norm_source = self._norm("norm_source", source_shape)
        self.attention = keras.layers.MultiHeadAttention(
            self.num_heads,
            dim // self.num_heads,
            dropout=self.dropout,
            dtype=self.dtype_policy,
            name="attention",
        )
        self.attention.build(x_shape, source_shape)
        self.norm_network = self._norm("norm_network", x_shape)
        self.wide = keras.layers.Dense(
            hidden, "gelu", dtype=self.dtype_policy, name="wide"
        )
        self.wide.build(x_shape)
        self.narrow = keras.layers.Dense(
            dim, dtype=self.dtype_policy, name="narrow"
        )
        self.narrow.build((None, None, hidden))
        self.drop = keras.layers.Dropout(self.dropout, dtype=self.dtype_policy)

    def _norm(self, name, shape):
        norm = LayerNorm(epsilon=1e-5, dtype=self.dtype_policy, name=name)
        norm.build(shape)
        return norm

    def call(self, x, source, source_mask=None, training=None):
        one = len(x.shape) == 2
        x = x[:, None, :] if one else x
        source = source[:, None, :] if len(source.shape) == 2 else source
        mask = source_mask
        if mask is not None:
            mask = mask[:, None] if len(mask.shape) == 1 else mask
            source = keep_rows(mask, source)
        h = self.attention(
            self.norm_x(x),
            self.norm_source(source),
            # (batch, queries, keys)
            attention_mask=None if mask is None else mask[:, None, :],
            training=training,
        )
        y = x + self.drop(h, training=training)
        h = self.narrow(self.wide(self.norm_network(y)))
        y = y + self.drop(h, training=training)
        if mask is not None:  # Attention over nothing is a mean of zeros.
            y = ops.where(ops.any(mask, axis=1)[:, None, None], y, x)
        return y[:, 0] if one else y

    def compute_output_shape(self, x_shape, source_shape):
        return x_shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "hidden": self.hidden,
            "dropout": self.dropout,
        }
