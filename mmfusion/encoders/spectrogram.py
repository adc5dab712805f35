"""What encoders of spectrograms share."""

import keras
from keras import ops

# As in Keras' layer normalisation; silence, all equal, becomes zeros.
_EPSILON = 1e-3


def standardized(x, mask=None):
    """Each spectrogram with mean 0 and variance 1, so loudness is nothing.

    Twice the amplitude is a constant more in log power.

        y_btf = (x_btf - mean_b) / sqrt(var_b + 0.001)

    Args:
        x: float KerasTensor `(batch, steps, mels)` of log power, finite.
        mask: bool KerasTensor `(batch, steps)`, or None: every step counts.
            Mean and variance are those of the steps that count.

    Returns:
        Float KerasTensor of the shape of `x`; zeros where a step does not
        count.
    """
    if mask is None:
        return keras.layers.LayerNormalization(
            axis=(1, 2), epsilon=_EPSILON, center=False, scale=False
        )(x)
    counts = ops.cast(ops.expand_dims(mask, -1), x.dtype)
    number = x.shape[2] * ops.sum(counts, axis=(1, 2), keepdims=True)

    def mean(values):
        total = ops.sum(values * counts, axis=(1, 2), keepdims=True)
        return ops.divide_no_nan(total, number)

    centred = (x - mean(x)) * counts
    return centred * ops.rsqrt(mean(ops.square(centred)) + _EPSILON)
