"""How a camera was held: EXIF orientation, found and applied in a graph."""

import tensorflow as tf

_ORIENTATION = 0x0112
_SHORT = 3


def orientation(number, start):
    """The orientation that a TIFF block names, 1 where it names none.

    Args:
        number: the reader that `byte_string.octets` gives.
        start: int64 tensor `()`. Where the block begins; negative for none.

    Returns:
        int64 tensor `()`, 1 to 8.
    """
    order = number(start, 2)
    little = tf.equal(order, 0x4949)
    first = start + number(start + 4, 4, little)
    # 65535 entries of 12 bytes at most; beyond the end they read as zero.
    count = number(first, 2, little)
    entries = first + 2 + 12 * tf.range(count, dtype=tf.int64)
    found = tf.equal(number(entries, 2, little), _ORIENTATION)
    found &= tf.equal(number(entries + 2, 2, little), _SHORT)
    values = tf.where(found, number(entries + 8, 2, little), 0)
    value = tf.reduce_max(tf.concat([values, [0]], axis=0))
    block = (start >= 0) & (little | tf.equal(order, 0x4D4D))
    return tf.where(block & (value >= 1) & (value <= 8), value, 1)


def upright(image, orientation):
    """Turns and mirrors an image so that it is seen as it was taken.

    Args:
        image: tensor `(height, width, channels)`.
        orientation: int64 tensor `()`, 1 to 8.

    Returns:
        Tensor `(height, width, channels)`, or `(width, height, channels)`
        from orientation 5 on.
    """

    def turned_if(values, change, image):
        held = tf.reduce_any(tf.equal(orientation, values))
        return tf.cond(held, lambda: change(image), lambda: image)

    image = turned_if((5, 6, 7, 8), lambda x: tf.transpose(x, (1, 0, 2)), image)
    image = turned_if((3, 4, 7, 8), lambda x: tf.reverse(x, [0]), image)
    return turned_if((2, 3, 6, 7), lambda x: tf.reverse(x, [1]), image)
