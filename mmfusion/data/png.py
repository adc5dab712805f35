"""Reads the header of a PNG file in a graph, without decoding it."""

import tensorflow as tf

from mmfusion.data import exif
from mmfusion.data.byte_string import octets

_IHDR = 0x49484452
_IEND = 0x49454E44
_EXIF = 0x65584966  # "eXIf"
# A file of more, and of nothing else, would take a minute.
MOST_CHUNKS = 20_000


def header(raw):
    """Size, orientation and whether the graph decodes this PNG.

    Args:
        raw: string tensor `()`.

    Returns:
        Dict of tensors `()`: `height`, `width` (int64, 0 where there is no
        header), `orientation` (int64, 1 to 8), `covered` (bool).
    """
    size, number = octets(raw)

    def more(at, block):
        return at + 12 <= size

    def step(at, block):
        length, kind = number(at, 4), number(at + 4, 4)
        is_exif = tf.equal(kind, _EXIF) & (block < 0)
        following = tf.where(tf.equal(kind, _IEND), size, at + 12 + length)
        return following, tf.where(is_exif, at + 8, block)

    # The orientation may stand behind the pixels, so all chunks are walked.
    at, block = tf.while_loop(
        more,
        step,
        (tf.constant(8, tf.int64), tf.constant(-1, tf.int64)),
        maximum_iterations=MOST_CHUNKS,
    )
    place = tf.constant(8, tf.int64)
    found = tf.equal(number(place + 4, 4), _IHDR)
    return {
        "height": tf.where(found, number(place + 12, 4), 0),
        "width": tf.where(found, number(place + 8, 4), 0),
        "orientation": exif.orientation(number, block),
        "covered": found
        & tf.equal(number(place + 16, 1), 8)
        & ~more(at, block),
    }
