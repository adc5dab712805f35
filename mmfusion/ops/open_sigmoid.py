"""A sigmoid whose gradient never ends."""

from keras import ops

# The smallest distance from one that float32 knows, and the log loss's floor.
_BELOW_ONE = 2.0**-24
_ABOVE_ZERO = 1e-30


def open_sigmoid(logits):
    """Probabilities strictly between zero and one, in float32.

        p = min(max(1 / (1 + exp(-x)), 1e-30), 1 - 2^-24)
        dp / dx = p (1 - p)

    In float32 the sigmoid is one from a logit of 17 on: what is left to one is
    lost, and with it the gradient, so that a confident mistake would never be
    mended. Here the last number below one stands for all of them, and the
    gradient is that of the probability that is given. That of a log loss with
    respect to the logit is then `p - t` wherever the logit is. Of any other
    loss it differs by less than 6e-8.

    Args:
        logits: float tensor of any shape.

    Returns:
        Float32 tensor of that shape.

    Example:

    >>> [float(p) for p in open_sigmoid([0.0, 99.0, -99.0])]
    [0.5, 0.9999999403953552, 1.0000000031710769e-30]
    """
    logits = ops.cast(ops.convert_to_tensor(logits), "float32")
    p = ops.clip(ops.sigmoid(logits), _ABOVE_ZERO, 1 - _BELOW_ONE)
    p = ops.stop_gradient(p)
    # The first factor is zero, and its derivative one.
    return (logits - ops.stop_gradient(logits)) * (p * (1 - p)) + p
