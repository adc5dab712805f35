"""Pictures mirrored."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import uniform
from mmfusion.data.augment.image_augmentation import ImageAugmentation
from mmfusion.registry import register


@register("augmentation", "flip")
class Flip(ImageAugmentation):
    """Mirrors pictures, left for right, top for bottom, or both.

    For what looks alike from both sides; not for digits, letters or roads with
    traffic on one side. Each direction is drawn on its own.

    Args:
        horizontal: bool. Left for right. Defaults to True.
        vertical: bool. Top for bottom. Defaults to False.
        chance: float in 0..1. How often. Defaults to 0.5.

    Raises:
        ArgumentError: If a flag is no bool, or `chance` not in 0..1.

    Example:

    >>> images = tf.reshape(tf.range(3.0), (1, 1, 3, 1)) * tf.ones(3)
    >>> Flip(chance=1)(images, (0, 1))[0, 0, :, 0].numpy()
    array([2., 1., 0.], dtype=float32)
    """

    def __init__(self, horizontal=True, vertical=False, chance=0.5):
        checks.check_choice("Flip", "horizontal", horizontal, (True, False))
        checks.check_choice("Flip", "vertical", vertical, (True, False))
        checks.check_range("Flip", "chance", chance, 0, 1)
        self.horizontal = horizontal
        self.vertical = vertical
        self.chance = chance

    def draw(self, rows, size, seed):
        return {"flipped": uniform(seed, (rows, 2)) < self.chance}

    def apply(self, images, drawn):
        chosen = {2: self.horizontal, 1: self.vertical}
        for at, (axis, wanted) in enumerate(chosen.items()):
            if wanted:
                flipped = drawn["flipped"][:, at, None, None, None]
                mirrored = tf.reverse(images, [axis])
                images = tf.where(flipped, mirrored, images)
        return images
