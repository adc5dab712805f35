"""Pictures moved."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import whole
from mmfusion.data.augment.geometry import FILLS, moved
from mmfusion.data.augment.image_augmentation import ImageAugmentation
from mmfusion.registry import register


@register("augmentation", "shift")
class Shift(ImageAugmentation):
    """Moves pictures by whole pixels, so that nothing is blurred.

    Args:
        by: float in 0..1. The farthest, as a share of height and of width.
            Defaults to 0.1.
        fill: `"edge"`, the pixels of the edge repeated, or `"zero"`.

    Raises:
        ArgumentError: If `by` is not in 0..1 or `fill` is unknown.

    Example:

    >>> images = tf.ones((2, 8, 8, 3))
    >>> moved = Shift(by=0.25, fill="zero")(images, (0, 1))[..., 0].numpy()
    >>> moved.sum(axis=(1, 2))  # What left is gone.
    array([56., 42.], dtype=float32)
    """

    def __init__(self, by=0.1, fill="edge"):
        checks.check_range("Shift", "by", by, 0, 1)
        checks.check_choice("Shift", "fill", fill, FILLS)
        self.by = by
        self.fill = fill

    def draw(self, rows, size, seed):
        most = [tf.round(self.by * tf.cast(side, "float32")) for side in size]
        seeds = tf.random.split(seed, 2)
        down, right = (
            whole(seeds[at], (rows,), -tf.cast(far, "int32"), far)
            for at, far in enumerate(most)
        )
        return {"down": down, "right": right}

    def apply(self, images, drawn):
        return moved(images, drawn["down"], drawn["right"], self.fill)
