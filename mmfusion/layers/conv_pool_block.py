"""Convolution, normalisation, ReLU and max-pool, in the cheapest order."""

import keras
from keras import ops

from mmfusion import checks, kernels, registry
from mmfusion.layers.batch_norm import BatchNorm
from mmfusion.layers.group_norm import group_norm
from mmfusion.ops.batch_moments import (
    batch_moments,
    channel_products,
    channel_sums,
    scale_and_shift,
)

_IMPLEMENTATIONS = ("auto", "fused", "plain")


def _is_fused(implementation):
    if implementation == "auto":  # Where it was measured to be faster.
        return kernels.on_tensorflow_cpu()
    return implementation == "fused"


def _normalization(block, **kwargs):
    if block.normalization == "group":
        return group_norm(block.filters, **kwargs)
    plain = block.implementation == "plain"
    return BatchNorm("plain" if plain else "auto", **kwargs)


def _moments(x, epsilon):
    """Mean and variance of each channel, with an explicit gradient.

    dx = (dmean + 2 dvariance (x - mean)) / n

    """

    @ops.custom_gradient
    def moments(x):
        near, rest, mean, variance = batch_moments(x, epsilon)

        def gradient(*upstream):
            if len(upstream) == 1:
                (upstream,) = upstream
            dmean, dvariance = upstream
            count = ops.cast(ops.size(near) // near.shape[-1], near.dtype)
            slope = 2.0 * dvariance / count
            return scale_and_shift(near, slope, dmean / count - slope * rest)

        return (mean, variance), gradient

    return moments(x)


def _normalized(x, mean, scale, shift):
    """`(x - mean) scale + shift`, with an explicit gradient.

    The formula's own has sums over few channels, which are slow.
    """

    @ops.custom_gradient
    def normalized(x, mean, scale, shift):
        # First the difference: a large mean would take the digits along.
        centered = scale_and_shift(x, None, -mean)
        y = scale_and_shift(centered, scale, shift)

        def gradient(*upstream):
            (dy,) = upstream
            dshift = channel_sums(dy)
            dscale = channel_products(dy, centered)
            return (
                scale_and_shift(dy, scale),
                -scale * dshift,
                dscale,
                dshift,
            )

        return y, gradient

    return normalized(x, mean, scale, shift)


@registry.serializable
class ConvPoolBlock(keras.layers.Layer):
    """Convolution, normalisation, ReLU and a 2 x 2 max-pool as one layer.

        y = pool(relu(gamma (K * x - m) / sqrt(v + epsilon) + beta))

    Where it is fused, a training step under batch normalisation pools first.
    The sign of gamma goes into the kernel; what is left of the normalisation
    is increasing, so that it commutes with the maximum, and so does ReLU:

        z = (sign(gamma) K) * x    # (batch, height, width, filters)
        y = relu(|gamma| (pool(z) - m) / sqrt(v + epsilon) + beta)

    with the mean m and the variance v of all of z. That is the same function
    of the same weights, but only the convolution, the pool and two sums touch
    more than a quarter of the elements. Everything else, inference included,
    is the plain chain. Where several places of a window share the maximum, the
    gradient goes to the same one in both, short of rounding; but for a gamma of
    zero, under which all places of a window are equal after the normalisation.

    Parameters: `kernel_size^2 channels filters`, and `2 filters` and as many
    moving statistics for `"batch"`, `2 filters` for `"group"`, `filters` for
    None. FLOPs: `2 height width` times the size of the kernel.

    Args:
        filters: int. Channels of the outcome.
        kernel_size: int. Side of the convolution, in pixels. Defaults to 3.
        normalization: `"batch"`, `"group"` (up to eight groups of channels)
            or None, with a bias in its place. Defaults to `"batch"`.
        implementation: `"fused"`, `"plain"` or `"auto"`, the default: fused
            on TensorFlow without a GPU. Only a training step under batch
            normalisation differs, and only where the width is known.

    Call arguments:
        x: float tensor `(batch, height, width, channels)`.
        training: bool, or None.

    Returns:
        Float tensor `(batch, ceil(height / 2), ceil(width / 2), filters)`.

    Raises:
        ArgumentError: If a size is not positive or a choice is unknown.

    Example:

    >>> import numpy as np
    >>> tuple(ConvPoolBlock(8)(np.ones((2, 7, 5, 3), "float32")).shape[1:])
    (4, 3, 8)

    Reference:
        - [Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167), the
          chain; the order of its parts is ours.
    """

    def __init__(
        self,
        filters,
        kernel_size=3,
        normalization="batch",
        implementation="auto",
        **kwargs,
    ):
        super().__init__(**kwargs)
        name = "ConvPoolBlock"
        checks.check_positive(name, filters=filters, kernel_size=kernel_size)
        checks.check_choice(
            name, "normalization", normalization, ("batch", "group", None)
        )
        checks.check_choice(
            name, "implementation", implementation, _IMPLEMENTATIONS
        )
        self.filters = filters
        self.kernel_size = kernel_size
        self.normalization = normalization
        self.implementation = implementation
        self.convolution = keras.layers.Conv2D(
            filters,
            kernel_size,
            padding="same",
            # A normalisation has a shift of its own.
            use_bias=normalization is None,
            kernel_initializer="he_normal",
            data_format="channels_last",
            dtype=self.dtype_policy,
            name="convolution",
        )
        self.norm = None
        if normalization is not None:
            self.norm = _normalization(
                self, dtype=self.dtype_policy, name="normalization"
            )

    def build(self, input_shape):
        self.convolution.build(input_shape)
        if self.norm is not None:
            self.norm.build((*input_shape[:-1], self.filters))

    def call(self, x, training=None):
        fused = (
            training
            and self.normalization == "batch"
            and self.norm.trainable
            and x.shape[2] is not None
            and self.compute_dtype != "float64"
            and _is_fused(self.implementation)
        )
        if fused:
            return self._pool_first(x)
        x = self.convolution(x)
        if self.normalization == "batch":
            x = self.norm(x, training=training)
        elif self.normalization == "group":
            x = self.norm(x)
        # The maximum commutes with ReLU, which then sees a quarter as much.
        return ops.relu(_pool(x))

    def _pool_first(self, x):
        gamma = ops.cast(self.norm.gamma, "float32")
        sign = ops.where(gamma < 0, -1.0, 1.0)
        kernel = self.convolution.kernel
        kernel = kernel * ops.cast(sign, kernel.dtype)
        z = ops.conv(
            ops.cast(x, self.compute_dtype),
            ops.cast(kernel, self.compute_dtype),
            padding="same",
            data_format="channels_last",
        )
        # Statistics in bfloat16 would be too coarse.
        mean, variance = _moments(ops.cast(z, "float32"), self.norm.epsilon)
        self.norm.update(sign * mean, variance)
        scale = sign * gamma * ops.rsqrt(variance + self.norm.epsilon)
        beta = ops.cast(self.norm.beta, "float32")
        y = _normalized(ops.cast(_pool(z), "float32"), mean, scale, beta)
        return ops.cast(ops.relu(y), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        sides = (n if n is None else -(-n // 2) for n in input_shape[1:3])
        return (input_shape[0], *sides, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "normalization": self.normalization,
            "implementation": self.implementation,
        }


def _pool(x):
    # With `strides` left out, Keras on JAX fails.
    return ops.max_pool(
        x, 2, strides=2, padding="same", data_format="channels_last"
    )
