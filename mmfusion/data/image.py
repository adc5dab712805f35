"""Pictures: files of any common format, or pixel arrays."""

import io

import numpy as np
import PIL.Image
import PIL.ImageOps
import tensorflow as tf

from mmfusion import checks, schema
from mmfusion.data import exif, jpeg, png
from mmfusion.data.byte_string import HostBytes
from mmfusion.data.file_modality import FileModality
from mmfusion.data.modality import BadValue
from mmfusion.data.modality_checks import column_of
from mmfusion.data.sniff import sniff
from mmfusion.registry import register

_JPEG = 0xFFD8FF
_PNG = (0x89504E47, 0x0D0A1A0A)  # The first and the next four bytes.
# Not all that Pillow opens: for EPS it would start another program.
_ELSEWHERE = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")


@register("modality", "image")
class Image(FileModality):
    """A picture as float32 RGB, 0..255, of one size.

    The canonical array is uint8 `(height, width, 3)`, turned as its EXIF
    orientation says. `decode` covers RGB and grey JPEG and PNG of 8 bits;
    `read` takes more through Pillow: GIF (the first frame), BMP, TIFF, WEBP,
    PPM, CMYK JPEG, PNG of 1 to 16 bits. Transparency is left
    away, palettes are looked up, 16 bits keep the upper 8. The extension of a
    file does not matter. `transform` resizes with an antialiased bilinear
    filter, without keeping the aspect, to whole numbers.

    A large RGB or grey JPEG is made smaller while it is decoded, by 2, 4 or
    8, which costs a fraction of the time and memory; both sides stay at least
    `reducing_gap` times as long as the model's input, so that the resizing
    that follows decides what is seen. The same holds in a served graph.

    Args:
        column: str. Column of a table that holds the paths.
        size: tuple of two ints, height and width of the model's input.
        optional: bool. Whether a row may come without it. Defaults to False.
        max_pixels: int. Larger pictures are refused before they are decoded.
        max_bytes: int. Larger files are refused before they are read.
        reducing_gap: number, at least 1, or None: a JPEG is decoded in full.
            Defaults to 2.0, as in Pillow's `Image.thumbnail`.

    Raises:
        ArgumentError: If an argument does not fit.
        BadValue: By `read`, if a file is no picture, or one too large.

    Example:

    >>> image = Image(size=(8, 8))
    >>> pixels = image.read(np.full((4, 6, 3), 7, "uint8"))
    >>> pixels.shape, image.transform(pixels).shape
    ((4, 6, 3), TensorShape([8, 8, 3]))
    """

    storage = "uint8"
    content = "image"
    kind_of_file = "a picture"
    formats = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM")

    def __init__(
        self,
        column=None,
        size=(224, 224),
        optional=False,
        max_pixels=50_000_000,
        max_bytes=50_000_000,
        reducing_gap=2.0,
    ):
        checks.check_shape("Image", "size", size, rank=2)
        checks.check_positive(
            "Image", max_pixels=max_pixels, max_bytes=max_bytes
        )
        if reducing_gap is not None:
            checks.check_range("Image", "reducing_gap", reducing_gap, 1, 1000)
        super().__init__(column_of("Image", column), optional, max_bytes)
        self.size = (int(size[0]), int(size[1]))
        self.max_pixels = max_pixels
        self.reducing_gap = reducing_gap

    @property
    def shape(self):
        return (*self.size, 3)

    def arguments(self):
        return {
            "column": self.columns[0] if self.columns else None,
            "size": list(self.size),
            "optional": self.optional,
            "max_pixels": self.max_pixels,
            "max_bytes": self.max_bytes,
            "reducing_gap": self.reducing_gap,
        }

    @classmethod
    def from_arguments(cls, arguments):
        # What was saved without it has learned from whole pictures.
        return cls(**{"reducing_gap": None, **arguments})

    def in_full(self):
        return type(self)(**{**self.arguments(), "reducing_gap": None})

    def describe(self):
        return schema.InputSchema(
            self.shape,
            self.dtype,
            self.optional,
            "image_cnn",
            {"shape": list(self.shape)},
        )

    def check_header(self, header, where):
        height, width = header["height"], header["width"]
        status = where(header["covered"], "", "unsupported format")
        # Each side on its own, too: the product of two lies may overflow.
        huge = (height > self.max_pixels) | (width > self.max_pixels)
        huge |= height * width > self.max_pixels
        status = where(huge, "too large", status)
        empty = (height == 0) | (width == 0)
        return where(header["known"] & empty, "cannot be decoded", status)

    def header(self, data):
        """What the file says of itself; zeros where it is neither format."""

        def neither():
            none = {"height": 0, "width": 0, "orientation": 1}
            return {**none, "covered": False}

        is_jpeg = data.number(0, 3) == _JPEG
        is_png = data.number(0, 4) == _PNG[0]
        is_png &= data.number(4, 4) == _PNG[1]
        header = data.either(
            is_jpeg,
            lambda: jpeg.header(data),
            lambda: data.either(is_png, lambda: png.header(data), neither),
        )
        return {**header, "known": is_jpeg | is_png, "is_png": is_png}

    def decode_body(self, raw, header):
        image = tf.cond(
            header["is_png"],
            lambda: tf.io.decode_png(raw, channels=3),
            lambda: jpeg.decode(raw, self._reduction(header)),
        )
        image = exif.upright(image, header["orientation"])
        return tf.ensure_shape(image, (None, None, 3))

    def _reduction(self, header):
        """How often a JPEG is halved while it is decoded, int32 `()`."""
        if self.reducing_gap is None:
            return tf.constant(0)
        height, width = header["height"], header["width"]
        lying = header["orientation"] > 4
        # Not a slice in reverse: an optimizer of graphs complains of it.
        sides = tf.where(lying, [width, height], [height, width])
        least = self.reducing_gap * np.array(self.size, "float64")
        most = tf.reduce_min(tf.cast(sides, "float64") / least)
        return tf.reduce_sum(tf.cast(most >= [2.0, 4.0, 8.0], "int32"))

    def nothing(self):
        return tf.zeros((0, 0, 3), tf.uint8)

    def transform(self, array):
        image = tf.cast(tf.convert_to_tensor(array), "float32")
        image = tf.image.resize(image, self.size, antialias=True)
        # Whole numbers, so that uint8 holds the outcome without loss.
        image = tf.clip_by_value(tf.round(image), 0.0, 255.0)
        return tf.ensure_shape(image, self.shape)

    def measure(self, array):
        # Beyond 1 is what a picture of 0..255 has; 1 and below: scaled?
        return {
            "height": array.shape[0],
            "width": array.shape[1],
            "brightest": int(array.max()),
        }

    def encode(self, array):
        file = io.BytesIO()
        PIL.Image.fromarray(np.asarray(array, "uint8")).save(file, "PNG")
        return file.getvalue()

    def explain(self, status, data):
        if status == "too large":
            header = self.header(HostBytes(data))
            return self._too_many_pixels(header["height"], header["width"])
        return self.broken(data)

    def _too_many_pixels(self, height, width):
        return BadValue(
            f"has {height} x {width} pixels, more than "
            f"`max_pixels={self.max_pixels}`",
            "make it smaller, or raise `max_pixels`",
            reason="too large",
        )

    def read_elsewhere(self, data):
        try:
            image = PIL.Image.open(io.BytesIO(data), formats=_ELSEWHERE)
        except (
            PIL.Image.DecompressionBombError,
            PIL.Image.DecompressionBombWarning,  # Where warnings are errors.
        ) as error:
            raise BadValue(
                f"has more than `max_pixels={self.max_pixels}` pixels",
                "make it smaller",
                reason="too large",
            ) from error
        width, height = image.size  # From the header: nothing decoded yet.
        if width * height > self.max_pixels:
            raise self._too_many_pixels(height, width)
        if image.mode in ("I", "F"):
            raise BadValue(
                f"holds {sniff(data)} with pixels of 32 bits, which have no "
                "common range",
                "convert it to 8 bits",
                reason="unsupported format",
            )
        image.load()
        turn = _orientation(image)
        if image.mode.startswith("I;16"):
            grey = np.asarray(image).astype("uint16") >> 8
            pixels = np.repeat(grey[..., None].astype("uint8"), 3, axis=2)
        else:
            # With it, Pillow warns of what `convert` leaves away.
            image.info.pop("transparency", None)
            pixels = np.asarray(image.convert("RGB"))
        return exif.upright(
            tf.constant(pixels), tf.constant(turn, tf.int64)
        ).numpy()

    def read_array(self, array):
        if array.ndim == 2:
            array = array[..., None]
        if array.ndim != 3 or array.shape[-1] not in (1, 3) or not array.size:
            raise BadValue(
                "expects pixels (height, width, 3), received the shape "
                f"{array.shape}",
                "put the channels last, red, green, blue",
            )
        if array.dtype.kind not in "uif":
            raise BadValue(
                f"expects pixels as numbers, received {array.dtype}",
                "convert them to uint8",
                reason="not a number",
            )
        low, high = np.min(array), np.max(array)
        scaled = array.dtype.kind == "f" and 0 < high <= 1
        inside = low >= 0 and high <= 255  # False with NaN.
        if not inside or scaled or np.any(array != np.round(array)):
            raise BadValue(
                "expects pixels as whole numbers 0..255, received "
                f"{array.dtype} from {low:g} to {high:g}",
                "scale and round them, then convert them to uint8",
                reason="not a number",
            )
        pixels = array.astype("uint8")
        return np.ascontiguousarray(
            np.broadcast_to(pixels, (*pixels.shape[:2], 3))
        )


def _orientation(image):
    """The EXIF orientation of a Pillow image; 1 where it is not readable."""
    try:
        value = image.getexif().get(0x0112, 1)
    except Exception:  # Whatever a damaged block makes Pillow raise.
        return 1
    return value if value in range(1, 9) else 1
