"""Sounds that are louder or softer."""

import math

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import Augmentation, uniform
from mmfusion.registry import register


@register("augmentation", "gain")
class Gain(Augmentation):
    """Makes sounds louder or softer, by decibels drawn evenly for each row.

        y = 10^(g / 20) x                          # a waveform
        y = log(10^(g / 10) (e^x - 1e-6) + 1e-6)   # a log-mel spectrogram

    The second is the log-mel spectrogram of the first, above its floor.
    Silence stays silent. Nothing is clipped: a waveform may leave -1..1.

    Args:
        decibels: number in 0..60. The farthest, either way. Defaults to 6,
            half to twice the amplitude.

    Raises:
        ArgumentError: If `decibels` is not in 0..60.

    Example:

    >>> louder = Gain(decibels=3)(tf.ones((2, 8)), (0, 1)).numpy()
    >>> [round(20 * math.log10(row[0]), 1) for row in louder]
    [-2.5, -0.5]
    """

    contents = ("waveform", "log_mel")

    def __init__(self, decibels=6):
        checks.check_range("Gain", "decibels", decibels, 0, 60)
        self.decibels = decibels

    def alter(self, batch, seed):
        rows = tf.shape(batch)[0]
        drawn = uniform(seed, (rows, 1), -self.decibels, self.decibels)
        if len(batch.shape) == 2:
            return batch * tf.exp(drawn * (math.log(10) / 20))
        power = tf.exp(drawn * (math.log(10) / 10))[..., None]
        return tf.math.log(power * tf.nn.relu(tf.exp(batch) - 1e-6) + 1e-6)
