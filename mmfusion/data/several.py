"""Several values of a kind in one cell: photos of a product, reviews."""

import hashlib

import numpy as np
import tensorflow as tf

from mmfusion import checks, registry, schema
from mmfusion.data import several_raw
from mmfusion.data.listed import listed
from mmfusion.data.modality import BLANK, BadValue, Modality
from mmfusion.data.modality_checks import column_of
from mmfusion.data.one_value import described, one_value, restored
from mmfusion.errors import ArgumentError


@registry.register("modality", "several")
class Several(Modality):
    """Up to `most` pictures, sounds, texts or vectors in a row.

    A cell holds a list: one of a typed table (JSON lines, Parquet), a text
    that is a JSON list, `["a.jpg", "b.jpg"]`, or, with a `separator`, a text
    with it between the values, `a.jpg|b.jpg`. Empty values are left out, and
    a list of nothing is a missing value. What is wrong with one value names
    its place and makes the whole cell a bad one.

    The canonical value is the list of the canonical values of `of`; the
    tensor, `(most, ...)`, holds what `of` makes of each, then zeros, which are
    False in the mask. `of` adapts to all values of the training split.

    A served request holds `(batch, most)` raw values; "" or NaN is none.

    Args:
        of: the modality object of one value, without a column and not
            optional, or a dict of its `type` and arguments. It must not have
            steps itself.
        column: str. Column of a table that holds the lists.
        most: int. Values of a row. More are an error unless `truncate` is
            True.
        separator: str. What stands between values in a text. Defaults to
            None: a text is a JSON list.
        truncate: bool. Whether the first `most` of more values are taken; the
            notes of the data say how often. Defaults to False.
        optional: bool. Whether a row may come without any. Defaults to False.

    Raises:
        ArgumentError: If an argument does not fit, or `of` has a column, steps,
            or is optional.
        BadValue: By `read`, if one of the values is bad, or they are too many.

    Example:

    >>> from mmfusion.data import Vector
    >>> several = Several(Vector(dim=2), most=3)
    >>> values = several.read("[[1, 2], [3, 4]]")
    >>> several.transform(values).numpy().tolist()
    [[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]]
    >>> several.mask(values).numpy().tolist()
    [True, True, False]
    """

    def __init__(
        self,
        of,
        column=None,
        most=4,
        separator=None,
        truncate=False,
        optional=False,
    ):
        super().__init__(column_of("Several", column), optional)
        checks.check_positive("Several", most=most)
        checks.check_choice("Several", "truncate", truncate, (True, False))
        if separator == "" or not isinstance(separator, str | None):
            raise ArgumentError(
                "`Several` expects `separator` to be a text such as '|'. "
                f"Received: {separator!r}."
            )
        self.of = one_value(of)
        self.most = self.steps = most
        self.separator = separator
        self.truncate = truncate
        self._cut = []  # How many values each cell had that was cut.

    @property
    def reads_files(self):
        return self.of.reads_files

    @property
    def adaptive(self):
        return self.of.adaptive

    @property
    def content(self):
        # Told apart from one value that has as many axes.
        return f"several {self.of.content or 'values'}"

    @property
    def dtype(self):
        return self.of.dtype

    @property
    def storage(self):
        return self.of.storage

    @property
    def layers(self):
        return self.of.layers

    @property
    def shape(self):
        return (self.most, *self.of.shape)

    @property
    def raw_spec(self):
        spec = self.of.raw_spec
        return tf.TensorSpec((self.most, *spec.shape), spec.dtype)

    @property
    def element(self):
        return self.of

    def elements(self, array):
        return list(array)

    def arguments(self):
        return {
            "of": described(self.of),
            "column": self.columns[0] if self.columns else None,
            "most": self.most,
            "separator": self.separator,
            "truncate": self.truncate,
            "optional": self.optional,
        }

    @classmethod
    def from_arguments(cls, arguments):
        return cls(**{**arguments, "of": restored(arguments["of"])})

    def describe(self):
        one = self.of.describe()
        return schema.InputSchema(
            self.shape,
            self.dtype,
            self.optional,
            "several",
            {
                "encoder": {"name": one.encoder, **one.arguments},
                "count": self.most,
                "masked": True,
            },
        )

    def resolve_encoder(self, settings, folder):
        return self._inner(settings, self.of.resolve_encoder, folder)

    def encoder_arguments(self, settings, values):
        return self._inner(settings, self.of.encoder_arguments, _flat(values))

    def _inner(self, settings, change, *more):
        """The settings of the encoder of one value, changed."""
        if not isinstance(settings.get("encoder"), dict):
            return settings
        return {**settings, "encoder": change(settings["encoder"], *more)}

    def adapt(self, values):
        self.of.adapt(_flat(values))

    def state(self):
        return self.of.state()

    def arrays(self):
        return self.of.arrays()

    def restore(self, state, arrays):
        self.of.restore(state, arrays)

    def measure(self, array):
        return {"values": len(array)}

    def key(self, array):
        keys = [self.of.key(one) for one in array]
        if None not in keys:
            return "; ".join(keys)
        parts = b"".join(np.ascontiguousarray(x).tobytes() for x in array)
        return f"{len(array)} values, {hashlib.sha256(parts).hexdigest()}"

    def findings(self, splits):
        return self.of.findings(
            {name: list(_flat(values)) for name, values in splits.items()}
        )

    def is_missing(self, value):
        if super().is_missing(value):
            return True
        try:
            return all(
                self.of.is_missing(one) for one in listed(value, self.separator)
            )
        except BadValue:
            return False

    def locate(self, value, resolve):
        if value is None or isinstance(value, str) and not value.strip(BLANK):
            return value
        return [
            self._at(number, self.of.locate, one, resolve)
            for number, one in enumerate(listed(value, self.separator), start=1)
        ]

    def read(self, value):
        """A list, or a cell that holds one -> list of canonical values.

        Raises:
            BadValue: If it is no list, a value is bad, or there are too many.
        """
        if self.is_missing(value):
            raise BadValue("holds no value", "give one", reason="missing")
        given = [
            (number, one)
            for number, one in enumerate(listed(value, self.separator), start=1)
            if not self.of.is_missing(one)
        ]
        if len(given) > self.most:
            if not self.truncate:
                raise BadValue(
                    f"holds {len(given)} values, more than `most={self.most}`",
                    "raise `most`, or pass `truncate=True` to take the first",
                    reason="too large",
                )
            self._cut.append(len(given))
        return [
            self._at(number, self.of.read, one)
            for number, one in given[: self.most]
        ]

    def raw(self, value):
        if self.is_missing(value):
            return None
        given = map(self.of.raw, listed(value, self.separator))
        given = [one for one in given if one is not None]
        return several_raw.filled(self.of, given, self.most)

    def encode(self, array):
        given = [self.of.encode(one) for one in array]
        return several_raw.filled(self.of, given, self.most)

    def check(self, raw):
        return several_raw.check(self.of, raw)

    def from_raw(self, raw):
        made = several_raw.made(self.of, raw)
        mask = tf.sequence_mask(tf.shape(made)[0], self.most)
        return self._padded(made), mask

    def transform(self, array):
        """A list of canonical values -> tensor `(most, ...)`."""
        return self._padded(tf.stack([self.of.transform(x) for x in array]))

    def mask(self, array):
        return tf.sequence_mask(len(array), self.most)

    def _padded(self, made):
        lack = [[0, self.most - tf.shape(made)[0]]]
        lack += [[0, 0]] * (len(self.shape) - 1)
        return tf.ensure_shape(tf.pad(made, lack), self.shape)

    def notes(self):
        cut, self._cut = self._cut, []  # Each is told once.
        left = sum(cut) - self.most * len(cut)
        return bool(cut) * [
            f"{len(cut)} cells held more than {self.most} values; {left} "
            "values at their ends were left out"
        ]

    def _at(self, number, function, *arguments):
        try:
            return function(*arguments)
        except BadValue as error:
            raise BadValue(
                f"value {number}: {error}",
                reason=f"value {number}: {error.reason}",
            ) from error


def _flat(values):
    return (one for value in values if value is not None for one in value)
