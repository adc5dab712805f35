"""Batch normalisation whose training step reads its input less often."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.ops.batch_moments import (
    batch_moments,
    channel_products,
    channel_sums,
    scale_and_shift,
)

IMPLEMENTATIONS = ("auto", "fused", "plain")


def batch_normalized(x, gamma, beta, epsilon):
    """Normalises each channel by its own mean and variance over the batch.

        y = gamma (x - m) / sqrt(v + epsilon) + beta

    The gradient is written out: with r = 1 / sqrt(v + epsilon), n elements a
    channel and x^ = (x - m) r,

        dx = gamma r (dy - sum(dy) / n - x^ sum(dy x^) / n)

    Args:
        x: float32 tensor `(batch, height, width, channels)`, the last two
            known.
        gamma: float32 tensor `(channels,)`.
        beta: float32 tensor `(channels,)`.
        epsilon: float.

    Returns:
        Three tensors: y, the mean and the variance, `(channels,)` each; the
        last two carry no gradient.
    """

    @ops.custom_gradient
    def normalized(x, gamma, beta):
        channels = x.shape[-1]
        near, rest, mean, variance = batch_moments(x, epsilon)
        rate = ops.rsqrt(variance + epsilon)
        scale = gamma * rate
        y = scale_and_shift(near, scale, beta - rest * scale)

        def gradient(*upstream):
            dy = upstream[0]
            dy = dy[0] if isinstance(dy, (tuple, list)) else dy
            count = ops.cast(ops.size(dy) // channels, dy.dtype)
            dbeta = channel_sums(dy)
            dgamma = (channel_products(near, dy) - rest * dbeta) * rate
            slope = -scale * rate * dgamma / count
            shift = -scale * dbeta / count - slope * rest

            dx = scale_and_shift(near, slope, shift)
            dx = scale_and_shift(dy, scale) + dx
            return dx, dgamma, dbeta

        return (y, mean, variance), gradient

    return normalized(x, gamma, beta)


def is_fused(implementation):
    """Whether the explicit gradient is to be used where this runs.

    Args:
        implementation: `"auto"`, `"fused"` or `"plain"`.

    Returns:
        bool. `"auto"` is true on TensorFlow without a GPU, where it was
        measured to be faster; other backends fuse by themselves.
    """
    if implementation == "auto":
        return (
            keras.backend.backend() == "tensorflow"
            and not keras.distribution.list_devices("gpu")
        )
    return implementation == "fused"


@registry.serializable
class BatchNorm(keras.layers.BatchNormalization):
    """Keras' batch normalisation with an explicit gradient in training.

    The same weights, the same function and the same moving statistics as
    `keras.layers.BatchNormalization`, which on TensorFlow is made of some ten
    operations that each go through memory. Inference is Keras' own.

    Args:
        implementation: `"auto"` (where it runs decides), `"fused"` or
            `"plain"`. Images whose width is known, normalised over their last
            axis, can be fused; anything else is plain.
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
    >>> y = BatchNorm(implementation="fused")(x, training=True)
    >>> [round(float(v), 2) for v in y[:, 0, 0, 0]]
    [-1.0, 1.0]
    """

    def __init__(self, implementation="auto", **kwargs):
        super().__init__(**kwargs)
        checks.check_choice(
            "BatchNorm", "implementation", implementation, IMPLEMENTATIONS
        )
        self.implementation = implementation

    def _can_fuse(self, shape):
        return (
            len(shape) == 4
            and self.axis in (-1, 3)
            and None not in shape[2:]
            and self.scale
            and self.center
            and not (self.renorm or self.synchronized)
            and is_fused(self.implementation)
        )

    def call(self, inputs, training=None, mask=None):
        learns = training and self.trainable
        if mask is not None or not learns or not self._can_fuse(inputs.shape):
            return super().call(inputs, training=training, mask=mask)
        y, mean, variance = batch_normalized(
            # Statistics in bfloat16 would be too coarse.
            ops.cast(inputs, "float32"),
            ops.cast(self.gamma, "float32"),
            ops.cast(self.beta, "float32"),
            self.epsilon,
        )
        self.update(mean, variance)
        return ops.cast(y, self.compute_dtype)

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
