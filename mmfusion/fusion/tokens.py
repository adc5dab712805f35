"""Modalities as steps of one width, for fusions by attention."""

import keras
from keras import ops

from mmfusion import checks
from mmfusion.fusion.base import Fusion, build_projections
from mmfusion.layers import LayerNorm, TransformerBlock


class TokenFusion(Fusion):
    """What fusions by attention over steps of all modalities share.

    Each modality is projected to `units` and marked, and a subclass attends.

        z_ms = W_m x_ms + b_m + t_m    # (batch, steps, units)

    Args:
        units: int. Width of the fused embedding and of the blocks.
        num_heads: int. Must divide `units`. Defaults to 4.
        hidden: int or None. Width of the network on each step. Defaults to
            4 times `units`.
        dropout: float in `[0, 1)`, as in `layers.TransformerBlock`.

    Raises:
        ArgumentError: If `num_heads` does not divide `units`.
    """

    embedding_rank = 3

    def __init__(self, units, num_heads=4, hidden=None, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        who = type(self).__name__
        checks.check_positive(who, units=units, num_heads=num_heads)
        if hidden is not None:
            checks.check_positive(who, hidden=hidden)
        checks.check_heads(who, units, num_heads)
        checks.check_range(who, "dropout", dropout, 0, 0.99)
        self.units = units
        self.num_heads = num_heads
        self.hidden = hidden
        self.dropout = dropout

    def build(self, input_shape):
        super().build(input_shape)
        self.projections = build_projections(self, input_shape)
        self.types = self.add_weight(
            shape=(len(self.modalities), self.units),
            initializer=self.near_zero(),
            name="types",
        )

    def near_zero(self):
        """What tokens and types begin with."""
        return keras.initializers.RandomNormal(stddev=0.02)

    def block(self, name):
        """A Transformer block of this width, built."""
        block = TransformerBlock(
            self.num_heads,
            self.hidden,
            self.dropout,
            dtype=self.dtype_policy,
            name=name,
        )
        block.build((None, None, self.units))
        return block

    def last_norm(self):
        """The normalisation after the last block, built."""
        norm = LayerNorm(epsilon=1e-5, dtype=self.dtype_policy, name="norm")
        norm.build((None, self.units))
        return norm

    def tokens(self, inputs):
        """The steps of each modality: list of `(batch, steps, units)`."""
        types = ops.cast(self.types, self.compute_dtype)
        return [
            project(x) + types[i]
            for i, (project, x) in enumerate(
                zip(self.projections, inputs, strict=True)
            )
        ]

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "num_heads": self.num_heads,
            "hidden": self.hidden,
            "dropout": self.dropout,
        }


def with_latents(latents, x):
    """Learned steps, the same for every row, before those of `x`.

    Args:
        latents: float tensor `(num_latents, units)`.
        x: float tensor `(batch, steps, units)`.

    Returns:
        Float tensor `(batch, num_latents + steps, units)`.
    """
    shape = (ops.shape(x)[0], *latents.shape)
    latents = ops.broadcast_to(ops.cast(latents, x.dtype)[None], shape)
    return ops.concatenate([latents, x], axis=1)
