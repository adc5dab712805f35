"""The outer product of all embeddings."""

import math

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.fusion.base import Fusion, build_projections
from mmfusion.ops import keep_rows

# Elements of the outer product of a row; beyond, weights fill the memory.
_MOST = 1_000_000


@registry.register("fusion", "tensor")
class TensorFusion(Fusion):
    """Connects the outer product of the embeddings, each with a one added.

    Every product of one number of each modality has a weight of its own, as
    has every product of fewer of them. For two or three small embeddings whose
    combination tells what neither tells alone.

        z_m   = [relu(W_m e_m + b_m); 1]         # (batch, width + 1)
        fused = f(V (z_1 x ... x z_M) + c)       # (batch, units)

    The one stays where a modality is absent and the rest is zero: the products
    of the others remain.

    Cost: `width * (sum of dims + M) + units * ((width + 1)^M + 1)` parameters,
    two FLOPs for each; `ConcatFusion` has `units * (sum of dims + 1)`.

    At `units=64` and two embeddings of 64: 20640 parameters and 41 kFLOPs a
    row, 2.5 and 2.5 times those of `ConcatFusion`.

    Args:
        units: int. Width of the fused embedding.
        width: int. Width of each embedding in the product. Defaults to 16.
        activation: name of `f`, or None. Defaults to `"relu"`.

    Raises:
        ArgumentError: If an embedding is a sequence, or the product has more
            than a million elements; `LowRankFusion` does without it.

    Example:

    >>> import numpy as np
    >>> TensorFusion(8)({"a": np.ones((2, 3)), "b": np.ones((2, 5))}).shape[1]
    8

    Reference:
        - [Zadeh et al., 2017](https://arxiv.org/abs/1707.07250). There each
          network ends in its own layer of `width`; here it is part of the
          fusion.
    """

    def __init__(self, units, width=16, activation="relu", **kwargs):
        super().__init__(**kwargs)
        checks.check_positive("TensorFusion", units=units, width=width)
        self.units = units
        self.width = width
        self.activation = checks.check_activation("TensorFusion", activation)

    def build(self, input_shape):
        super().build(input_shape)
        size = (self.width + 1) ** len(self.modalities)
        if size > _MOST:
            raise ArgumentError(
                "`TensorFusion` expects an outer product of a million elements "
                f"at most. Received: {len(self.modalities)} modalities of "
                f"width {self.width}, {size} elements. Use a smaller `width`, "
                "or `LowRankFusion`."
            )
        self.projections = build_projections(
            self, input_shape, "relu", units=self.width
        )
        self.connection = keras.layers.Dense(
            self.units,
            activation=self.activation,
            dtype=self.dtype_policy,
            name="connection",
        )
        self.connection.build((None, size))

    def fuse(self, inputs, present, masks):
        product = None
        for i, x in enumerate(inputs):
            x = keep_rows(present[:, i], self.projections[i](x))
            x = ops.concatenate([x, ops.ones_like(x[:, :1])], axis=1)
            if product is None:
                product = x
                continue
            size = math.prod((product.shape[1], x.shape[1]))
            product = ops.reshape(
                product[:, :, None] * x[:, None, :], (-1, size)
            )
        return self.connection(product)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "width": self.width,
            "activation": keras.activations.serialize(self.activation),
        }
