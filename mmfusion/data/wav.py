"""Reads WAV files of 16-bit PCM in a graph.

`tf.audio.decode_wav` wants the format chunk first and no padding, fails with
a UnicodeDecodeError on bytes that are no text, and reads the file before it
says how long it is. Finding the samples is simple enough to do it right.
"""

import tensorflow as tf

from mmfusion.data.byte_string import octets

_RIFF, _WAVE = 0x52494646, 0x57415645
_FMT, _DATA = 0x666D7420, 0x64617461


# Chunks before the samples; a file of nothing else takes its time.
MOST_CHUNKS = 10_000


def header(raw):
    """What a WAV file says of itself; other bytes give `is_wav` False.

    Args:
        raw: string tensor `()`.

    Returns:
        Dict of tensors `()`: `is_wav` (bool: RIFF, WAVE), `whole` (bool: has
        a format and all the data it declares), `format` (1 is PCM), `bits`,
        `channels`, `sample_rate`, `start` (of the data), `length` (of the
        data in bytes, as declared), all int64.
    """
    size, number = octets(raw)
    place = tf.constant(0, tf.int64)
    is_wav = tf.equal(number(place, 4), _RIFF)
    is_wav &= tf.equal(number(place + 8, 4), _WAVE)

    def more(at, form, data):
        return (at + 8 <= size) & (data < 0)

    def step(at, form, data):
        kind, length = number(at, 4), number(at + 4, 4, little=True)
        is_form = tf.equal(kind, _FMT) & (length >= 16) & (form < 0)
        return (
            # Chunks begin at even places.
            at + 8 + length + length % 2,
            tf.where(is_form, at + 8, form),
            tf.where(tf.equal(kind, _DATA), at + 8, data),
        )

    nowhere = tf.constant(-1, tf.int64)
    start = tf.where(is_wav, place + 12, size)  # Other bytes: no walk.
    _, form, data = tf.while_loop(
        more,
        step,
        (start, nowhere, nowhere),
        maximum_iterations=MOST_CHUNKS,
    )
    length = number(data - 4, 4, little=True)
    return {
        "is_wav": is_wav,
        "whole": (form >= 0) & (data >= 0) & (data + length <= size),
        "format": number(form, 2, little=True),
        "channels": number(form + 2, 2, little=True),
        "sample_rate": number(form + 4, 4, little=True),
        "bits": number(form + 14, 2, little=True),
        "start": data,
        "length": length,
    }


def samples(raw, header):
    """The samples of 16-bit PCM, -1..1, the mean of the channels.

    Args:
        raw: string tensor `()`.
        header: what `header(raw)` gave; whole, PCM, 16 bits, with channels.

    Returns:
        Float32 tensor `(samples,)`.
    """
    frame = 2 * header["channels"]
    length = header["length"] // frame * frame
    data = tf.strings.substr(raw, header["start"], length)
    values = tf.cast(tf.io.decode_raw(data, tf.int16), "float32") / 32768.0
    return tf.reduce_mean(
        tf.reshape(values, tf.stack([-1, header["channels"]])), axis=1
    )
