"""Transformers of the modalities that meet in a few tokens only."""

from keras import ops

from mmfusion import checks, registry
from mmfusion.fusion.tokens import TokenFusion, with_latents
from mmfusion.ops import masked_mean


@registry.register("fusion", "bottleneck")
class BottleneckFusion(TokenFusion):
    """Lets modalities speak to each other through a few shared tokens (MBT).

    For long sequences: each modality looks at itself and at `num_tokens`
    tokens, so that cost grows with the square of the longest sequence and not
    of all together, and each has to say in short what the others need.

        [x_m; z_m] = Block_m([x_m; z]),  z = mean_m z_m     # num_layers times
        fused      = mean_m Norm(x_m,class)                 # (batch, units)

    Both means are over the modalities that are present; x_m begins with a
    class token, and carries which modality it is.

    Cost: `units * (sum of dims + 3 M + num_tokens + 2)` and, for each block and
    modality, `4 units^2 + 2 units hidden` parameters and biases; FLOPs of a
    row: for each block, modality and step `8 units^2 + 4 units hidden + 4 steps
    units`. With pooled embeddings about `M * num_layers * 12 units / sum of
    dims` times the parameters of `ConcatFusion`.

    At `units=64` and two sequences of ten steps of 64: 208896 parameters and
    6,261 kFLOPs a row, 25.3 and 380.7 times those of `ConcatFusion` of pooled
    ones.

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
        super().__init__(units, num_heads, hidden, dropout, **kwargs)
        who = "BottleneckFusion"
        checks.check_positive(who, num_tokens=num_tokens, num_layers=num_layers)
        checks.check_range(who, "num_layers", num_layers, 2, 1000)
        self.num_tokens = num_tokens
        self.num_layers = num_layers

    def build(self, input_shape):
        super().build(input_shape)
        self.classes = self.add_weight(
            shape=(len(self.modalities), 1, self.units),
            initializer=self.near_zero(),
            name="class_tokens",
        )
        self.shared = self.add_weight(
            shape=(self.num_tokens, self.units),
            initializer=self.near_zero(),
            name="bottleneck",
        )
        # Flat: layer after layer, modality after modality.
        self.blocks = [
            self.block(f"block_{number}_{name}")
            for number in range(self.num_layers)
            for name in self.modalities
        ]
        self.norm = self.last_norm()

    def fuse(self, inputs, present, masks):
        count = len(inputs)
        latents = [
            ops.concatenate([self.shared, self.classes[i]], axis=0)
            for i in range(count)
        ]
        # Each modality: the bottleneck, its class token, its steps.
        streams = [
            with_latents(*pair)
            for pair in zip(latents, self.tokens(inputs), strict=True)
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
            "num_tokens": self.num_tokens,
            "num_layers": self.num_layers,
        }
