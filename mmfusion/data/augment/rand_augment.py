"""A few changes of pictures, drawn from a fixed list."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment import pixels
from mmfusion.data.augment.augmentation import whole
from mmfusion.data.augment.geometry import moved, rotated, sheared
from mmfusion.data.augment.image_augmentation import ImageAugmentation
from mmfusion.registry import register

MOST = 30  # The strongest magnitude.


@register("augmentation", "rand_augment")
class RandAugment(ImageAugmentation):
    """Applies some of fourteen changes to each picture, drawn for each row.

    One number for the strength of all, and nothing else to choose:

        identity, auto_contrast, equalize
        rotate         up to 30 degrees        shear_x, shear_y    up to 0.3
        translate_x, translate_y               up to a third of the side
        brightness, contrast, saturation,
        sharpness      by a factor of 0.1 to 1.9
        posterize      8 bits down to 4        solarize    from 256 down to 0

    Those on the left of a range are at magnitude 0, those on the right at 30;
    directions are drawn. What comes in from outside is grey as in the paper's
    code, 128.

    Args:
        num_ops: int in 0..14. Changes of a picture. Defaults to 2.
        magnitude: number in 0..30. Defaults to 9.

    Raises:
        ArgumentError: If `num_ops` is no whole number in 0..14, or
            `magnitude` not in 0..30.

    Example:

    >>> images = tf.random.stateless_uniform((28, 4, 4, 3), (0, 1), 50, 200)
    >>> changed = RandAugment(magnitude=0)(images, (0, 1)) - images
    >>> changed = tf.reduce_max(tf.abs(changed), axis=(1, 2, 3)) > 1
    >>> changed.numpy().sum().item()  # By `auto_contrast` and `equalize`.
    5

    Reference:
        - [Cubuk et al., 2019](https://arxiv.org/abs/1909.13719).
    """

    def __init__(self, num_ops=2, magnitude=9):
        checks.check_whole("RandAugment", "num_ops", num_ops, 0, 14)
        checks.check_range("RandAugment", "magnitude", magnitude, 0, MOST)
        self.num_ops = num_ops
        self.magnitude = magnitude

    def draw(self, rows, size, seed):
        seeds = tf.random.split(seed, 2)
        shape = (rows, self.num_ops)
        sign = 2 * whole(seeds[1], shape, 0, 1) - 1
        return {
            "op": whole(seeds[0], shape, 0, len(_OPS) - 1),
            "sign": tf.cast(sign, "float32"),
        }

    def apply(self, images, drawn):
        share = self.magnitude / MOST
        for turn in range(self.num_ops):
            op, sign = drawn["op"][:, turn], drawn["sign"][:, turn]
            # Each picture goes through its own change only.
            rows = tf.dynamic_partition(
                tf.range(tf.shape(images)[0]), op, len(_OPS)
            )
            parts = [
                change(tf.gather(images, at), share, tf.gather(sign, at))
                for change, at in zip(_OPS, rows, strict=True)
            ]
            images = tf.dynamic_stitch(rows, parts)
            images = tf.clip_by_value(images, 0.0, 255.0)
        return images


def _rotate(images, share, sign):
    return _on_grey(rotated, images, 30.0 * share * sign)


def _shear_x(images, share, sign):
    return _on_grey(sheared, images, 0.3 * share * sign, 0.0 * sign)


def _shear_y(images, share, sign):
    return _on_grey(sheared, images, 0.0 * sign, 0.3 * share * sign)


def _translate_x(images, share, sign):
    far = _pixels(share * sign, tf.shape(images)[2])
    return _on_grey(moved, images, tf.zeros_like(far), far)


def _translate_y(images, share, sign):
    far = _pixels(share * sign, tf.shape(images)[1])
    return _on_grey(moved, images, far, tf.zeros_like(far))


def _pixels(share, side):
    far = tf.round(share * tf.cast(side, "float32") / 3.0)
    return tf.cast(far, "int32")


def _on_grey(change, images, *amounts):
    """What comes in from outside is 128."""
    return change(images - 128.0, *amounts, "zero") + 128.0


def _by_factor(change):
    return lambda images, share, sign: change(images, 1.0 + 0.9 * share * sign)


def _posterize(images, share, sign):
    bits = tf.fill(tf.shape(sign), 8.0 - round(4.0 * share))
    return pixels.posterize(images, bits)


def _solarize(images, share, sign):
    threshold = tf.fill(tf.shape(sign), 256.0 * (1.0 - share))
    return pixels.solarize(images, threshold)


_OPS = (
    lambda images, share, sign: images,
    lambda images, share, sign: pixels.auto_contrast(images),
    lambda images, share, sign: pixels.equalize(images),
    _rotate,
    _solarize,
    _by_factor(pixels.saturation),
    _posterize,
    _by_factor(pixels.contrast),
    _by_factor(pixels.brightness),
    _by_factor(pixels.sharpness),
    _shear_x,
    _shear_y,
    _translate_x,
    _translate_y,
)
