"""Reductions that ignore what is not there."""

import keras
from keras import ops


def keep_rows(keep, x):
    """`x` where the row, or the step of a row, is kept; zeros elsewhere.

    Replaced, not multiplied: an absent row may hold NaN, and NaN * 0 is NaN,
    in the forward pass and in the gradient.

    Args:
        keep: bool tensor `(batch,)` or `(batch, steps)`.
        x: tensor `(batch, ...)` or `(batch, steps, ...)` of any dtype.

    Returns:
        Tensor of the shape and dtype of `x`.

    Example:

    >>> import numpy as np
    >>> x = np.array([[1.0, 2.0], [np.nan, 4.0]], "float32")
    >>> [[float(v) for v in row] for row in keep_rows([True, False], x)]
    [[1.0, 2.0], [0.0, 0.0]]
    """
    x = ops.convert_to_tensor(x)
    keep = ops.convert_to_tensor(keep, dtype="bool")
    for _ in range(len(x.shape) - len(keep.shape)):
        keep = ops.expand_dims(keep, -1)
    return ops.where(keep, x, ops.zeros_like(x))


def masked_softmax(logits, mask):
    """Softmax over the last axis, restricted to where `mask` is true.

    Args:
        logits: float tensor `(..., n)`.
        mask: bool tensor, broadcastable to `logits`.

    Returns:
        Float tensor `(..., n)`. Rows sum to one, or to zero where the whole
        row is masked out.

    Example:

    >>> weights = masked_softmax([[1.0, 1.0, 9.0]], [[True, True, False]])
    >>> [float(w) for w in weights[0]]
    [0.5, 0.5, 0.0]
    """
    logits = ops.convert_to_tensor(logits)
    dtype, logits = logits.dtype, _exact(logits)
    mask = ops.convert_to_tensor(mask, dtype="bool")
    logits = ops.where(mask, logits, float("-inf"))
    # The maximum is taken after masking: a large masked logit would otherwise
    # make every visible weight underflow to zero.
    peak = ops.max(logits, axis=-1, keepdims=True)
    peak = ops.where(ops.isfinite(peak), peak, ops.zeros_like(peak))
    weights = ops.exp(logits - ops.stop_gradient(peak))
    # LiteRT has the lowest float for the infinity: without this, a row that is
    # masked out would have equal weights there.
    weights = ops.where(mask, weights, ops.zeros_like(weights))
    total = ops.sum(weights, axis=-1, keepdims=True)
    return ops.cast(ops.divide_no_nan(weights, total), dtype)


def masked_mean(x, mask):
    """Mean over the second axis, of what `mask` keeps.

        y_b = sum_s m_bs x_bs / sum_s m_bs    # (batch, dim)

    Args:
        x: float tensor `(batch, steps, dim)`.
        mask: bool tensor `(batch, steps)`.

    Returns:
        Float tensor `(batch, dim)`; zeros where nothing is kept. What is not
        kept may be NaN.

    Example:

    >>> float(
    ...     masked_mean([[[1.0], [3.0], [99.0]]], [[True, True, False]])[0, 0]
    ... )
    2.0
    """
    x = keep_rows(mask, x)
    dtype, x = x.dtype, _exact(x)
    count = ops.sum(ops.cast(mask, x.dtype), axis=1, keepdims=True)
    return ops.cast(ops.divide_no_nan(ops.sum(x, axis=1), count), dtype)


def _exact(x):
    """In float32 at least: sums over many steps pass what float16 can hold."""
    half = keras.backend.standardize_dtype(x.dtype) in ("float16", "bfloat16")
    return ops.cast(x, "float32") if half else x
