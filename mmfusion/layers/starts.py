"""Weights that a layer begins with, for its copies to begin with, too."""

import hashlib
import weakref

import numpy as np

# By checksum, as long as a layer holds them. A config holds the checksum only,
# and what is made of it in this process gets the weights again.
_STARTS = weakref.WeakValueDictionary()


class Start:
    """Arrays that a layer begins with, and their SHA-256.

    Made by `begin`; two layers that begin alike share one.
    """

    def __init__(self, arrays, checksum):
        self.arrays = arrays
        self.checksum = checksum


def begin(arrays):
    """The `Start` of a list of arrays, which must not be written to again."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype} {array.shape} ".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    checksum = digest.hexdigest()
    return _STARTS.setdefault(checksum, Start(arrays, checksum))


def recall(checksum):
    """The `Start` with this checksum, or None if no layer here holds it."""
    return _STARTS.get(checksum)
