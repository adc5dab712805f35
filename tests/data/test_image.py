"""Images: equal to Pillow where the graph decodes, and through it elsewhere."""

import io
import struct
import zlib

import numpy as np
import PIL.Image
import PIL.ImageOps
import pytest
import tensorflow as tf

from mmfusion.data import BadValue, Image
from mmfusion.errors import ArgumentError
from tests.data.cases import file_of, picture


@pytest.fixture(scope="module")
def image():
    return Image(size=(6, 8), reducing_gap=None)


def _pillow(data):
    opened = PIL.Image.open(io.BytesIO(data))
    return np.asarray(PIL.ImageOps.exif_transpose(opened).convert("RGB"))


def _status(image, data):
    return image.check(tf.constant(data)).numpy().decode()


def _exif(orientation, order):
    exif = PIL.Image.Exif()
    exif.endian = order
    exif[0x010F] = "a maker, stored behind the directory"
    exif[0x0112] = orientation
    return exif.tobytes()


@pytest.mark.parametrize(
    "options",
    [
        {"quality": 30},
        {"quality": 95, "subsampling": 0},
        {"quality": 75, "subsampling": 1},
        {"quality": 75, "subsampling": 2},
        {"progressive": True},
        {"optimize": True, "comment": b"\xff\xc0 is no frame here"},
        {"mode": "L"},
        {"icc_profile": bytes(range(256)) * 300},
    ],
    ids=str,
)
def test_jpeg_equals_pillow(image, options):
    data = file_of(picture(33, 47), "JPEG", **options)
    assert _status(image, data) == ""
    np.testing.assert_array_equal(image.read(data), _pillow(data))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_all_orientations_are_turned_as_pillow_does(image, form, order):
    seen = set()
    for orientation in range(1, 9):
        options = {"lossless": True} if form == "WEBP" else {}
        data = file_of(
            picture(5, 9), form, exif=_exif(orientation, order), **options
        )
        pixels = image.read(data)
        np.testing.assert_array_equal(pixels, _pillow(data))
        seen.add((pixels.shape, pixels.tobytes()))
    assert len(seen) == 8


def test_an_unknown_orientation_is_upright(image):
    plain = image.read(file_of(picture(), "PNG"))
    for orientation in (0, 9, 65535):
        data = file_of(picture(), "PNG", exif=_exif(orientation, "<"))
        np.testing.assert_array_equal(image.read(data), plain)


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "LA"])
@pytest.mark.parametrize("where", ["whole", "1", "P-transparent"])
def test_png_of_8_bits_equals_pillow(image, mode, where):
    pixels = PIL.Image.fromarray(picture(20, 30))
    if mode in ("RGBA", "LA"):
        alpha = PIL.Image.fromarray(picture(20, 30, 3)[..., 0])
        pixels.putalpha(alpha)
    pixels = pixels.convert(mode)
    file = io.BytesIO()
    options = {"transparency": 3} if "P-t" in where and mode == "P" else {}
    pixels.save(file, "PNG", **options)
    data = file.getvalue()
    expected = PIL.Image.open(io.BytesIO(data))
    expected.info.pop("transparency", None)
    if data[24] == 8:
        assert _status(image, data) == ""
    np.testing.assert_array_equal(
        image.read(data), np.asarray(expected.convert("RGB"))
    )


def test_transparent_pixels_keep_their_colour(image):
    pixels = np.full((2, 3, 4), (200, 100, 50, 0), "uint8")
    read = image.read(file_of(pixels, "PNG"))
    np.testing.assert_array_equal(read, pixels[..., :3])


def _png16(values, colour_type):
    """A PNG of 16 bits, which Pillow writes for grey only."""
    height, width = values.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)

    def chunk(kind, body):
        check = zlib.crc32(kind + body)
        return (
            struct.pack(">I", len(body))
            + kind
            + body
            + struct.pack(">I", check)
        )

    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_16_bits_keep_the_upper_8_in_grey_and_in_colour(image):
    grey = np.array([[0, 255, 256, 0x7FFF, 0xFFFF]], "uint16")
    colour = np.repeat(grey[..., None], 3, axis=2)
    for data in (_png16(grey, 0), _png16(colour, 2)):
        assert _status(image, data) == "unsupported format"
        np.testing.assert_array_equal(
            image.read(data)[0, :, 0], [0, 0, 1, 0x7F, 0xFF]
        )


@pytest.mark.parametrize(
    "form, mode, exact",
    [
        ("GIF", "P", False),
        ("BMP", "RGB", True),
        ("BMP", "1", False),
        ("TIFF", "RGB", True),
        ("PPM", "RGB", True),
        ("JPEG", "CMYK", False),
        ("WEBP", "RGB", False),
    ],
)
def test_other_formats_come_through_pillow(image, form, mode, exact):
    data = file_of(picture(20, 30), form, mode=mode)
    assert _status(image, data) == "unsupported format"
    pixels = image.read(data)
    np.testing.assert_array_equal(pixels, _pillow(data))
    if exact:
        np.testing.assert_array_equal(pixels, picture(20, 30))


def test_of_an_animation_the_first_frame_is_read(image):
    frames = [
        PIL.Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")
    ]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    assert tuple(image.read(file.getvalue())[0, 0]) == (255, 0, 0)


