"""A sequence of any length to a fixed number of steps."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.layers.cross_attention import CrossAttention
from mmfusion.layers.layer_norm import LayerNorm
from mmfusion.layers.mean_pool import sequence_of
from mmfusion.ops import keep_rows


@registry.serializable
class Resampler(keras.layers.Layer):
    """Learned latents gather a sequence into a fixed number of steps.

    For long or ragged sequences before a fusion: what follows sees
    `num_latents` steps whatever came in, each of which counts.

        z = latents                                     # (num_latents, units)
        z = CrossAttention(z, [W x; z]), `depth` times  # x masked
        y = Norm(z)                              # (batch, num_latents, units)

    Parameters: `num_latents units`, with `units` also `(dim + 1) units`, and
    `depth` times `4 units^2 + 2 units hidden`; FLOPs of a row are linear in
    the steps: `depth (4 (steps + num_latents) units^2 + num_latents
    (4 units^2 + 4 units hidden + 4 (steps + num_latents) units))`.

    Args:
        num_latents: int. Steps of the result.
        units: int or None. Width of the result; the sequence is mapped to it
            first. Defaults to the width of `x`, without a map.
        depth: int. How often the latents look. Defaults to 1.
        num_heads: int. Must divide the width. Defaults to 4.
        hidden: int or None. Width of the network on each latent. Defaults to
            4 times the width.
        dropout: float in `[0, 1)`, as in `CrossAttention`.

    Call arguments:
        x: float tensor `(batch, steps, dim)`, or the dict with `"sequence"`
            and `"mask"` that an encoder of sequences returns.
        mask: bool tensor `(batch, steps)`, or None: every step counts.

    Returns:
        Float tensor `(batch, num_latents, units)`; zeros where no step
        counts. What lies in a step that does not count changes nothing.

    Raises:
        ArgumentError: If `x` is no sequence or `num_heads` does not divide
            the width.

    Example:

    >>> import numpy as np
    >>> x = np.ones((2, 50, 8), "float32")
    >>> tuple(Resampler(3, num_heads=2)(x).shape)
    (2, 3, 8)

    Reference:
        - [Alayrac et al., 2022](https://arxiv.org/abs/2204.14198), whose
          latents are among their own keys and values, as here. Ours shares
          one norm between steps and latents, and has no positions in time:
          encoders add them.
    """

    def __init__(
        self,
        num_latents,
        units=None,
        depth=1,
        num_heads=4,
        hidden=None,
        dropout=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        checks.check_positive("Resampler", num_latents=num_latents, depth=depth)
        checks.check_positive("Resampler", num_heads=num_heads)
        for argument, value in (("units", units), ("hidden", hidden)):
            if value is not None:
                checks.check_positive("Resampler", **{argument: value})
        checks.check_range("Resampler", "dropout", dropout, 0, 0.99)
        self.num_latents = num_latents
        self.units = units
        self.depth = depth
        self.num_heads = num_heads
        self.hidden = hidden
        self.dropout = dropout
        self.supports_masking = True  # It uses the mask up.

    def compute_mask(self, x, mask=None):
        return None

    def build(self, x_shape, mask_shape=None):
        x_shape = _sequence_shape(x_shape)
        width = self.units or x_shape[-1]
        if self.units is not None:
            self.linear = keras.layers.Dense(
                width, dtype=self.dtype_policy, name="linear"
            )
            self.linear.build(x_shape)
        self.latents = self.add_weight(
            shape=(self.num_latents, width),
            initializer=keras.initializers.RandomNormal(stddev=0.02),
            name="latents",
        )
        latents_shape = (None, self.num_latents, width)
        self.blocks = []
        for number in range(self.depth):
            block = CrossAttention(
                self.num_heads,
                self.hidden,
                self.dropout,
                dtype=self.dtype_policy,
                name=f"block_{number}",
            )
            block.build(latents_shape, (None, None, width))
            self.blocks.append(block)
        self.norm = LayerNorm(
            epsilon=1e-5, dtype=self.dtype_policy, name="norm"
        )
        self.norm.build(latents_shape)

    def call(self, x, mask=None, training=None):
        x, mask = sequence_of("Resampler", x, mask)
        if mask is None:
            mask = ops.ones_like(x[..., 0], dtype="bool")
        x = keep_rows(mask, x)
        x = x if self.units is None else self.linear(x)
        latents = ops.cast(self.latents, self.compute_dtype)
        # (batch, num_latents, units): the same latents for every row.
        shape = (ops.shape(x)[0], self.num_latents, x.shape[-1])
        z = ops.broadcast_to(latents[None], shape)
        own = ops.ones_like(z[..., 0], dtype="bool")
        keys = ops.concatenate([mask, own], axis=1)
        for block in self.blocks:
            source = ops.concatenate([x, z], axis=1)
            z = block(z, source, source_mask=keys, training=training)
        return keep_rows(ops.any(mask, axis=1), self.norm(z))

    def compute_output_shape(self, x_shape, mask_shape=None):
        x_shape = _sequence_shape(x_shape)
        return (x_shape[0], self.num_latents, self.units or x_shape[-1])

    def get_config(self):
        return {
            **super().get_config(),
            "num_latents": self.num_latents,
            "units": self.units,
            "depth": self.depth,
            "num_heads": self.num_heads,
            "hidden": self.hidden,
            "dropout": self.dropout,
        }


def _sequence_shape(shape):
    return shape["sequence"] if isinstance(shape, dict) else shape
