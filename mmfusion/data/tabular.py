"""Rows of numbers and categories."""

import keras
import numpy as np
import tensorflow as tf

from mmfusion import checks, schema
from mmfusion.data import number
from mmfusion.data.cell import read_cell
from mmfusion.data.characters import clean, clean_strings
from mmfusion.data.modality import BadValue, Modality
from mmfusion.data.modality_checks import need_adapted
from mmfusion.data.tabular_findings import column_findings
from mmfusion.data.tabular_state import check_state, learned_state
from mmfusion.errors import ArgumentError
from mmfusion.registry import register

# No cell holds a control character: it cannot be confused with this one.
_UNSEEN = "\x01"
# Standardised values stay below it, so that nothing overflows in the model.
_FARTHEST = 1e6


@register("modality", "tabular")
class Tabular(Modality):
    """Cells of a row as one float32 vector.

    The canonical array holds str `(columns,)`: cells without control
    characters and blanks at their ends, "" where missing. The features are

        numbers, standardised (missing -> 0)    # one each
        flags, 1 where a number is missing      # one each
        codes of categories                     # one each

    with the code 0 for missing, 1 for a category that the training split does
    not have, 2 and up for those it has, in order of the alphabet. Mean and
    deviation come from the training split; a constant column becomes 0.

    Args:
        columns: list of str. All columns, in order. What is neither in
            `numbers` nor in `categories` is decided by `adapt`: numbers if
            all cells of the training split are, and none looks like an id.
        numbers: list of str. Columns of numbers.
        categories: list of str. Columns of categories.
        optional: bool. Whether a row may come without all of its cells.
            Single cells may always be empty. Defaults to False.

    Raises:
        ArgumentError: If no column is named, or one twice.
        BadValue: By `read`, if a cell of `numbers` is none.

    Example:

    >>> facts = Tabular(numbers=["price"], categories=["brand"])
    >>> facts.adapt([["1", "a"], ["3", "b"], ["", "a"]])
    >>> facts.transform(["3", "c"]).numpy()
    array([1., 0., 1.], dtype=float32)
    """

    adaptive = True
    reads_cells = True
    content = "table"

    def __init__(self, columns=None, numbers=(), categories=(), optional=False):
        if columns is None:
            columns = [*numbers, *categories]
        for argument, names in {
            "columns": columns,
            "numbers": numbers,
            "categories": categories,
        }.items():
            _check_names(argument, names)
        if not columns:
            raise ArgumentError(
                "`Tabular` expects a column at least, in `columns`, "
                "`numbers` or `categories`. Received: none."
            )
        for name in (*numbers, *categories):
            if name not in columns:
                raise checks.unknown("column of `Tabular`", name, columns)
        both = sorted(set(numbers) & set(categories))
        if both:
            raise ArgumentError(
                "`Tabular` expects a column in `numbers` or in `categories`. "
                f"Received in both: {', '.join(both)}."
            )
        super().__init__(columns, optional)
        self.numbers = tuple(numbers)
        self.categories = tuple(categories)
        self._learned = None
        self._layers = []

    @property
    def inferred(self) -> tuple:
        """The columns whose kind was not declared."""
        declared = {*self.numbers, *self.categories}
        return tuple(name for name in self.columns if name not in declared)

    def kinds(self) -> dict:
        """`"number"` or `"category"` by column, as declared or inferred."""
        if self.inferred:
            return dict(self._need()["kinds"])
        return {
            name: "number" if name in self.numbers else "category"
            for name in self.columns
        }

    def constant(self) -> list:
        """The columns of numbers that never change in the training split."""
        return list(self._need()["constant"])

    def category_sizes(self) -> list:
        """How many codes each column of categories has."""
        return [2 + len(known) for known in self._need()["vocabularies"]]

    @property
    def shape(self):
        return (2 * len(self._places("number")) + len(self._layers),)

    @property
    def raw_spec(self):
        return tf.TensorSpec((len(self.columns),), tf.string)

    @property
    def layers(self):
        return list(self._layers)

    def arguments(self):
        return {
            "columns": list(self.columns),
            "numbers": list(self.numbers),
            "categories": list(self.categories),
            "optional": self.optional,
        }

    def describe(self):
        return schema.InputSchema(
            self.shape,
            self.dtype,
            self.optional,
            "tabular_mlp",
            {
                "num_numbers": len(self._places("number")),
                "category_sizes": self.category_sizes(),
            },
        )

    def is_missing(self, value):
        if value is None:
            return True
        cells = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict):
            cells = [value.get(name) for name in self.columns]
        return all(
            cell is None or (isinstance(cell, str) and not clean(cell))
            for cell in cells
        )

    def read(self, value):
        """A dict of column to cell, or the cells in order -> str array.

        A cell is a str, a number, a bool or None. Before `adapt`, columns
        whose kind is to be inferred hold anything; read the outcome again
        afterwards to have them checked.

        Raises:
            BadValue: With all faults of the row in `faults`.
        """
        if not isinstance(value, dict):
            if isinstance(value, str) or len(value) != len(self.columns):
                raise BadValue(
                    f"expects {len(self.columns)} cells, received {value!r}",
                    "give one for each column, in order",
                )
            value = dict(zip(self.columns, value, strict=True))
        known = not self.inferred or self._learned
        kinds = self.kinds() if known else dict.fromkeys(self.numbers, "number")
        cells, faults, reason = [], [], None
        for name in self.columns:
            try:
                cells.append(read_cell(name, value, kinds.get(name)))
            except BadValue as error:
                faults.append((name, str(error)))
                reason = reason or error.reason
        if faults:
            listed = " | ".join(f"{name}: {what}" for name, what in faults)
            raise BadValue(listed, reason=reason, faults=faults)
        if not any(cells):
            raise BadValue("all cells are empty", "fill one", reason="missing")
        return np.array(cells, dtype=object)

    def check(self, raw):
        cells = clean_strings(raw)
        found = number.status(self._take(cells, "number"))
        # The first fault, or "" where there is none.
        faults = tf.boolean_mask(found, tf.not_equal(found, ""))
        status = tf.concat([faults, [""]], axis=0)[0]
        missing = tf.reduce_all(tf.equal(cells, ""))
        return tf.where(missing, "missing", status)

    def decode(self, raw):
        return tf.ensure_shape(clean_strings(raw), (len(self.columns),))

    def transform(self, array):
        return self.transform_batch(tf.convert_to_tensor(array)[None])[0]

    def transform_batch(self, arrays):
        learned = self._need()
        cells = clean_strings(arrays)
        written = self._take(cells, "number")
        missing = tf.equal(written, "")
        # In float64: a year or a time stamp has a large mean.
        far = number.value(written) - tf.constant(learned["mean"], tf.float64)
        far /= tf.constant(learned["deviation"], tf.float64)
        far = tf.clip_by_value(far, -_FARTHEST, _FARTHEST)
        parts = [tf.where(missing, tf.zeros_like(far), far), missing]
        names = self._take(cells, "category")
        parts += [
            layer(names[:, place])[:, None]
            for place, layer in enumerate(self._layers)
        ]
        features = tf.concat([tf.cast(x, "float32") for x in parts], axis=1)
        return tf.ensure_shape(features, (None, *self.shape))

    def encode(self, array):
        return [str(cell) for cell in array]

    def adapt(self, values):
        rows = [list(value) for value in values if value is not None]
        self.restore(learned_state(self.columns, rows, self._kind), {})

    def findings(self, splits):
        return column_findings(self, self._need(), splits)

    def _kind(self, name, cells):
        if name in self.inferred:
            is_number = all(map(number.looks_like_number, cells))
            return "number" if is_number else "category"
        return "number" if name in self.numbers else "category"

    def state(self):
        return self._learned or {}

    def restore(self, state, arrays):
        if not state:
            return
        check_state(state, self.columns)
        self._learned = state
        self._layers = [
            keras.layers.StringLookup(
                vocabulary=known, mask_token="", oov_token=_UNSEEN
            )
            for known in state["vocabularies"]
        ]
        for layer in self._layers:  # An export tracks built layers only.
            layer.build((None,))

    def _need(self):
        return need_adapted("Tabular", self._learned, "its columns")

    def _places(self, kind):
        """Where the columns of a kind are among all."""
        kinds = self._need()["kinds"]
        return [i for i, x in enumerate(self.columns) if kinds[x] == kind]

    def _take(self, cells, kind):
        # The dtype matters where there is no such column.
        places = tf.constant(self._places(kind), tf.int32)
        return tf.gather(cells, places, axis=-1)


def _check_names(argument, names):
    listed = isinstance(names, (list, tuple))
    if not listed or not all(isinstance(name, str) for name in names):
        raise ArgumentError(
            f"`Tabular` expects `{argument}` to be a list of names. "
            f"Received: {names!r}."
        )
    if len(set(names)) < len(names):
        raise ArgumentError(
            f"`Tabular` expects each column once in `{argument}`. "
            f"Received: {list(names)}."
        )
