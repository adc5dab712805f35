"""The log loss of labels that do not exclude each other."""

import keras
from keras import ops

from mmfusion import registry


@registry.serializable
class BinaryLogLoss(keras.losses.Loss):
    """Minus the log of what each label's true side is given, averaged.

        loss_b = -mean_l [t_bl log max(p_bl, 1e-30)
                          + (1 - t_bl) log max(1 - p_bl, 2^-24)]    # (batch,)

    Keras clips probabilities at 1e-7, which ends the gradient of a confident
    mistake. Here a probability at a floor keeps its gradient. In float32 the
    distance to one is a multiple of 2^-24, 6e-8: the loss of a label that is
    not there is 16.6 at most. The gradient does not end there, since that of
    `ops.open_sigmoid`, the head of a `MultiLabel` task, does not.

    Call arguments:
        y_true: `(batch, labels)`, 1 where a label is there, 0 where not, or
            between.
        y_pred: float tensor `(batch, labels)` of probabilities.

    Returns:
        Float tensor, `(batch,)` reduced as `reduction` says.

    Raises:
        ValueError: If Keras knows no such `reduction`; shapes that do not fit
            are an error of the backend.

    Example:

    >>> import numpy as np
    >>> p = np.array([[0.5, 0.9]], "float32")
    >>> round(float(BinaryLogLoss()(np.array([[1, 0]]), p)), 4)
    1.4979
    """

    def __init__(
        self, reduction="sum_over_batch_size", name="binary_log_loss", **kw
    ):
        super().__init__(name=name, reduction=reduction, **kw)

    def call(self, y_true, y_pred):
        p = ops.convert_to_tensor(y_pred)
        target = ops.cast(ops.convert_to_tensor(y_true), p.dtype)
        there = target * ops.log(_floored(p, 1e-30))
        absent = (1 - target) * ops.log(_floored(1 - p, 2.0**-24))
        return -ops.mean(there + absent, axis=-1)


def _floored(x, floor):
    """`max(x, floor)` with the gradient of `x`."""
    return x + ops.stop_gradient(ops.maximum(x, floor) - x)
