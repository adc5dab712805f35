"""The log loss with less weight on what is easy."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.losses.log_loss import class_rows


@registry.register("loss", "focal")
class FocalLoss(keras.losses.Loss):
    """Log loss in which a row counts less the surer its true class is.

    For classes of which most rows are easy and few are rare. It makes
    probabilities less sure than they should be: calibrate after it, or look at
    the classes only.

        loss_b = -sum_c t_bc (1 - p_bc)^gamma log max(p_bc, 1e-30)    # (batch,)

    With `gamma=0` the log loss. Weights of the classes are weights of the rows:
    see `training.class_weights`.

    Args:
        gamma: float, 0 or more. Defaults to 2.

    Call arguments:
        y_true: integer labels `(batch,)` or `(batch, 1)`, or rows of
            probabilities `(batch, classes)`.
        y_pred: float tensor `(batch, classes)` of probabilities.

    Returns:
        Float tensor, `(batch,)` reduced as `reduction` says.

    Raises:
        ArgumentError: If `gamma` is not in 0..20.

    Example:

    >>> import numpy as np
    >>> p = np.array([[0.5, 0.5], [0.1, 0.9]], "float32")
    >>> round(float(FocalLoss()(np.array([0, 1]), p)), 4)
    0.0872

    Reference:
        - [Lin et al., 2017](https://arxiv.org/abs/1708.02002), for two
          classes, with a weight for each of them.
    """

    def __init__(
        self,
        gamma=2.0,
        reduction="sum_over_batch_size",
        name="focal_loss",
        **kw,
    ):
        super().__init__(name=name, reduction=reduction, **kw)
        checks.check_range("FocalLoss", "gamma", gamma, 0, 20)
        self.gamma = gamma

    def call(self, y_true, y_pred):
        y_pred = ops.convert_to_tensor(y_pred)
        target = class_rows(y_true, y_pred)
        # A power of zero has no finite gradient for `gamma` below one.
        rest = ops.maximum(1 - y_pred, 1e-7)
        logs = ops.log(ops.maximum(y_pred, 1e-30))
        return -ops.sum(target * ops.power(rest, self.gamma) * logs, axis=-1)

    def get_config(self):
        return {**super().get_config(), "gamma": self.gamma}
