"""Sounds that begin earlier or later."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import Augmentation, whole
from mmfusion.data.augment.silence import SILENCE
from mmfusion.registry import register


@register("augmentation", "time_shift")
class TimeShift(Augmentation):
    """Moves sounds in time, by whole samples or frames.

    Args:
        by: float in 0..1. The farthest, as a share of the length. Defaults to
            0.1.
        fill: `"silence"`, or `"wrap"`: what leaves comes in at the other end.

    Raises:
        ArgumentError: If `by` is not in 0..1 or `fill` is unknown.

    Example:

    >>> TimeShift(by=0.5, fill="wrap")([[0.0, 1.0, 2.0, 3.0]], (0, 3)).numpy()
    array([[2., 3., 0., 1.]], dtype=float32)
    """

    contents = ("waveform", "log_mel")

    def __init__(self, by=0.1, fill="silence"):
        checks.check_range("TimeShift", "by", by, 0, 1)
        checks.check_choice("TimeShift", "fill", fill, ("silence", "wrap"))
        self.by = by
        self.fill = fill

    def alter(self, batch, seed):
        shape = tf.shape(batch)
        rows, length = shape[0], shape[1]
        most = tf.round(self.by * tf.cast(length, "float32"))
        most = tf.cast(most, "int32")
        later = whole(seed, (rows, 1), -most, most)
        places = tf.range(length)[None] - later
        moved = tf.gather(batch, places % length, axis=1, batch_dims=1)
        if self.fill == "wrap":
            return moved
        inside = (places >= 0) & (places < length)
        rank = len(batch.shape)
        if rank == 3:
            inside = inside[..., None]
        return tf.where(inside, moved, SILENCE[rank])
