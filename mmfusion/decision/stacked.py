"""A small network over the modalities' class probabilities."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.decision.base import Decision


@registry.register("decision", "stacked")
class StackedDecision(Decision):
    """Concatenated class probabilities, a connection layer, a softmax.

    Learns which modality to believe for which class. An absent modality
    enters as zeros, which no probabilities are.

        h = f(W [p_1; ...; p_M] + b)    # (batch, units)
        p = softmax(V h + c)            # (batch, classes)

    Cost: `units * (M * classes + 1) + classes * (units + 1)` parameters.

    At two modalities of ten classes: 1994 parameters and 4 kFLOPs a row, beside
    the heads; `ConcatFusion(64)` of two embeddings of 64 has 8256 and 16
    kFLOPs.

    Args:
        units: int. Width of the connection layer.
        activation: name of `f`. Defaults to `"relu"`.

    Example:

    >>> import numpy as np
    >>> p = {"a": np.array([[0.9, 0.1]]), "b": np.array([[0.5, 0.5]])}
    >>> StackedDecision(4)(p).shape[1]
    2

    Reference:
        - [Wolpert, 1992](https://doi.org/10.1016/S0893-6080(05)80023-1),
          stacked generalization; here the levels are trained together.
    """

    def __init__(self, units, activation="relu", **kwargs):
        super().__init__(**kwargs)
        checks.check_positive("StackedDecision", units=units)
        self.units = units
        self.activation = checks.check_activation("StackedDecision", activation)

    def build(self, input_shape):
        super().build(input_shape)
        classes = next(iter(input_shape.values()))[-1]
        self.connection = keras.layers.Dense(
            self.units,
            activation=self.activation,
            dtype="float32",
            name="connection",
        )
        self.connection.build((None, classes * len(self.modalities)))
        self.logits = keras.layers.Dense(
            classes, dtype="float32", name="logits"
        )
        self.logits.build((None, self.units))

    def fuse(self, inputs, present, masks):
        hidden = self.connection(ops.concatenate(inputs, axis=-1))
        return ops.softmax(self.logits(hidden))

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
        }
