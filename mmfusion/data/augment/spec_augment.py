"""Spectrograms with stretches of time and frequency masked."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import Augmentation, uniform
from mmfusion.data.augment.silence import FLOOR
from mmfusion.registry import register


@register("augmentation", "spec_augment")
class SpecAugment(Augmentation):
    """Masks stretches of frames and of bands of log-mel spectrograms.

    Each mask is drawn for each row: its length evenly from 0 to the longest,
    its place evenly among all inside; masks may overlap. The paper has
    spectrograms of mean zero and fills with zero; here they have their own
    mean, and it fills. Time warping, the third part of the paper, is left
    away: it costs an image warp by a spline for each row. `time_shift` moves
    sounds in time.

    Args:
        time_masks: int in 0..20. Defaults to 2.
        time: float in 0..1. The longest, as a share of all frames. Defaults to
            0.2.
        band_masks: int in 0..20. Defaults to 2.
        bands: float in 0..1. The broadest, as a share of all bands. Defaults to
            0.2.
        fill: `"mean"` of the row, or `"silence"`, the floor of `log_mel`.

    Raises:
        ArgumentError: If an argument is not in its range.

    Example:

    >>> mask = SpecAugment(time=0.5, band_masks=0, fill="silence")
    >>> masked = mask(tf.zeros((2, 10, 8)), (0, 1)).numpy() < 0
    >>> masked[0, :, 0].astype(int)
    array([0, 0, 1, 1, 1, 0, 0, 0, 0, 0])

    Reference:
        - [Park et al., 2019](https://arxiv.org/abs/1904.08779); there lengths
          are given in frames and bands.
    """

    contents = ("log_mel",)

    def __init__(
        self, time_masks=2, time=0.2, band_masks=2, bands=0.2, fill="mean"
    ):
        who = "SpecAugment"
        checks.check_whole(who, "time_masks", time_masks, 0, 20)
        checks.check_whole(who, "band_masks", band_masks, 0, 20)
        checks.check_range(who, "time", time, 0, 1)
        checks.check_range(who, "bands", bands, 0, 1)
        checks.check_choice(who, "fill", fill, ("mean", "silence"))
        self.time_masks = time_masks
        self.time = time
        self.band_masks = band_masks
        self.bands = bands
        self.fill = fill

    def alter(self, batch, seed):
        rows, frames, bands = tf.unstack(tf.shape(batch))
        seeds = tf.random.split(seed, 2)
        masked = _masked(seeds[0], rows, frames, self.time_masks, self.time)
        across = _masked(seeds[1], rows, bands, self.band_masks, self.bands)
        masked = masked[:, :, None] | across[:, None, :]
        paint = tf.constant(FLOOR)
        if self.fill == "mean":
            paint = tf.reduce_mean(batch, axis=(1, 2), keepdims=True)
        return tf.where(masked, paint, batch)


def _masked(seed, rows, length, masks, share):
    """Which of the places along one axis: bool `(rows, length)`."""
    longest = tf.round(share * tf.cast(length, "float32"))
    drawn = uniform(seed, (2, rows, masks, 1))
    extent = tf.floor(drawn[0] * (longest + 1.0))
    first = tf.floor(drawn[1] * (tf.cast(length, "float32") - extent + 1.0))
    places = tf.range(tf.cast(length, "float32"))
    inside = (places >= first) & (places < first + extent)
    return tf.reduce_any(inside, axis=1)
