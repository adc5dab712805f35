"""Headers say the same in a graph and on the host, whatever the bytes are."""

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data import Audio, Image
from mmfusion.data.byte_string import GraphBytes, HostBytes
from tests.data.cases import file_of, noise, picture, wav_of


def _files():
    photo = picture(20, 30)
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"
    return {
        "JPEG": (Image(), file_of(photo, "JPEG")),
        "JPEG with EXIF": (Image(), file_of(photo, "JPEG", exif=exif)),
        "PNG": (Image(), file_of(photo, "PNG")),
        "WAV": (Audio(), wav_of(noise(300), 16000)),
    }


def _damaged(data, random):
    """The bytes with some of the first ones changed, cut or moved."""
    data = bytearray(data)
    for _ in range(random.integers(0, 4)):
        data[random.integers(min(len(data), 120))] = random.integers(256)
    if random.random() < 0.3:
        data = data[: random.integers(len(data))]
    if random.random() < 0.2:
        at = random.integers(min(len(data), 60) + 1)
        data[at:at] = random.bytes(random.integers(1, 9))
    return bytes(data)


@pytest.mark.parametrize("kind", _files())
def test_a_header_is_the_same_in_both(kind):
    modality, data = _files()[kind]

    @tf.function(input_signature=[tf.TensorSpec((), tf.string)])
    def graph(raw):
        data = GraphBytes(raw)
        header = modality.header(data)
        return header, modality.check_header(header, data.where)

    random, seen = np.random.default_rng(0), set()
    for _ in range(150):
        raw = _damaged(data, random)
        header, status = graph(tf.constant(raw))
        host = modality.header(HostBytes(raw))
        assert {k: v.numpy().item() for k, v in header.items()} == host, raw
        found = modality.check_header(host, HostBytes(b"").where)
        assert status.numpy().decode() == found
        seen.add(found)
    assert len(seen) > 1  # Good ones and bad ones.


def test_places_before_and_behind_the_bytes():
    """Before them the first one is read, behind them zero, in both."""
    raw = bytes([5, 6, 7])
    for little in (True, False):
        for at in (-3, -1, 0, 1, 2, 3, 50):
            graph = GraphBytes(tf.constant(raw)).number(at, 2, little)
            assert HostBytes(raw).number(at, 2, little) == int(graph)
        ats = np.array([0, 2, 9])
        host = HostBytes(raw).number(ats, 2, little)
        graph = GraphBytes(tf.constant(raw)).number(ats, 2, little)
        assert host.tolist() == graph.numpy().tolist()
