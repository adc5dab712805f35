"""Products of projections, pooled by sum and normalised."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.fusion.base import Fusion, build_projections
from mmfusion.ops import l2_normalize, signed_sqrt


@registry.register("fusion", "factorized_bilinear")
class FactorizedBilinearFusion(Fusion):
    """Multiplies wide projections and sums each group of them (MFB).

    A bilinear layer of which each output has a tensor of rank `factors`: for
    wide embeddings of which only the combination counts. The square root and
    the length of one keep products of large numbers in bounds.

        z     = dropout(W_1 e_1 * ... * W_M e_M)     # (batch, units * factors)
        s_u   = sum_k z_uk                           # (batch, units)
        fused = g / |g|,  g = sign(s) sqrt(|s|)

    `*` is by element; the factor of an absent modality is one.

    Cost: `units * factors * (sum of dims + M)` parameters, two FLOPs for each:
    about `factors` times those of `ConcatFusion`.

    At `units=64` and two embeddings of 64: 41600 parameters and 84 kFLOPs a
    row, 5.0 and 5.1 times those of `ConcatFusion`.

    Args:
        units: int. Width of the fused embedding.
        factors: int. How many products each output sums. Defaults to 5.
        dropout: float in `[0, 1)`, before the sum. Defaults to 0.1.
        normalize: bool. Whether square root and length are applied. Defaults
            to True.

    Raises:
        ArgumentError: If an embedding is a sequence; pool it first.

    Example:

    >>> import numpy as np
    >>> x = {"a": np.ones((2, 3)), "b": np.ones((2, 5))}
    >>> FactorizedBilinearFusion(8)(x).shape[1]
    8

    Reference:
        - [Yu et al., 2017](https://arxiv.org/abs/1708.01471), for two
          modalities, there without a bias.
    """

    def __init__(self, units, factors=5, dropout=0.1, normalize=True, **kwargs):
        super().__init__(**kwargs)
        who = "FactorizedBilinearFusion"
        checks.check_positive(who, units=units, factors=factors)
        checks.check_range(who, "dropout", dropout, 0, 0.99)
        checks.check_choice(who, "normalize", normalize, (True, False))
        self.units = units
        self.factors = factors
        self.dropout = dropout
        self.normalize = normalize

    def build(self, input_shape):
        super().build(input_shape)
        self.projections = build_projections(
            self,
            input_shape,
            units=self.units * self.factors,
            # By the width of the embedding alone: `factors` is no fan.
            kernel_initializer=keras.initializers.VarianceScaling(1.0),
        )
        self.drop = keras.layers.Dropout(self.dropout, dtype="float32")

    def fuse(self, inputs, present, masks):
        product = 1.0
        for i, x in enumerate(inputs):
            # A product of three leaves the bounds of float16 soon.
            factor = ops.cast(self.projections[i](x), "float32")
            product = product * ops.where(
                present[:, i : i + 1], factor, ops.ones_like(factor)
            )
        product = self.drop(product)
        product = ops.reshape(product, (-1, self.units, self.factors))
        fused = ops.sum(product, axis=-1)
        if self.normalize:
            fused = l2_normalize(signed_sqrt(fused))
        return ops.cast(fused, self.compute_dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "factors": self.factors,
            "dropout": self.dropout,
            "normalize": self.normalize,
        }
