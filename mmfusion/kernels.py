"""Kernels of a backend that `keras.ops` has no name for: the one place.

A Keras-only module asks whether where it runs has one, and has another way
where it has none. Nothing is imported before.
"""

import importlib

import keras


def fused_batch_norm():
    """TensorFlow's own batch normalisation, or None.

    One pass for the moments and one for the outcome; its gradient is one
    operation, too. Keras makes it of some ten, each of which goes through
    memory.

    Returns:
        A function of a float tensor `(batch, height, width, channels)`, two
        float32 tensors `(channels,)`, scale and shift, and `epsilon`; it gives
        what is normalised, of the dtype of the first, and, without gradients,
        mean and variance of the channels, float32. None where another backend
        runs, or a GPU, where it was not measured: XLA fuses there by itself.
    """
    return _fused_batch_norm if on_tensorflow_cpu() else None


def on_tensorflow_cpu():
    """Whether TensorFlow runs, without a GPU: there nothing is fused."""
    return (
        keras.backend.backend() == "tensorflow"
        and not keras.distribution.list_devices("gpu")
    )


# Above this ratio of squared mean to variance the channels are shifted first:
# compiled by XLA, the kernel takes the variance as the difference of the mean
# square and the squared mean.
FAR = 16.0


def _fused_batch_norm(x, scale, shift, epsilon):
    tf = importlib.import_module("tensorflow")
    channels = x.shape[-1]

    def forward(x, scale, shift):
        y, mean, variance, *kept = tf.raw_ops.FusedBatchNormV3(
            x=x,
            scale=scale,
            offset=shift,
            mean=tf.zeros(0),
            variance=tf.zeros(0),
            epsilon=epsilon,
            is_training=True,
        )
        # It gives the estimate for a population, over `count - 1`.
        count = tf.cast(tf.size(x) // channels, "float32")
        return x, y, mean, variance * ((count - 1) / count), *kept

    @tf.custom_gradient
    def normalized(x, scale, shift):
        direct = forward(x, scale, shift)
        _, _, mean, variance, *_ = direct

        def shifted():
            near = tf.cast(mean, x.dtype)
            x_near, y, rest, *others = forward(x - near, scale, shift)
            return x_near, y, tf.cast(near, rest.dtype) + rest, *others

        # NaN is not close.
        close = tf.reduce_all(mean**2 <= FAR * (variance + epsilon))
        near, y, mean, variance, *kept = tf.cond(close, lambda: direct, shifted)

        def gradient(dy, *_):
            dx, dscale, dshift, *_ = tf.raw_ops.FusedBatchNormGradV3(
                y_backprop=dy,
                x=near,
                scale=scale,
                reserve_space_1=kept[0],
                reserve_space_2=kept[1],
                reserve_space_3=kept[2],
                epsilon=epsilon,
                is_training=True,
            )
            return dx, dscale, dshift

        return (y, mean, variance), gradient

    return normalized(x, scale, shift)
