"""How a camera was held: EXIF orientation, found and applied in a graph."""

import tensorflow as tf

_ORIENTATION = 0x0112
_SHORT = 3


def orientation(data, start):
    """The orientation that a TIFF block names, 1 where it names none.

    Args:
        data: `GraphBytes` or `HostBytes`.
        start: number. Where the block begins; negative for none.

    Returns:
        A number, 1 to 8.
    """

    def named():
        order = data.number(start, 2)
        little = order == 0x4949
        first = start + data.number(start + 4, 4, little)
        # 65535 entries of 12 bytes at most; beyond the end they read as zero.
        count = data.number(first, 2, little)
        entries = data.places(first + 2, 12, count)
        found = data.number(entries, 2, little) == _ORIENTATION
        found &= data.number(entries + 2, 2, little) == _SHORT
        values = data.where(found, data.number(entries + 8, 2, little), 0)
        value = data.largest(values)
        known = (little | (order == 0x4D4D)) & (value >= 1) & (value <= 8)
        return data.where(known, value, 1)

    return data.either(start >= 0, named, lambda: 1)


def upright(image, orientation):
    """Turns and mirrors an image so that it is seen as it was taken.

    Args:
        image: tensor `(height, width, channels)`.
        orientation: int64 tensor `()`, 1 to 8.

    Returns:
        Tensor `(height, width, channels)`, or `(width, height, channels)`
        from orientation 5 on.
    """

    def turned():
        return _turned(image, orientation)

    return tf.cond(orientation > 1, turned, lambda: image)


def _turned(image, orientation):
    def turned_if(values, change, image):
        held = tf.reduce_any(tf.equal(orientation, values))
        return tf.cond(held, lambda: change(image), lambda: image)

    image = turned_if((5, 6, 7, 8), lambda x: tf.transpose(x, (1, 0, 2)), image)
    image = turned_if((3, 4, 7, 8), lambda x: tf.reverse(x, [0]), image)
    return turned_if((2, 3, 6, 7), lambda x: tf.reverse(x, [1]), image)
