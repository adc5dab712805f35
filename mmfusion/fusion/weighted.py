"""A learned weighted sum of projected modalities."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.fusion.base import Fusion, build_projections
from mmfusion.ops import masked_softmax


@registry.register("fusion", "weighted")
class WeightedFusion(Fusion):
    """Sums projected modalities, each with one learned weight.

    For modalities that say the same, each with noise of its own. Linear
    without an activation, nonlinear with one. The weights say how much
    each modality counts, the same for every row; they are renormalised over
    the modalities that are present.

        a     = softmax_m(s)                       # (M,), over the present
        fused = f(sum_m a_m (W_m e_m + b_m))       # (batch, units)

    Cost: `units * (sum of dims + M) + M` parameters.

    At `units=64` and two embeddings of 64: 8322 parameters and 17 kFLOPs a row,
    1.0 and 1.0 times those of `ConcatFusion`.

    Args:
        units: int. Width of the fused embedding.
        activation: name of `f`, or None for the linear form. Defaults to None.

    Raises:
        ArgumentError: If an embedding is a sequence; pool it first.

    Example:

    >>> import numpy as np
    >>> fusion = WeightedFusion(8, activation="gelu")
    >>> fusion({"a": np.ones((2, 3)), "b": np.ones((2, 5))}).shape[1]
    8
    """

    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        checks.check_positive("WeightedFusion", units=units)
        self.units = units
        self.activation = checks.check_activation("WeightedFusion", activation)

    def build(self, input_shape):
        super().build(input_shape)
        self.scores = self.add_weight(
            shape=(len(self.modalities),), initializer="zeros", name="scores"
        )
        self.projections = build_projections(self, input_shape)

    def fuse(self, inputs, present, masks):
        scores = ops.cast(self.scores, self.compute_dtype)
        weights = masked_softmax(scores[None, :], present)  # (batch, M)
        projected = ops.stack(
            [
                project(x)
                for project, x in zip(self.projections, inputs, strict=True)
            ],
            axis=1,
        )  # (batch, M, units)
        return self.activation(ops.einsum("bm,bmu->bu", weights, projected))

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
        }
