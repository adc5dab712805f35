"""One tensor of a table's columns to features a network can read."""

import keras
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
        checks.check_range("TableFeatures", "num_numbers", num_numbers, 0, 1e6)
        for size in category_sizes:
            checks.check_positive("TableFeatures", category_sizes=size)
        checks.check_positive("TableFeatures", embedding=embedding)
        self.num_numbers = num_numbers
        self.category_sizes = tuple(category_sizes)
        self.embedding = embedding

    def build(self, input_shape):
        width = 2 * self.num_numbers + len(self.category_sizes)
        if input_shape[-1] != width:
            raise ArgumentError(
                f"`TableFeatures` expects {width} columns: "
                f"{self.num_numbers} numbers, as many flags and "
                f"{len(self.category_sizes)} categories. "
                f"Received: shape={tuple(input_shape)}."
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
        parts = [ops.cast(x[:, :split], self.compute_dtype)]
        start = 0
        for column, size in enumerate(self.category_sizes):
            code = ops.cast(x[:, split + column], "int32")
            known = ops.logical_and(code >= 0, code < size)
            code = ops.where(known, code, ops.full_like(code, min(1, size - 1)))
            rows = ops.take(self.table, code + start, axis=0)
            parts.append(ops.cast(rows, self.compute_dtype))
            start += size
        return ops.concatenate(parts, axis=-1)

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
