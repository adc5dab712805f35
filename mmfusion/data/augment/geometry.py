"""Pictures turned, moved and sheared, each by numbers of its own."""

import math

import tensorflow as tf

FILLS = ("edge", "zero")
_MODES = {"edge": "NEAREST", "zero": "CONSTANT"}


def moved(images, down, right, fill):
    """Pictures moved by whole pixels.

    Args:
        images: float tensor `(rows, height, width, channels)`.
        down, right: int32 tensors `(rows,)`.
        fill: `"edge"`, the pixels of the edge repeated, or `"zero"`.

    Returns:
        Float tensor like `images`.
    """
    one, none = _one_none(images)
    left, up = (-tf.cast(x, "float32") for x in (right, down))
    matrices = [one, none, left, none, one, up, none, none]
    return _warped(images, matrices, fill, "NEAREST")


def rotated(images, degrees, fill):
    """Pictures turned around their middle, anticlockwise, bilinear.

    Args:
        images: float tensor `(rows, height, width, channels)`.
        degrees: float tensor `(rows,)`.
        fill: as `moved` has it.

    Returns:
        Float tensor like `images`.
    """
    angle = degrees * (math.pi / 180)
    cos, sin = tf.cos(angle), tf.sin(angle)
    # Rows count downwards: this is where an output pixel comes from.
    return _linear(images, cos, -sin, sin, cos, fill)


def sheared(images, across, down, fill):
    """Pictures sheared around their middle, bilinear.

        x' = x + across * y,  y' = y + down * x    # where a pixel comes from

    Args:
        images: float tensor `(rows, height, width, channels)`.
        across, down: float tensors `(rows,)`.
        fill: as `moved` has it.

    Returns:
        Float tensor like `images`.
    """
    one, _ = _one_none(images)
    return _linear(images, one, across, down, one, fill)


def _linear(images, xx, xy, yx, yy, fill):
    """From each pixel to where it comes from, around the middle."""
    shape = tf.shape(images)
    x = tf.cast(shape[2] - 1, "float32") / 2
    y = tf.cast(shape[1] - 1, "float32") / 2
    none = tf.zeros_like(xx)
    to_x = x - xx * x - xy * y
    to_y = y - yx * x - yy * y
    matrices = [xx, xy, to_x, yx, yy, to_y, none, none]
    return _warped(images, matrices, fill, "BILINEAR")


def _warped(images, matrices, fill, interpolation):
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=tf.stack(matrices, axis=1),
        output_shape=tf.shape(images)[1:3],
        fill_value=0.0,
        interpolation=interpolation,
        fill_mode=_MODES[fill],
    )


def _one_none(images):
    rows = tf.shape(images)[:1]
    return tf.ones(rows), tf.zeros(rows)
