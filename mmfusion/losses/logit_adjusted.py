"""The log loss for classes of which some are rare."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.losses.log_loss import LogLoss


@registry.register("loss", "logit_adjusted")
class LogitAdjustedLoss(keras.losses.Loss):
    """Log loss after the logits were moved by the log of the priors.

    What is learned is then right for classes that are all equally frequent:
    of classes that look alike the rare one is no longer passed over. Recall of
    rare classes rises, that of frequent ones falls; nothing is done at
    inference.

        q_bc   = p_bc pi_c^tau / sum_k p_bk pi_k^tau
        loss_b = -sum_c t_bc log max(q_bc, 1e-30)    # (batch,)

    Args:
        priors: list of one number above 0 for each class: its share, or how
            often it occurs in training.
        tau: float, 0 or more: none of it to more than the priors say.
            Defaults to 1.

    Call arguments:
        y_true: integer labels `(batch,)` or `(batch, 1)`, or rows of
            probabilities `(batch, classes)`.
        y_pred: float tensor `(batch, classes)` of probabilities.

    Returns:
        Float tensor, `(batch,)` reduced as `reduction` says.

    Raises:
        ArgumentError: If a prior is not above 0 or `tau` not in 0..10.

    Example:

    >>> import numpy as np
    >>> p = np.array([[0.5, 0.5]], "float32")
    >>> loss = LogitAdjustedLoss(priors=[3, 1])
    >>> round(float(loss(np.array([1]), p)), 4)  # -log(0.25)
    1.3863

    Reference:
        - [Menon et al., 2021](https://arxiv.org/abs/2007.07314), the adjusted
          softmax cross-entropy.
    """

    def __init__(
        self,
        priors,
        tau=1.0,
        reduction="sum_over_batch_size",
        name="logit_adjusted_loss",
        **kw,
    ):
        super().__init__(name=name, reduction=reduction, **kw)
        checks.check_range("LogitAdjustedLoss", "tau", tau, 0, 10)
        priors = [float(value) for value in priors]
        if not priors or min(priors) <= 0:
            raise ArgumentError(
                "`LogitAdjustedLoss` expects `priors` to be numbers above 0. "
                f"Received: {priors}."
            )
        self.priors = priors
        self.tau = tau
        self.plain = LogLoss(reduction="none")

    def call(self, y_true, y_pred):
        y_pred = ops.convert_to_tensor(y_pred)
        if y_pred.shape[-1] != len(self.priors):
            raise ArgumentError(
                f"`LogitAdjustedLoss` has {len(self.priors)} `priors`. "
                f"Received: {y_pred.shape[-1]} classes."
            )
        priors = ops.convert_to_tensor(self.priors, dtype=y_pred.dtype)
        logits = ops.log(ops.maximum(y_pred, 1e-30)) + self.tau * ops.log(
            priors
        )
        return self.plain.call(y_true, ops.softmax(logits))

    def get_config(self):
        return {
            **super().get_config(),
            "priors": self.priors,
            "tau": self.tau,
        }
