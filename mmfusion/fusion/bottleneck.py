"""Transformers of the modalities that meet in a few tokens only."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.fusion.base import Fusion
from mmfusion.fusion.tokens import build_tokens, tokens, with_latents
from mmfusion.layers import LayerNorm, TransformerBlock
from mmfusion.ops import masked_mean


@registry.register("fusion", "bottleneck")
class BottleneckFusion(Fusion):
    """Lets modalities speak to each other through a few shared tokens (MBT).

    For long sequences: each modality looks at itself and at `num_tokens`
    tokens, so that cost grows with the square of the longest sequence and not
    of all together, and each has to say in short what the others need.

        [x_m; z_m] = Block_m([x_m; z]),  z = mean_m z_m     # num_layers times
        fused      = mean_m Norm(x_m,class)                 # (batch, units)

    Both means are over the modalities that are present; x_m begins with a
    class token, and carries which modality it is.

    Cost: `units * (sum of dims + 3 M + num_tokens + 2)` and, for each block
    and modality, `4 units^2 + 2 units hidden` parameters; FLOPs of a row: for
    each block, modality and step `8 units^2 + 4 units hidden +
    4 steps units`. With pooled embeddings about `M * num_layers * 12 units /
    sum of dims` times the parameters of `ConcatFusion`.

    Args:
        units: int. Width of the fused embedding and of the blocks.
        num_tokens: int. Tokens in the bottleneck. Defaults to 4.
        num_layers: int. Blocks of each modality. Two or more, for what one
            modality says to reach another's class token. Defaults to 2.
        num_heads: int. Must divide `units`. Defaults to 4.
        hidden: int or None. Width of the network on each step. Defaults to
            4 times `units`.
        dropout: float in `[0, 1)`, as in `layers.TransformerBlock`.

    Raises:
        ArgumentError: If `num_heads` does not divide `units`, or there are
            fewer than two layers.

    Example:

    >>> import numpy as np
    >>> x = {"a": np.ones((2, 7, 3)), "b": np.ones((2, 5))}
    >>> BottleneckFusion(8)(x).shape[1]
    8

    Reference:
        - [Nagrani et al., 2021](https://arxiv.org/abs/2107.00135), whose
          blocks all fuse here; the mean over what is present is ours.
    """

    embedding_rank = 3

    def __init__(
        self,
        units,
        num_tokens=4,
        num_layers=2,
        num_heads=4,
        hidden=None,
        dropout=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        who = "BottleneckFusion"
        checks.check_positive(
            who, units=units, num_tokens=num_tokens, num_heads=num_heads
        )
        checks.check_positive(who, num_layers=num_layers)
        checks.check_range(who, "num_layers", num_layers, 2, 1000)
        if hidden is not None:
            checks.check_positive(who, hidden=hidden)
        checks.check_heads(who, units, num_heads)
        checks.check_range(who, "dropout", dropout, 0, 0.99)
        self.units = units
        self.num_tokens = num_tokens
        self.num_layers = num_layers
        self.num_heads = num_heads
        self.hidden = hidden
        self.dropout = dropout

    def build(self, input_shape):
        super().build(input_shape)
        build_tokens(self, input_shape)
        near_zero = keras.initializers.RandomNormal(stddev=0.02)
        self.classes = self.add_weight(
            shape=(len(self.modalities), 1, self.units),
            initializer=near_zero,
            name="class_tokens",
        )
        self.shared = self.add_weight(
            shape=(self.num_tokens, self.units),
            initializer=near_zero,
            name="bottleneck",
        )
        self.blocks = []  # Flat: layer after layer, modality after modality.
        for number in range(self.num_layers):
            for name in self.modalities:
                block = TransformerBlock(
                    self.num_heads,
                    self.hidden,
                    self.dropout,
                    dtype=self.dtype_policy,
                    name=f"block_{number}_{name}",
                )
                block.build((None, None, self.units))
                self.blocks.append(block)
        self.norm = LayerNorm(
            epsilon=1e-5, dtype=self.dtype_policy, name="norm"
        )
        self.norm.build((None, None, self.units))

    def fuse(self, inputs, present, masks):
        count = len(inputs)
        latents = [
            ops.concatenate([self.shared, self.classes[i]], axis=0)
            for i in range(count)
        ]
        # Each modality: the bottleneck, its class token, its steps.
        streams = [
            with_latents(*pair)
            for pair in zip(latents, tokens(self, inputs), strict=True)
        ]
        always = ops.ones_like(streams[0][:, : self.num_tokens + 1, 0], "bool")
        masks = [ops.concatenate([always, mask], axis=1) for mask in masks]
        blocks = iter(self.blocks)
        for number in range(self.num_layers):
            streams = [
                next(blocks)(x, mask=mask)
                for x, mask in zip(streams, masks, strict=True)
            ]
            if number < self.num_layers - 1:
                streams = self._exchanged(streams, present)
        ends = [x[:, self.num_tokens] for x in streams]
        return masked_mean(self.norm(ops.stack(ends, axis=1)), present)

    def _exchanged(self, streams, present):
        """The bottleneck of each is the mean of all that are present."""
        parts = ops.stack([x[:, : self.num_tokens] for x in streams], axis=1)
        size = self.num_tokens * self.units
        count = len(streams)
        shared = masked_mean(ops.reshape(parts, (-1, count, size)), present)
        shared = ops.reshape(shared, (-1, self.num_tokens, self.units))
        return [
            ops.concatenate([shared, x[:, self.num_tokens :]], axis=1)
            for x in streams
        ]

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "num_tokens": self.num_tokens,
            "num_layers": self.num_layers,
            "num_heads": self.num_heads,
            "hidden": self.hidden,
            "dropout": self.dropout,
        }
