"""Modalities whose raw value is a text: one way of reading for all."""

import math

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.characters import as_text, clean, clean_strings, is_utf8
from mmfusion.data.host_file import too_many_bytes
from mmfusion.data.modality import BadValue, Modality
from mmfusion.data.modality_checks import column_of


class TextModality(Modality):
    """Reads a str, or its UTF-8 bytes, alike on the host and in the graph.

    The canonical value is a str with blanks for control characters and none
    at its ends. A subclass writes `transform`.
    """

    def __init__(self, column, optional, max_bytes):
        who = type(self).__name__
        super().__init__(column_of(who, column), optional)
        checks.check_positive(who, max_bytes=max_bytes)
        self.max_bytes = max_bytes

    @property
    def raw_spec(self):
        return tf.TensorSpec((), tf.string)

    def is_missing(self, value):
        # What pandas leaves in an empty cell of a column of texts.
        if isinstance(value, float) and math.isnan(value):
            return True
        if isinstance(value, str):
            return not clean(value)
        return super().is_missing(value)

    def read(self, value):
        """A str, or its UTF-8 bytes, without control characters.

        Raises:
            BadValue: If it is no text, not UTF-8, or too long.
        """
        text = as_text(value)
        size = len(text.encode("utf-8"))
        if size > self.max_bytes:
            raise too_many_bytes("the text", size, self.max_bytes)
        text = clean(text)
        if not text:
            raise BadValue("holds no text", "write one", reason="missing")
        return text

    def check(self, raw):
        status = tf.where(tf.equal(clean_strings(raw), ""), "missing", "")
        status = tf.where(is_utf8(raw), status, "cannot be decoded")
        large = tf.strings.length(raw) > self.max_bytes
        return tf.where(large, "too large", status)

    def decode(self, raw):
        return clean_strings(raw)

    def measure(self, array):
        return {"words": len(array.split())}

    def key(self, array):
        return " ".join(array.lower().split())

    def encode(self, array):
        return str(array)
