"""An array behind the batches of a split."""

import numpy as np


class Part:
    """An array, and where in it each row is (None: row by row)."""

    def __init__(self, array, rows=None):
        self.array = array
        self.rows = rows

    def take(self, rows):
        """The values of some rows, in an array that a tensor can share."""
        rows = rows if self.rows is None else self.rows[rows]
        out = _aligned((len(rows), *self.array.shape[1:]), self.array.dtype)
        return np.take(self.array, rows, axis=0, out=out, mode="clip")

    def part(self, rows):
        """Some of the rows, as a part of the same array."""
        return Part(self.array, rows if self.rows is None else self.rows[rows])


def _aligned(shape, dtype):
    """An array that TensorFlow takes as it is, without a copy."""
    size = int(np.prod(shape)) * dtype.itemsize
    memory = np.empty(size + 64, "uint8")
    start = -memory.ctypes.data % 64
    return memory[start : start + size].view(dtype).reshape(shape)
