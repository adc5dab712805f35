"""Vectors of numbers: features that something else has computed."""

import re

import numpy as np
import tensorflow as tf

from mmfusion import checks, schema
from mmfusion.data.modality import (
    BadValue,
    Modality,
    column_of,
    need_adapted,
)
from mmfusion.errors import DataError
from mmfusion.registry import register


@register("modality", "vector")
class Vector(Modality):
    """A float32 vector of fixed length.

    The canonical array is float32 `(dim,)`. A cell of a table is read as
    numbers with blanks, commas or semicolons between, in brackets or not. In
    a served request a vector of NaN only is a missing one.

    Args:
        column: str. Column of a table that holds the vectors.
        dim: int. Length; learned from the training split where it is None.
        standardize: bool. Whether each place is brought to mean 0 and
            deviation 1 with the statistics of the training split; a constant
            one becomes 0. Defaults to False.
        optional: bool. Whether a row may come without it. Defaults to False.

    Example:

    >>> vector = Vector(dim=2, standardize=True)
    >>> vector.adapt([np.array([1.0, 5.0]), np.array([3.0, 5.0])])
    >>> vector.transform(np.array([3.0, 5.0])).numpy()
    array([1., 0.], dtype=float32)
    """

    def __init__(
        self, column=None, dim=None, standardize=False, optional=False
    ):
        super().__init__(column_of("Vector", column), optional)
        if dim is not None:
            checks.check_positive("Vector", dim=dim)
        checks.check_choice("Vector", "standardize", standardize, (True, False))
        self._given_dim = self.dim = dim
        self.standardize = standardize
        self._mean = self._deviation = None

    @property
    def adaptive(self):
        return self._given_dim is None or self.standardize

    @property
    def shape(self):
        return (need_adapted("Vector", self.dim, "its length"),)

    @property
    def raw_spec(self):
        return tf.TensorSpec(self.shape, tf.float32)

    def arguments(self):
        return {
            "column": self.columns[0] if self.columns else None,
            "dim": self._given_dim,
            "standardize": self.standardize,
            "optional": self.optional,
        }

    def describe(self):
        return schema.InputSchema(
            self.shape,
            self.dtype,
            self.optional,
            "vector_mlp",
            {"dim": self.shape[0]},
        )

    def read(self, value):
        """An array, a list of numbers or a cell -> float32 `(dim,)`.

        Raises:
            BadValue: If its length is wrong or a value is not finite.
        """
        if self.is_missing(value):
            raise BadValue("holds no vector", "give one", reason="missing")
        if isinstance(value, str):
            value = re.split(r"[\s,;]+", value.strip("[]() \t\r\n,;"))
        try:
            with np.errstate(over="ignore"):  # Too large becomes infinite.
                given = np.asarray(value)
                vector = given.astype("float32")
        except (TypeError, ValueError) as error:
            raise BadValue(
                f"expects a vector of numbers, received {str(value)[:60]!r}",
                "correct it",
                reason="not a number",
            ) from error
        if (
            vector.ndim != 1
            or not vector.size
            or (self.dim is not None and len(vector) != self.dim)
        ):
            length = "one or more" if self.dim is None else self.dim
            raise BadValue(
                f"expects a vector of {length} numbers, received the shape "
                f"{vector.shape}",
                "correct it",
            )
        if given.dtype.kind in "iu" and np.any(np.abs(given) > 2**24):
            raise BadValue(
                f"holds whole numbers above {2**24}, which lose digits",
                "give ids as categories of a table, amounts as floats",
                reason="too large",
            )
        if not np.all(np.isfinite(vector)):
            raise BadValue(
                f"is NaN or infinite at place {_first_bad(vector)}",
                "correct it, or leave the whole value empty",
                reason="not a number",
            )
        return vector

    def check(self, raw):
        nan = tf.math.is_nan(raw)
        finite = tf.reduce_all(tf.math.is_finite(raw))
        status = tf.where(finite, "", "not a number")
        return tf.where(tf.reduce_all(nan), "missing", status)

    def decode(self, raw):
        return tf.ensure_shape(tf.cast(raw, "float32"), self.shape)

    def transform(self, array):
        vector = tf.cast(tf.convert_to_tensor(array), "float32")
        if self.standardize:
            mean = need_adapted("Vector", self._mean, "mean and deviation")
            vector = (vector - mean) / self._deviation
        return tf.ensure_shape(vector, self.shape)

    def encode(self, array):
        return np.asarray(array, "float32")

    def adapt(self, values):
        if not self.adaptive:
            return
        rows = [np.asarray(v) for v in values if v is not None]
        if not rows:
            raise DataError(
                "`Vector` finds no value in the training split to learn "
                "from. Leave this input out, or check its column."
            )
        lengths = sorted({len(row) for row in rows})
        if len(lengths) > 1 or self._given_dim not in (None, *lengths):
            raise DataError(
                "`Vector` expects vectors of one length. Received: lengths "
                f"{lengths} with dim={self._given_dim}."
            )
        self.dim = lengths[0]
        if self.standardize:
            table = np.stack(rows).astype("float64")
            deviation = table.std(axis=0)
            # What never changes says nothing; it must not become infinite.
            constant = table.min(axis=0) == table.max(axis=0)
            deviation[constant | (deviation < 1e-30)] = 1.0
            self._mean = table.mean(axis=0).astype("float32")
            self._deviation = deviation.astype("float32")

    def state(self):
        return {"dim": self.dim}

    def arrays(self):
        if self._mean is None:
            return {}
        return {"mean": self._mean, "deviation": self._deviation}

    def restore(self, state, arrays):
        checks.check_keys("state of a vector", state, ("dim",), ("dim",))
        self.dim = state["dim"]
        self._mean = arrays.get("mean")
        self._deviation = arrays.get("deviation")


def _first_bad(vector):
    return int(np.flatnonzero(~np.isfinite(vector))[0])
