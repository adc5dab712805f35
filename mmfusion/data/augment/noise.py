"""Sounds with noise."""

import math

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import Augmentation, uniform
from mmfusion.errors import ArgumentError
from mmfusion.registry import register


@register("augmentation", "noise")
class Noise(Augmentation):
    """Adds white noise to waveforms, at a ratio drawn evenly for each row.

        y = x + n,   10 log10(mean x^2 / mean n^2) = snr

    The power is that of the row with what pads it; silence stays silent. A
    waveform may leave -1..1.

    Args:
        least: number in -60..100. The least signal-to-noise ratio, in
            decibels: the loudest noise. Defaults to 10.
        most: number, not below `least`. Defaults to 30.

    Raises:
        ArgumentError: If a ratio is not in -60..100, or `most` is below
            `least`.

    Example:

    >>> added = Noise(least=20, most=20)(tf.ones((2, 8)), (0, 1)) - 1
    >>> tf.reduce_mean(added**2, axis=1).numpy().round(4)  # 20 dB below 1
    array([0.01, 0.01], dtype=float32)
    """

    contents = ("waveform",)

    def __init__(self, least=10, most=30):
        checks.check_range("Noise", "least", least, -60, 100)
        checks.check_range("Noise", "most", most, -60, 100)
        if most < least:
            raise ArgumentError(
                "`Noise` expects `most` not to be below `least`. "
                f"Received: least={least}, most={most}."
            )
        self.least = least
        self.most = most

    def alter(self, batch, seed):
        seeds = tf.random.split(seed, 2)
        rows = tf.shape(batch)[0]
        snr = uniform(seeds[0], (rows, 1), self.least, self.most)
        noise = tf.random.stateless_normal(tf.shape(batch), seeds[1])
        # To the letter, also of a short sound.
        noise *= tf.math.divide_no_nan(_loudness(batch), _loudness(noise))
        return batch + noise * tf.exp(snr * (-math.log(10) / 20))


def _loudness(waveforms):
    power = tf.reduce_mean(tf.square(waveforms), axis=1, keepdims=True)
    return tf.sqrt(power)
