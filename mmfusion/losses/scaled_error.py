"""The error of numbers, in units of how far they spread."""

import keras
from keras import ops

from mmfusion import checks, registry

KINDS = ("mse", "mae", "huber")


@registry.serializable
class ScaledError(keras.losses.Loss):
    """Squared, absolute or Huber's error, in units of a deviation.

        e_b    = (p_b - t_b) / deviation
        loss_b = e_b^2                                     # "mse"
               = |e_b|                                     # "mae"
               = e_b^2 / 2 if |e_b| < 1 else |e_b| - 1/2   # "huber"

    The loss does not depend on the unit of the target, so that a learning rate
    fits whatever is predicted, and losses of several tasks compare. The
    absolute error learns the median; Huber's forgives what is far off.

    Predictions `(batch, 1)` and targets `(batch,)` are the same numbers here;
    taken as arrays, their difference would be `(batch, batch)`.

    Args:
        deviation: float above 0. Defaults to 1.
        kind: `"mse"`, `"mae"` or `"huber"`. Defaults to `"mse"`.

    Call arguments:
        y_true: float tensor `(batch,)` or `(batch, 1)`.
        y_pred: float tensor `(batch, 1)` or `(batch,)`.

    Returns:
        Float tensor, `(batch,)` reduced as `reduction` says.

    Raises:
        ArgumentError: If `deviation` is not above 0, or there is no such kind.

    Example:

    >>> import numpy as np
    >>> loss = ScaledError(deviation=10.0)
    >>> float(loss(np.array([100.0, 120.0]), np.array([[110.0], [120.0]])))
    0.5
    """

    def __init__(
        self,
        deviation=1.0,
        kind="mse",
        reduction="sum_over_batch_size",
        name="scaled_error",
        **kw,
    ):
        super().__init__(name=name, reduction=reduction, **kw)
        checks.check_above_zero("ScaledError", deviation=deviation)
        checks.check_choice("ScaledError", "kind", kind, KINDS)
        self.deviation = float(deviation)
        self.kind = kind

    def call(self, y_true, y_pred):
        p = ops.reshape(ops.convert_to_tensor(y_pred), (-1,))
        target = ops.reshape(ops.convert_to_tensor(y_true), (-1,))
        error = (p - ops.cast(target, p.dtype)) / self.deviation
        size = ops.abs(error)
        if self.kind == "mae":
            return size
        if self.kind == "mse":
            return ops.square(error)
        return ops.where(size < 1, 0.5 * ops.square(error), size - 0.5)

    def get_config(self):
        return {
            **super().get_config(),
            "deviation": self.deviation,
            "kind": self.kind,
        }
