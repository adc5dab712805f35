"""What Python yields, as a data set."""

import numpy as np
import tensorflow as tf


def stream(values, spec):
    """A data set of what an iterator yields; it can be passed through once.

    `tf.data.Dataset.from_generator` would do the same, but its operation sets
    `M_TRIM_THRESHOLD`, for good and for the whole process. With it glibc keeps
    its threshold for `mmap` at 128 KiB, so that each larger tensor of each
    training step takes fresh pages from the system (TensorFlow 2.21).

    Args:
        values: iterable of arrays, with an end or without. It is asked for the
            next ones by one thread at a time, a few before they are wanted.
        spec: `tf.TensorSpec` of each.

    Returns:
        `tf.data.Dataset` of unknown cardinality.

    Example:

    >>> import tensorflow as tf
    >>> rows = iter([[1, 2], [3]])
    >>> for x in stream(rows, tf.TensorSpec((None,), "int32")):
    ...     print(x.numpy())
    [1 2]
    [3]
    """
    values = iter(values)
    dtype = spec.dtype.as_numpy_dtype
    filling = b"" if spec.dtype == tf.string else 0
    nothing = np.full([size or 0 for size in spec.shape], filling, dtype)

    def following():
        for value in values:
            return True, np.asarray(value, dtype)
        return False, nothing

    @tf.autograph.experimental.do_not_convert
    def pull(_):
        more, value = tf.numpy_function(following, [], [tf.bool, spec.dtype])
        return tf.ensure_shape(more, ()), tf.ensure_shape(value, spec.shape)

    dataset = tf.data.Dataset.counter().map(pull)
    dataset = dataset.take_while(lambda more, value: more)
    return dataset.map(lambda more, value: value)
