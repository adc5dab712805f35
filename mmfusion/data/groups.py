"""Small batches that are gathered by one call of Python, which takes time."""

import numpy as np
import tensorflow as tf

_MOST = 16
_MOST_BYTES = 2_000_000


class Groups:
    """Which batches of an epoch are gathered together.

    Full batches come in groups; the last batch, where it is smaller, is a
    group of its own.

    Args:
        rows: int. Rows of an epoch.
        size: int. Rows of a batch.
        together: int. Batches of a group.

    Example:

    >>> groups = Groups(rows=5, size=2, together=2)
    >>> groups.rows(np.arange(5)).tolist()
    [[0, 1, 2, 3], [4, -1, -1, -1]]
    """

    def __init__(self, rows, size, together):
        self.size = size
        self.together = together
        self._full = rows // size
        self._rest = rows % size
        self._count = -(-self._full // together) + (self._rest > 0)

    def __len__(self):
        return self._count

    def rows(self, ordered):
        """The rows of each group, `(groups, together * size)`, -1 for none."""
        rows = np.full((len(self), self.together * self.size), -1, "int64")
        full = self._full * self.size
        rows.reshape(-1)[:full] = ordered[:full]
        if self._rest:
            rows[-1, : self._rest] = ordered[full:]
        return rows

    def of_batches(self, values):
        """`(batches, n)` as `(groups, together, n)`, 0 for none."""
        shape = (len(self), self.together, values.shape[1])
        grouped = np.zeros(shape, values.dtype)
        grouped.reshape(-1, shape[2])[: self._full] = values[: self._full]
        if self._rest:
            grouped[-1, 0] = values[-1]
        return grouped


def together(arrays, dtypes, rows, size):
    """How many batches of `size` rows to gather at once, by their bytes."""
    row = sum(
        int(np.prod(array.shape[1:])) * tf.as_dtype(dtype).size
        for array, dtype in zip(arrays, dtypes, strict=True)
    )
    return max(1, min(_MOST, rows // size, _MOST_BYTES // (row * size)))
