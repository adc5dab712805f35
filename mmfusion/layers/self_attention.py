"""Attention of a sequence to itself, in fewer operations."""

from keras import ops


def self_attention(attention, x, mask=None, drop=None):
    """What Keras' `MultiHeadAttention` gives for queries, keys and values x.

    One matrix for queries, keys and values, and heads before steps, so that
    nothing is transposed twice: fewer passes through memory in training.

        q, k, v = split(x [W_q W_k W_v] + [b_q b_k b_v])
        y       = softmax(q k^T / sqrt(dim of a head)) v W_o + b_o

    Args:
        attention: the layer, built, with biases and heads of equal width.
        x: float tensor `(batch, steps, dim)`.
        mask: bool tensor `(batch, steps)`, or None. No step looks at one that
            does not count.
        drop: function of the attention weights, or None.

    Returns:
        Float tensor `(batch, steps, dim)`.
    """
    batch, steps, dim = *ops.shape(x)[:2], x.shape[-1]
    parts = attention.query_dense, attention.key_dense, attention.value_dense
    heads, width = parts[0].kernel.shape[1:]

    def flat(part, scale):
        kernel = ops.cast(part.kernel, x.dtype) * scale
        bias = ops.cast(part.bias, x.dtype) * scale
        return ops.reshape(kernel, (dim, -1)), ops.reshape(bias, (-1,))

    # Weights are fewer than scores.
    kernels, biases = zip(
        *map(flat, parts, (width**-0.5, 1.0, 1.0)), strict=True
    )
    y = ops.matmul(ops.reshape(x, (-1, dim)), ops.concatenate(kernels, axis=1))
    y = ops.add(y, ops.concatenate(biases, axis=0))
    y = ops.reshape(y, (batch, steps, 3, heads, width))
    q, k, v = ops.unstack(ops.transpose(y, (2, 0, 3, 1, 4)))
    scores = ops.einsum("bhtd,bhsd->bhts", q, k)
    scores = ops.cast(scores, "float32")
    if mask is not None:
        away = ops.cast(ops.logical_not(mask), "float32") * -1e9
        scores = scores + away[:, None, None, :]
    # Of a single step, whose weight is rightly one, `ops.softmax` warns.
    weights = ops.ones_like(scores)
    if scores.shape[-1] != 1:
        weights = ops.softmax(scores)
    weights = ops.cast(weights, x.dtype)
    if drop is not None:
        weights = drop(weights)
    y = ops.transpose(ops.matmul(weights, v), (0, 2, 1, 3))
    kernel = ops.cast(attention.output_dense.kernel, x.dtype)
    bias = ops.cast(attention.output_dense.bias, x.dtype)
    y = ops.reshape(y, (-1, heads * width))
    y = ops.matmul(y, ops.reshape(kernel, (heads * width, dim)))
    return ops.reshape(ops.add(y, bias), (batch, steps, dim))
