"""Concatenation and a connection layer."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.fusion.base import Fusion


@registry.register("fusion", "concat")
class ConcatFusion(Fusion):
    """Concatenates the embeddings and connects them to one layer.

    The plain baseline, and hard to beat: start here. Absent modalities enter
    as zeros.

        fused = f(W [e_1; ...; e_M] + b)    # (batch, units)

    Cost: `units * (sum of dims + 1)` parameters.

    At `units=64` and two embeddings of 64: 8256 parameters and 16 kFLOPs a row.

    Args:
        units: int. Width of the fused embedding.
        activation: name of `f`, or None. Defaults to `"relu"`.
        dropout: float in `[0, 1)`, on the fused embedding, in training.

    Raises:
        ArgumentError: If an embedding is a sequence; pool it first.

    Example:

    >>> import numpy as np
    >>> ConcatFusion(8)({"a": np.ones((2, 3)), "b": np.ones((2, 5))}).shape[1]
    8
    """

    def __init__(self, units, activation="relu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        checks.check_positive("ConcatFusion", units=units)
        checks.check_range("ConcatFusion", "dropout", dropout, 0, 0.99)
        self.units = units
        self.activation = checks.check_activation("ConcatFusion", activation)
        self.dropout = dropout

    def build(self, input_shape):
        super().build(input_shape)
        self.connection = keras.layers.Dense(
            self.units,
            activation=self.activation,
            dtype=self.dtype_policy,
            name="connection",
        )
        dims = [input_shape[name][-1] for name in self.modalities]
        self.connection.build((None, sum(dims)))
        self.drop = keras.layers.Dropout(self.dropout, dtype=self.dtype_policy)

    def fuse(self, inputs, present, masks):
        return self.drop(self.connection(ops.concatenate(inputs, axis=-1)))

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "dropout": self.dropout,
        }
