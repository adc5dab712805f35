"""Clips: frames at even times, and which of them there are."""

import os

import numpy as np
import tensorflow as tf

from mmfusion import checks, optional, schema
from mmfusion.data.decoded import decoded
from mmfusion.data.file_modality import as_array
from mmfusion.data.host_file import check_file
from mmfusion.data.modality import BadValue, Modality
from mmfusion.data.modality_checks import column_of
from mmfusion.data.sniff import CONTAINERS
from mmfusion.media.clip import resized
from mmfusion.registry import register


@register("modality", "video")
class Video(Modality):
    """A clip as `frames` pictures at even times, float32 RGB, 0..255.

    The canonical array is uint8 `(steps, height, width, 3)`, `steps` being
    `frames` or less. `read` takes MP4, QuickTime, Matroska, WebM, AVI, MPEG
    streams, FLV, ASF, Ogg and GIF with any codec that PyAV (the extra `video`)
    brings along, as a stream: never the whole file, one picture of full size.

    Frames are taken by the times at which they are shown, not by their
    number, so a varying frame rate changes nothing: the clip, or its first
    `seconds`, is cut into `frames` parts of equal length, and the picture on
    display in the middle of each is one step. A part behind the end of a
    shorter clip is no step; where a clip has fewer pictures than steps, each
    is one. Missing steps are zeros behind the others, and False in the mask.

    A clip is turned and mirrored as its display matrix says, then brought to
    `size` without keeping the aspect, by Pillow's antialiased bilinear filter
    (within 1 of that of `Image`).

    A file is decoded in a process of its own, which is ended after `timeout`
    seconds wherever it is, in a call of the decoder that does not return,
    too; the row then has a bad value, like one on which the decoder breaks
    down. Damage is an error even where a player would paint over it; of MPEG
    streams, which may begin and end anywhere, only what shows in the frames
    that are taken is.

    There is no `decode`: a served request holds the pictures, uint8 `(frames,
    height, width, 3)`, and `<name>_mask`.

    Args:
        column: str. Column of a table that holds the paths.
        size: tuple of two ints, height and width.
        frames: int. The most steps.
        seconds: number. The part of the clip, from its beginning, over which
            the steps are spread. Defaults to None, all of it.
        optional: bool. Whether a row may come without it. Defaults to False.
        max_pixels: int. Clips of larger pictures are refused, by their header
            and again as each picture is decoded.
        max_seconds: number. Longer clips are refused, by their header and
            again by the times of their frames.
        max_frames: int. Clips of more are refused before they are decoded.
        max_bytes: int. Larger files are refused before they are read.
        timeout: number. Seconds to decode a file in.

    Raises:
        ArgumentError: If an argument does not fit.
        BadValue: By `read`, if a file is no clip, or one too large.
        MissingExtraError: By `read` of a file, without PyAV.

    Example:

    >>> video = Video(size=(8, 8), frames=4)
    >>> clip = video.read(np.full((3, 8, 8, 3), 7, "uint8"))
    >>> video.transform(clip).shape, video.mask(clip).numpy().tolist()
    (TensorShape([4, 8, 8, 3]), [True, True, True, False])
    """

    reads_files = True
    decodes = False
    storage = "uint8"
    content = "clip"

    def __init__(
        self,
        column=None,
        size=(112, 112),
        frames=16,
        seconds=None,
        optional=False,
        max_pixels=9_000_000,
        max_seconds=600,
        max_frames=20_000,
        max_bytes=1_000_000_000,
        timeout=300,
    ):
        super().__init__(column_of("Video", column), optional)
        checks.check_shape("Video", "size", size, rank=2)
        checks.check_positive(
            "Video",
            frames=frames,
            max_pixels=max_pixels,
            max_frames=max_frames,
            max_bytes=max_bytes,
        )
        checks.check_range("Video", "max_seconds", max_seconds, 0, 86_400)
        if seconds is not None:
            checks.check_range("Video", "seconds", seconds, 0.001, max_seconds)
        checks.check_range("Video", "timeout", timeout, 0.001, 86_400)
        self.size = (int(size[0]), int(size[1]))
        self.frames = self.steps = int(frames)
        self.seconds = seconds
        self.max_pixels = max_pixels
        self.max_seconds = max_seconds
        self.max_frames = max_frames
        self.max_bytes = max_bytes
        self.timeout = timeout

    @property
    def shape(self):
        return (self.frames, *self.size, 3)

    @property
    def raw_spec(self):
        return tf.TensorSpec(self.shape, tf.uint8)

    def raw_name(self, name):
        return name

    def arguments(self):
        return {
            "column": self.columns[0] if self.columns else None,
            "size": list(self.size),
            "frames": self.frames,
            "seconds": self.seconds,
            "optional": self.optional,
            "max_pixels": self.max_pixels,
            "max_seconds": self.max_seconds,
            "max_frames": self.max_frames,
            "max_bytes": self.max_bytes,
            "timeout": self.timeout,
        }

    def describe(self):
        return schema.InputSchema(
            self.shape,
            self.dtype,
            self.optional,
            "video_frames",
            {"shape": list(self.shape), "masked": True},
        )

    def read(self, value):
        """A path, bytes or pictures -> uint8 `(steps, height, width, 3)`.

        Args:
            value: path, bytes of a file, or uint8 array `(steps, height,
                width, 3)` of any size, whose pictures are taken to be shown
                equally long, `seconds` or not.

        Returns:
            NumPy array, canonical.

        Raises:
            BadValue: Whatever is wrong with the value.
            MissingExtraError: If PyAV is not installed.
        """
        if self.is_missing(value):
            raise BadValue("has no clip", "give one", reason="missing")
        if isinstance(value, (str, os.PathLike)):
            check_file(value, self.max_bytes)
            return self._decoded(path=value)
        if isinstance(value, bytes):
            return self._decoded(data=value)
        return self._pictures(as_array(value))

    def _decoded(self, **file):
        optional.require("av", extra="video")
        _, array = decoded(
            "clip",
            (*CONTAINERS, "Ogg", "GIF"),
            "a clip",
            **file,
            max_bytes=self.max_bytes,
            timeout=self.timeout,
            size=self.size,
            frames=self.frames,
            seconds=self.seconds,
            max_pixels=self.max_pixels,
            max_seconds=self.max_seconds,
            max_frames=self.max_frames,
        )
        return array

    def _pictures(self, array):
        if array.ndim != 4 or array.shape[-1] != 3 or not array.size:
            raise BadValue(
                "expects pictures (steps, height, width, 3), received the "
                f"shape {array.shape}",
                "put the steps first and the channels last",
            )
        if array.dtype != np.uint8:
            raise BadValue(
                f"expects pictures of uint8, received {array.dtype}",
                "scale them to 0..255, round and convert them",
                reason="not a number",
            )
        if len(array) > self.frames:
            looks = 2 * np.arange(self.frames) + 1
            array = array[looks * len(array) // (2 * self.frames)]
        if array.shape[1:3] == self.size:
            return array
        return np.stack([resized(picture, self.size) for picture in array])

    def measure(self, array):
        return {"steps": len(array)}

    def transform(self, array):
        clip = tf.cast(tf.convert_to_tensor(array), "float32")
        lack = self.frames - tf.shape(clip)[0]
        clip = tf.pad(clip, [[0, lack], [0, 0], [0, 0], [0, 0]])
        return tf.ensure_shape(clip, self.shape)

    def encode(self, array):
        return self.transform(array).numpy().astype("uint8")
