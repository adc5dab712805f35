"""The log loss of class probabilities."""

import keras
from keras import ops

from mmfusion import registry


@registry.serializable
class LogLoss(keras.losses.Loss):
    """Minus the log of the probability given to the true class.

        loss_b = -sum_c t_bc log max(p_bc, 1e-30)    # (batch,)

    Keras clips probabilities at 1e-7, which ends the gradient of a confident
    mistake; here the floor is 1e-30.

    Call arguments:
        y_true: integer labels `(batch,)` or `(batch, 1)`, or a row of
            probabilities `(batch, classes)`: one-hot, smoothed or mixed.
        y_pred: float tensor `(batch, classes)` of probabilities.

    Returns:
        Float tensor, `(batch,)` reduced as `reduction` says.

    Example:

    >>> import numpy as np
    >>> p = np.array([[0.5, 0.5], [0.1, 0.9]], "float32")
    >>> round(float(LogLoss()(np.array([0, 1]), p)), 4)  # (0.6931 + 0.1054) / 2
    0.3993
    """

    def __init__(self, reduction="sum_over_batch_size", name="log_loss", **kw):
        super().__init__(name=name, reduction=reduction, **kw)

    def call(self, y_true, y_pred):
        y_pred = ops.convert_to_tensor(y_pred)
        target = class_rows(y_true, y_pred)
        return -ops.sum(target * ops.log(ops.maximum(y_pred, 1e-30)), axis=-1)


def class_rows(y_true, y_pred):
    """Labels as rows of probabilities, whichever of the two they are.

    Args:
        y_true: `(batch,)` or `(batch, 1)` integers, or `(batch, classes)`.
        y_pred: float tensor `(batch, classes)`.

    Returns:
        Float tensor `(batch, classes)`, of the dtype of `y_pred`.
    """
    y_true = ops.convert_to_tensor(y_true)
    if len(y_true.shape) > 1 and y_true.shape[-1] == y_pred.shape[-1]:
        return ops.cast(y_true, y_pred.dtype)
    labels = ops.cast(ops.reshape(y_true, (-1,)), "int32")
    return ops.one_hot(labels, y_pred.shape[-1], dtype=y_pred.dtype)
