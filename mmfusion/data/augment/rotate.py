"""Pictures turned."""

from mmfusion import checks
from mmfusion.data.augment.augmentation import uniform
from mmfusion.data.augment.geometry import FILLS, rotated
from mmfusion.data.augment.image_augmentation import ImageAugmentation
from mmfusion.registry import register


@register("augmentation", "rotate")
class Rotate(ImageAugmentation):
    """Turns pictures around their middle, in either direction, bilinear.

    Args:
        degrees: number in 0..180. The farthest. Defaults to 15.
        fill: `"edge"`, the pixels of the edge repeated, or `"zero"`.

    Raises:
        ArgumentError: If `degrees` is not in 0..180 or `fill` is unknown.

    Example:

    >>> import tensorflow as tf
    >>> turned = Rotate(degrees=90, fill="zero")(tf.ones((1, 5, 5, 3)), (0, 1))
    >>> turned[0, 0, :, 0].numpy().round(1)
    array([0.6, 0.8, 1. , 1. , 0.6], dtype=float32)
    """

    def __init__(self, degrees=15, fill="edge"):
        checks.check_range("Rotate", "degrees", degrees, 0, 180)
        checks.check_choice("Rotate", "fill", fill, FILLS)
        self.degrees = degrees
        self.fill = fill

    def draw(self, rows, size, seed):
        return {"degrees": uniform(seed, (rows,), -self.degrees, self.degrees)}

    def apply(self, images, drawn):
        return rotated(images, drawn["degrees"], self.fill)
