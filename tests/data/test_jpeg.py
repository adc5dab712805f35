"""The header of a JPEG: frames, previews, fill bytes, lies."""

import struct

import PIL.Image
import pytest
import tensorflow as tf

from mmfusion.data import jpeg
from mmfusion.data.byte_string import GraphBytes, HostBytes
from tests.data.cases import file_of, picture


def _header(data):
    return {
        name: value.numpy().item()
        for name, value in jpeg.header(GraphBytes(tf.constant(data))).items()
    }


def _with_segment(data, marker, body):
    """`data` with a segment after the start of the image."""
    length = struct.pack(">H", len(body) + 2)
    return data[:2] + bytes([0xFF, marker]) + length + body + data[2:]


def test_size_and_coverage():
    for mode, covered in (("RGB", True), ("L", True), ("CMYK", False)):
        assert _header(file_of(picture(10, 14), "JPEG", mode=mode)) == {
            "height": 10,
            "width": 14,
            "orientation": 1,
            "covered": covered,
        }


def test_a_preview_inside_a_segment_is_not_the_frame():
    preview = file_of(picture(3, 3), "JPEG")
    data = _with_segment(file_of(picture(10, 14), "JPEG"), 0xE2, preview)
    assert _header(data)["height"] == 10


def test_fill_bytes_before_a_marker_are_skipped():
    data = file_of(picture(10, 14), "JPEG")
    assert _header(data[:2] + b"\xff\xff\xff" + data[2:])["height"] == 10


def test_of_two_exif_blocks_the_first_counts():
    exif = PIL.Image.Exif()
    data = file_of(picture(), "JPEG")
    for orientation in (3, 6):
        exif[0x0112] = orientation
        body = exif.tobytes()
        if not body.startswith(b"Exif"):
            body = b"Exif\0\0" + body
        data = _with_segment(data, 0xE1, body)
    assert _header(data)["orientation"] == 6  # It was put before the other.


def test_other_kinds_of_frames_are_not_covered():
    data = bytearray(file_of(picture(), "JPEG"))
    data[data.index(b"\xff\xc0") + 1] = 0xC9  # Arithmetic coding.
    header = _header(bytes(data))
    assert header["height"] == 10 and not header["covered"]


def test_what_lies_or_ends_early_has_no_frame():
    data = file_of(picture(), "JPEG")
    zero_length = data[:4] + b"\0\0" + data[6:]
    for broken in (b"", b"\xff", data[:2], data[:30], zero_length):
        assert _header(broken)["height"] == 0


def test_an_exif_block_that_points_nowhere_is_upright():
    for order in (b"II*\0", b"MM\0*"):
        for offset in (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x08\0\0\x08"):
            body = b"Exif\0\0" + order + offset + b"\xff" * 20
            data = _with_segment(file_of(picture(), "JPEG"), 0xE1, body)
            assert _header(data)["orientation"] == 1


@pytest.mark.parametrize("fill", [b"\xff", b"\xff\xe0\0\2"])
@pytest.mark.parametrize("more, height", [(-9, 10), (0, 0)])
def test_of_segments_without_end_some_are_read(fill, more, height):
    data = file_of(picture(10, 14), "JPEG")
    data = data[:2] + fill * (jpeg.MOST_SEGMENTS + more) + data[2:]
    graph = tf.function(lambda raw: jpeg.header(GraphBytes(raw)))
    header = graph(tf.constant(data))
    assert header["height"] == jpeg.header(HostBytes(data))["height"]
    assert header["height"] == height
    assert header["covered"] == (height == 10)
