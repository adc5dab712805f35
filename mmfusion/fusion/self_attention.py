"""A Transformer over the steps of all modalities."""

from keras import ops

from mmfusion import checks, registry
from mmfusion.fusion.tokens import TokenFusion, with_latents


@registry.register("fusion", "self_attention")
class SelfAttentionFusion(TokenFusion):
    """Lets all steps of all modalities look at each other.

    A pooled embedding is one step, so that it runs on what any encoder gives;
    it is at its best with sequences (`pool=None`), and data enough to learn
    who should look at whom. Steps need positions of their own: encoders of
    sequences add them.

        z_ms  = W_m x_ms + b_m + t_m                 # t: which modality
        y     = Block(... Block([class; z_1; ...; z_M]))
        fused = Norm(y_class)                        # (batch, units)

    Nobody looks at what is absent.

    Cost: `units * (sum of dims + 2 M + 3)` and, for each block, `4 units^2 + 2
    units hidden` parameters and biases; FLOPs of a row: for each block and step
    `8 units^2 + 4 units hidden + 4 steps units`, steps of all modalities. With
    pooled embeddings about `num_layers * 12 units / sum of dims` times the
    parameters of `ConcatFusion`.

    At `units=64` and two sequences of ten steps of 64: 58624 parameters and
    2,303 kFLOPs a row, 7.1 and 140.0 times those of `ConcatFusion` of pooled
    ones.

    Args:
        units: int. Width of the fused embedding and of the blocks.
        num_layers: int. Number of blocks. Defaults to 1.
        num_heads: int. Must divide `units`. Defaults to 4.
        hidden: int or None. Width of the network on each step. Defaults to
            4 times `units`.
        dropout: float in `[0, 1)`, as in `layers.TransformerBlock`.

    Raises:
        ArgumentError: If `num_heads` does not divide `units`.

    Example:

    >>> import numpy as np
    >>> x = {"a": np.ones((2, 7, 3)), "b": np.ones((2, 5))}
    >>> SelfAttentionFusion(8)(x).shape[1]
    8

    Reference:
        - [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762), the
          encoder, over modalities; the class token is that of [Devlin et al.,
          2019](https://arxiv.org/abs/1810.04805).
    """

    def __init__(
        self,
        units,
        num_layers=1,
        num_heads=4,
        hidden=None,
        dropout=0.0,
        **kwargs,
    ):
        super().__init__(units, num_heads, hidden, dropout, **kwargs)
        checks.check_positive("SelfAttentionFusion", num_layers=num_layers)
        self.num_layers = num_layers

    def build(self, input_shape):
        super().build(input_shape)
        self.token = self.add_weight(
            shape=(1, self.units),
            initializer=self.near_zero(),
            name="class_token",
        )
        self.blocks = [self.block(f"block_{i}") for i in range(self.num_layers)]
        self.norm = self.last_norm()

    def fuse(self, inputs, present, masks):
        steps = ops.concatenate(self.tokens(inputs), axis=1)
        x = with_latents(self.token, steps)
        mask = ops.concatenate([ops.ones_like(present[:, :1]), *masks], axis=1)
        for block in self.blocks:
            x = block(x, mask=mask)
        return self.norm(x[:, 0])

    def get_config(self):
        return {**super().get_config(), "num_layers": self.num_layers}
