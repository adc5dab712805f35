"""A part of a picture in place of the whole."""

import math

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import uniform
from mmfusion.data.augment.image_augmentation import ImageAugmentation
from mmfusion.registry import register


@register("augmentation", "crop")
class Crop(ImageAugmentation):
    """Cuts a part out of each picture and brings it to the old size.

    The area is drawn evenly, the aspect evenly in its logarithm, the place
    evenly among all where the part lies inside; bilinear.

        height = sqrt(area / aspect), width = sqrt(area * aspect)    # at most 1

    Args:
        least: float in 0.01..1. The least area, as a share of the picture's.
            Defaults to 0.5.
        aspect: number in 1..10. How much wider, or higher, than the picture a
            part may be. Defaults to 4 / 3.

    Raises:
        ArgumentError: If `least` is not in 0.01..1 or `aspect` not in 1..10.

    Example:

    >>> ramp = tf.range(8.0)[None, None, :, None] * tf.ones((1, 8, 8, 3))
    >>> Crop(least=0.5)(ramp, (0, 1))[0, 0, ::7, 0].numpy().round(1)
    array([0.6, 5.6], dtype=float32)
    """

    def __init__(self, least=0.5, aspect=4 / 3):
        checks.check_range("Crop", "least", least, 0.01, 1)
        checks.check_range("Crop", "aspect", aspect, 1, 10)
        self.least = least
        self.aspect = aspect

    def draw(self, rows, size, seed):
        area, ratio, top, left = tf.unstack(uniform(seed, (4, rows)))
        area = self.least + (1.0 - self.least) * area
        ratio = tf.exp((2.0 * ratio - 1.0) * math.log(self.aspect))
        height = tf.minimum(tf.sqrt(area / ratio), 1.0)
        width = tf.minimum(tf.sqrt(area * ratio), 1.0)
        top, left = top * (1.0 - height), left * (1.0 - width)
        box = [top, left, top + height, left + width]
        return {"box": tf.stack(box, axis=1)}

    def apply(self, images, drawn):
        shape = tf.shape(images)
        return tf.image.crop_and_resize(
            images, drawn["box"], tf.range(shape[0]), shape[1:3]
        )
