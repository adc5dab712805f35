"""Pictures with a hole."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import whole
from mmfusion.data.augment.image_augmentation import ImageAugmentation
from mmfusion.registry import register


@register("augmentation", "cutout")
class Cutout(ImageAugmentation):
    """Paints a rectangle over each picture.

    The middle of the rectangle may be any pixel, so that part of it may lie
    outside. Every picture gets one.

    Args:
        size: float in 0..1. Height and width, as a share of the picture's.
            Defaults to 0.25.
        fill: `"mean"`, the mean colour of the picture, or `"zero"`, black.

    Raises:
        ArgumentError: If `size` is not in 0..1 or `fill` is unknown.

    Example:

    >>> cut = Cutout(size=0.5, fill="zero")(tf.ones((2, 8, 8, 3)), (0, 1))
    >>> tf.reduce_sum(1 - cut[..., 0], axis=(1, 2)).numpy()  # 4 x 4 at most
    array([12.,  8.], dtype=float32)

    Reference:
        - [DeVries and Taylor, 2017](https://arxiv.org/abs/1708.04552), who
          mask a square with zeros.
    """

    def __init__(self, size=0.25, fill="mean"):
        checks.check_range("Cutout", "size", size, 0, 1)
        checks.check_choice("Cutout", "fill", fill, ("mean", "zero"))
        self.size = size
        self.fill = fill

    def draw(self, rows, size, seed):
        seeds = tf.random.split(seed, 2)
        middle = [
            whole(seeds[at], (rows,), 0, side - 1)
            for at, side in enumerate(size)
        ]
        return {"middle": tf.stack(middle, axis=1)}

    def apply(self, images, drawn):
        shape = tf.shape(images)
        down, across = (
            self._covered(shape[1 + at], drawn["middle"][:, at])
            for at in (0, 1)
        )
        hole = (down[:, :, None] & across[:, None, :])[..., None]
        paint = tf.zeros(())
        if self.fill == "mean":
            paint = tf.reduce_mean(images, axis=(1, 2), keepdims=True)
        return tf.where(hole, paint, images)

    def _covered(self, side, middle):
        """Which of the pixels along one side: bool `(rows, side)`."""
        length = tf.round(self.size * tf.cast(side, "float32"))
        length = tf.cast(length, "int32")
        first = (middle - length // 2)[:, None]
        places = tf.range(side)[None]
        return (places >= first) & (places < first + length)