def test_the_extension_does_not_matter(image, tmp_path):
    path = tmp_path / "picture.wav"
    path.write_bytes(file_of(picture(), "PNG"))
    np.testing.assert_array_equal(image.read(path), picture())
    np.testing.assert_array_equal(image.read(str(path)), picture())


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_truncated_file_is_named_as_one(image, form):
    data = file_of(picture(60, 60), form)
    with pytest.raises(BadValue, match=f"holds {form} that is truncated"):
        image.read(data[: len(data) * 2 // 3])


def test_something_else_is_named(image, tmp_path):
    path = tmp_path / "saved.jpg"
    path.write_bytes(b"<!DOCTYPE html><p>404</p>")
    with pytest.raises(BadValue, match="saved.jpg.*HTML, not a picture; repl"):
        image.read(path)


def test_postscript_is_not_run(image):
    script = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 4 4\n%%EndComments\n"
    with pytest.raises(BadValue, match="holds PostScript, not a picture"):
        image.read(script)


def test_32_bit_pixels_are_refused_with_advice(image):
    data = file_of(np.ones((3, 3), "float32"), "TIFF")
    with pytest.raises(BadValue, match="32 bits.*convert it to 8 bits"):
        image.read(data)


def test_too_many_pixels_are_refused_before_they_are_decoded():
    small = Image(size=(4, 4), max_pixels=100)
    for form in ("JPEG", "PNG", "GIF", "TIFF"):
        small.read(file_of(picture(10, 10), form))
        data = file_of(picture(11, 10), form)
        cut = data[: len(data) - 20] if form in ("JPEG", "PNG") else data
        with pytest.raises(BadValue, match="11 x 10.*max_pixels=100") as caught:
            small.read(cut)  # Decoding it would fail in another way.
        assert caught.value.reason == "too large"


def test_a_bomb_is_refused_in_the_graph_and_on_the_host(image):
    pixels = file_of(np.zeros((1, 1), "uint8"), "PNG")
    for height, width in ((2**31, 2**31), (2**32 - 1, 2**32 - 1), (7072, 7072)):
        bomb = bytearray(pixels)
        bomb[16:24] = struct.pack(">II", width, height)
        assert _status(image, bytes(bomb)) == "too large"
        with pytest.raises(BadValue, match="pixels, more than"):
            image.read(bytes(bomb))


def test_pillow_s_own_guard_is_the_same_error(image):
    bomb = bytearray(file_of(picture(2, 2), "BMP"))
    bomb[18:26] = struct.pack("<ii", 40_000, 40_000)
    with pytest.raises(BadValue) as caught:
        image.read(bytes(bomb))
    assert caught.value.reason == "too large"


def test_bytes_are_capped(tmp_path):
    small = Image(size=(4, 4), max_bytes=50)
    data = file_of(picture(), "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(data)
    assert _status(small, data) == "too large"
    for value in (data, path):
        with pytest.raises(BadValue, match="more than `max_bytes=50`"):
            small.read(value)


def test_one_pixel_and_extreme_shapes_are_resized(image):
    for shape in ((1, 1), (1, 300), (300, 1)):
        pixels = image.transform(image.read(picture(*shape)))
        assert pixels.shape == (6, 8, 3)
    one = image.transform(np.full((1, 1, 3), 77, "uint8"))
    assert np.all(one == 77)


def test_resizing_is_antialiased_and_rounded(image):
    stripes = np.zeros((60, 80, 3), "uint8")
    stripes[:, ::5] = 255  # The mean is 51; two neighbours have 0 or 127.
    pixels = image.transform(stripes).numpy()
    np.testing.assert_array_equal(pixels, np.round(pixels))
    assert 40 < pixels.min() and pixels.max() < 62


def test_arrays_are_taken_as_they_are(image):
    grey = picture()[..., 0]
    np.testing.assert_array_equal(
        image.read(grey), np.repeat(grey[..., None], 3, axis=2)
    )
    np.testing.assert_array_equal(
        image.read(picture().astype("float64")), picture()
    )


@pytest.mark.parametrize(
    "array, message",
    [
        (np.zeros((4, 4, 3)) + 0.5, "from 0.5 to 0.5; scale and round"),
        (np.eye(4), "from 0 to 1; scale"),
        (np.full((4, 4), 256), "received int64 from 256"),
        (np.full((4, 4), np.nan), "nan"),
        (np.zeros((3, 4, 4), "uint8"), r"shape \(3, 4, 4\).*channels last"),
        (np.zeros((0, 4, 3), "uint8"), r"shape \(0, 4, 3\)"),
        (np.array([["a"]]), "as numbers, received <U1"),
        ([[1], [1, 2]], "unequal lengths"),
    ],
)
def test_other_arrays_are_refused(image, array, message):
    with pytest.raises(BadValue, match=message):
        image.read(array)


def test_arguments_are_checked():
    with pytest.raises(ArgumentError, match="`Image` expects `size`"):
        Image(size=32)
    with pytest.raises(ArgumentError, match="`Image` expects `max_pixels`"):
        Image(max_pixels=0)
    with pytest.raises(ArgumentError, match="`Image` expects `column`"):
        Image(column=3)
    with pytest.raises(ArgumentError, match="`Image` expects `reducing_gap`"):
        Image(reducing_gap=0.5)
