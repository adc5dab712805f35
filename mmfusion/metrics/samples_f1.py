"""How well the labels of each row are found."""

import keras
from keras import ops

from mmfusion import checks, registry


def rows_f1(y_true, y_pred, threshold=0.5):
    """F1 of the labels of each row: `2 both / (true + answered)`.

    Args:
        y_true: `(batch, labels)`, 1 where a label is there, 0 where not.
        y_pred: float tensor `(batch, labels)` of probabilities.
        threshold: float. A label is answered where its probability is above.

    Returns:
        Float32 tensor `(batch,)`; 1 where no label is there and none answered.
    """
    y_pred = ops.convert_to_tensor(y_pred)
    true = ops.cast(ops.convert_to_tensor(y_true), "float32")
    answered = ops.cast(y_pred > threshold, "float32")
    both = 2 * ops.sum(true * answered, axis=-1)
    some = ops.sum(true, axis=-1) + ops.sum(answered, axis=-1)
    return ops.where(some > 0, both / ops.maximum(some, 1e-7), 1.0)


@registry.serializable
class SamplesF1(keras.metrics.MeanMetricWrapper):
    """Mean over the rows of the F1 of their labels.

    What scikit-learn calls `average="samples"`, with `zero_division=1`: a row
    without labels that is answered with none is right. `keras.metrics.F1Score`
    has the micro, macro and weighted means.

    Args:
        threshold: float between 0 and 1. A label is answered where its
            probability is above. Defaults to 0.5.
        name, dtype: as Keras' metrics take them.

    Call arguments:
        y_true: `(batch, labels)`, 1 where a label is there, 0 where not.
        y_pred: float tensor `(batch, labels)` of probabilities.

    Raises:
        ArgumentError: If `threshold` is not between 0 and 1.
        An error of the backend, by `update_state`, if shapes do not fit.

    Example:

    >>> metric = SamplesF1()
    >>> metric.update_state([[1, 1, 0]], [[0.9, 0.1, 0.2]])
    >>> round(float(metric.result()), 4)
    0.6667
    """

    def __init__(self, threshold=0.5, name="samples_f1", dtype=None):
        checks.check_between("SamplesF1", "threshold", threshold, 0, 1)
        super().__init__(
            fn=rows_f1, name=name, dtype=dtype, threshold=threshold
        )
        self.threshold = threshold
        self._direction = "up"

    def get_config(self):
        return {
            "name": self.name,
            "dtype": self.dtype,
            "threshold": self.threshold,
        }
