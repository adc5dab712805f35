"""Accuracy for labels and for rows of probabilities alike."""

import keras
from keras import ops

from mmfusion import registry


def class_hits(y_true, y_pred):
    """1.0 where the most probable class is the true one, else 0.0.

    Args:
        y_true: integer labels `(batch,)` or `(batch, 1)`, or rows of
            probabilities `(batch, classes)`, whose largest entry is the class.
        y_pred: float tensor `(batch, classes)`.

    Returns:
        Float32 tensor `(batch,)`.
    """
    y_true = ops.convert_to_tensor(y_true)
    y_pred = ops.convert_to_tensor(y_pred)
    if len(y_true.shape) > 1 and y_true.shape[-1] == y_pred.shape[-1]:
        label = ops.argmax(y_true, axis=-1)
    else:
        label = ops.reshape(y_true, (-1,))
    hit = ops.cast(label, "int32") == ops.cast(
        ops.argmax(y_pred, axis=-1), "int32"
    )
    return ops.cast(hit, "float32")


@registry.serializable
class ClassAccuracy(keras.metrics.MeanMetricWrapper):
    """Share of rows whose most probable class is the true one.

    Takes what `LogLoss` takes: integer labels, or rows of probabilities.

    Call arguments:
        y_true: integer labels `(batch,)` or `(batch, 1)`, or rows of
            probabilities `(batch, classes)`, whose largest entry is the class.
        y_pred: float tensor `(batch, classes)`.

    Example:

    >>> metric = ClassAccuracy()
    >>> metric.update_state([1, 0], [[0.2, 0.8], [0.4, 0.6]])
    >>> float(metric.result())
    0.5
    """

    def __init__(self, name="accuracy", dtype=None):
        super().__init__(fn=class_hits, name=name, dtype=dtype)
        self._direction = "up"

    def get_config(self):
        return {"name": self.name, "dtype": self.dtype}
