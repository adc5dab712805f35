"""One tensor of a table's columns to a token for each column."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.layers.table_features import (
    check_columns,
    check_width,
    table_rows,
)


@registry.serializable
class TableTokens(keras.layers.Layer):
    """A vector for each column: numbers, categories, and what is missing.

    Columns of the input are those of `TableFeatures`: the numbers, a missing
    flag for each number, a code for each category (0 missing, 1 unseen, 2 and
    above known).

        t_j = b_j + x_j w_j    # a number
        t_j = b_j + m_j        # a missing number: learned, one per column
        t_k = b_k + E_k[code]  # a category; code 0, missing, has its own row

    Parameters: `3 embedding` for each number, `embedding` for each category
    and each code of it, and `embedding` for the readout.

    Args:
        num_numbers: int >= 0.
        category_sizes: tuple of int, the number of codes of each category,
            0 and 1 included. A code that is not below it counts as unseen.
        embedding: int. Width of each token.
        readout: bool. Whether a learned token, the same in every row, goes
            before the others ("[CLS]"). Defaults to False.

    Call arguments:
        x: float tensor `(batch, 2 * num_numbers + len(category_sizes))`. What
            stands for a missing number changes nothing.

    Returns:
        Float tensor `(batch, columns, embedding)`, with `readout` one column
        more, the first.

    Raises:
        ArgumentError: If there is no column, or if the width of `x` is
            another one.

    Example:

    >>> import numpy as np
    >>> x = np.array([[0.5, 0.0, 3.0]], "float32")
    >>> tuple(TableTokens(1, (5,), embedding=8)(x).shape)
    (1, 2, 8)

    Reference:
        - [Gorishniy et al., 2021](https://arxiv.org/abs/2106.11959), the
          "feature tokenizer"; the token of a missing number is ours.
    """

    def __init__(
        self,
        num_numbers,
        category_sizes=(),
        embedding=64,
        readout=False,
        **kwargs,
    ):
        # Codes above 256 would be rounded by a bfloat16 policy.
        super().__init__(autocast=False, **kwargs)
        check_columns("TableTokens", num_numbers, category_sizes)
        checks.check_positive("TableTokens", embedding=embedding)
        if not num_numbers and not category_sizes:
            raise ArgumentError(
                "`TableTokens` expects a number or a category at least. "
                "Received: none."
            )
        self.num_numbers = num_numbers
        self.category_sizes = tuple(category_sizes)
        self.embedding = embedding
        self.readout = readout

    @property
    def columns(self):
        return self.num_numbers + len(self.category_sizes)

    def build(self, input_shape):
        check_width(
            "TableTokens", input_shape, self.num_numbers, self.category_sizes
        )
        # Every part of a token is as large as the others.
        limit = self.embedding**-0.5

        def weight(rows, name):
            return self.add_weight(
                shape=(rows, self.embedding),
                initializer=keras.initializers.RandomUniform(-limit, limit),
                name=name,
            )

        self.bias = weight(self.columns, "bias")
        if self.num_numbers:
            self.scale = weight(self.num_numbers, "scale")
            self.missing = weight(self.num_numbers, "missing")
        if self.category_sizes:
            self.table = weight(sum(self.category_sizes), "table")
        if self.readout:
            self.first = weight(1, "first")

    def call(self, x):
        dtype, count = self.compute_dtype, self.num_numbers
        tokens = []
        if count:
            missing = x[:, count : 2 * count] > 0.5
            # Replaced first: what stands there may be NaN.
            known = ops.where(
                missing, ops.zeros_like(x[:, :count]), x[:, :count]
            )
            scaled = ops.cast(known, dtype)[..., None] * ops.cast(
                self.scale, dtype
            )
            tokens.append(
                ops.where(
                    missing[..., None], ops.cast(self.missing, dtype), scaled
                )
            )
        if self.category_sizes:
            rows = table_rows(x[:, 2 * count :], self.category_sizes)
            tokens.append(ops.cast(ops.take(self.table, rows, axis=0), dtype))
        y = ops.concatenate(tokens, axis=1) + ops.cast(self.bias, dtype)
        if self.readout:
            first = ops.zeros_like(y[:, :1]) + ops.cast(self.first, dtype)
            y = ops.concatenate([first, y], axis=1)
        return y

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.columns + self.readout, self.embedding)

    def get_config(self):
        return {
            **super().get_config(),
            "num_numbers": self.num_numbers,
            "category_sizes": list(self.category_sizes),
            "embedding": self.embedding,
            "readout": self.readout,
        }
