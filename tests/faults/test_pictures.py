"""Faults of pictures; what is read is compared with Pillow."""

import io

import numpy as np
import PIL.Image
import PIL.ImageOps
import pytest

from mmfusion.data.image import Image
from mmfusion.data.modality import BadValue
from tests.data.cases import file_of, picture

IMAGE = Image(size=(8, 8))


@pytest.mark.parametrize(
    "content, said",
    [
        (b"no picture", "holds text, not a picture"),
        (b"<!DOCTYPE html><html></html>", "holds HTML, not a picture"),
        (file_of(picture(), "JPEG")[:-80], "JPEG that is truncated or damaged"),
        (file_of(picture(), "PNG")[:-80], "PNG that is truncated or damaged"),
        (b"%PDF-1.7", "holds PDF, not a picture"),
    ],
    ids=["text", "html", "half-jpeg", "half-png", "pdf"],
)
def test_fault_15_what_is_no_picture_is_named_by_its_content(
    tmp_path, content, said
):
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(BadValue) as caught:
        IMAGE.read(path)
    assert said in str(caught.value) and str(path) in str(caught.value)
    assert "replace the file" in str(caught.value)


@pytest.mark.parametrize("form", ["BMP", "TIFF", "WEBP", "PPM"])
def test_fault_16_what_tensorflow_cannot_decode_comes_through_pillow(form):
    data = file_of(picture(), form)
    expected = np.asarray(PIL.Image.open(io.BytesIO(data)).convert("RGB"))
    np.testing.assert_array_equal(IMAGE.read(data), expected)
    # A served graph says so instead.
    if form != "BMP":
        assert IMAGE.check(data).numpy() == b"unsupported format"


@pytest.mark.parametrize("name", ["a.png", "a.wav", "a"])
def test_fault_17_the_content_counts_and_not_the_extension(tmp_path, name):
    (tmp_path / name).write_bytes(file_of(picture(), "JPEG"))
    np.testing.assert_array_equal(
        IMAGE.read(tmp_path / name), IMAGE.read(file_of(picture(), "JPEG"))
    )


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_fault_19_the_orientation_is_applied_once_and_alike_when_served(
    form, orientation
):
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    data = file_of(picture(), form, exif=exif)
    image = PIL.Image.open(io.BytesIO(data))
    expected = np.asarray(PIL.ImageOps.exif_transpose(image).convert("RGB"))
    np.testing.assert_array_equal(IMAGE.read(data), expected)
    assert IMAGE.check(data).numpy() == b""
    np.testing.assert_array_equal(IMAGE.decode(data).numpy(), expected)


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "CMYK", "I;16", "1"])
def test_fault_20_every_kind_of_pixels_has_its_rule(mode):
    if mode == "I;16":
        grey = (np.arange(140, dtype="uint16") * 400).reshape(10, 14)
        image = PIL.Image.fromarray(grey)
        expected = np.repeat((grey >> 8).astype("uint8")[..., None], 3, axis=2)
    else:
        image = PIL.Image.fromarray(picture()).convert(mode)
        expected = None
    file = io.BytesIO()
    image.save(file, "JPEG" if mode == "CMYK" else "PNG")
    if expected is None:
        stored = PIL.Image.open(io.BytesIO(file.getvalue()))
        expected = np.asarray(stored.convert("RGB"))
    np.testing.assert_array_equal(IMAGE.read(file.getvalue()), expected)


def test_fault_21_an_animation_is_its_first_frame():
    frames = [PIL.Image.fromarray(picture(seed=i)) for i in range(3)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    first = PIL.Image.open(io.BytesIO(file.getvalue())).convert("RGB")
    np.testing.assert_array_equal(IMAGE.read(file.getvalue()), first)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1)], ids=str)
def test_fault_22_the_narrowest_picture_is_resized_as_any_other(shape):
    pixels = IMAGE.read(file_of(picture(*shape), "PNG"))
    out = IMAGE.transform(pixels).numpy()
    assert out.shape == (8, 8, 3) and np.isfinite(out).all()
    assert pixels.min() <= out.min() and out.max() <= pixels.max()


def test_fault_22_a_picture_without_pixels_is_refused():
    with pytest.raises(BadValue, match="expects pixels"):
        IMAGE.read(np.zeros((0, 5, 3), "uint8"))
    jpeg = bytearray(file_of(picture(), "JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = bytes(4)  # Height and width.
    with pytest.raises(BadValue, match="truncated or damaged"):
        IMAGE.read(bytes(jpeg))
