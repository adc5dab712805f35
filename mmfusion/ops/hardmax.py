"""One for the largest, zero for the others."""

from keras import ops


def hardmax(x):
    """One at the first largest entry of the last axis, zero elsewhere.

    It has no gradient.

    Args:
        x: float tensor `(..., n)`.

    Returns:
        Tensor of the shape and dtype of `x`; NaN where a vector holds one, so
        that nobody takes it for an answer.

    Example:

    >>> import numpy as np
    >>> [float(v) for v in hardmax(np.array([0.2, 0.4, 0.4]))]
    [0.0, 1.0, 0.0]
    """
    # The backend's own argmax has operations that LiteRT has not.
    x = ops.convert_to_tensor(x)
    n = x.shape[-1]
    places = ops.arange(n, dtype="int32")
    largest = x >= ops.max(x, axis=-1, keepdims=True)
    first = ops.min(ops.where(largest, places, n), axis=-1, keepdims=True)
    hard = ops.cast(places == first, x.dtype)
    broken = ops.any(ops.not_equal(x, x), axis=-1, keepdims=True)
    return ops.where(broken, ops.full_like(hard, float("nan")), hard)
