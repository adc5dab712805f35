"""Modalities whose raw value is a file: one way of reading for all."""

import os

import numpy as np
import tensorflow as tf

from mmfusion.data.byte_string import GraphBytes, HostBytes
from mmfusion.data.host_file import at_path, read_bytes, too_many_bytes
from mmfusion.data.modality import (
    BadValue,
    Modality,
)
from mmfusion.data.sniff import sniff
from mmfusion.errors import MmfusionError

# What the graph refuses and a host library may still read.
_ELSEWHERE = ("unsupported format", "unsupported sample rate")


class FileModality(Modality):
    """Reads bytes in the graph where that covers them, else on the host.

    A subclass writes, for both, `header(data)`, of `GraphBytes` or
    `HostBytes`, a dict of numbers and bools which must never fail, and
    `check_header(header, where)`, the status that follows, `where` being that
    of the bytes; for the graph `decode_body(raw, header)` and `nothing`, a
    canonical tensor of size zero; for the host `read_array(array)`,
    `read_elsewhere(data)` for the formats that the graph does not cover, and
    `explain(status, data)`, which gives the `BadValue` of a status.

    Attributes:
        kind_of_file: str. What the file should be, for messages.
        formats: tuple of str. The types that may be such a file.
    """

    reads_files = True
    kind_of_file = "a file"
    formats = ()

    def __init__(self, columns, optional, max_bytes):
        super().__init__(columns, optional)
        self.max_bytes = max_bytes
        # One trace for all values; eager loops over headers are slow.
        self._read_graph = tf.function(
            self._check_and_decode,
            input_signature=[self.raw_spec],
            autograph=False,  # There is nothing to convert, slowly.
        )

    @property
    def raw_spec(self):
        return tf.TensorSpec((), tf.string)

    def check(self, raw):
        size = tf.strings.length(raw)
        return tf.case(
            [
                (tf.equal(size, 0), lambda: tf.constant("missing")),
                (size > self.max_bytes, lambda: tf.constant("too large")),
            ],
            default=lambda: self._status(GraphBytes(raw))[0],
        )

    def decode(self, raw):
        return self.decode_body(raw, self.header(GraphBytes(raw)))

    def read(self, value):
        """A path, bytes or an array -> canonical array.

        Args:
            value: path, bytes or NumPy array.

        Returns:
            NumPy array, canonical.

        Raises:
            BadValue: Whatever is wrong with the value; nothing else.
        """
        if isinstance(value, (str, os.PathLike)):
            if self.is_missing(value):
                raise BadValue("has no path", "name a file", reason="missing")
            data = read_bytes(value, self.max_bytes)
            try:
                return self._read(data)
            except BadValue as error:
                raise at_path(value, error) from error.__cause__
        if isinstance(value, bytes):
            return self._read(value)
        if value is None:
            raise BadValue("has no value", "give one", reason="missing")
        if hasattr(value, "__array__") or isinstance(value, (list, tuple)):
            return self.read_array(as_array(value))
        raise BadValue(
            f"expects a path, bytes or an array, received a "
            f"{type(value).__name__}",
            "convert it",
        )

    def _read(self, data):
        if not data:
            raise BadValue("holds zero bytes", "replace it", reason="missing")
        if len(data) > self.max_bytes:  # Before a copy goes to the graph.
            raise too_many_bytes("the file", len(data), self.max_bytes)
        try:
            status, array = self._read_graph(tf.constant(data))
        except (tf.errors.OpError, UnicodeDecodeError) as error:
            # UnicodeDecodeError: TensorFlow quotes raw bytes in messages.
            raise self.broken(data) from error
        status = status.numpy().decode()
        if not status:
            return array.numpy()
        if status not in _ELSEWHERE:
            raise self.explain(status, data)
        try:
            return self.read_elsewhere(data)
        except MmfusionError:  # A bad value, or a package that is missing.
            raise
        except Exception as error:
            # Decoders of hostile bytes raise anything: struct.error,
            # KeyError, OverflowError, MemoryError...
            raise self.broken(data) from error

    def _check_and_decode(self, raw):
        status, header = self._status(GraphBytes(raw))
        return status, tf.cond(
            tf.equal(status, ""),
            lambda: self.decode_body(raw, header),
            self.nothing,
        )

    def _status(self, data):
        header = self.header(data)
        return self.check_header(header, data.where), header

    def readable_header(self, data):
        """The header of bytes in memory; None where a graph refuses them."""
        if not 0 < len(data) <= self.max_bytes:
            return None
        status, header = self._status(HostBytes(data))
        return None if status else header

    def tensor_of(self, raw, header):
        """What `transform` gives of bytes that a graph does not refuse.

        Args:
            raw: string tensor `()`.
            header: dict of tensors, of what `readable_header` gives.

        Returns:
            Tensor of `shape` in the storage dtype.
        """
        array = self.decode_body(raw, header)
        return tf.cast(self.transform(array), self.storage)

    def broken(self, data) -> BadValue:
        """The error for bytes that no decoder takes."""
        return broken_file(data, self.formats, self.kind_of_file)


def broken_file(data, formats, kind_of_file) -> BadValue:
    """The error for bytes that no decoder takes.

    Args:
        data: bytes, the first ones are enough.
        formats: tuple of str. The types that may be such a file.
        kind_of_file: str. What the file should be.
    """
    found = sniff(data)
    what = f"{found}, not {kind_of_file}"
    if found in formats:
        what = f"{found} that is truncated or damaged"
    return BadValue(f"holds {what}", "replace the file")


def as_array(value):
    """An array of whatever gives one.

    Raises:
        BadValue: If it is of lists of unequal lengths.
    """
    try:
        return np.asarray(value)
    except ValueError as error:  # Lists of unequal lengths.
        raise BadValue(
            "expects an array, received lists of unequal lengths", "pad them"
        ) from error
