"""Layer normalisation with an explicit gradient."""

from keras import ops


def layer_norm(x, scale, shift, epsilon=1e-3):
    """Normalises the last axis; its gradient goes less often through memory.

        hat = (x - mean) rate,  rate = 1 / sqrt(variance + epsilon)
        y   = scale hat + shift
        dx  = rate (g - mean(g) - hat mean(g hat)),  g = scale dy

    In half precision everything but `x`, `y` and their gradients is float32.

    Args:
        x: float tensor `(..., dim)`.
        scale: float32 tensor `(dim,)`.
        shift: float32 tensor `(dim,)`.
        epsilon: float. Defaults to 1e-3.

    Returns:
        Float tensor of the shape and dtype of `x`.

    Example:

    >>> import numpy as np
    >>> x = np.array([[1.0, 3.0]], "float32")
    >>> y = layer_norm(x, np.ones(2, "float32"), np.zeros(2, "float32"))
    >>> [round(float(v), 2) for v in y[0]]
    [-1.0, 1.0]

    Reference:
        - [Ba et al., 2016](https://arxiv.org/abs/1607.06450).
    """

    @ops.custom_gradient
    def forward(x, scale, shift):
        whole = ops.cast(x, "float32")
        centred = whole - ops.mean(whole, axis=-1, keepdims=True)
        variance = ops.mean(centred * centred, axis=-1, keepdims=True)
        rate = ops.rsqrt(variance + epsilon)
        hat = centred * rate
        rows = tuple(range(len(x.shape) - 1))

        def gradient(dy):
            dy = ops.cast(dy, "float32")
            product = dy * hat
            # Means over the features as products with a vector.
            weights = scale[:, None] / x.shape[-1]
            mean, along = ops.matmul(dy, weights), ops.matmul(product, weights)
            dx = rate * (scale * dy - mean - hat * along)
            return (
                ops.cast(dx, x.dtype),
                ops.sum(product, axis=rows),
                ops.sum(dy, axis=rows),
            )

        return ops.cast(scale * hat + shift, x.dtype), gradient

    return forward(*map(ops.convert_to_tensor, (x, scale, shift)))
