"""The header of a PNG: how many chunks are walked through."""

import struct
import zlib

import PIL.Image
import pytest
import tensorflow as tf

from mmfusion.data import png
from mmfusion.data.byte_string import GraphBytes, HostBytes
from mmfusion.data.image import Image
from tests.data.cases import file_of, picture

CHUNK = struct.pack(">I4sI", 0, b"teSt", zlib.crc32(b"teSt"))


@pytest.mark.parametrize("more, covered", [(-9, True), (0, False)])
def test_of_chunks_without_end_some_are_read(more, covered):
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    data = file_of(picture(10, 14), "PNG", exif=exif)
    data = data[:33] + CHUNK * (png.MOST_CHUNKS + more) + data[33:]
    graph = tf.function(lambda raw: png.header(GraphBytes(raw)))
    header = graph(tf.constant(data))
    assert png.header(HostBytes(data))["covered"] == covered
    assert header["covered"] == covered
    # What the graph does not cover comes through Pillow, upright as well.
    assert Image(size=(8, 8)).read(data).shape == (14, 10, 3)


def test_a_picture_that_is_too_large_is_measured_in_a_graph():
    data = file_of(picture(10, 14), "PNG")
    data = data[:33] + CHUNK * 5_000 + data[33:]
    image = Image(size=(8, 8), max_pixels=100)
    with pytest.raises(ValueError, match="has 10 x 14 pixels"):
        image.read(data)  # Step by step it would take a minute.
