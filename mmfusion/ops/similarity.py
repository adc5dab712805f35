"""Unit length and cosine similarity, safe at zero."""

from keras import ops


def l2_normalize(x):
    """Each vector divided by its length; a zero vector stays zero.

        y = x / |x|_2    # over the last axis

    Args:
        x: float tensor `(..., dim)`.

    Returns:
        Float tensor of the shape and dtype of `x`. Where the length is below
        1e-6 it is zero, and so is its gradient: the true one has no bound
        there, and absent rows are zeros.

    Example:

    >>> [
    ...     [round(float(v), 2) for v in row]
    ...     for row in l2_normalize([[3.0, 4.0], [0.0, 0.0]])
    ... ]
    [[0.6, 0.8], [0.0, 0.0]]
    """
    x = ops.convert_to_tensor(x)
    # Squares overflow in float16 and lose digits in bfloat16.
    exact = ops.cast(x, "float32")
    squares = ops.sum(ops.square(exact), axis=-1, keepdims=True)
    # NaN is neither: it stays, and shows that something is broken.
    some = ops.logical_not(squares <= 1e-12)
    # Both branches of `where` must have a finite gradient.
    length = ops.sqrt(ops.where(some, squares, ops.ones_like(squares)))
    y = ops.where(some, exact / length, ops.zeros_like(exact))
    return ops.cast(y, x.dtype)


def cosine_similarity(a, b):
    """Cosine of the angle between every row of `a` and every row of `b`.

        s_ij = <a_i, b_j> / (|a_i| |b_j|)    # (rows, columns)

    Args:
        a: float tensor `(rows, dim)`.
        b: float tensor `(columns, dim)`.

    Returns:
        Float tensor `(rows, columns)` in `[-1, 1]`; zero for a zero vector.

    Example:

    >>> s = cosine_similarity([[2.0, 0.0]], [[5.0, 0.0], [0.0, 1.0]])
    >>> [float(v) for v in s[0]]
    [1.0, 0.0]
    """
    return ops.matmul(l2_normalize(a), ops.transpose(l2_normalize(b)))
