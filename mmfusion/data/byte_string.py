"""Reads numbers out of bytes, inside a graph and on the host alike.

A header is parsed by one function for both: with a `GraphBytes` it makes the
operations of a graph, with a `HostBytes` it computes. Both have the same
methods, and what is named here a number, or a bool, is a tensor `()` or a
Python value.
"""

import numpy as np
import tensorflow as tf


class GraphBytes:
    """The bytes of a scalar string tensor.

    A place beyond the end reads as zero: headers lie, and a graph that parses
    one must not fail.

    Args:
        raw: string tensor `()`.

    Attributes:
        size: int64 tensor `()`.
    """

    def __init__(self, raw):
        data = tf.io.decode_raw(raw, tf.uint8)
        self.size = tf.size(data, out_type=tf.int64)
        # One byte more, for all the places beyond the end.
        self._data = tf.concat([data, tf.zeros([1], tf.uint8)], axis=0)

    def number(self, at, count, little=False):
        """Reads `count` bytes as one unsigned number.

        Args:
            at: a number, or what `places` gives.
            count: int, 1 to 7.
            little: bool. Whether the lowest byte comes first.

        Returns:
            int64, as many as `at` are.
        """
        at = tf.convert_to_tensor(at, tf.int64)
        places = at[..., None] + np.arange(count)
        places = tf.minimum(tf.maximum(places, 0), self.size)
        values = tf.cast(tf.gather(self._data, places), tf.int64)
        weights = 256 ** np.arange(count, dtype="int64")
        if little is False:
            weights = weights[::-1].copy()
        elif little is not True:
            weights = tf.where(little, weights, weights[::-1].copy())
        return tf.reduce_sum(values * weights, axis=-1)

    def where(self, condition, there, otherwise):
        """One of two, as `condition` says, or of each pair of several."""
        return tf.where(condition, _tensor(there), _tensor(otherwise))

    def places(self, start, distance, count):
        """`count` places, each `distance` after the one before."""
        return start + distance * tf.range(count, dtype=tf.int64)

    def largest(self, values):
        """The largest of several numbers, 0 at least."""
        return tf.reduce_max(tf.concat([values, [0]], axis=0))

    def is_in(self, number, values):
        """Whether a number is one of several, which are known."""
        return tf.reduce_any(number == tf.constant(values, tf.int64))

    def either(self, condition, there, otherwise):
        """What one of two functions gives; the other is not computed."""
        return tf.cond(
            condition,
            lambda: tf.nest.map_structure(_tensor, there()),
            lambda: tf.nest.map_structure(_tensor, otherwise()),
        )

    def walk(self, more, step, state, most):
        """Repeats `state = step(*state)` as long as `more(*state)`.

        `most` times at most: a hostile file may be nothing but small parts.
        """
        state = tuple(_tensor(x) for x in state)
        return tf.while_loop(more, step, state, maximum_iterations=most)


class HostBytes:
    """The same of bytes that are in memory.

    Args:
        data: bytes.

    Attributes:
        size: int.
    """

    def __init__(self, data):
        self._data = data
        self.size = len(data)

    def number(self, at, count, little=False):
        if isinstance(at, int) and at >= 0:
            found = self._data[at : at + count].ljust(count, b"\0")
            return int.from_bytes(found, "little" if little else "big")
        places = np.asarray(at)[..., None] + np.arange(count)
        # One byte more, for all the places beyond the end.
        data = np.frombuffer(self._data + b"\0", "uint8")
        values = data[np.clip(places, 0, self.size)].astype("int64")
        weights = 256 ** np.arange(count, dtype="int64")
        numbers = values @ (weights if little else weights[::-1])
        return numbers if numbers.ndim else int(numbers)

    def where(self, condition, there, otherwise):
        if isinstance(condition, np.ndarray):
            return np.where(condition, there, otherwise)
        return there if condition else otherwise

    def places(self, start, distance, count):
        return start + distance * np.arange(count)

    def largest(self, values):
        return int(max(values, default=0))

    def is_in(self, number, values):
        return number in values

    def either(self, condition, there, otherwise):
        return there() if condition else otherwise()

    def walk(self, more, step, state, most):
        for _ in range(most):
            if not more(*state):
                break
            state = step(*state)
        return state


def _tensor(value):
    """Python numbers of headers are int64 in a graph."""
    if isinstance(value, int) and not isinstance(value, bool):
        return tf.constant(value, tf.int64)
    return tf.convert_to_tensor(value)
