"""The square root that keeps the sign."""

from keras import ops


def signed_sqrt(x):
    """Square root of the size, with the sign of `x`.

        y = sign(x) (sqrt(|x| + 1e-4) - 1e-2)

    Takes back what a product of embeddings does to large values. The two
    constants keep zero where it is and the slope there finite: at most 50, so
    that it does not make rounding large.

    Args:
        x: float tensor of any shape.

    Returns:
        Float tensor of the shape and dtype of `x`.

    Example:

    >>> [round(float(y), 2) for y in signed_sqrt([-4.0, 0.0, 9.0])]
    [-1.99, 0.0, 2.99]
    """
    x = ops.convert_to_tensor(x)
    return ops.sign(x) * (ops.sqrt(ops.abs(x) + 1e-4) - 1e-2)
