"""Reads WAV files of 16-bit PCM in a graph.

`tf.audio.decode_wav` wants the format chunk first and no padding, fails with
a UnicodeDecodeError on bytes that are no text, and reads the file before it
says how long it is. Finding the samples is simple enough to do it right.
"""

import tensorflow as tf

_RIFF, _WAVE = 0x52494646, 0x57415645
_FMT, _DATA = 0x666D7420, 0x64617461
# Chunks before the samples; a file of nothing else takes its time.
MOST_CHUNKS = 10_000


def header(data):
    """What a WAV file says of itself; other bytes give `is_wav` False.

    Args:
        data: `GraphBytes` or `HostBytes`.

    Returns:
        Dict of `is_wav` (RIFF, WAVE), `whole` (has a format and all the data
        it declares), bools, and of `format` (1 is PCM), `bits`, `channels`,
        `sample_rate`, `start` (of the samples), `length` (of the samples in
        bytes, as declared), numbers.
    """
    number, where = data.number, data.where
    is_wav = (number(0, 4) == _RIFF) & (number(8, 4) == _WAVE)

    def more(at, form, start):
        return (at + 8 <= data.size) & (start < 0)

    def step(at, form, start):
        kind, length = number(at, 4), number(at + 4, 4, little=True)
        is_form = (kind == _FMT) & (length >= 16) & (form < 0)
        return (
            # Chunks begin at even places.
            at + 8 + length + length % 2,
            where(is_form, at + 8, form),
            where(kind == _DATA, at + 8, start),
        )

    first = where(is_wav, 12, data.size)  # Other bytes: no walk.
    _, form, start = data.walk(more, step, (first, -1, -1), MOST_CHUNKS)
    length = number(start - 4, 4, little=True)
    whole = (form >= 0) & (start >= 0) & (start + length <= data.size)
    return {
        "is_wav": is_wav,
        "whole": whole,
        "format": number(form, 2, little=True),
        "channels": number(form + 2, 2, little=True),
        "sample_rate": number(form + 4, 4, little=True),
        "bits": number(form + 14, 2, little=True),
        "start": start,
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
