"""Mean and variance of each channel over a batch, in few passes."""

from keras import ops

from mmfusion.kernels import FAR


def channel_sums(x):
    """Sums over all axes but the last, as one matrix product.

    The view `(batch * height, width * channels)` makes the rows long, and the
    product with ones reads them at the speed of memory, which the reduction
    of a tensor with few channels does not.

    Args:
        x: float tensor `(batch, height, width, channels)`, the last two known.

    Returns:
        Float tensor `(channels,)`.

    Example:

    >>> import numpy as np
    >>> [float(v) for v in channel_sums(np.ones((2, 3, 4, 2), "float32"))]
    [24.0, 24.0]
    """
    x = ops.convert_to_tensor(x)
    width, channels = x.shape[-2:]
    rows = ops.reshape(x, (-1, width * channels))
    ones = ops.ones((1, ops.shape(rows)[0]), x.dtype)
    sums = ops.reshape(ops.matmul(ones, rows), (width, channels))
    return ops.sum(sums, axis=0)


def channel_products(x, y):
    """Sums of `x * y` over all axes but the last.

    The diagonal of a product of two thin matrices: `channels` times as many
    operations as needed, but one pass over `x` and `y` and nothing stored.

    Args:
        x: float tensor `(batch, height, width, channels)`.
        y: float tensor of the same shape.

    Returns:
        Float tensor `(channels,)`.

    Example:

    >>> import numpy as np
    >>> x = np.full((1, 1, 4, 2), 3.0, "float32")
    >>> [float(v) for v in channel_products(x, x)]
    [36.0, 36.0]
    """
    x, y = ops.convert_to_tensor(x), ops.convert_to_tensor(y)
    channels = x.shape[-1]
    x = ops.reshape(x, (-1, channels))
    y = ops.reshape(y, (-1, channels))
    return ops.diagonal(ops.matmul(ops.transpose(x), y))


def batch_moments(x, epsilon=0.0):
    """Mean and variance over all axes but the last, for an own gradient.

        m_c = sum_i x_ic / n    v_c = sum_i x_ic^2 / n - m_c^2

    Where a mean is large beside its deviation, that difference would lose
    its digits: then, and only then, `x` is shifted by its mean first.

    Args:
        x: float32 tensor `(batch, height, width, channels)`, the last two
            known.
        epsilon: float. What is added to the variance afterwards: a deviation
            below it need not be exact.

    Returns:
        Four tensors: `x` shifted, or `x` itself; what remains of the mean in
        it, `(channels,)`; the mean of `x`; its variance (of a population).

    Example:

    >>> import numpy as np
    >>> x = 1e4 + np.array([1.0, -1.0], "float32").reshape(2, 1, 1, 1)
    >>> [float(v[0]) for v in batch_moments(x)[2:]]
    [10000.0, 1.0]
    """
    x = ops.convert_to_tensor(x)
    count = ops.cast(ops.size(x) // x.shape[-1], x.dtype)

    def moments(x):
        mean = channel_sums(x) / count
        return mean, channel_products(x, x) / count - ops.square(mean)

    mean, variance = moments(x)

    def shifted():
        near = x - mean
        rest, variance = moments(near)
        return near, rest, mean + rest, variance

    # There the difference below loses digits that training can feel.
    far = ops.any(ops.square(mean) > FAR * (variance + epsilon))
    near, rest, mean, variance = ops.cond(
        far, shifted, lambda: (x, mean, mean, variance)
    )
    # Rounding may leave a constant channel just below zero.
    return near, rest, mean, ops.relu(variance)


def scale_and_shift(x, scale, shift=None):
    """`x * scale + shift`, channel by channel, on long rows.

    Args:
        x: float tensor `(batch, height, width, channels)`, the last two known.
        scale: float tensor `(channels,)`, or None: ones.
        shift: float tensor `(channels,)`, or None: zeros.

    Returns:
        Float tensor of the shape of `x`.

    Example:

    >>> import numpy as np
    >>> x = np.full((1, 1, 1, 2), 3.0, "float32")
    >>> y = scale_and_shift(x, np.float32([1, 2]), np.float32([0, 1]))
    >>> [float(v) for v in y[0, 0, 0]]
    [3.0, 7.0]
    """
    x = ops.convert_to_tensor(x)
    width, channels = x.shape[-2:]
    # A convolution of one pixel with a bias would be one pass less, but what
    # is added to it next makes TensorFlow's graph optimizer fail.
    rows = ops.reshape(x, (-1, width * channels))
    if scale is not None:
        rows = rows * ops.tile(scale, width)
    if shift is not None:
        rows = rows + ops.tile(shift, width)
    return ops.reshape(rows, ops.shape(x))
