"""The walk over the chunks of a WAV file."""

import struct

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data import wav
from mmfusion.data.byte_string import GraphBytes
from tests.data.cases import noise, wav_of


def _chunk(kind, body):
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _fmt(format=1, channels=1, rate=8000, bits=16, more=b""):
    frame = channels * bits // 8
    fields = (format, channels, rate, rate * frame, frame, bits)
    return _chunk(b"fmt ", struct.pack("<HHIIHH", *fields) + more)


def _file(*chunks):
    return (
        b"RIFF"
        + struct.pack("<I", 4 + sum(map(len, chunks)))
        + (b"WAVE" + b"".join(chunks))
    )


def _header(data):
    return {
        name: value.numpy().item()
        for name, value in wav.header(GraphBytes(tf.constant(data))).items()
    }


def _header_in_a_graph(data):
    graph = tf.function(lambda raw: wav.header(GraphBytes(raw)))
    return graph(tf.constant(data))


def _samples(data):
    raw = tf.constant(data)
    return wav.samples(raw, wav.header(GraphBytes(raw))).numpy()


PCM = (noise(50) * 32768).astype("<i2").tobytes()


@pytest.mark.parametrize(
    "data",
    [
        wav_of(noise(50)),
        _file(_fmt(), _chunk(b"LIST", b"odd"), _chunk(b"data", PCM)),
        _file(_chunk(b"JUNK", b"\0" * 28), _fmt(), _chunk(b"data", PCM)),
        _file(_fmt(more=b"\0\0"), _chunk(b"data", PCM), _chunk(b"id3 ", b"x")),
        _file(_fmt(), _chunk(b"data", PCM + b"\x07")),  # Half a sample.
    ],
    ids=["plain", "list", "junk", "18 bytes", "odd data"],
)
def test_chunks_around_the_samples_do_not_matter(data):
    header = _header(data)
    assert header["is_wav"] and header["whole"]
    assert (header["format"], header["bits"]) == (1, 16)
    assert (header["channels"], header["sample_rate"]) == (1, 8000)
    np.testing.assert_array_equal(_samples(data), noise(50))


def test_fault_33_channels_are_averaged():
    frames = np.array([[100, 300], [-2, 0], [32767, 32767]], "<i2")
    data = _file(_fmt(channels=2), _chunk(b"data", frames.tobytes()))
    np.testing.assert_array_equal(
        _samples(data), np.array([200, -1, 32767], "float32") / 32768
    )


@pytest.mark.parametrize(
    "data",
    [
        _file(_fmt(), _chunk(b"data", PCM))[:-1],
        _file(_fmt()),
        _file(_chunk(b"data", PCM)),
        _file(_chunk(b"data", PCM), _fmt()),
        _file(_fmt(), b"data\xff\xff\xff\xff" + PCM),
        _file(b"LIST\xff\xff\xff\xff"),
        _file(),
    ],
    ids=["cut", "no data", "no format", "late", "stream", "lie", "empty"],
)
def test_what_is_not_whole_is_said_so(data):
    header = _header(data)
    assert header["is_wav"] and not header["whole"]


def test_other_bytes_are_no_wav():
    for data in (b"", b"RIFF", b"RIFF\0\0\0\0AVI ", b"ID3" + b"\xff" * 50):
        assert not _header(data)["is_wav"]


@pytest.mark.parametrize("more, whole", [(-3, True), (0, False)])
def test_of_chunks_without_end_some_are_read(more, whole):
    chunks = [_chunk(b"junk", b"")] * (wav.MOST_CHUNKS + more)
    data = _file(*chunks, _fmt(), _chunk(b"data", PCM))
    assert _header_in_a_graph(data)["whole"] == whole
