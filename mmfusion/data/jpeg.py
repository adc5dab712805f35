"""JPEG files: what the header says, and the pixels."""

import tensorflow as tf

from mmfusion.data import exif

# Huffman-coded, baseline, extended and progressive. The others (lossless,
# arithmetic, hierarchical) are not in every decoder.
_FRAMES = (0xC0, 0xC1, 0xC2)
_OTHER_FRAMES = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_ENDS = (0xD9, 0xDA)  # End of image, start of scan.
_EXIF = 0x457869660000  # "Exif", 0, 0
# Segments and fill bytes before the frame; a file of nothing else, of the
# largest size, would take many minutes.
MOST_SEGMENTS = 10_000


def header(data):
    """Size, orientation and whether the graph decodes this JPEG.

    Walks the segments up to the frame header: a JPEG may hold a preview with
    a frame header of its own, so searching for the bytes would not do.

    Args:
        data: `GraphBytes` or `HostBytes`.

    Returns:
        Dict of `height`, `width` (0 where there is no frame header),
        `orientation` (1 to 8), numbers, and `covered`, a bool.
    """
    number, where = data.number, data.where

    def more(at, frame, block):
        return (at + 4 <= data.size) & (frame < 0)

    def step(at, frame, block):
        marker, length = number(at + 1, 1), number(at + 2, 2)
        is_frame = data.is_in(marker, _FRAMES + _OTHER_FRAMES)
        is_exif = (marker == 0xE1) & (number(at + 4, 6) == _EXIF) & (block < 0)
        # Any number of 0xFF may stand before a marker.
        following = where(marker == 0xFF, at + 1, at + 2 + length)
        lost = (number(at, 1) != 0xFF) | data.is_in(marker, _ENDS)
        lost |= (marker != 0xFF) & (length < 2)
        return (
            where(lost, data.size, following),
            where(lost, frame, where(is_frame, at, frame)),
            where(lost, block, where(is_exif, at + 10, block)),
        )

    _, frame, block = data.walk(more, step, (2, -1, -1), MOST_SEGMENTS)
    found = frame >= 0
    covered = (
        found
        & data.is_in(number(frame + 1, 1), _FRAMES)
        & (number(frame + 4, 1) == 8)  # Bits per sample.
        & data.is_in(number(frame + 9, 1), (1, 3))  # Components.
    )
    return {
        "height": where(found, number(frame + 5, 2), 0),
        "width": where(found, number(frame + 7, 2), 0),
        "orientation": exif.orientation(data, block),
        "covered": covered,
    }


def decode(raw, halvings):
    """The pixels of a JPEG that `header` calls covered.

    Args:
        raw: string tensor `()`.
        halvings: int32 tensor `()`, 0 to 3: how often each side is halved,
            rounded up, by taking fewer coefficients of each block.

    Returns:
        uint8 tensor `(height, width, 3)`, not turned.
    """

    def at(ratio):
        # The only method equal to Pillow; the default is up to 7 off.
        return lambda: tf.io.decode_jpeg(
            raw, channels=3, ratio=ratio, dct_method="INTEGER_ACCURATE"
        )

    return tf.switch_case(halvings, [at(ratio) for ratio in (1, 2, 4, 8)])
