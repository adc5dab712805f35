"""Large JPEGs: reduced as they are decoded, as Pillow does."""

import io

import numpy as np
import PIL.Image
import pytest
import tensorflow as tf

from mmfusion.data import Image
from tests.data.cases import file_of, picture


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize(
    ("height", "width", "ratio"),
    [(63, 200, 1), (64, 95, 1), (65, 97, 2), (131, 201, 4), (256, 999, 8)],
)
def test_a_large_jpeg_is_reduced_as_pillow_does(height, width, ratio, mode):
    image = Image(size=(16, 24))  # 2 x 32 x 48 are the least it keeps.
    data = file_of(picture(height, width), "JPEG", mode=mode)
    drafted = PIL.Image.open(io.BytesIO(data))
    # As `Image.thumbnail` does with its `reducing_gap` of 2.
    drafted.draft(None, (2 * 24, 2 * 16))
    expected = np.asarray(drafted.convert("RGB"))
    assert expected.shape[:2] == (-(-height // ratio), -(-width // ratio))
    np.testing.assert_array_equal(image.read(data), expected)
    np.testing.assert_array_equal(image.decode(tf.constant(data)), expected)


def test_a_picture_on_its_side_is_reduced_as_if_it_were_upright():
    """Turned it is 130 x 70, enough for a half of 64 x 32 and not more."""
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    data = file_of(picture(70, 130), "JPEG", exif=exif)
    assert Image(size=(32, 16)).read(data).shape == (65, 35, 3)
    assert Image(size=(16, 32)).read(data).shape == (130, 70, 3)


def test_a_reduced_jpeg_looks_like_the_whole():
    smooth = PIL.Image.fromarray(picture(12, 16)).resize((640, 480))
    data = file_of(np.asarray(smooth), "JPEG", quality=95)
    reduced, whole = Image(size=(48, 64)), Image(size=(48, 64)).in_full()
    assert reduced.read(data).shape == (120, 160, 3)
    assert whole.read(data).shape == (480, 640, 3)
    far = np.subtract(*(x.transform(x.read(data)) for x in (reduced, whole)))
    assert np.abs(far).max() <= 3 and np.abs(far).mean() < 0.5


def test_what_was_saved_without_a_gap_decodes_whole_pictures():
    arguments = Image().arguments()
    assert Image.from_arguments(arguments).reducing_gap == 2.0
    del arguments["reducing_gap"]
    assert Image.from_arguments(arguments).reducing_gap is None
