"""Reads numbers out of a byte string inside a graph."""

import tensorflow as tf


def octets(raw):
    """The bytes of a scalar string as a function of their places.

    A place beyond the end reads as zero: headers lie, and a graph that parses
    one must not fail.

    Args:
        raw: string tensor `()`.

    Returns:
        `(size, number)`: int64 tensor `()`, and a function
        `number(at, count, little=False)` that reads `count` bytes from the
        places `at` (int64 tensor of any shape, >= 0) as unsigned int64;
        `little`, bool or bool tensor `()`, says that the lowest comes first.
    """
    data = tf.io.decode_raw(raw, tf.uint8)
    size = tf.size(data, out_type=tf.int64)
    # One byte more, for all the places beyond the end.
    data = tf.concat([data, tf.zeros([1], tf.uint8)], axis=0)

    def number(at, count, little=False):
        weights = [256**place for place in range(count)]
        if little is not True:
            weights = tf.where(little, weights, weights[::-1])
        weights = tf.cast(weights, tf.int64)
        places = at[..., None] + tf.range(count, dtype=tf.int64)
        places = tf.minimum(tf.maximum(places, 0), size)
        values = tf.cast(tf.gather(data, places), tf.int64)
        return tf.reduce_sum(values * weights, axis=-1)

    return size, number
