"""Batch normalisation whose training step goes less often through memory."""

import keras
from keras import ops

from mmfusion import checks, kernels, registry


@registry.serializable
class BatchNorm(keras.layers.BatchNormalization):
    """Keras' batch normalisation with TensorFlow's own kernel in training.

    The same weights, the same function and the same moving statistics as
    `keras.layers.BatchNormalization`, which on TensorFlow is made of some ten
    operations that each go through memory. In half precision the statistics
    and the weights are float32. Inference is Keras' own.

    Cost: 2 parameters that learn and 2 moving statistics for each channel;
    about ten FLOPs for each element.

    Args:
        implementation: `"auto"` (the kernel where there is one: on TensorFlow
            without a GPU, for three axes and more of which the last one is
            normalised) or `"plain"`, always Keras' own.
        **kwargs: what `keras.layers.BatchNormalization` takes.

    Call arguments:
        inputs: float tensor `(batch, ..., channels)`.
        training: bool, or None.
        mask: bool tensor of one axis less, or None.

    Returns:
        Float tensor of the shape of `inputs`.

    Raises:
        ArgumentError: If `implementation` is unknown.

    Example:

    >>> import numpy as np
    >>> x = np.array([1.0, 3.0], "float32").reshape(2, 1, 1, 1)
    >>> y = BatchNorm()(x, training=True)
    >>> [round(float(v), 2) for v in y[:, 0, 0, 0]]
    [-1.0, 1.0]

    Reference:
        - [Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167).
    """

    def __init__(self, implementation="auto", **kwargs):
        super().__init__(**kwargs)
        checks.check_choice(
            "BatchNorm", "implementation", implementation, ("auto", "plain")
        )
        self.implementation = implementation

    def _kernel(self, rank, dtype):
        """What runs a training step on so many axes; None: Keras."""
        fits = (
            self.implementation == "auto"
            and dtype in ("float32", "bfloat16", "float16")
            and rank > 2
            and self.axis in (-1, rank - 1)
            and self.scale
            and self.center
            and not (self.renorm or self.synchronized)
        )
        return kernels.fused_batch_norm() if fits else None

    def call(self, inputs, training=None, mask=None):
        rank = len(inputs.shape)
        kernel = None
        if training and self.trainable and mask is None:
            dtype = keras.backend.standardize_dtype(inputs.dtype)
            kernel = self._kernel(rank, dtype)
        if kernel is None:
            return super().call(inputs, training=training, mask=mask)
        x = inputs
        if rank != 4:
            x = ops.reshape(x, (ops.shape(x)[0], -1, 1, x.shape[-1]))
        y, mean, variance = kernel(
            x,
            ops.cast(self.gamma, "float32"),
            ops.cast(self.beta, "float32"),
            self.epsilon,
        )
        self.update(mean, variance)
        return y if rank == 4 else ops.reshape(y, ops.shape(inputs))

    def update(self, mean, variance):
        """Moves the moving statistics towards those of a batch.

        Args:
            mean: float32 tensor `(channels,)`.
            variance: float32 tensor `(channels,)`.
        """
        for moving, batch in (
            (self.moving_mean, mean),
            (self.moving_variance, variance),
        ):
            old = ops.cast(moving, "float32")
            moving.assign(old * self.momentum + batch * (1.0 - self.momentum))

    def get_config(self):
        return {
            **super().get_config(),
            "implementation": self.implementation,
        }
