"""Reads the header of a JPEG file in a graph, without decoding it."""

import tensorflow as tf

from mmfusion.data import exif
from mmfusion.data.byte_string import octets

# Huffman-coded, baseline, extended and progressive. The others (lossless,
# arithmetic, hierarchical) are not in every decoder.
_FRAMES = (0xC0, 0xC1, 0xC2)
_OTHER_FRAMES = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_ENDS = (0xD9, 0xDA)  # End of image, start of scan.
_EXIF = 0x457869660000  # "Exif", 0, 0
# Segments and fill bytes before the frame; a file of nothing else, of the
# largest size, would take many minutes.
MOST_SEGMENTS = 10_000


def header(raw):
    """Size, orientation and whether the graph decodes this JPEG.

    Walks the segments up to the frame header: a JPEG may hold a preview with
    a frame header of its own, so searching for the bytes would not do.

    Args:
        raw: string tensor `()`.

    Returns:
        Dict of tensors `()`: `height`, `width` (int64, 0 where there is no
        frame header), `orientation` (int64, 1 to 8), `covered` (bool).
    """
    size, number = octets(raw)

    def is_in(marker, values):
        return tf.reduce_any(tf.equal(marker, tf.constant(values, tf.int64)))

    def more(at, frame, block):
        return (at + 4 <= size) & (frame < 0)

    def step(at, frame, block):
        marker = number(at + 1, 1)
        length = number(at + 2, 2)
        is_frame = is_in(marker, _FRAMES + _OTHER_FRAMES)
        is_exif = tf.equal(marker, 0xE1) & tf.equal(number(at + 4, 6), _EXIF)
        # Any number of 0xFF may stand before a marker.
        following = tf.where(tf.equal(marker, 0xFF), at + 1, at + 2 + length)
        lost = tf.not_equal(number(at, 1), 0xFF) | is_in(marker, _ENDS)
        lost |= tf.not_equal(marker, 0xFF) & (length < 2)
        return (
            tf.where(lost, size, following),
            tf.where(is_frame & ~lost, at, frame),
            tf.where(is_exif & ~lost & (block < 0), at + 10, block),
        )

    nowhere = tf.constant(-1, tf.int64)
    _, frame, block = tf.while_loop(
        more,
        step,
        (tf.constant(2, tf.int64), nowhere, nowhere),
        maximum_iterations=MOST_SEGMENTS,
    )
    found = frame >= 0
    components = number(frame + 9, 1)
    covered = (
        found
        & is_in(number(frame + 1, 1), _FRAMES)
        & tf.equal(number(frame + 4, 1), 8)  # Bits per sample.
        & is_in(components, (1, 3))
    )
    return {
        "height": tf.where(found, number(frame + 5, 2), 0),
        "width": tf.where(found, number(frame + 7, 2), 0),
        "orientation": exif.orientation(number, block),
        "covered": covered,
    }
