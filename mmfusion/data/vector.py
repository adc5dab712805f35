"""Vectors of numbers: features that something else has computed."""

import json
import os
import re

import numpy as np
import tensorflow as tf

from mmfusion import checks, schema
from mmfusion.data.host_file import at_path
from mmfusion.data.modality import BLANK, BadValue, Modality
from mmfusion.data.modality_checks import column_of, need_adapted
from mmfusion.data.numpy_file import read_numpy, split_name
from mmfusion.errors import DataError
from mmfusion.registry import register


@register("modality", "vector")
class Vector(Modality):
    """A float32 vector of fixed length, or a sequence of up to `steps`.

    The canonical array is float32 `(dim,)`, or `(steps or less, dim)`. A cell
    of a table is read as numbers with blanks, commas or semicolons between,
    in brackets or not; a sequence is a list of lists; an empty list is a
    missing value. In a served request a vector of NaN only is a missing one;
    a sequence is sent with its mask.

    With `files=True` a cell names a file of NumPy, relative to the table:
    `v.npy`; `table.npy#12`, row 12 (from 0) of an array with a row for each
    value, of which no more is read; `v.npz`, which holds one array;
    `table.npz#key`. Python objects in it are refused.

    Args:
        column: str. Column of a table that holds the vectors.
        dim: int. Length; learned from the training split where it is None.
        standardize: bool. Whether each place is brought to mean 0 and
            deviation 1 with the statistics of the training split (over all
            steps); a constant one becomes 0. Defaults to False.
        optional: bool. Whether a row may come without it. Defaults to False.
        files: bool. Whether cells name files. Defaults to False.
        steps: int. The most vectors of a sequence. Defaults to None: a value
            is one vector.
        max_bytes: int. Larger arrays of files are refused by their header.

    Raises:
        ArgumentError: If an argument does not fit.
        BadValue: By `read`, if a value is no such vector.

    Example:

    >>> vector = Vector(dim=2, standardize=True)
    >>> vector.adapt([np.array([1.0, 5.0]), np.array([3.0, 5.0])])
    >>> vector.transform(np.array([3.0, 5.0])).numpy()
    array([1., 0.], dtype=float32)
    """

    def __init__(
        self,
        column=None,
        dim=None,
        standardize=False,
        optional=False,
        files=False,
        steps=None,
        max_bytes=100_000_000,
    ):
        super().__init__(column_of("Vector", column), optional)
        if dim is not None:
            checks.check_positive("Vector", dim=dim)
        if steps is not None:
            checks.check_positive("Vector", steps=steps)
        checks.check_positive("Vector", max_bytes=max_bytes)
        checks.check_choice("Vector", "standardize", standardize, (True, False))
        checks.check_choice("Vector", "files", files, (True, False))
        self._given_dim = self.dim = dim
        self.standardize = standardize
        self.files = files
        self.steps = steps
        self.max_bytes = max_bytes
        self._mean = self._deviation = None

    @property
    def names_files(self):
        return self.files

    @property
    def adaptive(self):
        return self._given_dim is None or self.standardize

    @property
    def decodes(self):
        return self.steps is None

    @property
    def shape(self):
        dim = need_adapted("Vector", self.dim, "its length")
        return (dim,) if self.steps is None else (self.steps, dim)

    @property
    def raw_spec(self):
        return tf.TensorSpec(self.shape, tf.float32)

    def arguments(self):
        return {
            "column": self.columns[0] if self.columns else None,
            "dim": self._given_dim,
            "standardize": self.standardize,
            "optional": self.optional,
            "files": self.files,
            "steps": self.steps,
            "max_bytes": self.max_bytes,
        }

    def describe(self):
        encoder, arguments = "vector_mlp", {"dim": self.shape[0]}
        if self.steps is not None:
            encoder = "vector_sequence"
            arguments = {"shape": list(self.shape), "masked": True}
        return schema.InputSchema(
            self.shape, self.dtype, self.optional, encoder, arguments
        )

    def is_missing(self, value):
        if isinstance(value, (list, tuple)):
            return not value
        if isinstance(value, str) and not self.files:
            return not value.strip(f"[]{BLANK}")
        return super().is_missing(value)

    def locate(self, value, resolve):
        is_path = self.files and isinstance(value, (str, os.PathLike))
        if not is_path or self.is_missing(value):
            return value
        path, key = split_name(value)
        path = os.fspath(resolve(path))
        return path if key is None else f"{path}#{key}"

    def read(self, value):
        """An array, a list of numbers, or a cell -> float32 array, canonical.

        Raises:
            BadValue: If its length is wrong or a value is not finite.
        """
        if self.is_missing(value):
            raise BadValue("holds no vector", "give one", reason="missing")
        if self.files and isinstance(value, (str, os.PathLike)):
            array = read_numpy(value, self.max_bytes)
            try:
                return self._checked(array)
            except BadValue as error:
                raise at_path(value, error) from error
        if isinstance(value, str) and self.steps is None:
            value = re.split(r"[\s,;]+", value.strip("[]() \t\r\n,;"))
        try:
            if isinstance(value, str):
                value = json.loads(value)
            given = np.asarray(value)
        except (ValueError, RecursionError) as error:
            raise _no_numbers(value) from error
        return self._checked(given)

    def _checked(self, given):
        try:
            with np.errstate(over="ignore"):  # Too large becomes infinite.
                vector = given.astype("float32")
        except (TypeError, ValueError, OverflowError) as error:
            raise _no_numbers(given.tolist()) from error
        self._check_shape(vector.shape)
        whole = given.dtype.kind in "iu"
        # Not `abs`: the least whole number has none.
        if whole and np.any((given > 2**24) | (given < -(2**24))):
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

    def _check_shape(self, shape):
        length = "one or more" if self.dim is None else self.dim
        what = f"a vector of {length} numbers"
        fits = len(shape) == 1
        if self.steps is not None:
            what = f"1 to {self.steps} vectors of {length} numbers"
            fits = len(shape) == 2 and shape[0] <= self.steps
        if not fits or 0 in shape or self.dim not in (None, shape[-1]):
            raise BadValue(
                f"expects {what}, received the shape {shape}", "correct it"
            )

    def measure(self, array):
        return {} if self.steps is None else {"steps": len(array)}

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
        if self.steps is not None:
            lack = self.steps - tf.shape(vector)[0]
            vector = tf.pad(vector, [[0, lack], [0, 0]])
        return tf.ensure_shape(vector, self.shape)

    def encode(self, array):
        array = np.asarray(array, "float32")
        if self.steps is None:
            return array
        return np.pad(array, [(0, self.steps - len(array)), (0, 0)])

    def adapt(self, values):
        if not self.adaptive:
            return
        # Each vector by itself, of a sequence as well.
        rows = [np.atleast_2d(v) for v in values if v is not None]
        if not rows:
            raise DataError(
                "`Vector` finds no value in the training split to learn "
                "from. Leave this input out, or check its column."
            )
        lengths = sorted({row.shape[1] for row in rows})
        if len(lengths) > 1 or self._given_dim not in (None, *lengths):
            raise DataError(
                "`Vector` expects vectors of one length. Received: lengths "
                f"{lengths} with dim={self._given_dim}."
            )
        self.dim = lengths[0]
        if self.standardize:
            table = np.concatenate(rows).astype("float64")
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
    places = np.argwhere(~np.isfinite(vector))[0].tolist()
    return places[0] if len(places) == 1 else tuple(places)


def _no_numbers(value):
    return BadValue(
        f"expects a vector of numbers, received {str(value)[:60]!r}",
        "correct it",
        reason="not a number",
    )
