"""A number."""

import keras
import numpy as np

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.losses import ScaledError
from mmfusion.losses.scaled_error import KINDS
from mmfusion.tasks.base import Task


@registry.register("task", "regression")
class Regression(Task):
    """Features to a number, in the unit of the target.

        z = W x + b
        y = mean + deviation z    # (batch, 1), float32

    The head answers in standard units, and the loss is in them: whether a price
    is in cents or in millions, the same learning rate fits, and the loss can be
    summed with that of other tasks. Metrics are in the target's own unit. Data
    give mean and deviation of the training split.

    The answer is `(batch, 1)`, as Keras' losses and metrics want it; targets
    may be `(batch,)`. In NumPy, take the column, `predict(x)[name][:, 0]`,
    before you subtract: `(batch, 1)` minus `(batch,)` is a matrix.

    Where the mean is more than about 1e6 deviations from zero, float32 cannot
    hold both: subtract an offset from the target first.

    Args:
        mean: float. Defaults to 0.
        deviation: float above 0. Defaults to 1.
        head: bool. Whether there is a layer of weights; without, the features
            are the values already. Defaults to True.
        target: str or None. The target it learns from; None: `name`.
        name: str. Name of the output. Defaults to `"label"`.
        loss: `"mse"`, `"mae"` or `"huber"`, of `losses.ScaledError`. Defaults
            to `"mse"`.

    Call arguments:
        features: float tensor `(batch, dim)`; `(batch, 1)` without head.

    Returns:
        Float32 tensor `(batch, 1)`.

    Raises:
        ArgumentError: If `mean` is not finite, `deviation` not above 0, or
            there is no such loss.

    Example:

    >>> import numpy as np
    >>> task = Regression(mean=20.0, deviation=5.0, name="price")
    >>> [float(y) for y in task(np.zeros((3, 5), "float32"))[:, 0]]
    [20.0, 20.0, 20.0]
    >>> task.answer(np.array([21.5]))
    {'': 21.5}
    """

    gives = "values"
    metric = "mean_absolute_error"
    higher_is_better = False
    unit = "target"
    claim = "{name} is off by {score} on average"

    def __init__(
        self,
        mean=0.0,
        deviation=1.0,
        head=True,
        target=None,
        name="label",
        loss="mse",
        **kwargs,
    ):
        super().__init__(head, target, name, **kwargs)
        checks.check_finite("Regression", mean=mean)
        checks.check_above_zero("Regression", deviation=deviation)
        checks.check_choice("Regression", "loss", loss, KINDS)
        self.mean = float(mean)
        self.deviation = float(deviation)
        self.loss = loss

    @property
    def chance(self):
        """The mean: what is answered where nothing is known."""
        return self.mean

    @property
    def spread(self):
        """The deviation: a difference is small compared with it."""
        return self.deviation

    def link(self, logits):
        return self.mean + self.deviation * logits

    def get_config(self):
        return {
            **super().get_config(),
            "mean": self.mean,
            "deviation": self.deviation,
            "loss": self.loss,
        }

    def default_loss(self):
        """`ScaledError`, in deviations."""
        return ScaledError(self.deviation, self.loss)

    def default_metrics(self):
        """Mean absolute error, root mean squared error, R squared."""
        return [
            keras.metrics.MeanAbsoluteError(name="mean_absolute_error"),
            keras.metrics.RootMeanSquaredError(name="root_mean_squared_error"),
            keras.metrics.R2Score(name="r2_score"),
        ]

    def row_scores(self, predictions, targets):
        """How far off each row is.

        Args:
            predictions: float array `(rows, 1)` or `(rows,)`.
            targets: float array `(rows,)` or `(rows, 1)`.

        Returns:
            Float array `(rows,)`, whose mean is the mean absolute error.
        """
        p, t = (
            np.asarray(x, "float64").reshape(-1) for x in (predictions, targets)
        )
        return np.abs(p - t)

    def baseline(self, targets):
        """The score of the best constant answer, and what it is.

        Args:
            targets: float array `(rows,)`.

        Returns:
            float, str.
        """
        targets = np.asarray(targets, "float64").reshape(-1)
        error = np.abs(targets - np.median(targets))
        return float(error.mean()), "always the median"

    def answer(self, values):
        """One row's prediction as plain values, by what its key ends in.

        Args:
            values: float array `(1,)`, or None: there is no answer.

        Returns:
            `{"": float}`, None without answer.
        """
        return {"": None if values is None else float(values[0])}

    def check_targets(self, values):
        """Targets in memory are finite numbers, one a row.

        Raises:
            ArgumentError: If one is not; it names the first and its row.
        """
        values = np.asarray(values)
        if values.dtype.kind not in "iuf" or values.shape[1:] not in ((), (1,)):
            raise ArgumentError(
                f"`{self.name}` expects a number for each row. Received: "
                f"{values.dtype}, shape={values.shape}."
            )
        bad = ~np.isfinite(values.reshape(-1))
        if bad.any():
            row = int(np.argmax(bad))
            raise ArgumentError(
                f"`{self.name}` expects finite numbers. Received: "
                f"{values.reshape(-1)[row]} in row {row}."
            )
