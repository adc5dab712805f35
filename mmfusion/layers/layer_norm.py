"""Layer normalisation whose training step goes less often through memory."""

import keras
from keras import ops

from mmfusion import checks, kernels, registry
from mmfusion.ops.layer_norm import layer_norm


@registry.serializable
class LayerNorm(keras.layers.LayerNormalization):
    """Keras' layer normalisation with an explicit gradient in training.

    The same weights and the same function as
    `keras.layers.LayerNormalization`, whose gradient TensorFlow makes of twice
    as many operations. Inference is Keras' own.

    Cost: 2 parameters for each feature; about eight FLOPs for each element.

    Args:
        implementation: `"auto"` (explicit on TensorFlow without a GPU, where
            it was measured to be faster, for the last axis with scale and
            shift) or `"plain"`, always Keras' own.
        **kwargs: what `keras.layers.LayerNormalization` takes.

    Call arguments:
        inputs: float tensor `(batch, ..., dim)`.
        training: bool, or None.

    Returns:
        Float tensor of the shape of `inputs`.

    Raises:
        ArgumentError: If `implementation` is unknown.

    Example:

    >>> import numpy as np
    >>> y = LayerNorm()(np.array([[1.0, 3.0]], "float32"), training=True)
    >>> [round(float(v), 2) for v in y[0]]
    [-1.0, 1.0]

    Reference:
        - [Ba et al., 2016](https://arxiv.org/abs/1607.06450).
    """

    def __init__(self, implementation="auto", **kwargs):
        super().__init__(**kwargs)
        checks.check_choice(
            "LayerNorm", "implementation", implementation, ("auto", "plain")
        )
        self.implementation = implementation

    def call(self, inputs, training=None):
        explicit = (
            training
            and self.implementation == "auto"
            and self.axis in (-1, [-1], [len(inputs.shape) - 1])
            and self.scale
            and self.center
            and not self.rms_scaling
            and kernels.on_tensorflow_cpu()
        )
        if not explicit:
            return super().call(inputs)
        y = layer_norm(
            inputs,
            ops.cast(self.gamma, "float32"),
            ops.cast(self.beta, "float32"),
            self.epsilon,
        )
        return ops.cast(y, self.compute_dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "implementation": self.implementation,
        }
