"""One tensor of a table's columns to features a network can read."""

import keras
import numpy as np
from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError


@registry.serializable
class TableFeatures(keras.layers.Layer):
    """Numbers and flags as they are, category codes embedded.

    Columns of the input, in this order: the numbers (standardised, a missing
    one is 0), a missing flag for each number, a code for each category (0
    missing, 1 unseen, 2 and above known).

        y = [numbers; flags; E_1[code_1]; ...; E_k[code_k]]

    Missing values are learned: a missing number has the weight of its flag,
    a missing category an embedding of its own.

    Parameters: `embedding` for each code of each category.

    Args:
        num_numbers: int >= 0.
        category_sizes: tuple of int, the number of codes of each category,
            0 and 1 included. A code that is not below it counts as unseen.
        embedding: int. Width of each category's embedding.

    Call arguments:
        x: float tensor `(batch, 2 * num_numbers + len(category_sizes))`.

    Returns:
        Float tensor
        `(batch, 2 * num_numbers + len(category_sizes) * embedding)`.

    Raises:
        ArgumentError: If the width of `x` is another one.
    """

    def __init__(self, num_numbers, category_sizes=(), embedding=8, **kwargs):
        # Codes above 256 would be rounded by a bfloat16 policy.
        super().__init__(autocast=False, **kwargs)
        check_columns(type(self).__name__, num_numbers, category_sizes)
        checks.check_positive("TableFeatures", embedding=embedding)
        self.num_numbers = num_numbers
        self.category_sizes = tuple(category_sizes)
        self.embedding = embedding

    def build(self, input_shape):
        check_width(
            "TableFeatures", input_shape, self.num_numbers, self.category_sizes
        )
        if self.category_sizes:
            # One table for all categories, each with its own range of rows.
            self.table = self.add_weight(
                shape=(sum(self.category_sizes), self.embedding),
                initializer=keras.initializers.RandomNormal(stddev=0.05),
                name="table",
            )

    def call(self, x):
        split = 2 * self.num_numbers
        plain = ops.cast(x[:, :split], self.compute_dtype)
        if not self.category_sizes:
            return plain
        rows = ops.take(
            self.table, table_rows(x[:, split:], self.category_sizes), axis=0
        )  # (batch, categories, embedding)
        width = len(self.category_sizes) * self.embedding
        rows = ops.reshape(ops.cast(rows, self.compute_dtype), (-1, width))
        return ops.concatenate([plain, rows], axis=-1)

    def compute_output_shape(self, input_shape):
        width = 2 * self.num_numbers
        width += len(self.category_sizes) * self.embedding
        return (input_shape[0], width)

    def get_config(self):
        return {
            **super().get_config(),
            "num_numbers": self.num_numbers,
            "category_sizes": list(self.category_sizes),
            "embedding": self.embedding,
        }


def check_columns(who, num_numbers, category_sizes):
    """The numbers of columns and of codes are possible."""
    checks.check_range(who, "num_numbers", num_numbers, 0, 1e6)
    checks.check_widths(who, "category_sizes", category_sizes)


def check_width(who, shape, num_numbers, category_sizes):
    """A tensor has a number and a flag for each number, and the codes."""
    width = 2 * num_numbers + len(category_sizes)
    if shape[-1] != width:
        raise ArgumentError(
            f"`{who}` expects {width} columns: {num_numbers} numbers, as many "
            f"flags and {len(category_sizes)} categories. "
            f"Received: shape={tuple(shape)}."
        )


def table_rows(codes, sizes):
    """Where each code stands in one table of all categories.

    Args:
        codes: float tensor `(batch, categories)`. One that is not known
            counts as unseen, 1.
        sizes: tuple of int, the number of codes of each category.

    Returns:
        Int32 tensor `(batch, categories)`, below `sum(sizes)`.
    """
    codes = ops.cast(codes, "int32")
    known = ops.logical_and(codes >= 0, codes < np.array(sizes, "int32"))
    unseen = np.minimum(1, np.array(sizes, "int32") - 1)
    starts = np.cumsum([0, *sizes[:-1]]).astype("int32")
    return ops.where(known, codes, unseen) + starts
