"""Clips whose frames are taken a little earlier or later."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import Augmentation, whole
from mmfusion.registry import register


@register("augmentation", "frame_jitter")
class FrameJitter(Augmentation):
    """Takes a neighbour for each frame of a clip, at random, in order.

    A frame may come twice, another not at all; none comes before one that was
    before it. Frames that only fill up a clip are not taken and stay.

    Args:
        by: int in 0..1000. The farthest, in frames. Defaults to 1.

    Raises:
        ArgumentError: If `by` is no whole number in 0..1000.

    Example:

    >>> clip = tf.reshape(tf.range(8.0), (1, 8, 1, 1, 1))
    >>> FrameJitter(by=1)(clip, (0, 1)).numpy().ravel()
    array([0., 2., 2., 4., 4., 5., 5., 7.], dtype=float32)
    """

    contents = ("clip",)

    def __init__(self, by=1):
        checks.check_whole("FrameJitter", "by", by, 0, 1000)
        self.by = by

    def __call__(self, batch, seed, mask=None):
        batch = tf.convert_to_tensor(batch)
        shape = tf.shape(batch)[:2]
        places = tf.range(shape[1])[None] * tf.ones(shape, "int32")
        drawn = places + whole(seed, shape, -self.by, self.by)
        counting = tf.fill(shape[:1], shape[1])
        if mask is not None:
            counting = tf.reduce_sum(tf.cast(mask, "int32"), axis=1)
        drawn = tf.clip_by_value(drawn, 0, counting[:, None] - 1)
        # Sorted, none is farther away than before. Those that fill up are last.
        filling = places >= counting[:, None]
        drawn = tf.sort(tf.where(filling, places, drawn), axis=1)
        return tf.gather(batch, drawn, axis=1, batch_dims=1)
