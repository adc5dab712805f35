"""Pictures in another light."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment import pixels
from mmfusion.data.augment.augmentation import uniform
from mmfusion.data.augment.image_augmentation import ImageAugmentation
from mmfusion.registry import register


@register("augmentation", "colour")
class Colour(ImageAugmentation):
    """Changes brightness, contrast, saturation and hue, in this order.

    For pictures of many cameras and lights; not where the colour is the answer.
    The first three are factors, drawn evenly from `1 - x` to `1 + x`; each
    picture is clipped to 0..255 after each.

    Args:
        brightness, contrast, saturation: floats in 0..1. Default to 0.2.
        hue: float in 0..0.5. The farthest that colours move around their
            circle, 0.5 is the opposite colour. Defaults to 0: it costs as much
            as the others together.

    Raises:
        ArgumentError: If an argument is not in its range.

    Example:

    >>> colour = Colour(brightness=0.5, contrast=0, saturation=0)
    >>> colour(100 * tf.ones((2, 8, 8, 3)), (0, 1))[:, 0, 0, 0].numpy().round()
    array([58., 85.], dtype=float32)
    """

    def __init__(self, brightness=0.2, contrast=0.2, saturation=0.2, hue=0.0):
        for name, value in (
            ("brightness", brightness),
            ("contrast", contrast),
            ("saturation", saturation),
        ):
            checks.check_range("Colour", name, value, 0, 1)
        checks.check_range("Colour", "hue", hue, 0, 0.5)
        self.brightness = brightness
        self.contrast = contrast
        self.saturation = saturation
        self.hue = hue

    def draw(self, rows, size, seed):
        # All four, so that one of them changes nothing in the others.
        return {"between": uniform(seed, (rows, 4), -1.0, 1.0)}

    def apply(self, images, drawn):
        steps = (
            (pixels.brightness, self.brightness, 1.0),
            (pixels.contrast, self.contrast, 1.0),
            (pixels.saturation, self.saturation, 1.0),
            (pixels.hue, self.hue, 0.0),
        )
        for at, (change, most, middle) in enumerate(steps):
            if most:
                amount = middle + most * drawn["between"][:, at]
                images = change(images, amount)
                images = tf.clip_by_value(images, 0.0, 255.0)
        return images
